"""What organisers may see of the counters. Nothing about people leaves here but what `publishing` lets out.

The store keeps weekly sums (`weekly_counts`) that follow the counters some seconds behind, see `run_sums`.
Pages ask this module alone; whatever it answers is made of published cells, so any two pages together tell
no more than their cells do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.core.figures import Counted, Figures, figures
from bot.core.publishing import BY_WHOLE_WEEKS, SHOWN_FROM, Cell, K, Offset, published
from bot.core.visits import OF_GUIDES, Kind, View, seconds_of
from bot.core.weeks import Weeks, last_complete

COUNTS_OF_PEOPLE = OF_GUIDES - {Kind.TIME}

TIMED_FROM = 5 * K
"""Published stays from which on it is told how long they took: then some are longer than "nine of ten"."""


class Total(NamedTuple):
    """The truth about a cell: how much was counted before the weeks that are asked for, and through them."""

    cell: Cell
    before: int
    through: int


class PartRuns(NamedTuple):
    """Runs of all guides of one part of a view: what is published, by how they ended, and the truth as of
    `Total`.
    """

    part: str
    published: Mapping[str, int]
    before: int
    through: int


class WeeklyCounts(Protocol):
    """The store's weekly sums. What it answers is not to be shown."""

    async def totals(
        self,
        view: View,
        weeks: Weeks,
        *,
        part: str | None = None,
        parts: Collection[str] | None = None,
        flow: str | None = None,
        kinds: Collection[Kind] = OF_GUIDES,
    ) -> Sequence[Total]:
        """Cells of a view; of one `part`, of several `parts`, or of all; of one guide, or of all."""
        ...

    async def runs_by_part(
        self, view: View, weeks: Weeks, parts: Collection[str] | None = None
    ) -> Sequence[PartRuns]:
        """What `part_runs` makes of the totals of a view's runs, a thousand communes at once."""
        ...

    async def span(self) -> Weeks:
        """The first and the last week of which anything was counted; empty when nothing was."""
        ...

    async def summed_at(self) -> int:
        """When the sums were last brought up to date, in seconds since 1970 UTC; 0: never."""
        ...

    async def bring_up_to_date(self, now: int) -> bool:
        """Sum up the weeks whose counters changed; whether any sum is another one now."""
        ...

    def offset(self, cell: Cell) -> int:
        """A `publishing.Offset`."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """From where a page looks: everything, or one part of a view ("commune", "22291")."""

    view: View = View.ALL
    part: str = ""


EVERYBODY = Group()


@dataclass(frozen=True, slots=True)
class Spell:
    """How long stays at a step took that went on, in seconds, within a factor of √2: half of them at most
    `median`, nine of ten at most `most`.
    """

    median: float
    most: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A guide from one group. `weeks` are those that are told of, perhaps fewer than were asked for."""

    weeks: Weeks
    figures: Figures
    spells: Mapping[str, Spell]


@dataclass(frozen=True, slots=True)
class Parts:
    """A guide, or all of them (`flow` None), by the parts of a view that may be shown by themselves; `rest`
    is what the others have together, None when that is too little as well. Most people first.
    """

    weeks: Weeks
    shown: Mapping[str, Figures]
    rest: Figures | None


