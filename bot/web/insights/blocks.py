"""One step of a drawing: its name, its bar cut by what became of people, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.events import LOST
from bot.core.figures import Way
from bot.web.insights.guide_words import OUTCOMES, SHARES, exit_told
from bot.web.insights.numbers import FEW, counted, percent
from bot.web.insights.outline import Share, Stop
from bot.web.insights.shapes import LEADING, Box, Disc, Group, Shape, Stroke, Words, text, wrapped

ALARM = "▼ MẤT NHIỀU NGƯỜI NHẤT"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of letters, and of bars in full and in brief."""

    big: float
    middle: float
    small: float
    bar: float
    thin: float


@dataclass(frozen=True, slots=True)
class Look:
    """What all of a drawing is drawn with. `most` people came to the step with the longest bar; `worst` is
    the step that is to catch the eye; `guides` are the names of those that may be called.
    """

    sizes: Sizes
    most: int
    worst: str
    guides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """Something drawn with its upper left corner at 0, 0."""

    step: str
    height: float
    shapes: tuple[Shape, ...]

    def at(self, x: float, y: float) -> Group:
        return Group(self.step, tuple(_moved(shape, x, y) for shape in self.shapes))


def knot(stop: Stop, look: Look, x: float) -> tuple[Shape, ...]:
    """The step on the trunk, with its number; as high as the first line."""
    size = look.sizes.middle
    y = LEADING * look.sizes.big * 0.6
    style = "knot" if stop.figures.reached else "knot nobody"
    disc = Disc(x, y, round(size * (0.86 if stop.number else 0.43), 1), style)
    if not stop.number:
        return (disc,)
    return disc, Words(x, round(y + size * 0.36, 1), stop.number, size, "strong", middle=True)


def full(stop: Stop, look: Look, room: float) -> Block:
    """A line for each way out and each other outcome."""
    sizes = look.sizes
    shapes, y = _headed(stop, look, room, sizes.big)
    if not stop.figures.reached:
        return Block(stop.id, y, tuple(shapes))
    shapes.append(Words(0, y, f"{counted(stop.figures.reached)} người tới", sizes.middle, "strong"))
    y += sizes.middle * 0.6
    shapes += _bar(stop, y, room, look, sizes.bar)
    y += sizes.bar + sizes.middle * 1.2
    side = sizes.middle * 0.86
    for share, told in _lines(stop):
        lost = share is Share.LOST
        lines = wrapped(told, sizes.middle, room - side - 6, bold=lost)
        shapes.append(Box(0, y - side * 0.92, side, side, f"swatch {share}", share))
        shapes += text(side + 6, y, lines, sizes.middle, "strong" if lost else "")
        y += len(lines) * sizes.middle * LEADING
    called = _called(stop, look, room, y)
    y += len(called) * sizes.middle * LEADING
    return _framed(stop, look, y - sizes.middle * 0.6, [*shapes, *called], room)


def brief(stop: Stop, look: Look, room: float, size: float = 0) -> Block:
    """Everything in one breath below a thin bar; `size` of its name, if it is not a middle one."""
    sizes = look.sizes
    shapes, y = _headed(stop, look, room, size or sizes.middle)
    if not stop.figures.reached:
        return Block(stop.id, y, tuple(shapes))
    y -= sizes.middle * 0.65
    shapes += _bar(stop, y, room, look, sizes.thin)
    y += sizes.thin + sizes.small * 1.15
    told = "; ".join(told for _, told in _lines(stop))
    lines = wrapped(f"{counted(stop.figures.reached)} người tới: {told}", sizes.small, room)
    shapes += text(0, y, lines, sizes.small)
    y += len(lines) * sizes.small * LEADING
    called = _called(stop, look, room, y)
    y += len(called) * sizes.middle * LEADING
    return _framed(stop, look, y - sizes.small * 0.45, [*shapes, *called], room)


