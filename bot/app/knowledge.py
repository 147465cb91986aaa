"""What somebody at the desk may say next: replies found by words, and what fits the resident's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol, assert_never

from bot.core.advising import Advice, advice, as_a_person, is_for_a_person, place_of
from bot.core.book import Book
from bot.core.canned import Canned
from bot.core.contact import Contact
from bot.core.faq import Answer, Credit, KnownError
from bot.core.message import Picture
from bot.core.session import State
from bot.core.voice import Voice, voice_of

MOST = 3
_IN_ONE_PIECE = 20

Fold = Callable[[str], str]
"""Text as people type it → plain words with single spaces between; `bot.language` is the real one."""


class Origin(StrEnum):
    """Where a text comes from, as addresses of pages name it."""

    ANSWER = "hoi"
    ERROR = "loi"
    CANNED = "mau"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text ready for a person to send after a look at it.

    `ref` ("mau/chao") finds it again. `sources` says where it comes from and `reviewed` when it was compared
    with that ("2026-11-22"); `dated`: its sources are old. `flow` is the entrance of a guide that goes on
    from here, empty for none. `urgent`: danger, its steps are in a fixed order.
    """

    origin: Origin
    id: str
    title: str
    text: str
    sources: str = ""
    reviewed: str = ""
    dated: bool = False
    flow: str = ""
    picture: Picture | None = None
    urgent: bool = False

    @property
    def ref(self) -> str:
        return f"{self.origin}/{self.id}"


class Knowledge(Protocol):
    """Pure: the same question has the same answer."""

    def suggest(self, state: State, words: str) -> tuple[Suggestion, ...]:
        """At most three that fit the resident's last words, the best first."""
        ...

    def search(self, words: str, state: State | None = None) -> tuple[Canned, ...]:
        """Canned replies that hold the words, the best first, those of the present step before others; all of
        them without words.
        """
        ...

    def ready(self, canned: Canned, state: State | None = None) -> Suggestion:
        """A canned reply as it would be said to this person."""
        ...

    def find(self, ref: str, state: State | None = None) -> Suggestion | None:
        """What a reference names; None when it is no longer there or no text for a person."""
        ...


class BookKnowledge:
    """`Knowledge` from all that the bot can say."""

    def __init__(self, book: Book, fold: Fold) -> None:
        self._book = book
        self._fold = fold

    def suggest(self, state: State, words: str) -> tuple[Suggestion, ...]:
        voice = voice_of(self._book, state.contact)
        found: dict[str, Suggestion] = {}
        for one in advice(self._book, state, words.strip()):
            suggestion = _said(voice, one)
            if suggestion is not None and len(found) < MOST:
                found.setdefault(suggestion.ref, suggestion)
        return tuple(found.values())

    def search(self, words: str, state: State | None = None) -> tuple[Canned, ...]:
        wanted = self._fold(words).split()
        place = place_of(state) if state else ""
        listed = [(indexed, indexed.hits(wanted)) for indexed in self._index]
        whole = [one for one in listed if all(one[1])]
        partly = [one for one in listed if 2 * sum(map(bool, one[1])) > len(wanted)]
        ranked = sorted(
            whole or partly,
            key=lambda one: (-one[0].canned.suits(place), -sum(one[1]) - one[0].says(wanted)),
        )
        return tuple(indexed.canned for indexed, _ in ranked)

    def ready(self, canned: Canned, state: State | None = None) -> Suggestion:
        return _ready(self._voice(state), canned)

    def find(self, ref: str, state: State | None = None) -> Suggestion | None:
        origin, _, id = ref.partition("/")
        one: Advice | None
        match origin:
            case Origin.ANSWER:
                one = self._book.answers.get(id)
            case Origin.ERROR:
                one = next((error for error in self._book.errors if error.id == id), None)
            case Origin.CANNED:
                one = next((canned for canned in self._book.canned if canned.id == id), None)
            case _:
                one = None
        return _said(self._voice(state), one) if one is not None else None

    def _voice(self, state: State | None) -> Voice:
        return voice_of(self._book, state.contact if state else Contact())

    @cached_property
    def _index(self) -> tuple[_Indexed, ...]:
        voice = self._voice(None)
        return tuple(
            _Indexed(
                canned,
                tuple(self._fold(name) for name in (canned.title, *canned.words)),
                _words(self._fold, canned.title),
                _words(self._fold, *canned.words),
                _words(self._fold, voice.read(canned.text)),
            )
            for canned in self._book.canned
        )


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A canned reply and the plain words of its parts."""

    canned: Canned
    names: tuple[str, ...]
    title: frozenset[str]
    words: frozenset[str]
    text: frozenset[str]

    def hits(self, wanted: list[str]) -> list[int]:
        """How well each word is found: in the title before the rest, whole before its beginning."""
        return [self._hit(word) for word in wanted]

    def says(self, wanted: list[str]) -> int:
        """More for the words in one piece, as a name of it."""
        phrase = " ".join(wanted)
        return _IN_ONE_PIECE if any(f" {phrase} " in f" {name} " for name in self.names) else 0

    def _hit(self, word: str) -> int:
        for worth, place in ((9, self.title), (5, self.words), (2, self.text)):
            if word in place:
                return worth
            if any(other.startswith(word) for other in place):
                return worth - 1
        return 0


def _words(fold: Fold, *texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold(text).split())


def _said(voice: Voice, one: Advice) -> Suggestion | None:
    """None for what only the bot can say."""
    match one:
        case Answer():
            text = as_a_person(voice.read(one.text)) if is_for_a_person(one) else ""
            title = voice.read(one.question)
            made = _signed(Origin.ANSWER, one.id, title, text, one.credit, one.dated, one.flow)
        case KnownError():
            text = as_a_person(f"{voice.read(one.meaning)}\n\n{voice.read(one.todo)}")
            title = voice.read(one.name) if one.name else (one.shown or one.heard)[0]
            made = _signed(Origin.ERROR, one.id, title, text, one.credit, one.dated, one.flow)
        case Canned():
            made = _ready(voice, one)
        case never:
            assert_never(never)
    return made if made.text else None


def _ready(voice: Voice, canned: Canned) -> Suggestion:
    credit = canned.credit
    return Suggestion(
        Origin.CANNED,
        canned.id,
        canned.title,
        voice.read(canned.text).replace("**", ""),
        credit.sources,
        credit.reviewed,
        canned.dated,
        next((voice.book.starts[intent] for intent in canned.intents if intent in voice.book.starts), ""),
        picture=canned.picture,
        urgent=canned.urgent,
    )


def _signed(
    origin: Origin, id: str, title: str, text: str, credit: Credit, dated: bool, flow: str
) -> Suggestion:
    return Suggestion(origin, id, title, text, credit.sources, credit.reviewed, dated, flow)