class Insights:
    """The questions that pages, reports and exports ask."""

    def __init__(self, counts: WeeklyCounts, now: Callable[[], int]) -> None:
        self._counts = counts
        self._now = now

    async def span(self) -> Weeks:
        return await self._counts.span()

    async def summed_at(self) -> int:
        return await self._counts.summed_at()

    def weeks_of(self, view: View, weeks: Weeks) -> Weeks:
        """The part of these weeks that a view may tell of today."""
        return weeks.until(last_complete(self._now())) if view in BY_WHOLE_WEEKS else weeks

    async def guide(self, flow: str, weeks: Weeks, group: Group = EVERYBODY) -> Seen | None:
        """One guide from one group; None when too few people are behind it to be told apart."""
        weeks = self.weeks_of(group.view, weeks)
        totals = await self._counts.totals(group.view, weeks, part=group.part, flow=flow)
        seen = figures(self._let_out(totals))
        if group.view is not View.ALL and not self._is_told(group, flow, totals, seen):
            return None
        return Seen(weeks, seen, _spells(totals, seen))

    async def guides(self, weeks: Weeks, group: Group = EVERYBODY) -> dict[str, Figures]:
        """Every guide that was walked, from one group; those of which too little may be told are left out."""
        weeks = self.weeks_of(group.view, weeks)
        totals = await self._counts.totals(group.view, weeks, part=group.part, kinds=COUNTS_OF_PEOPLE)
        by_flow: defaultdict[str, list[Total]] = defaultdict(list)
        for total in totals:
            by_flow[total.cell.flow].append(total)
        seen = {flow: figures(self._let_out(found)) for flow, found in by_flow.items()}
        if group.view is View.ALL:
            return seen
        return {flow: one for flow, one in seen.items() if self._is_told(group, flow, by_flow[flow], one)}

    async def parts(
        self,
        view: View,
        weeks: Weeks,
        flow: str | None = None,
        within: Collection[str] | None = None,
        kinds: Collection[Kind] = (Kind.RUN,),
    ) -> Parts:
        """A guide, or all, by the parts of a view; only those `within` a province, if that is given."""
        weeks = self.weeks_of(view, weeks)
        if flow is None and set(kinds) == {Kind.RUN}:
            runs = await self._counts.runs_by_part(view, weeks, within)
            by_part = {one.part: [_all_runs(view, one)] for one in runs}
            cells = {one.part: _ended(one) for one in runs}
        else:
            totals = await self._counts.totals(view, weeks, parts=within, flow=flow, kinds=kinds)
            by_part = _by_part(totals)
            cells = {part: list(self._let_out(found)) for part, found in by_part.items()}
        seen = {part: figures(_added(found)) for part, found in cells.items()}
        shown = {
            part: one
            for part, one in seen.items()
            if part and self._is_told(Group(view, part), flow or "", by_part[part], one)
        }
        others = seen.keys() - shown.keys()
        merged = figures(_added(cell for part in others for cell in cells[part]))
        of_others = [total for part in others for total in by_part[part]]
        ordered = dict(sorted(shown.items(), key=lambda item: (-item[1].started, item[0])))
        is_told = self._is_told(Group(view), flow or "", of_others, merged)
        return Parts(weeks, ordered, merged if is_told else None)

    async def helps(self, weeks: Weeks, kinds: Collection[Kind], group: Group = EVERYBODY) -> list[Counted]:
        """Published counts about help, over all guides; `step` is "guide/step" where they stood. From one
        group, kinds of which too little may be told are left out.
        """
        weeks = self.weeks_of(group.view, weeks)
        totals = await self._counts.totals(group.view, weeks, part=group.part, kinds=kinds)
        found = [_placed(total, count) for total, count in self._each(totals)]
        if group.view is View.ALL:
            return found
        told = {kind for kind in kinds if self._published_of_all(group, "", totals, kind) >= SHOWN_FROM}
        return [one for one in found if one.kind in told]

    def _is_told(self, group: Group, flow: str, totals: Iterable[Total], seen: Figures) -> bool:
        """Whether there are enough, by what the page shows and by those behind it: many cells of one person
        each may be published as many tens.
        """
        return min(seen.started, self._published_of_all(group, flow, totals, Kind.RUN)) >= SHOWN_FROM

    def _published_of_all(self, group: Group, flow: str, totals: Iterable[Total], kind: Kind) -> int:
        """What is published of all people of a kind of cells together."""
        found = [(before, through) for cell, before, through in totals if cell.kind is kind]
        before, through = sum(one[0] for one in found), sum(one[1] for one in found)
        return published(
            Cell(group.view, group.part, flow, kind, "", ""), before, through, self._counts.offset
        )

    async def first_seen(
        self, flow: str, signs: Collection[tuple[str, str]], through: int
    ) -> dict[tuple[str, str], int]:
        """The first week through which each of these (step, sign) is published at all."""
        begins = (await self.span()).first
        found: dict[tuple[str, str], int] = {}
        looks = [(begins, through, frozenset(signs))]
        while looks:
            first, last, wanted = looks.pop()
            if not wanted or first >= last:
                found.update(dict.fromkeys(wanted, last))
                continue
            middle = (first + last) // 2
            totals = await self._counts.totals(View.ALL, Weeks(begins, middle), flow=flow, kinds=(Kind.SIGN,))
            early = wanted & {(cell.step, cell.what) for cell in self._let_out(totals)}
            looks += [(first, middle, early), (middle + 1, last, wanted - early)]
        return found

    def _let_out(self, totals: Iterable[Total]) -> Iterable[Counted]:
        for total, count in self._each(totals):
            yield Counted(total.cell.kind, total.cell.step, total.cell.what, count)

    def _each(self, totals: Iterable[Total]) -> Iterable[tuple[Total, int]]:
        offset: Offset = self._counts.offset
        for total in totals:
            if total.through > total.before and total.cell.kind is not Kind.TIME:
                count = published(total.cell, total.before, total.through, offset)
                if count:
                    yield total, count


