"""What people at the desk say again and again: `faq/mau-tra-loi.yaml`, checked like all that is said."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.content.draft import Draft, Pictured, Role, Said
from bot.content.facts import credited
from bot.content.faq import Known, answer_text, check_intent
from bot.content.fields import date, fields, identifier, one_of, plain, texts
from bot.content.flows import check_cites, check_entrance
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Pairs, Scalar, parse, read_document
from bot.content.steps import LONGEST_ALT, LONGEST_TITLE
from bot.core.canned import Canned
from bot.core.faq import Credit
from bot.core.message import Picture

FILE = "faq/mau-tra-loi.yaml"
NAME = "mau-tra-loi"
_URGENT = "urgent"
_REQUIRED = ("title", "text", "reviewed")
_OPTIONAL = ("words", "topics", "intents", "steps", "sources", "picture", "tone")


def read_canned(
    root: Path,
    known: Known,
    topics: Collection[str],
    said: list[Said],
    pictured: Draft,
    problems: list[Problem],
) -> tuple[Canned, ...]:
    """None when there is no such file. What pictures they show is noted in `pictured`."""
    path = root / FILE
    if not path.exists():
        return ()
    document = read_document(root, path, problems)
    node = parse(document, problems) if document else None
    found = fields(node, ("replies",), (), problems) if node else None
    entries = found.get("replies") if found else None
    if not isinstance(entries, Pairs):
        if entries is not None:
            problems.append(fault(entries.spot, '"replies" phải có các câu mẫu, mỗi câu một tên'))
        return ()
    read = [_reply(key, node, known, topics, said, pictured, problems) for key, node in entries.pairs]
    replies = tuple(reply for reply in read if reply is not None)
    _check_titles(replies, entries, problems)
    return replies


def _reply(
    key: Scalar,
    node: Node,
    known: Known,
    topics: Collection[str],
    said: list[Said],
    pictured: Draft,
    problems: list[Problem],
) -> Canned | None:
    found = fields(node, _REQUIRED, _OPTIONAL, problems, key)
    if found is None or identifier(key, problems) is None:
        return None
    cites = list(texts(found.get("sources"), problems))
    check_cites(cites, known.facts, problems)
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    words = answer_text(Role.CANNED, found.get("text"), bool(cites), said, problems)
    reviewed = date(found.get("reviewed"), known.today, problems)
    intents = list(texts(found.get("intents"), problems))
    for intent in intents:
        check_intent(intent, known, problems)
    steps = list(texts(found.get("steps"), problems))
    for step in steps:
        check_entrance(step, known.guides, problems)
    about = list(texts(found.get("topics"), problems))
    problems.extend(_no_topic(topic, topics) for topic in about if topic.value not in topics)
    tone = one_of(found.get("tone"), (_URGENT,), problems)
    picture = _picture(key.value, found.get("picture"), pictured, problems)
    if title is None or words is None or reviewed is None:
        return None
    sources = tuple(cite.value for cite in cites)
    return Canned(
        key.value,
        title,
        words,
        Credit(credited(sources, known.facts), reviewed),
        tuple(word.value for word in texts(found.get("words"), problems)),
        tuple(topic.value for topic in about),
        tuple(intent.value for intent in intents),
        tuple(step.value for step in steps),
        sources,
        picture,
        known.rests_on_old(sources),
        urgent=tone == _URGENT,
    )


def _no_topic(topic: Scalar, topics: Collection[str]) -> Problem:
    return fault(topic.spot, f"không có chủ đề {quote(topic.value)}", suggest(topic.value, topics))


def _picture(id: str, node: Node | None, pictured: Draft, problems: list[Problem]) -> Picture | None:
    parts = fields(node, ("phone", "alt"), ("highlight",), problems) if node is not None else None
    if parts is None:
        return None
    phone = identifier(parts.get("phone"), problems)
    alt = plain(parts.get("alt"), LONGEST_ALT, problems)
    highlight = plain(parts.get("highlight"), LONGEST_ALT, problems) or ""
    if phone is None:
        return None
    pointed = parts.get("highlight")
    pictured.pictured.append(Pictured(id, phone, pointed if isinstance(pointed, Scalar) else None))
    return Picture(phone.value, highlight, alt or "", f"{NAME}/{id}")


def _check_titles(replies: Collection[Canned], entries: Pairs, problems: list[Problem]) -> None:
    """Two replies under one name could not be told apart in a list."""
    places = {key.value: key for key, _ in entries.pairs}
    first: dict[str, str] = {}
    for reply in replies:
        owner = first.setdefault(reply.title.casefold(), reply.id)
        if owner != reply.id:
            message = f"câu mẫu {quote(owner)} cũng có tên {quote(reply.title)}"
            problems.append(fault(places[reply.id].spot, message, "đặt tên khác"))
