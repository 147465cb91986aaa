"""A guide as a drawing: its steps from top to bottom, and at each who came, who went where and who was lost.

Two shapes of one outline: a narrow one for phones, where helping steps stand below the step they help, and a
wide one for desks and paper, where they stand beside it. Pure: an outline becomes boxes, lines and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.events import LOST
from bot.web.insights.guide_words import OUTCOMES, SHARES, exit_told
from bot.web.insights.numbers import FEW, counted, percent
from bot.web.insights.outline import Outline, Share, Stop
from bot.web.insights.shapes import Box, Disc, Drawing, Group, Shape, Stroke, Words, text, wrapped


@dataclass(frozen=True, slots=True)
class _Paper:
    """`gutter` holds the trunk and the arrows that jump; `room` is for a step, `aside` for one beside it, in
    so many `columns` that stand `beside` the steps or, if that is 0, below each.
    """

    name: str
    width: int
    gutter: int
    room: int
    aside: int
    beside: int = 0
    columns: int = 1
    gap: int = 16


NARROW = _Paper("hep", 332, 46, 286, 268)
WIDE = _Paper("rong", 1000, 70, 350, 262, beside=446, columns=2, gap=20)

_BIG, _MIDDLE, _SMALL = 16, 14, 13
_BAR, _THIN = 20, 10
_LEAD = 1.3


@dataclass(frozen=True, slots=True)
class _Look:
    """What all of a drawing is drawn with. `most` people came to the step with the longest bar."""

    paper: _Paper
    most: int
    worst: str
    guides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Block:
    """Something drawn with its upper left corner at 0, 0."""

    step: str
    height: float
    shapes: tuple[Shape, ...]

    def at(self, x: float, y: float) -> Group:
        return Group(self.step, tuple(_moved(shape, x, y) for shape in self.shapes))


def drawn(
    outline: Outline, paper: _Paper, worst: str = "", guides: Mapping[str, str] | None = None
) -> Drawing:
    """`worst` is the step that is to catch the eye; `guides` are the names of those that may be called."""
    look = _Look(paper, max((stop.figures.reached for stop in outline), default=0), worst, guides or {})
    groups: list[Group] = []
    tops: dict[str, float] = {}
    y = 6.0
    for stop in outline.main:
        tops[stop.id] = y + 12
        block = _main(stop, look)
        groups.append(block.at(paper.gutter, y))
        beside, height = _beside(stop, look, y if paper.beside else y + block.height)
        groups += beside
        y += max(block.height, height) if paper.beside else block.height + height
        y += paper.gap
    for stop in outline.gone:
        block = _aside(replace(stop, title=f"{stop.title} (bước của bản trước)"), look, paper.room)
        groups.append(block.at(paper.gutter, y))
        y += block.height + paper.gap
    way = Group("", (*_trunk(outline, tops, look), *_jumps(outline, tops, look)))
    return Drawing(paper.name, paper.width, round(y), (way, *groups))


def _main(stop: Stop, look: _Look) -> _Block:
    shapes: list[Shape] = []
    paper, worst = look.paper, stop.id == look.worst
    middle = paper.gutter - 24
    knot = "knot" if stop.figures.reached else "knot nobody"
    shapes.append(Disc(middle - paper.gutter, 12, 12 if stop.number else 6, knot))
    if stop.number:
        shapes.append(Words(middle - paper.gutter, 17, stop.number, "in-knot", middle=True))
    y = 17.0
    if worst:
        shapes.append(Words(0, y, "▼ MẤT NHIỀU NGƯỜI NHẤT", "alarm"))
        y += 21
    title = wrapped(stop.title, _BIG, paper.room, bold=True)
    name = "name" if stop.figures.reached else "name nobody"
    shapes += text(0, y, title, name, _BIG * _LEAD, link=_link(stop))
    y += len(title) * _BIG * _LEAD
    if not stop.figures.reached:
        shapes.append(Words(0, y, "chưa có người tới", "line nobody"))
        return _framed(stop.id, y + 8, shapes, paper.room, worst)
    shapes.append(Words(0, y, f"{counted(stop.figures.reached)} người tới", "came"))
    y += 8
    shapes += _bar(stop, 0, y, paper.room, look.most, _BAR)
    y += _BAR + 17
    for share, told in _lines(stop):
        lines = wrapped(told, _MIDDLE, paper.room - 18, bold=share is Share.LOST)
        shapes.append(Box(0, y - 11, 12, 12, f"swatch {share}", share))
        shapes += text(18, y, lines, f"line {share}", _MIDDLE * _LEAD)
        y += len(lines) * _MIDDLE * _LEAD
    shapes += (called := _called(stop, look, paper.room, y))
    y += len(called) * _MIDDLE * _LEAD
    return _framed(stop.id, y - 8, shapes, paper.room, worst)


def _aside(stop: Stop, look: _Look, room: float) -> _Block:
    """One beside the main way: its bar is thinner, its ways are told in one breath."""
    shapes: list[Shape] = []
    worst = stop.id == look.worst
    y = 14.0
    if worst:
        shapes.append(Words(0, y, "▼ MẤT NHIỀU NGƯỜI NHẤT", "alarm"))
        y += 20
    name = wrapped(stop.title, _MIDDLE, room, bold=True)
    shapes += text(0, y, name, "name less", _MIDDLE * _LEAD, link=_link(stop))
    y += len(name) * _MIDDLE * _LEAD - 9
    shapes += _bar(stop, 0, y, room, look.most, _THIN)
    y += _THIN + 15
    came = f"{counted(stop.figures.reached)} người tới: {'; '.join(told for _, told in _lines(stop))}"
    lines = wrapped(came, _SMALL, room)
    shapes += text(0, y, lines, "less", _SMALL * _LEAD)
    y += len(lines) * _SMALL * _LEAD
    shapes += (called := _called(stop, look, room, y))
    y += len(called) * _MIDDLE * _LEAD
    return _framed(stop.id, y - 6, shapes, room, worst)


def _link(stop: Stop) -> str:
    """To the step told in full, which there is when anybody met it."""
    return f"#b-{stop.id}" if stop.figures.reached else ""


def _called(stop: Stop, look: _Look, room: float, y: float) -> list[Words]:
    """The guide that is walked at this step, as one step."""
    title = look.guides.get(stop.calls, "")
    if not title:
        return []
    lines = wrapped(f"⤷ Hướng dẫn «{title}»", _MIDDLE, room)
    return text(0, y, lines, "called", _MIDDLE * _LEAD, link=f"/insights/{stop.calls}")


def _lines(stop: Stop) -> list[tuple[Share, str]]:
    """Every arrow out with how many took it, then what else became of people; the loss last."""
    ways = [exit for exit in stop.exits if exit.way.persons]
    told = [(exit.share, f"{counted(exit.way.persons)} {exit_told(exit, short=True)}") for exit in ways]
    others = (Share.HUMAN, Share.OFFLINE, Share.OUTAGE, Share.OPEN)
    shares = stop.shares
    told += [(one, f"{counted(shares[one])} {SHARES[one]}") for one in others if one in shares]
    return [*told, (Share.LOST, lost_told(stop))] if stop.figures.lost else told


def lost_told(stop: Stop) -> str:
    """As "320 bỏ dở ở đây (30 %): 310 hết giờ không trả lời, 10 chặn bot"."""
    lost, reached = stop.figures.lost, stop.figures.reached
    parts = [(OUTCOMES[one], count) for one, count in stop.figures.outcomes.items() if one in LOST]
    told = ", ".join(f"{counted(count)} {words}" for words, count in parts) if len(parts) > 1 else parts[0][0]
    share = f"({percent(lost, reached)})" if reached >= FEW else f"(trong {counted(reached)} người: còn ít)"
    return f"{counted(lost)} bỏ dở ở đây {share}: {told}"


def _bar(stop: Stop, x: float, y: float, room: float, most: int, height: float) -> list[Shape]:
    """As long as people came, cut by what became of them; the rest of the line says how many all were."""
    scale = room / most
    shapes: list[Shape] = [Box(x, y, room, height, "all")]
    for share, count in stop.shares.items():
        shapes.append(Box(x, y, count * scale, height, f"cut {share}", share))
        x += count * scale
    return shapes


def _framed(step: str, height: float, shapes: list[Shape], room: float, worst: bool) -> _Block:
    frame = [Box(-8, -6, room + 14, height + 14, "frame")] if worst else []
    return _Block(step, height + (8 if worst else 0), (*frame, *shapes))


def _beside(stop: Stop, look: _Look, top: float) -> tuple[list[Group], float]:
    """The helping steps of one step, in as many columns as the paper has; those nobody met in one line."""
    paper = look.paper
    met = [_aside(one, look, paper.aside) for one in stop.aside if one.figures.reached]
    unmet = [one.title for one in stop.aside if not one.figures.reached]
    if unmet:
        met.append(_unmet(unmet, paper.aside))
    if not met:
        return [], 0
    left = paper.beside or paper.gutter + paper.room - paper.aside
    first = top if paper.beside else top + 12
    ends = [first] * paper.columns
    groups: list[Group] = []
    line = left - 10
    for block in met:
        column = ends.index(min(ends))
        x = left + column * (paper.aside + 26)
        groups.append(block.at(x, ends[column]))
        groups.append(Group("", (Stroke(f"M{x - 10:g} {ends[column] + 9:.1f}h6", "twig"),)))
        ends[column] += block.height + 14
    twigs: list[Shape] = []
    for column, end in enumerate(ends):
        if end > first:
            x = line + column * (paper.aside + 26)
            twigs.append(Stroke(f"M{x:g} {first - 6:.1f}V{end - 14:.1f}", "twig"))
    if paper.beside:
        last = line + (sum(end > first for end in ends) - 1) * (paper.aside + 26)
        twigs.append(Stroke(f"M{paper.gutter + paper.room + 6:g} {first - 6:.1f}H{last:g}", "twig"))
    return [Group("", tuple(twigs)), *groups], max(ends) - top


def _unmet(titles: Sequence[str], room: float) -> _Block:
    lines = wrapped(f"Chưa có người tới: {'; '.join(titles)}", _SMALL, room)
    return _Block("", len(lines) * _SMALL * _LEAD, tuple(text(0, 13, lines, "less nobody", _SMALL * _LEAD)))


def _trunk(outline: Outline, tops: dict[str, float], look: _Look) -> Iterable[Shape]:
    """From each step to the next, as thick as people walked it."""
    x = look.paper.gutter - 24
    for stop, following in zip(outline.main, outline.main[1:], strict=False):
        onward = sum(exit.way.persons for exit in stop.exits if exit.way.to == following.id)
        if onward:
            end = tops[following.id] - (14 if following.number else 8)
            thick = 2 + 10 * onward / look.most
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{end - 7:.1f}", "trunk", round(thick, 1))
            yield Stroke(f"M{x - 9:g} {end - 8:.1f}h18l-9 9z", "tip", 0)
        else:
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{tops[following.id]:.1f}", "trunk nobody", 1)


def _jumps(outline: Outline, tops: dict[str, float], look: _Look) -> Iterable[Shape]:
    """Arrows of the main way that do not lead to the next step, in lanes of their own left of the trunk;
    those that find no free lane are told in words alone.
    """
    middle = look.paper.gutter - 24
    lanes: list[list[tuple[float, float]]] = [[] for _ in range((middle - 14) // 8)]
    far = [
        (exit.way.persons, stop.id, exit)
        for stop in outline.main
        for exit in stop.exits
        if exit.way.persons and not exit.next and exit.way.to in tops and exit.way.to != stop.id
    ]
    for count, here, exit in sorted(far, key=lambda one: (-one[0], tops[one[1]])):
        top, end = tops[here], tops[exit.way.to]
        span = (min(top, end) - 4, max(top, end) + 4)
        for lane, taken in enumerate(lanes):
            if all(span[1] < other[0] or span[0] > other[1] for other in taken):
                taken.append(span)
                kind = "jump back" if exit.back else "jump"
                thick = round(1.2 + 3 * count / look.most, 1)
                yield Stroke(_around(middle, middle - 17 - lane * 8, top, end, exit.back), kind, thick)
                yield Stroke(f"M{middle - 16:g} {end - 4:.1f}l5 4l-5 4z", "tip", 0)
                break


def _around(middle: float, x: float, top: float, end: float, back: bool) -> str:
    """Out of one step to the left, along a lane, and into another."""
    leaves = top + (5 if back else -5)
    turn = 6 if end > top else -6
    out = f"M{middle - 8:g} {leaves:.1f}H{x + 3:g}Q{x:g} {leaves:.1f} {x:g} {leaves + turn:.1f}"
    return f"{out}V{end - turn:.1f}Q{x:g} {end:.1f} {x + 3:g} {end:.1f}H{middle - 13:g}"


def _moved(shape: Shape, x: float, y: float) -> Shape:
    match shape:
        case Box() | Disc() | Words():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case Stroke():
            return shape
