"""A screen and the words to point at become one picture, as SVG. Pure: the same in, the same out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.screen import Alert, Frame, Icon, Icons, Screen, only_read
from bot.pictures.elements import TABS, draw
from bot.pictures.icons import arrow, hand, sign
from bot.pictures.measure import FAMILY
from bot.pictures.shapes import (
    EDGE,
    GOLD,
    HAIR,
    INK,
    NIGHT,
    PALE,
    RUBY,
    SOFT,
    WHITE,
    Box,
    Drawn,
    Outline,
    Shape,
    Text,
    paragraph,
)

if TYPE_CHECKING:
    from jinja2 import Template

WIDE = 360
"""Width in the pixels of a page; the PNG has twice as many."""

HIGHEST = 480
"""A picture must fit on a phone beside the words that belong to it."""

_GAP = 14
_LEAST = 200
"""Where a screen ends at the earliest: with less it would not look like a phone."""

_EDGE, _HEAD, _FOOT = 8, 38, 30
_INNER = Box(_EDGE, 0, WIDE - 2 * _EDGE, 0)
_ROOM = Box(26, 0, WIDE - 52, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture before it is written down: where the room for elements ends, where each label stands.

    `framed`: a window on a computer, with edges thinner than a phone's.
    """

    height: int
    bottom: float
    framed: bool
    shapes: tuple[Shape, ...]
    spots: dict[str, Box]


@lru_cache(maxsize=512)
def lay_out(screen: Screen) -> Sheet:
    """All of a screen, nothing pointed at yet."""
    parts: list[Drawn] = []
    top: float = _HEAD
    if screen.address:
        parts.append(_address(screen.address, top + 4))
    if screen.title:
        parts.append(_title(screen.title, parts[-1].bottom if parts else top))
    top = parts[-1].bottom + _GAP if parts else top + 12
    body, bottom = _body(screen, top)
    tabs = next((element for element in screen.show if isinstance(element, Icons) and element.bar), None)
    if tabs:
        parts.append(draw(tabs, Box(_INNER.x, bottom, _INNER.w, 0)))
        bottom += TABS
    case, height = _case(screen.frame, bottom)
    shapes = (*case, *(shape for part in (*parts, *body) for shape in part.shapes))
    spots = {label: spot for part in (*parts, *body) for label, spot in part.spots.items()}
    return Sheet(round(height), bottom, screen.frame is Frame.COMPUTER, shapes, spots)


def svg(screen: Screen, highlight: str) -> str:
    """`highlight` is one of the screen's labels, or empty."""
    sheet = lay_out(screen)
    tapped = all(highlight not in only_read(element) for element in screen.show)
    pointed = _pointed_at(sheet.spots[highlight], sheet, tapped=tapped) if highlight else ()
    shapes = (*sheet.shapes, *pointed)
    return _template().render(wide=WIDE, height=sheet.height, family=FAMILY, shapes=shapes)


def size(screen: Screen) -> tuple[int, int]:
    """Width and height in the pixels of a page."""
    return WIDE, lay_out(screen).height


def _body(screen: Screen, top: float) -> tuple[list[Drawn], float]:
    """The elements one below the other, and where they end. An alert dims what it lies over."""
    start = top
    under: list[Drawn] = []
    over: list[Drawn] = []
    for element in screen.show:
        if isinstance(element, Icons) and element.bar:
            continue
        alert = isinstance(element, Alert)
        if alert:
            high = draw(element, _ROOM).bottom
            top += _GAP if under else max(_GAP, (_LEAST - start - high) / 2)
        part = draw(element, Box(_ROOM.x, top, _ROOM.w, 0))
        (over if alert else under).append(part)
        top = part.bottom + _GAP
    bottom = max(top + (_GAP if over else 6), _LEAST)
    veil = Box(_INNER.x, start - _GAP, _INNER.w, bottom + _GAP - start, 0, NIGHT, see=0.4)
    return [*under, *([Drawn(bottom, (veil,))] if over else []), *over], bottom


