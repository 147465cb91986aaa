"""Walking a guide behind any door, the way its people answer; and the same walk in the pure core."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from bot.channels.wording import length, without_bold
from bot.content.transcripts import Player
from bot.core.book import Book
from bot.core.message import Reply, numbered
from bot.language.sieve import sift
from tests.channels.contract.house import House, Person

FIRST = "tôi muốn kích hoạt vneid"

LIMITS = {"telegram": (4096, 1024), "zalo_oa": (2000, 2000), "zalo_bot": (2000, 2000)}
"""Characters of a text and of a caption."""

SETTLED = 15.0
"""Seconds after which every part of an answer has arrived."""

_CHOICE = re.compile(r"(\d+)\. (.+)")
_HINT = re.compile(r"Gõ [\w, ]+ để chọn\.|Chưa thấy nút thì gõ số, ví dụ: \d\.|Hoặc gõ: «.+»\.|")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bUndefined\b")


class Manner(Enum):
    """How somebody answers what is numbered on the screen."""

    PRESS = auto()
    NUMBER = auto()
    LABEL = auto()
    HASTE = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in free words, where no choice fits."""

    words: str


Move = str | Said
"""A choice by its label, or free words."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What stood on the screen after one move. Without line breaks, numbers, marks for bold, shortcuts."""

    words: str
    choices: tuple[str, ...]
    pictures: int


def played(book: Book, moves: Sequence[Move]) -> tuple[list[Turn], list[Reply]]:
    """The walk without any door."""
    player = Player(book, sift)
    player.say(FIRST)
    turns, replies = [_told(player.last)], list(player.last)
    for move in moves:
        if isinstance(move, Said):
            player.say(move.words)
        else:
            player.press([choice.label for choice in player.last[-1].choices].index(move) + 1)
        turns.append(_told(player.last))
        replies += player.last
    return turns, replies


async def walked(at: House, person: Person, moves: Sequence[Move], manner: Manner) -> list[list[str]]:
    """The walk behind a door; the words of the messages of each turn."""
    await person.says(FIRST)
    turns = [await _messages(person)]
    for move in moves:
        await _answer(at, person, move, manner)
        turns.append(await _messages(person))
    return turns


def seen(messages: Sequence[str], alts: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Words and choices, put together; a picture that came by itself is described and says no more."""
    words: list[str] = []
    choices: list[str] = []
    for message in messages:
        if message in alts:
            continue
        for line in message.splitlines():
            if choice := _CHOICE.fullmatch(line):
                choices.append(choice[2])
            elif not _HINT.fullmatch(line):
                words.append(line)
    return _flat(" ".join(words)), tuple(choices)


def well_formed(at: House, person: Person, replies: Sequence[Reply]) -> None:
    """No mark, no token, nothing unfilled, nothing too long, nothing to press that cannot be typed."""
    text, caption = LIMITS[at.gate.name]
    tokens = {choice.token for reply in replies for choice in (*reply.choices, *reply.shortcuts)}
    for message in person.chat:
        limit = caption if message.photo else text
        assert 0 < length(message.words) <= limit
        shown = (message.words, *getattr(message, "buttons", ()))
        for words in shown:
            assert "**" not in words
            assert not _TEMPLATE.search(words)
            assert not [token for token in tokens if token in words]
            assert words == unicodedata.normalize("NFC", words)


def pictured(person: Person) -> int:
    return sum(1 for message in person.chat if message.photo)


def in_haste(label: str) -> str:
    """Without diacritics, capitals and commas, and one letter of the longest word twice."""
    folded = unicodedata.normalize("NFD", label.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter) and letter != ",")
    longest = max(plain.split(), key=len)
    return plain.replace(longest, longest + longest[-1], 1) if len(longest) > 4 else plain


async def _messages(person: Person) -> list[str]:
    """What came since the last move."""
    first = await person.hears()
    await asyncio.sleep(SETTLED)
    begin = person.chat.index(first[0])
    return [message.words for message in person.chat[begin:]]


async def _answer(at: House, person: Person, move: Move, manner: Manner) -> None:
    if isinstance(move, Said):
        await person.says(move.words)
        return
    number = _number_of(move, person)
    match manner:
        case Manner.PRESS:
            await at.gate.choose(person, number)
        case Manner.NUMBER:
            await person.says(str(number))
        case Manner.LABEL:
            await person.says(move)
        case Manner.HASTE:
            await person.says(in_haste(move))
        case never:
            assert_never(never)


def _number_of(label: str, person: Person) -> int:
    """As it stands on the screen, for somebody who reads it there."""
    for message in reversed(person.chat):
        for line in message.words.splitlines():
            choice = _CHOICE.fullmatch(line)
            if choice and choice[2] == label:
                return int(choice[1])
    raise AssertionError(f"«{label}» has no number on the screen: {person.chat[-1].words}")


def _told(replies: Sequence[Reply]) -> Turn:
    assert not any(reply.link for reply in replies)
    words, choices = seen([without_bold(numbered(reply)) for reply in replies], frozenset())
    return Turn(words, choices, sum(1 for reply in replies if reply.picture))


def _flat(text: str) -> str:
    return " ".join(text.split())
