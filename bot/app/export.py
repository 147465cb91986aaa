"""All published numbers of all weeks that are over, one after the other: the same that pages show of a week.

Sums come some parts at a time, with all their weeks, so that running totals are made while they are read; in
memory are those parts alone, and what was merged upwards.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.app.insights import COUNTS_OF_PEOPLE
from bot.core.publishing import SHOWN_FROM, Cell, Offset, published
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, last_complete

HELPS = frozenset({Kind.TICKET, Kind.REASON, Kind.RATING, Kind.HOME})
"""Of help only what is about everybody: by places there is too little of it."""

EXPORTED = COUNTS_OF_PEOPLE | HELPS

REST = "con-lai"
"""The part that stands for those that are not told by themselves, in a province ("con-lai:66") or in all."""


class Form(StrEnum):
    DB = "db"
    CSV = "csv"
    XLSX = "xlsx"


class Sum(NamedTuple):
    """The truth about a week of a cell; not to be shown."""

    kind: Kind
    part: str
    step: str
    what: str
    week: int
    number: int


class Block(NamedTuple):
    """What is published together: a guide (empty: none) in a view. `batches` are its parts, so many as can be
    in memory; `size` is how many sums there are.
    """

    view: View
    flow: str
    size: int
    batches: tuple[tuple[str, ...], ...]


class Line(NamedTuple):
    """A published number."""

    week: int
    view: View
    part: str
    flow: str
    kind: Kind
    step: str
    what: str
    number: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells where a file comes from: when it was made, by whom, of which weeks; and whether the people
    that it counts were made up.
    """

    at: int
    by: str
    weeks: Weeks
    organisation: str = ""
    simulated: bool = False


class Said(NamedTuple):
    """What a cell counts, in words; and what of it has a table of its own: a step, a reason, an error."""

    words: str
    to: str = ""
    reason: str = ""
    error: str = ""


class Words(Protocol):
    """What codes mean. The same question gets the same answer."""

    def view(self, view: View) -> str: ...

    def part(self, view: View, part: str) -> tuple[str, str]:
        """Its name, and that of the province it lies in, if any."""
        ...

    def guide(self, flow: str) -> str: ...

    def steps(self, flow: str) -> Sequence[str]:
        """In the order in which they are walked."""
        ...

    def step(self, flow: str, step: str) -> tuple[int, str]:
        """Its number (0: it only helps) and title."""
        ...

    def kind(self, kind: Kind) -> str: ...

    def what(self, flow: str, kind: Kind, step: str, what: str) -> Said: ...


class WeeklySums(Protocol):
    """The store's weekly sums, all of them. Both raise StoreDown."""

    async def blocks(self, last: int) -> Sequence[Block]:
        """In the order of views and guides, with weeks until `last`."""
        ...

    async def read(self, block: Block, parts: Sequence[str], last: int) -> Sequence[Sum]:
        """The sums of some parts of a block, in the order of part, kind, step, what and week."""
        ...


class Sink(Protocol):
    """A file that is being written, by one thread after the other."""

    def take(self, lines: Iterable[Line]) -> int:
        """How many they were."""
        ...

    def close(self) -> None: ...


Opening = Callable[[Form, Path, Stamp], Sink]


class Export:
    """Everything that is published, as a file. `province_of` by codes of communes."""

    def __init__(
        self,
        sums: WeeklySums,
        offset: Offset,
        province_of: Mapping[str, str],
        open_: Opening,
        now: Callable[[], int],
    ) -> None:
        self._sums = sums
        self._offset = offset
        self._province_of = province_of
        self._open = open_
        self._now = now

    async def size(self) -> int:
        """How many sums will be read."""
        return sum(block.size for block in await self._sums.blocks(last_complete(self._now())))

    async def write(
        self, form: Form, path: Path, stamp: Stamp, told: Callable[[int], None] = lambda _: None
    ) -> int:
        """Make the file; how many numbers are in it. `told` hears now and then how many sums more were read.
        Raises StoreDown.
        """
        sink = await asyncio.to_thread(self._open, form, path, stamp)
        last, written = stamp.weeks.last, 0
        try:
            for block in await self._sums.blocks(last):
                told_of = Telling(block, last, self._offset, self._province_of)
                for parts in block.batches:
                    sums = await self._sums.read(block, parts, last)
                    written += await asyncio.to_thread(sink.take, told_of.lines(sums))
                    told(len(sums))
                written += await asyncio.to_thread(sink.take, told_of.rest())
        finally:
            await asyncio.to_thread(sink.close)
        return written


