"""A guide as a drawing: its steps from top to bottom, and at each who came, who went where and who was lost.

Two shapes of one outline: a narrow one for phones, where helping steps stand below the step they help, and a wide
one for desks and paper, where they stand beside it. Pure: an outline becomes boxes, lines and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.session import How
from bot.web.insights.guide_words import OUTCOMES, SHARES, exit_told
from bot.web.insights.numbers import FEW, counted, percent
from bot.web.insights.outline import Outline, Share, Stop
from bot.web.insights.shapes import Box, Disc, Drawing, Group, Shape, Stroke, Words, text, wrapped
from bot.core.events import LOST


@dataclass(frozen=True, slots=True)
class _Paper:
    """`gutter` holds the trunk and the arrows that jump; `room` is for a step, `aside` for one beside it, in so
    many `columns` that stand `beside` the steps or, if that is 0, below each.
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
class _Block:
    """Something drawn with its upper left corner at 0, 0."""

    step: str
    height: float
    shapes: tuple[Shape, ...]

    def at(self, x: float, y: float) -> Group:
        return Group(self.step, tuple(_moved(shape, x, y) for shape in self.shapes))


def drawn(outline: Outline, paper: _Paper, worst: str = "") -> Drawing:
    """`worst` is the step that is to catch the eye."""
    most = max((stop.figures.reached for stop in outline), default=0)
    groups: list[Group] = []
    tops: dict[str, float] = {}
    y = 6.0
    for stop in outline.main:
        tops[stop.id] = y + 12
        block = _main(stop, paper, most, stop.id == worst)
        groups.append(block.at(paper.gutter, y))
        beside, height = _beside(stop, paper, most, worst, y if paper.beside else y + block.height)
        groups += beside
        y += max(block.height, height) if paper.beside else block.height + height
        y += paper.gap
    for stop in outline.gone:
        block = _aside(replace(stop, title=f"{stop.title} (bước của bản trước)"), paper.room, most, False)
        groups.append(block.at(paper.gutter, y))
        y += block.height + paper.gap
    way = Group("", (*_trunk(outline, tops, paper, most), *_jumps(outline, tops, paper, most)))
    return Drawing(paper.name, paper.width, round(y), (way, *groups))


def _main(stop: Stop, paper: _Paper, most: int, worst: bool) -> _Block:
    shapes: list[Shape] = []
    middle = paper.gutter - 24
    shapes.append(Disc(middle - paper.gutter, 12, 12 if stop.number else 6, "knot" if stop.figures.reached else "knot nobody"))
    if stop.number:
        shapes.append(Words(middle - paper.gutter, 17, stop.number, "in-knot", middle=True))
    y = 17.0
    if worst:
        shapes.append(Words(0, y, "▼ MẤT NHIỀU NGƯỜI NHẤT", "alarm"))
        y += 21
    title = wrapped(stop.title, _BIG, paper.room, bold=True)
    look = "name" if stop.figures.reached else "name nobody"
    shapes += text(0, y, title, look, _BIG * _LEAD, link=stop.id)
    y += len(title) * _BIG * _LEAD
    if not stop.figures.reached:
        shapes.append(Words(0, y, "chưa có người tới", "line nobody"))
        return _framed(stop.id, y + 8, shapes, paper.room, worst)
    calls = [] if not stop.calls else ["gọi sang hướng dẫn khác"]
    came = [f"{counted(stop.figures.reached)} người tới", *calls]
    shapes.append(Words(0, y, " · ".join(came), "came"))
    y += 8
    shapes += _bar(stop, 0, y, paper.room, most, _BAR)
    y += _BAR + 17
    for share, told in _lines(stop):
        lines = wrapped(told, _MIDDLE, paper.room - 18)
        shapes.append(Box(0, y - 11, 12, 12, f"swatch {share}", share))
        shapes += text(18, y, lines, f"line {share}", _MIDDLE * _LEAD)
        y += len(lines) * _MIDDLE * _LEAD
    return _framed(stop.id, y - 8, shapes, paper.room, worst)


