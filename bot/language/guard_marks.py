"""A helper's words with what each is good for in a request, and what governs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.guard_reading import AMOUNT, COMMA, STOP
from bot.language.guard_words import LEXICON, LINKS, LONGEST_PHRASE, SECRETS, Mark

AHEAD, BACK = 12, 12
"""Items that are looked at on either side of a verb."""


@dataclass(frozen=True, slots=True)
class Item:
    """`denied`: under a negation. `theirs`: somebody else is said to ask, in the same sentence."""

    mark: Mark
    words: str
    denied: bool = False
    theirs: bool = False


def marked(words: Sequence[str]) -> list[Item]:
    """The longest phrases that mean something, with what governs them."""
    items: list[Item] = []
    place, denied, theirs = 0, False, False
    while place < len(words):
        mark, length = _mark_at(words, place)
        phrase = " ".join(words[place : place + length])
        place += length
        match mark:
            case Mark.STOP:
                denied = theirs = False
            case Mark.NOT:
                denied = True
            case Mark.CALM:
                denied = False
            case Mark.OTHERS:
                theirs = theirs or not denied
            case _ if denied and not _goes_on(mark, phrase):
                denied = False
        items.append(Item(mark, phrase, denied, theirs))
    return items


def sentence_of(items: Sequence[Item], place: int) -> tuple[int, int]:
    """Where the sentence of an item begins and ends, within reach."""
    low, high = place, place + 1
    while low > max(0, place - BACK) and items[low - 1].mark is not Mark.STOP:
        low -= 1
    while high < min(len(items), place + AHEAD) and items[high].mark is not Mark.STOP:
        high += 1
    return low, high


SOON = frozenset(
    {"se", "vua", "da", "moi", "tu", "duoc", "dang", "co", "khong", "gui", "chi", "phai", "cung"}
)
"""Small words between who does something and what they do."""


def _mark_at(words: Sequence[str], place: int) -> tuple[Mark, int]:
    match words[place]:
        case word if word == STOP:
            return Mark.STOP, 1
        case word if word == COMMA:
            return Mark.COMMA, 1
        case word if word == AMOUNT:
            return Mark.AMOUNT, 1
        case _:
            pass
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        mark = LEXICON.get(tuple(words[place : place + length]))
        if mark is not None:
            return mark, length
    return Mark.PLAIN, 1


_VERBS = frozenset(
    {
        Mark.GIVE, Mark.TELL, Mark.ENTER, Mark.DO, Mark.SHOOT, Mark.SETUP, Mark.CONTACT, Mark.PAY, Mark.FEE,
        Mark.FRIEND, Mark.BUTTON,
    }
)  # fmt: skip
_OBJECTS = frozenset(
    {*SECRETS, Mark.THAT, Mark.SCREEN, Mark.AMOUNT, Mark.CHANNEL, Mark.REMOTE, Mark.PROGRAM, Mark.APK}
)
_PERSONS = frozenset({Mark.SELF, Mark.YOU, Mark.ANYONE, Mark.OFFICE, Mark.OTHERS, Mark.HERE})


def _goes_on(mark: Mark, phrase: str) -> bool:
    """Whether a negation reaches over this."""
    return mark in _VERBS or mark in _OBJECTS or mark in _PERSONS or phrase in LINKS
