"""What a drawing is made of before it becomes SVG, and how much room words take in a font we do not know."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Box:
    """`look` names its class, `pattern` what it is filled with so that grey paper tells it apart."""

    x: float
    y: float
    w: float
    h: float
    look: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along `d`, or what it goes around."""

    d: str
    look: str
    thick: float = 1.5


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    r: float
    look: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words; `y` is where its letters stand."""

    x: float
    y: float
    words: str
    size: float
    look: str = ""
    middle: bool = False
    link: str = ""


Shape = Box | Stroke | Disc | Words


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to one step."""

    step: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`name` sets patterns of two drawings on a page apart."""

    name: str
    width: int
    height: int
    groups: tuple[Group, ...] = field(default=())


LEADING = 1.3
"""Height of a line of words, times its size."""

_NARROW = set("iljI.,:;!'’|()[]·")
_THIN = set('ftr -/"«»')
_BROAD = set("mwMWÂƯƠ%@…→↩↓✓")


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Rather too wide than too narrow: what is wrapped too early still reads well."""
    units = sum(_unit(letter) for letter in unicodedata.normalize("NFC", words))
    return units * size * (1.13 if bold else 1.0)


def wrapped(words: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def text(
    x: float, y: float, lines: Iterable[str], size: float, look: str = "", *, link: str = ""
) -> list[Words]:
    """Lines below each other."""
    return [
        Words(x, y + place * size * LEADING, line, size, look, link=link) for place, line in enumerate(lines)
    ]


@lru_cache(1024)
def _unit(letter: str) -> float:
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _NARROW:
        return 0.35
    if plain in _THIN:
        return 0.46
    if letter in _BROAD or plain in _BROAD:
        return 1.0
    if plain.isupper():
        return 0.76
    return 0.64
