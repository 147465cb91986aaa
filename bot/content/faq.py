"""Questions that need no guide: one answer per intent, in `faq/*.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.facts import Facts, credited
from bot.content.fields import date, fields, one_of, text, texts
from bot.content.flows import Guides, check_cites, check_entrance
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Pairs, Scalar, parse, read_document
from bot.content.texts import read_text
from bot.core.faq import Answer, Credit
from bot.core.flow import Text

_NOT_ANSWERS = frozenset({"facts.yaml", "errors.yaml", "topics.yaml", "mau-tra-loi.yaml"})
_URGENT, _SMALL_TALK = "urgent", "small-talk"
_UNSIGNED = Credit("", "")
"""Who is in danger reads last what to do, not who says so; and small talk rests on nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """What answers may lead to and rest on: the steps of each guide, all intents, the facts, the day."""

    guides: Guides
    intents: Collection[str] | None
    facts: Facts | None
    today: str

    def rests_on_old(self, sources: Collection[str]) -> bool:
        return self.facts is not None and not self.facts.outdated.isdisjoint(sources)


def read_answers(
    root: Path,
    known: Known,
    said: list[Said],
    problems: list[Problem],
) -> Mapping[str, Answer]:
    answers: dict[str, Answer] = {}
    names: dict[str, Scalar] = {}
    for path in sorted((root / "faq").glob("*.yaml")):
        if path.name in _NOT_ANSWERS:
            continue
        for key, node in _entries(root, path, problems):
            first = names.setdefault(key.value, key)
            if first is not key:
                where = f"lần đầu ở {first.spot.file}:{first.spot.line}"
                problems.append(fault(key.spot, f"câu hỏi {quote(key.value)} có hai lần", where))
                continue
            check_intent(key, known, problems)
            answer = _answer(key, node, known, said, problems)
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
    known: Known,
    said: list[Said],
    problems: list[Problem],
) -> Answer | None:
    found = fields(node, ("question", "answer", "reviewed"), ("sources", "flow", "tone"), problems, key)
    if found is None:
        return None
    cites = list(texts(found.get("sources"), problems))
    check_cites(cites, known.facts, problems)
    question = answer_text(Role.QUESTION, found.get("question"), True, said, problems)
    words = answer_text(Role.ANSWER, found.get("answer"), bool(cites), said, problems)
    reviewed = date(found.get("reviewed"), known.today, problems)
    flow = entrance_to(found.get("flow"), known, problems)
    tone = one_of(found.get("tone"), (_URGENT, _SMALL_TALK), problems)
    if question is None or words is None or reviewed is None:
        return None
    sources = tuple(cite.value for cite in cites)
    signed = Credit(credited(sources, known.facts), reviewed)
    credit = _UNSIGNED if tone else signed
    dated = known.rests_on_old(sources)
    return Answer(key.value, question, words, flow, sources, credit, dated, urgent=tone == _URGENT)


def entrance_to(node: Node | None, known: Known, problems: list[Problem]) -> str:
    """A guide, or a step of one, that is offered afterwards: "otp" or "otp/ma-sai"."""
    scalar = text(node, problems)
    if scalar is None:
        return ""
    check_entrance(scalar, known.guides, problems)
    return scalar.value


def check_intent(scalar: Scalar, known: Known, problems: list[Problem]) -> None:
    if known.intents is not None and scalar.value not in known.intents:
        hint = suggest(scalar.value, known.intents)
        problems.append(fault(scalar.spot, f"không có ý định {quote(scalar.value)}", hint))


def answer_text(
    role: Role, node: Node | None, cited: bool, said: list[Said], problems: list[Problem]
) -> Text | None:
    scalar = text(node, problems)
    words = read_text(scalar, problems) if scalar else None
    if scalar is not None and words is not None:
        said.append(Said(role, scalar, words, cited))
    return words
