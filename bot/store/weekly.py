"""Weekly sums of the counters: kept up to date piece by piece, read by what pages show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from bot.app.insights import PartRuns, Total, part_runs
from bot.core.publishing import Cell, K
from bot.core.visits import OF_GUIDES, Kind, View
from bot.core.weeks import Weeks
from bot.store import publishing, summing
from bot.store.backing import Backing
from bot.store.insight_tables import summed_guides, weekly_counts


class SqlWeeklyCounts:
    """`bot.app.insights.WeeklyCounts` over the store's database; `province_of` by codes of communes."""

    def __init__(self, backing: Backing, province_of: Mapping[str, str]) -> None:
        self._database = backing.database
        self._vault = backing.vault
        self._province_of = province_of

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
        def read(connection: Connection) -> list[Total]:
            found, of = _summed(connection, weeks.last, flow)
            wanted = [table.view == view, table.kind.in_(sorted(kinds))]
            wanted += [table.flow.in_(of), table.week.in_(found)]
            if part is not None:
                wanted.append(table.part == part)
            if parts is not None:
                wanted.append(table.part.in_(sorted(parts)))
            rows = connection.execute(_totals(weeks.first).where(*wanted))
            return [
                Total(Cell(view, part, flow, Kind(kind), step, what), int(early), int(all_of_it))
                for part, flow, kind, step, what, early, all_of_it in rows
            ]

        table = weekly_counts.c
        return await self._database.read(read)

    async def runs_by_part(
        self, view: View, weeks: Weeks, parts: Collection[str] | None = None
    ) -> Sequence[PartRuns]:
        if view in publishing.VIEWS:
            return await self._database.read(partial(publishing.of_parts, view, weeks, parts))
        return part_runs(await self.totals(view, weeks, parts=parts, kinds=(Kind.RUN,)), self.offset)

    async def span(self) -> Weeks:
        week = summed_guides.c.week
        query = select(func.min(week), func.max(week))
        first, last = await self._database.read(lambda connection: connection.execute(query).one())
        return Weeks(0, -1) if first is None else Weeks(first, last)

    async def summed_at(self) -> int:
        return await self._database.read(summing.summed_at)

    async def bring_up_to_date(self, now: int) -> bool:
        return await summing.bring_up_to_date(self._database, self._province_of, self.offset, now)

    def offset(self, cell: Cell) -> int:
        return int.from_bytes(self._vault.hash_cell(cell)[:8], "big") % K


def _totals(first: int) -> Select[Any]:
    table = weekly_counts.c
    cell = (table.part, table.flow, table.kind, table.step, table.what)
    before = func.sum(case((table.week < first, table.count), else_=0))
    return select(*cell, before, func.sum(table.count)).group_by(*cell)


def _summed(connection: Connection, last: int, flow: str | None) -> tuple[list[int], list[str]]:
    """The weeks and guides of which there are sums: named one by one, all of them can be looked up in the
    order of the key, whichever part of a view is asked for.
    """
    query = select(summed_guides.c.week, summed_guides.c.flow).where(summed_guides.c.week <= last)
    if flow is not None:
        query = query.where(summed_guides.c.flow == flow)
    rows = connection.execute(query).all()
    return sorted({row.week for row in rows}), sorted({row.flow for row in rows})
