"""A screen and the words to point at become one picture, as SVG. Pure: the same in, the same out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.screen import Alert, Frame, Icon, Icons, Screen
from bot.pictures.elements import TABS, draw
from bot.pictures.icons import hand, sign
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
_LEAST = 236
"""Height of a screen with little on it: less would not look like a phone."""

_HEAD, _FOOT = 38, 28
_OUTER = Box(5, 5, 350, 0, 30)
_INNER = Box(13, 5, 334, 0)
_ROOM = Box(28, 0, 304, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture before it is written down: where the device ends, and where each label stands."""

    height: int
    bottom: float
    shapes: tuple[Shape, ...]
    spots: dict[str, Box]


@lru_cache(maxsize=512)
def lay_out(screen: Screen) -> Sheet:
    """All of a screen, nothing pointed at yet."""
    top = _OUTER.y + _HEAD
    parts: list[Drawn] = []
    if screen.address:
        parts.append(_address(screen.address, top + 4))
    if screen.title:
        parts.append(_title(screen.title, parts[-1].bottom if parts else top))
    start = parts[-1].bottom if parts else top
    body, bottom = _body(screen, start + (_GAP if screen.title or screen.address else 8))
    foot = _FOOT if screen.frame is not Frame.COMPUTER else 8
    tabs = next((element for element in screen.show if isinstance(element, Icons) and element.bar), None)
    if tabs:
        parts.append(draw(tabs, Box(_INNER.x, bottom, _INNER.w, 0)))
        bottom += TABS
    whole = Box(_OUTER.x, _OUTER.y, _OUTER.w, bottom + foot - _OUTER.y, _OUTER.round)
    shapes = (*_case(screen.frame, whole), *(shape for part in (*parts, *body) for shape in part.shapes))
    spots = {label: spot for part in (*parts, *body) for label, spot in part.spots.items()}
    stand = 20 if screen.frame is Frame.COMPUTER else 5
    return Sheet(round(whole.bottom + stand), whole.bottom, shapes, spots)


def svg(screen: Screen, highlight: str) -> str:
    """`highlight` is one of the screen's labels, or empty."""
    sheet = lay_out(screen)
    height = sheet.height
    shapes = sheet.shapes
    if highlight:
        spot = sheet.spots[highlight]
        shapes = (*shapes, *_pointed_at(spot, sheet.bottom))
    return _template().render(wide=WIDE, height=height, family=FAMILY, shapes=shapes)


def size(screen: Screen) -> tuple[int, int]:
    """Width and height in the pixels of a page."""
    return WIDE, lay_out(screen).height


def _body(screen: Screen, top: float) -> tuple[list[Drawn], float]:
    """The elements one below the other; an alert stands in the middle and dims what it lies over."""
    start = top
    under: list[Drawn] = []
    over: list[Drawn] = []
    for element in screen.show:
        if isinstance(element, Icons) and element.bar:
            continue
        alert = isinstance(element, Alert)
        if alert and not under:
            top += max(0, (_LEAST - _GAP - draw(element, _ROOM).bottom) / 2)
        part = draw(element, Box(_ROOM.x, top, _ROOM.w, 0))
        (over if alert else under).append(part)
        top = part.bottom + _GAP
    bottom = max(top, start + _LEAST)
    veil = Box(_INNER.x, start - _GAP, _INNER.w, bottom + _GAP - start, 0, NIGHT, see=0.4)
    return [*under, *([Drawn(bottom, (veil,))] if over else []), *over], bottom


def _case(frame: Frame, whole: Box) -> tuple[Shape, ...]:
    """The device, its upper edge with the words that say what this picture is, and its lower edge."""
    middle = WIDE / 2
    inner = Box(
        _INNER.x, _OUTER.y + 8, _INNER.w, whole.h - 16, 22 if frame is not Frame.COMPUTER else 2, WHITE
    )
    tag = (
        Box(middle - 70, _OUTER.y + 9, 140, 25, 12.5, PALE),
        Text(middle, _OUTER.y + 27, "Hình minh hoạ", 16, False, SOFT, "middle"),
    )
    match frame:
        case Frame.COMPUTER:
            window = Box(whole.x, whole.y, whole.w, whole.h, 10, WHITE, NIGHT, 6)
            base = Outline(f"M4 {whole.bottom + 3}H356L346 {whole.bottom + 14}H14Z", NIGHT)
            dots = tuple(Box(22 + 18 * n, _OUTER.y + 15, 11, 11, 5.5, HAIR, EDGE, 1) for n in range(3))
            return (window, base, *dots, *tag)
        case Frame.IPHONE:
            bar = Box(middle - 55, whole.bottom - 22, 110, 5, 2.5, NIGHT)
            return (Box(whole.x, whole.y, whole.w, whole.h, 34, NIGHT), inner, *tag, _battery(), bar)
        case Frame.ANDROID:
            y = whole.bottom - 27
            keys = Outline(
                "M-70 2v12l-11 -6zM64 2h12v12h-12zM0 1a7 7 0 1 1 -0.1 0z", "none", EDGE, 2.2, middle, y
            )
            return (Box(whole.x, whole.y, whole.w, whole.h, 28, NIGHT), inner, *tag, _battery(), keys)


def _battery() -> Shape:
    return Outline("M0 0H20V11H0ZM20 3.5H23V7.5H20M3 3H13V8H3Z", "none", EDGE, 2, 304, _OUTER.y + 16)


def _address(address: str, top: float) -> Drawn:
    bar = Box(_ROOM.x - 6, top, _ROOM.w + 12, 42, 21, PALE, EDGE, 1.5)
    lock = sign(Icon.LOCK, Box(bar.x + 12, top + 8, 26, 26))
    return Drawn(bar.bottom + 4, (bar, *lock, Text(bar.x + 46, top + 28, address, 19, True, INK)))


def _title(title: str, top: float) -> Drawn:
    told = paragraph(title, Box(_ROOM.x + 26, top + 8, _ROOM.w - 52, 0), 22, bold=True, anchor="middle")
    arrow = Outline("M10 0L0 10L10 20", "none", INK, 3.5, _ROOM.x, top + 12)
    bottom = told.bottom + 9
    return Drawn(bottom, (arrow, *told.shapes, Box(_INNER.x, bottom - 2, _INNER.w, 2, 0, HAIR)))


def _pointed_at(spot: Box, bottom: float) -> tuple[Shape, ...]:
    """Everything else lies in shade; the spot gets a ring, gold around dark red, and a hand below."""
    ring = spot.grown(5)
    ring = Box(
        max(ring.x, 8), ring.y, min(ring.x + ring.w, WIDE - 8) - max(ring.x, 8), ring.h, max(ring.round, 10)
    )
    inside = Box(_INNER.x, _OUTER.y + 8, _INNER.w, bottom - 16 - _OUTER.y, 22)
    shade = Outline(f"{_rounded(inside)} {_rounded(ring)}", "#0d1319", see=0.24)
    glow = Box(ring.x, ring.y, ring.w, ring.h, ring.round, "none", GOLD, 11)
    line = Box(ring.x, ring.y, ring.w, ring.h, ring.round, "none", RUBY, 5)
    x = min(ring.x + max(ring.w - 44, ring.w * 0.8), WIDE - 58)
    return shade, glow, line, hand(x, min(ring.bottom - 6, bottom - 56))


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