def _case(frame: Frame, bottom: float) -> tuple[tuple[Shape, ...], float]:
    """The device around what ends at `bottom`, its upper edge saying what this is; and its height."""
    middle = WIDE / 2
    tag = (
        Box(middle - 70, _EDGE + 3, 140, 25, 12.5, PALE),
        Text(middle, _EDGE + 21, "Hình minh hoạ", 16, False, SOFT, "middle"),
    )
    if frame is Frame.COMPUTER:
        window = Box(3, 3, WIDE - 6, bottom + 4, 10, WHITE, NIGHT, 6)
        base = Outline(f"M0 {bottom + 7}H{WIDE}L346 {bottom + 20}H14Z", NIGHT)
        dots = tuple(Box(22 + 18 * n, _EDGE + 10, 11, 11, 5.5, HAIR, EDGE, 1) for n in range(3))
        return (window, base, *dots, *tag), bottom + 20
    end = bottom + _FOOT
    case = Box(0, 0, WIDE, end, 32, NIGHT)
    inner = Box(_INNER.x, _EDGE, _INNER.w, end - 2 * _EDGE, 24, WHITE)
    shell = (case, inner, *tag, _battery())
    y = bottom + 2
    if frame is Frame.IPHONE:
        return (*shell, Box(middle - 55, y + 7, 110, 5, 2.5, NIGHT)), end
    keys = "M-70 2v12l-11 -6zM64 2h12v12h-12zM0 1a7 7 0 1 1 -0.1 0z"
    return (*shell, Outline(keys, "none", EDGE, 2.2, middle, y)), end


def _battery() -> Shape:
    return Outline("M0 0H20V11H0ZM20 3.5H23V7.5H20M3 3H13V8H3Z", "none", EDGE, 2, 308, _EDGE + 10)


def _address(address: str, top: float) -> Drawn:
    bar = Box(_ROOM.x - 6, top, _ROOM.w + 12, 42, 21, PALE, EDGE, 1.5)
    lock = sign(Icon.LOCK, Box(bar.x + 12, top + 8, 26, 26))
    return Drawn(bar.bottom + 4, (bar, *lock, Text(bar.x + 46, top + 28, address, 19, True, INK)))


def _title(title: str, top: float) -> Drawn:
    told = paragraph(title, Box(_ROOM.x + 26, top + 8, _ROOM.w - 52, 0), 22, bold=True, anchor="middle")
    arrow = Outline("M10 0L0 10L10 20", "none", INK, 3.5, _ROOM.x, top + 12)
    bottom = told.bottom + 9
    return Drawn(bottom, (arrow, *told.shapes, Box(_INNER.x, bottom - 2, _INNER.w, 2, 0, HAIR)))


def _pointed_at(spot: Box, sheet: Sheet, *, tapped: bool) -> tuple[Shape, ...]:
    """All else lies in shade; the spot gets a ring of gold and dark red, and a hand or an arrow."""
    ring = spot.grown(5)
    left, right = max(ring.x, 8), min(ring.x + ring.w, WIDE - 8)
    ring = Box(left, ring.y, right - left, ring.h, max(ring.round, 10))
    inside = Box(_INNER.x, _EDGE, _INNER.w, sheet.bottom + _FOOT - 2 * _EDGE, 24)
    if sheet.framed:
        inside = Box(6, 6, WIDE - 12, sheet.bottom - 2, 7)
    shade = Outline(f"{_rounded(inside)} {_rounded(ring)}", "#0d1319", see=0.24)
    glow = Box(ring.x, ring.y, ring.w, ring.h, ring.round, "none", GOLD, 11)
    line = Box(ring.x, ring.y, ring.w, ring.h, ring.round, "none", RUBY, 5)
    x = min(ring.x + max(ring.w - 44, ring.w * 0.8), WIDE - 58)
    return shade, glow, line, hand(x, ring.bottom - 6) if tapped else arrow(x, ring.bottom + 1)


def _rounded(box: Box) -> str:
    r = min(box.round, box.w / 2, box.h / 2)
    return (
        f"M{box.x + r} {box.y}h{box.w - 2 * r}a{r} {r} 0 0 1 {r} {r}v{box.h - 2 * r}a{r} {r} 0 0 1 -{r} {r}"
        f"h-{box.w - 2 * r}a{r} {r} 0 0 1 -{r} -{r}v-{box.h - 2 * r}a{r} {r} 0 0 1 {r} -{r}z"
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not before something has to be drawn

    loader = FileSystemLoader(Path(__file__).parent)
    names = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return names.get_template("picture.svg")