@dataclass(slots=True)
class _Rest:
    """Those of a week that are not told by themselves: their published cells, and how many started."""

    cells: defaultdict[tuple[Kind, str, str], int] = field(default_factory=lambda: defaultdict(int))
    before: int = 0
    through: int = 0


class _Week(NamedTuple):
    """A week of a part: its published cells, and how many started before it and through it."""

    week: int
    cells: list[tuple[Kind, str, str, int]]
    before: int
    through: int


class Telling:
    """What is published of a block, as `Insights.parts` shows each week."""

    def __init__(self, block: Block, last: int, offset: Offset, province_of: Mapping[str, str]) -> None:
        self._view, self._flow = block.view, block.flow
        self._last = last
        self._offset = offset
        self._province_of = province_of
        self._rests: defaultdict[tuple[str, int], _Rest] = defaultdict(_Rest)

    def lines(self, sums: Iterable[Sum]) -> Iterator[Line]:
        """Of parts that are told by themselves; `sums` in the order of `WeeklySums`, each part whole."""
        view, flow = self._view, self._flow
        for part, found in groupby(sums, lambda one: one.part):
            known = bool(part) or view is View.ALL
            within = self._province_of.get(part, "") if view is View.COMMUNE else ""
            for week in _weeks(view, flow, part, found, self._last, self._offset):
                if known and self._is_told(part, week):
                    yield from self._of(part, week)
                else:
                    self._merge(within, week)

    def rest(self) -> Iterator[Line]:
        """Of those that were merged, when all parts have been read."""
        for (within, number), rest in sorted(self._rests.items(), key=lambda item: item[0]):
            cells = [(*key, count) for key, count in rest.cells.items()]
            week = _Week(number, cells, rest.before, rest.through)
            if self._is_told("", week):
                yield from self._of(f"{REST}:{within}" if within else REST, week)

    def _merge(self, within: str, week: _Week) -> None:
        rest = self._rests[within, week.week]
        rest.before += week.before
        rest.through += week.through
        for kind, step, what, count in week.cells:
            rest.cells[kind, step, what] += count

    def _of(self, part: str, week: _Week) -> Iterator[Line]:
        for kind, step, what, count in week.cells:
            yield Line(week.week, self._view, part, self._flow, kind, step, what, count)

    def _is_told(self, part: str, week: _Week) -> bool:
        """As `Insights`: enough by what is shown and by those behind it. Of everybody all is told."""
        if self._view is View.ALL:
            return True
        group = Cell(self._view, part, self._flow, Kind.RUN, "", "")
        shown = sum(count for kind, _, _, count in week.cells if kind is Kind.RUN)
        return min(shown, published(group, week.before, week.through, self._offset)) >= SHOWN_FROM


def _weeks(
    view: View, flow: str, part: str, sums: Iterable[Sum], last: int, offset: Offset
) -> Iterator[_Week]:
    """The weeks of a part, from its first: without a count of its own a week still adds to what is merged."""
    cells: defaultdict[int, list[tuple[Kind, str, str, int]]] = defaultdict(list)
    started: defaultdict[int, int] = defaultdict(int)
    first = last + 1
    for (kind, step, what), found in groupby(sums, lambda one: (one.kind, one.step, one.what)):
        cell, total = Cell(view, part, flow, kind, step, what), 0
        for one in found:
            count = published(cell, total, total + one.number, offset)
            total += one.number
            first = min(first, one.week)
            if count:
                cells[one.week].append((kind, step, what, count))
            if kind is Kind.RUN:
                started[one.week] += one.number
    before = 0
    for week in range(first, last + 1):
        through = before + started[week]
        yield _Week(week, cells[week], before, through)
        before = through
