"""Questions that need no guide: one answer per intent, in `faq/*.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.facts import Facts
from bot.content.fields import date, fields, one_of, text, texts
from bot.content.flows import check_cites
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Pairs, Scalar, parse, read_document
from bot.content.texts import read_text
from bot.core.faq import Answer
from bot.core.flow import Text

_NOT_ANSWERS = "facts.yaml"
_URGENT = "urgent"


def read_answers(
    root: Path,
    flows: Collection[str],
    intents: Collection[str] | None,
    facts: Facts | None,
    today: str,
    said: list[Said],
    problems: list[Problem],
) -> Mapping[str, Answer]:
    answers: dict[str, Answer] = {}
    names: dict[str, Scalar] = {}
    for path in sorted((root / "faq").glob("*.yaml")):
        if path.name == _NOT_ANSWERS:
            continue
        for key, node in _entries(root, path, problems):
            first = names.setdefault(key.value, key)
            if first is not key:
                where = f"lần đầu ở {first.spot.file}:{first.spot.line}"
                problems.append(fault(key.spot, f"câu hỏi {quote(key.value)} có hai lần", where))
                continue
            if intents is not None and key.value not in intents:
                hint = suggest(key.value, intents)
                problems.append(fault(key.spot, f"không có ý định {quote(key.value)}", hint))
            answer = _answer(key, node, flows, facts, today, said, problems)
            if answer is not None:
                answers[key.value] = answer
    return answers


def _entries(root: Path, path: Path, problems: list[Problem]) -> tuple[tuple[Scalar, Node], ...]:
    document = read_document(root, path, problems)
    node = parse(document, problems) if document else None
    found = fields(node, ("entries",), (), problems) if node else None
    entries = found.get("entries") if found else None
    if entries is None or isinstance(entries, Pairs):
        return entries.pairs if entries else ()
    problems.append(fault(entries.spot, '"entries" phải có các câu hỏi, mỗi câu một tên'))
    return ()


def _answer(
    key: Scalar,
    node: Node,
    flows: Collection[str],
    facts: Facts | None,
    today: str,
    said: list[Said],
    problems: list[Problem],
) -> Answer | None:
    found = fields(node, ("question", "answer", "reviewed"), ("sources", "flow", "tone"), problems, key)
    if found is None:
        return None
    cites = list(texts(found.get("sources"), problems))
    check_cites(cites, facts, problems)
    question = _sentence(Role.QUESTION, found.get("question"), True, said, problems)
    words = _sentence(Role.ANSWER, found.get("answer"), bool(cites), said, problems)
    reviewed = date(found.get("reviewed"), today, problems)
    flow = text(found.get("flow"), problems)
    if flow is not None and flow.value not in flows:
        problems.append(fault(flow.spot, f"không có luồng {quote(flow.value)}", suggest(flow.value, flows)))
    tone = one_of(found.get("tone"), (_URGENT,), problems)
    if question is None or words is None or reviewed is None:
        return None
    sources = tuple(cite.value for cite in cites)
    dated = facts is not None and not facts.outdated.isdisjoint(sources)
    offered = flow.value if flow else ""
    return Answer(key.value, question, words, offered, sources, reviewed, dated, urgent=tone == _URGENT)


def _sentence(
    role: Role, node: Node | None, cited: bool, said: list[Said], problems: list[Problem]
) -> Text | None:
    scalar = text(node, problems)
    words = read_text(scalar, problems) if scalar else None
    if scalar is not None and words is not None:
        said.append(Said(role, scalar, words, cited))
    return words
