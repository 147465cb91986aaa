"""A guide as a drawing: its steps from top to bottom, and at each who came, who went where and who was lost.

One outline on three papers: narrow for phones, with helping steps below the step they help; wide for desks,
with them beside it; and one that fills a sheet. Pure: an outline becomes boxes, lines and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.web.insights.blocks import Block, Look, Sizes, brief, full, heading, knot, unmet
from bot.web.insights.outline import Outline, Stop
from bot.web.insights.shapes import Drawing, Group, Shape, Stroke

_SCREEN = Sizes(big=16, middle=14, small=13, bar=20, thin=10)
_PRINT = Sizes(big=12, middle=11, small=10, bar=9, thin=6)


@dataclass(frozen=True, slots=True)
class Paper:
    """`gutter` holds the trunk and the arrows that jump; `room` is for a step, `aside` for one that helps, in
    so many `columns` that stand `beside` the steps or, if that is 0, below each. `tight`: steps are told in
    brief, and those that help fill their columns without keeping beside whom they help.
    """

    name: str
    width: int
    gutter: int
    room: int
    aside: int
    beside: int = 0
    columns: int = 1
    gap: int = 16
    tight: bool = False

    @property
    def trunk(self) -> float:
        return self.gutter - (16 if self.tight else 24)


NARROW = Paper("hep", 332, 46, 286, 268)
WIDE = Paper("rong", 1000, 70, 350, 262, beside=446, columns=2, gap=20)
SHEET = Paper("giay", 866, 44, 330, 224, beside=396, columns=2, gap=9, tight=True)


def drawn(
    outline: Outline, paper: Paper, worst: str = "", guides: Mapping[str, str] | None = None
) -> Drawing:
    """`worst` is the step that is to catch the eye; `guides` are the names of those that may be called."""
    sizes = _PRINT if paper.tight else _SCREEN
    most = max((stop.figures.reached for stop in outline), default=0) or 1
    look = Look(sizes, most, worst, guides or {})
    groups: list[Group] = []
    tops: dict[str, float] = {}
    y = 6.0
    for stop in outline.main:
        tops[stop.id] = y + sizes.big * 0.78
        block = brief(stop, look, paper.room, sizes.big) if paper.tight else full(stop, look, paper.room)
        groups.append(block.at(paper.gutter, y))
        groups.append(Block(stop.id, 0, knot(stop, look, 0)).at(paper.trunk, y))
        beside, height = ([], 0.0) if paper.tight else _beside(stop, look, paper, y, block.height)
        groups += beside
        y += (max(block.height, height) if paper.beside else block.height + height) + paper.gap
    for stop in outline.gone:
        block = brief(replace(stop, title=f"{stop.title} (bước của bản trước)"), look, paper.room)
        groups.append(block.at(paper.gutter, y))
        y += block.height + paper.gap
    if paper.tight:
        beside, height = _columns(outline, look, paper)
        groups += beside
        y = max(y, height)
    way = Group("", (*_trunk(outline, tops, look, paper), *_jumps(outline, tops, look, paper)))
    return Drawing(paper.name, paper.width, round(y), (way, *groups))


def _helping(stop: Stop, look: Look, paper: Paper) -> list[Block]:
    met = [brief(one, look, paper.aside) for one in stop.aside if one.figures.reached]
    titles = [one.title for one in stop.aside if not one.figures.reached]
    return [*met, unmet(titles, look, paper.aside)] if titles else met


def _beside(stop: Stop, look: Look, paper: Paper, top: float, height: float) -> tuple[list[Group], float]:
    """The helping steps of one step, tied to it by a twig."""
    blocks = _helping(stop, look, paper)
    if not blocks:
        return [], 0
    left = paper.beside or paper.gutter + paper.room - paper.aside
    first = top if paper.beside else top + height + 12
    ends = [first] * paper.columns
    groups: list[Group] = []
    twigs: list[Shape] = []
    for block in blocks:
        column = ends.index(min(ends))
        x = left + column * (paper.aside + 26)
        groups.append(block.at(x, ends[column]))
        twigs.append(Stroke(f"M{x - 10:g} {ends[column] + 9:.1f}h6", "twig"))
        ends[column] += block.height + 14
    used = [column for column, end in enumerate(ends) if end > first]
    for column in used:
        x = left - 10 + column * (paper.aside + 26)
        twigs.append(Stroke(f"M{x:g} {first - 6:.1f}V{ends[column] - 14:.1f}", "twig"))
    if paper.beside:
        last = left - 10 + used[-1] * (paper.aside + 26)
        twigs.append(Stroke(f"M{paper.gutter + paper.room + 6:g} {first - 6:.1f}H{last:g}", "twig"))
    return [Group("", tuple(twigs)), *groups], max(ends) - top - (0 if paper.beside else height)


def _columns(outline: Outline, look: Look, paper: Paper) -> tuple[list[Group], float]:
    """All helping steps one after another, each lot below the name of the step they help."""
    lots = [
        [
            heading(f"Giúp thêm ở {'bước ' + stop.number if stop.number else '«' + stop.title + '»'}", look),
            *found,
        ]
        for stop in outline.main
        if (found := _helping(stop, look, paper))
    ]
    gap = paper.gap - 2
    enough = sum(block.height + gap for lot in lots for block in lot) / paper.columns
    groups: list[Group] = []
    x, y, lowest = float(paper.beside), 6.0, 6.0
    for block in (block for lot in lots for block in lot):
        if y > enough and x + paper.aside < paper.width - paper.aside / 2:
            x, y = x + paper.aside + 18, 6.0
        groups.append(block.at(x, y))
        y += block.height + gap
        lowest = max(lowest, y)
    return groups, lowest


def _trunk(outline: Outline, tops: dict[str, float], look: Look, paper: Paper) -> Iterable[Shape]:
    """From each step to the next, as thick as people walked it."""
    x, size = paper.trunk, look.sizes.middle
    for stop, following in zip(outline.main, outline.main[1:], strict=False):
        onward = sum(exit.way.persons for exit in stop.exits if exit.way.to == following.id)
        if onward:
            end = tops[following.id] - size * (1.0 if following.number else 0.55)
            thick = round((2 + 10 * onward / look.most) * size / 14, 1)
            wing = round(size * 0.64, 1)
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{end - wing + 2:.1f}", "trunk", thick)
            yield Stroke(f"M{x - wing:g} {end - wing:.1f}h{2 * wing:g}l-{wing:g} {wing:g}z", "tip", 0)
        else:
            yield Stroke(f"M{x:g} {tops[stop.id]:.1f}V{tops[following.id]:.1f}", "trunk nobody", 1)


def _jumps(outline: Outline, tops: dict[str, float], look: Look, paper: Paper) -> Iterable[Shape]:
    """Arrows of the main way that do not lead to the next step, in lanes of their own left of the trunk;
    those that find no free lane are told in words alone.
    """
    x = paper.trunk
    radius = look.sizes.middle * 0.86
    lanes: list[list[tuple[float, float]]] = [[] for _ in range(int((x - radius - 2) // 8))]
    far = [
        (exit.way.persons or exit.way.stays, stop.id, exit)
        for stop in outline.main
        for exit in stop.exits
        if (exit.way.persons or exit.way.stays)
        and not exit.next
        and exit.way.to in tops
        and exit.way.to != stop.id
    ]
    for count, here, exit in sorted(far, key=lambda one: (-one[0], tops[one[1]])):
        top, end = tops[here], tops[exit.way.to]
        span = (min(top, end) - 4, max(top, end) + 4)
        for lane, taken in enumerate(lanes):
            if all(span[1] < other[0] or span[0] > other[1] for other in taken):
                taken.append(span)
                side = x - radius - 5 - lane * 8
                thick = round(1.2 + 3 * min(1, count / look.most), 1)
                path = _around(x - radius, side, top, end, exit.back)
                yield Stroke(path, "jump back" if exit.back else "jump", thick)
                yield Stroke(f"M{x - radius - 5:.1f} {end - 4:.1f}l5 4l-5 4z", "tip", 0)
                break


def _around(edge: float, side: float, top: float, end: float, back: bool) -> str:
    """Out of one step to the left, along a lane, and into another."""
    leaves = top + (5 if back else -5)
    turn = 6 if end > top else -6
    out = (
        f"M{edge + 3:.1f} {leaves:.1f}H{side + 3:.1f}Q{side:.1f} {leaves:.1f} {side:.1f} {leaves + turn:.1f}"
    )
    return f"{out}V{end - turn:.1f}Q{side:.1f} {end:.1f} {side + 3:.1f} {end:.1f}H{edge - 2:.1f}"
