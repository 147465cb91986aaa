"""What intents are about: `faq/topics.yaml`, each intent in one topic, each topic with its question."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.faq import Known, answer_text, check_intent
from bot.content.fields import fields, texts
from bot.content.problems import Problem, fault, quote
from bot.content.source import Pairs, parse, read_document
from bot.core.faq import Topic


def read_topics(root: Path, known: Known, said: list[Said], problems: list[Problem]) -> Mapping[str, Topic]:
    """The topic of each intent; none when there is no such file."""
    path = root / "faq" / "topics.yaml"
    if not path.exists():
        return {}
    document = read_document(root, path, problems)
    node = parse(document, problems) if document else None
    found = fields(node, ("topics",), (), problems) if node else None
    entries = found.get("topics") if found else None
    if not isinstance(entries, Pairs):
        if entries is not None:
            problems.append(fault(entries.spot, '"topics" phải có các chủ đề, mỗi chủ đề một tên'))
        return {}
    topics: dict[str, Topic] = {}
    listed: dict[str, str] = {}
    for key, entry in entries.pairs:
        parts = fields(entry, ("question", "intents"), (), problems, key)
        question = answer_text(Role.QUESTION, parts.get("question"), True, said, problems) if parts else None
        members = list(texts(parts.get("intents"), problems)) if parts else []
        topic = Topic(key.value, question, tuple(member.value for member in members)) if question else None
        for member in members:
            owner = listed.setdefault(member.value, key.value)
            if owner != key.value:
                message = f"ý định {quote(member.value)} đã thuộc chủ đề {quote(owner)}"
                problems.append(fault(member.spot, message))
                continue
            check_intent(member, known, problems)
            if topic is not None:
                topics[member.value] = topic
    problems.extend(
        fault(entries.spot, f"ý định {quote(intent)} chưa thuộc chủ đề nào", "thêm vào một chủ đề")
        for intent in sorted(set(known.intents or ()) - set(listed))
    )
    return topics