def part_runs(totals: Iterable[Total], offset: Offset) -> list[PartRuns]:
    """Totals of runs of all guides, put together by parts."""
    found = []
    for part, mine in _by_part(totals).items():
        ended: defaultdict[str, int] = defaultdict(int)
        for cell, before, through in mine:
            ended[cell.what] += published(cell, before, through, offset)
        told = {what: count for what, count in ended.items() if count}
        found.append(PartRuns(part, told, sum(one.before for one in mine), sum(one.through for one in mine)))
    return found


def _by_part(totals: Iterable[Total]) -> dict[str, list[Total]]:
    by_part: defaultdict[str, list[Total]] = defaultdict(list)
    for total in totals:
        by_part[total.cell.part].append(total)
    return by_part


def _all_runs(view: View, runs: PartRuns) -> Total:
    return Total(Cell(view, runs.part, "", Kind.RUN, "", ""), runs.before, runs.through)


def _ended(runs: PartRuns) -> list[Counted]:
    return [Counted(Kind.RUN, "", what, count) for what, count in runs.published.items()]


def _placed(total: Total, count: int) -> Counted:
    cell = total.cell
    return Counted(cell.kind, f"{cell.flow}/{cell.step}" if cell.flow else "", cell.what, count)


def _added(cells: Iterable[Counted]) -> list[Counted]:
    """Cells of several guides or parts as one: what is the same in them is added up."""
    sums: defaultdict[tuple[Kind, str, str], int] = defaultdict(int)
    for cell in cells:
        sums[cell[:3]] += cell.number
    return [Counted(*key, count) for key, count in sums.items()]


def _spells(totals: Iterable[Total], seen: Figures) -> dict[str, Spell]:
    """A duration says nothing of how many there were; it is told only of steps that many walked on from."""
    buckets: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for cell, before, through in totals:
        if cell.kind is Kind.TIME and through > before:
            buckets[cell.step][int(cell.what)] = through - before
    walked = {step for step, one in seen.steps.items() if sum(way.stays for way in one.ways) >= TIMED_FROM}
    return {
        step: Spell(_share(found, 0.5), _share(found, 0.9))
        for step, found in buckets.items()
        if step in walked
    }


def _share(buckets: Mapping[int, int], share: float) -> float:
    """The duration within which this share of the stays was over."""
    wanted, seen = share * sum(buckets.values()), 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= wanted:
            break
    return round(seconds_of(bucket), 1)
