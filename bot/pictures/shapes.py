"""What a picture is made of before it becomes SVG: boxes, words, outlines; and where the labels stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.pictures.measure import fill as fill_lines
from bot.pictures.measure import wrap

INK = "#1d232a"
SOFT = "#47515b"
EDGE = "#78838e"
HAIR = "#ccd3da"
PALE = "#edf0f3"
WHITE = "#ffffff"
STEEL = "#45525f"
NIGHT = "#2a3037"
LINK = "#24476b"
ALARM = "#9c1420"
BLUSH = "#fbe7e7"
GOLD = "#ffd400"
RUBY = "#b00030"

LEADING = 1.28
"""Height of a line of words, times its size: Vietnamese stacks two marks on a capital."""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    w: float
    h: float
    round: float = 0
    fill: str = "none"
    stroke: str = "none"
    thick: float = 0
    see: float = 1
    """1 hides what is below; less lets it shine through."""

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by, self.round + by)


@dataclass(frozen=True, slots=True)
class Text:
    """One line. `x` is its left end, its middle or its right end, by `anchor`; `y` its base line."""

    x: float
    y: float
    words: str
    size: float
    bold: bool = False
    fill: str = INK
    anchor: str = "start"
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """An SVG path, moved and scaled. Lines keep their thickness whatever the scale."""

    d: str
    fill: str = "none"
    stroke: str = "none"
    thick: float = 0
    x: float = 0
    y: float = 0
    scale: float = 1
    see: float = 1


Shape = Box | Text | Outline


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some shapes, the places of the labels among them, and where they end."""

    bottom: float
    shapes: tuple[Shape, ...]
    spots: Mapping[str, Box] = field(default_factory=dict)


def paragraph(
    words: str,
    place: Box,
    size: float,
    *,
    bold: bool = False,
    fill: str = INK,
    anchor: str = "start",
    underline: bool = False,
) -> Drawn:
    """Words from the top of a place downwards; what is large or in the middle in lines of equal length."""
    x = place.x + {"start": 0, "middle": place.w / 2, "end": place.w}[anchor]
    even = bold or anchor == "middle"
    lines = (wrap if even else fill_lines)(words, size, place.w, bold=bold)
    shapes = tuple(
        Text(x, place.y + size * (LEADING * number + 1), line, size, bold, fill, anchor, underline)
        for number, line in enumerate(lines)
    )
    return Drawn(place.y + size * LEADING * len(lines), shapes)
