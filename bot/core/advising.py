"""What fits a resident's last words: answers, known errors and canned replies, in the order to offer them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.book import Book
from bot.core.canned import Canned
from bot.core.faq import NOTHING_CLEAR, Answer, KnownError
from bot.core.flow import Ask, Flow, Say, Way
from bot.core.hearing import Decision, Verdict
from bot.core.likely import likely_errors
from bot.core.quoting import is_urgent, quoted_error
from bot.core.session import State

Advice = Answer | KnownError | Canned

_WORTH_A_LOOK = 0.25
"""The probability from which a guess is shown to a person, who can tell whether it is right."""

_OF_THE_BOT = re.compile(
    r"chương trình trả lời tự động|\bgặp người\b|\bnhắn (?:em |lại )?«|\bmenu\b|/(?:dulieu|xoa|riengtu)\b"
    r"|\bautomatic\b|«human»|\b(?:type|text|message|send) (?:me )?«",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])(?=\s)|(?<=\n)")
_ENOUGH = 0.5


def advice(book: Book, state: State, words: str) -> Iterator[Advice]:
    """The best first, some of it more than once; nothing surely."""
    flow, ways = _standing(book, state)
    expected = {intent for way in ways for intent in way.intents}
    verdict = Verdict(Decision.UNCLEAR, ())
    if words:
        verdict = book.hearing.verdict(words, expected, state.contact.locale)
    intents = _intents(verdict)
    if is_urgent(book, verdict):
        yield from (reply for reply in book.canned if reply.urgent and reply.is_about(intents[:1]))
        yield from _answers(book, intents[:1])
    error = quoted_error(book, words, verdict)
    if error is not None:
        yield error
    yield from (known for known in book.errors if state.ticket and known.id == state.ticket.error)
    place = place_of(state)
    for intent in intents:
        yield from _answers(book, (intent,))
        fitting = [reply for reply in book.canned if reply.is_about((intent,))]
        yield from sorted(fitting, key=lambda reply: -reply.suits(place))
    if not intents and error is None:
        yield from (reply for reply in book.canned if reply.suits(place) == 2)
        yield from likely_errors(book, flow, ways)[:1] if flow else ()
        yield from (reply for reply in book.canned if reply.is_about((NOTHING_CLEAR,)))


def place_of(state: State) -> str:
    """The step somebody stands on ("otp/ma-sai"), or stood on when they asked for a person."""
    if state.session is not None:
        run = state.session.top
        return f"{run.flow}/{run.visit.step}"
    ticket = state.ticket
    return f"{ticket.flow}/{ticket.step}" if ticket and ticket.flow else ""


def is_for_a_person(answer: Answer) -> bool:
    """Small talk of the bot is about the bot: it is all that rests on nothing and is not urgent."""
    return answer.urgent or bool(answer.credit.reviewed)


def as_a_person(text: str) -> str:
    """A text of the bot without what only the bot can say, and without marks for bold, which nobody types.

    Empty when too little is left of it.
    """
    text = text.replace("**", "")
    told = [part for part in _SENTENCE.split(text) if part]
    kept = [part for part in told if not _OF_THE_BOT.search(part)]
    if len(kept) == len(told):
        return text
    left = "".join(kept).strip()
    return left if told[0] in kept and len(left) >= _ENOUGH * len(text) else ""


def _intents(verdict: Verdict) -> tuple[str, ...]:
    guesses = [*verdict.guesses, *([verdict.second] if verdict.second else [])]
    if verdict.decision in {Decision.UNCLEAR, Decision.OUT_OF_SCOPE}:
        guesses = [guess for guess in guesses if guess.score >= _WORTH_A_LOOK]
    return tuple(dict.fromkeys(guess.intent for guess in guesses))


def _answers(book: Book, intents: tuple[str, ...]) -> Iterator[Answer]:
    for intent in intents:
        answer = book.answers.get(intent)
        if answer is not None and is_for_a_person(answer):
            yield answer


def _standing(book: Book, state: State) -> tuple[Flow | None, tuple[Way, ...]]:
    """The guide and the ways of the step where somebody stands."""
    if state.session is None:
        return None, ()
    run = state.session.top
    flow = book.edition(run.flow, run.version)
    step = flow.steps.get(run.visit.step) if flow else None
    return flow, step.ways if isinstance(step, (Say, Ask)) else ()
