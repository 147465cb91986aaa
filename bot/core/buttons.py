"""What a button says when it is pressed: which step, version and visit it belongs to.

A button outlives its step: it stands in the chat for days. So each carries where it was made, and one
from another place gets a polite fresh step instead of an effect. Tokens give no rights beyond what the
person could type, so they are not signed. At most 64 bytes, the least that a platform allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.contact import LOCALES, SOURCE
from bot.core.hearing import Word
from bot.core.places import read_poster
from bot.core.session import Run, Verb

VERSION_SHOWN = 4
LONGEST_TOKEN = 64

_DOOR = frozenset({Verb.BEGIN, Verb.READ, Verb.SPEAK})


@dataclass(frozen=True, slots=True)
class StepButton:
    flow: str
    step: str
    version: str
    seq: int
    number: int


@dataclass(frozen=True, slots=True)
class OptionButton:
    asked: int
    number: int


@dataclass(frozen=True, slots=True)
class DoorButton:
    """For people of whom nothing is kept: all it needs to know travels in it.

    `commune` has the form of a commune's code, or of a poster's ("22291-3", "22291-0" for one without a
    number); whether there is such a commune is asked where it is used.
    """

    verb: Verb
    flow: str
    locale: str = SOURCE
    commune: str = ""


@dataclass(frozen=True, slots=True)
class WordButton:
    """`about` is whom a report is about: who wrote the message that the button stands under."""

    word: Word
    about: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not one of ours, or from a version that no longer is."""


Button = StepButton | OptionButton | DoorButton | WordButton | Unknown


def step_token(run: Run, number: int) -> str:
    visit = run.visit
    return f"{run.flow}.{visit.step}.{run.version[:VERSION_SHOWN]}.{visit.seq}.{number}"


def option_token(asked: int, number: int) -> str:
    return f"?{asked}.{number}"


def door_token(verb: Verb, flow: str = "", locale: str = SOURCE, commune: str = "") -> str:
    token = f"!{verb}.{flow}" if locale == SOURCE else f"!{verb}.{flow}.{locale}"
    told = f"!{verb}.{flow}.{locale}.{commune}" if commune else token
    # where there is no room for both, the guide matters more to the person than the place does to a count
    return told if len(told) <= LONGEST_TOKEN else token


def word_token(word: Word, about: int = 0) -> str:
    return f"={word}.{about}" if about else f"={word}"


def is_token(text: str) -> bool:
    """Whether a text that came as a message is one of our buttons (widgets send them as text)."""
    return not isinstance(parse(text), Unknown)


def parse(token: str) -> Button:
    """The button behind a token; anything else is Unknown, whatever it holds."""
    if len(token) > LONGEST_TOKEN:
        return Unknown()
    match token[:1], token[1:].split(".") if token[:1] in "?!=" else token.split("."):
        case "?", [asked, number] if _is_number(asked) and _is_number(number):
            return OptionButton(int(asked), int(number))
        case "!", [verb, flow] if verb in _DOOR:
            return DoorButton(Verb(verb), flow)
        case "!", [verb, flow, locale] if verb in _DOOR and locale in LOCALES:
            return DoorButton(Verb(verb), flow, locale)
        case "!", [verb, flow, locale, code] if verb in _DOOR and locale in LOCALES and read_poster(code):
            return DoorButton(Verb(verb), flow, locale, code)
        case "=", [word] if word in set(Word):
            return WordButton(Word(word))
        case "=", [Word.REPORT, about] if _is_number(about):
            return WordButton(Word.REPORT, int(about))
        case first, [flow, step, version, seq, number] if first not in "?!=":
            if _is_number(seq) and _is_number(number):
                return StepButton(flow, step, version, int(seq), int(number))
            return Unknown()
        case _:
            return Unknown()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