def _aside(stop: Stop, room: float, most: int, worst: bool) -> _Block:
    """One beside the main way: its bar is thinner, its ways are told in one breath."""
    shapes: list[Shape] = []
    y = 14.0
    if worst:
        shapes.append(Words(0, y, "▼ MẤT NHIỀU NGƯỜI NHẤT", "alarm"))
        y += 20
    name = wrapped(f"{stop.title} · {counted(stop.figures.reached)} người tới", _MIDDLE, room, bold=True)
    shapes += text(0, y, name, "name less", _MIDDLE * _LEAD, link=stop.id)
    y += len(name) * _MIDDLE * _LEAD - 9
    shapes += _bar(stop, 0, y, room, most, _THIN)
    y += _THIN + 15
    told = wrapped("; ".join(told for _, told in _lines(stop)), _SMALL, room)
    shapes += text(0, y, told, "less", _SMALL * _LEAD)
    y += len(told) * _SMALL * _LEAD
    return _framed(stop.id, y - 6, shapes, room, worst)


def _lines(stop: Stop) -> list[tuple[Share, str]]:
    """Every arrow out with how many took it, then what else became of people; the loss last."""
    told = [
        (exit.share, f"{counted(exit.way.persons)} {exit_told(exit)}")
        for exit in stop.exits
        if exit.way.persons
    ]
    for share in (Share.HUMAN, Share.OFFLINE, Share.OUTAGE, Share.OPEN):
        if count := stop.shares.get(share):
            told.append((share, f"{counted(count)} {SHARES[share]}"))
    if stop.figures.lost:
        told.append((Share.LOST, lost_told(stop)))
    return told


def lost_told(stop: Stop) -> str:
    """As "320 bỏ dở ở đây (30 %): 310 hết giờ không trả lời, 10 chặn bot"."""
    figures = stop.figures
    told = f"{counted(figures.lost)} bỏ dở ở đây"
    if figures.reached >= FEW:
        told += f" ({percent(figures.lost, figures.reached)})"
    parts = [f"{counted(count)} {OUTCOMES[outcome]}" for outcome, count in figures.outcomes.items() if outcome in LOST]
    told += f": {', '.join(parts)}" if len(parts) > 1 else f", {parts[0].partition(' ')[2]}"
    return told if figures.reached >= FEW else f"{told} (trong {counted(figures.reached)} người: còn ít)"


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


def _beside(stop: Stop, paper: _Paper, most: int, worst: str, top: float) -> tuple[list[Group], float]:
    """The helping steps of one step, in as many columns as the paper has; those nobody met in one line."""
    met = [_aside(one, paper.aside, most, one.id == worst) for one in stop.aside if one.figures.reached]
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


def _trunk(outline: Outline, tops: dict[str, float], paper: _Paper, most: int) -> Iterable[Shape]:
    """From each step to the next, as thick as people walked it."""
    x = paper.gutter - 24
    for stop, following in zip(outline.main, outline.main[1:], strict=False):
        onward = sum(exit.way.persons for exit in stop.exits if exit.way.to == following.id)
        if onward:
            end = tops[following.id] - (14 if following.number else 8)
            thick = 2 + 10 * onward / most
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{end - 7:.1f}", "trunk", round(thick, 1))
            yield Stroke(f"M{x - 9:g} {end - 8:.1f}h18l-9 9z", "tip", 0)
        else:
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{tops[following.id]:.1f}", "trunk nobody", 1)


def _jumps(outline: Outline, tops: dict[str, float], paper: _Paper, most: int) -> Iterable[Shape]:
    """Arrows of the main way that do not lead to the next step, in lanes of their own left of the trunk; those
    that find no free lane are told in words alone.
    """
    middle = paper.gutter - 24
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
                x = middle - 17 - lane * 8
                shift = 5 if exit.back else -5
                d = f"M{middle - 8:g} {top + shift:.1f}H{x + 3:g}Q{x:g} {top + shift:.1f} {x:g} {top + (end > top or -1) * 6:.1f}V{end - (end > top or -1) * 6:.1f}Q{x:g} {end:.1f} {x + 3:g} {end:.1f}H{middle - 13:g}"
                look = "jump back" if exit.back or exit.way.how is How.BACK else "jump"
                yield Stroke(d, look, round(1.2 + 3 * count / most, 1))
                yield Stroke(f"M{middle - 16:g} {end - 4:.1f}l5 4l-5 4z", "tip", 0)
                break


def _moved(shape: Shape, x: float, y: float) -> Shape:
    match shape:
        case Box() | Disc() | Words():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case Stroke():
            return shape