def unmet(titles: Sequence[str], look: Look, room: float) -> Block:
    """Helping steps that nobody met, in one line of grey."""
    size = look.sizes.small
    lines = wrapped(f"Chưa có người tới: {'; '.join(titles)}", size, room)
    return Block("", len(lines) * size * LEADING, tuple(text(0, size, lines, size, "nobody")))


def heading(words: str, look: Look) -> Block:
    size = look.sizes.small
    return Block("", size * LEADING, (Words(0, size, words, size, "strong"),))


def lost_told(stop: Stop) -> str:
    """As "320 bỏ dở ở đây (30 %): 310 hết giờ không trả lời, 10 chặn bot"."""
    lost, reached = stop.figures.lost, stop.figures.reached
    parts = [(OUTCOMES[one], count) for one, count in stop.figures.outcomes.items() if one in LOST]
    told = ", ".join(f"{counted(count)} {words}" for words, count in parts) if len(parts) > 1 else parts[0][0]
    share = f"({percent(lost, reached)})" if reached >= FEW else f"(trong {counted(reached)} người: còn ít)"
    return f"{counted(lost)} bỏ dở ở đây {share}: {told}"


def _headed(stop: Stop, look: Look, room: float, size: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    y = size * 1.06
    if stop.id == look.worst:
        shapes.append(Words(0, y, ALARM, look.sizes.middle, "alarm"))
        y += size * LEADING
    lines = wrapped(stop.title, size, room, bold=True)
    if stop.figures.reached:
        shapes += text(0, y, lines, size, "strong", link=f"#b-{stop.id}")
        return shapes, y + len(lines) * size * LEADING
    shapes += text(0, y, lines, size, "nobody")
    y += len(lines) * size * LEADING
    shapes.append(Words(0, y, "chưa có người tới", look.sizes.small, "nobody"))
    return shapes, y + size * 0.4


def _lines(stop: Stop) -> list[tuple[Share, str]]:
    """Every arrow out with how many took it, then what else became of people; the loss last."""
    ways = [exit for exit in stop.exits if exit.way.persons or exit.way.stays]
    told = [(exit.share, f"{_walked(exit.way)} {exit_told(exit, short=True)}") for exit in ways]
    others = (Share.HUMAN, Share.OFFLINE, Share.OUTAGE, Share.OPEN)
    shares = stop.shares
    told += [(one, f"{counted(shares[one])} {SHARES[one]}") for one in others if one in shares]
    return [*told, (Share.LOST, lost_told(stop))] if stop.figures.lost else told


def _walked(way: Way) -> str:
    """How many; how often, of an arrow that nobody took last."""
    return counted(way.persons) if way.persons else f"{counted(way.stays)} lượt"


def _bar(stop: Stop, y: float, room: float, look: Look, height: float) -> list[Shape]:
    """As long as people came, cut by what became of them."""
    scale = room / look.most
    shapes: list[Shape] = [Box(0, y, room, height, "all")]
    x = 0.0
    for share, count in stop.shares.items():
        shapes.append(Box(x, y, count * scale, height, f"cut {share}", share))
        x += count * scale
    return shapes


def _called(stop: Stop, look: Look, room: float, y: float) -> list[Words]:
    """The guide that is walked at this step, as one step."""
    title = look.guides.get(stop.calls, "")
    if not title:
        return []
    size = look.sizes.middle
    lines = wrapped(f"⤷ Hướng dẫn «{title}»", size, room)
    return text(0, y, lines, size, link=f"/insights/{stop.calls}")


def _framed(stop: Stop, look: Look, height: float, shapes: list[Shape], room: float) -> Block:
    if stop.id != look.worst:
        return Block(stop.id, height, tuple(shapes))
    return Block(stop.id, height + 8, (Box(-7, -6, room + 13, height + 14, "frame"), *shapes))


def _moved(shape: Shape, x: float, y: float) -> Shape:
    match shape:
        case Box() | Disc() | Words():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case Stroke():
            return shape
