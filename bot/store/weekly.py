"""Weekly sums of the counters: kept up to date piece by piece, read by what pages show."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from bot.app.insights import Total
from bot.core.publishing import Cell, K
from bot.core.visits import OF_GUIDES, Kind, View
from bot.core.weeks import Weeks
from bot.store.backing import Backing
from bot.store.insight_tables import weekly_counts


class SqlWeeklyCounts:
    """`bot.app.insights.WeeklyCounts` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

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
        table = weekly_counts.c
        wanted: list[ColumnElement[bool]] = [
            table.view == view,
            table.kind.in_(kinds),
            table.week <= weeks.last,
        ]
        if part is not None:
            wanted.append(table.part == part)
        if parts is not None:
            wanted.append(table.part.in_(parts))
        if flow is not None:
            wanted.append(table.flow == flow)
        before = func.sum(case((table.week < weeks.first, table.count), else_=0))
        cell = (table.view, table.part, table.flow, table.kind, table.step, table.what)
        query = select(*cell, before, func.sum(table.count)).where(and_(*wanted)).group_by(*cell)

        def read(connection: Connection) -> list[Total]:
            return [
                Total(Cell(View(view), part, flow, Kind(kind), step, what), int(early), int(all_of_it))
                for view, part, flow, kind, step, what, early, all_of_it in connection.execute(query)
            ]

        return await self._database.read(read)

    async def span(self) -> Weeks:
        query = select(func.min(weekly_counts.c.week), func.max(weekly_counts.c.week)).where(
            weekly_counts.c.view == View.ALL, weekly_counts.c.part == ""
        )
        first, last = await self._database.read(lambda connection: connection.execute(query).one())
        return Weeks(0, -1) if first is None else Weeks(first, last)

    async def summed_at(self) -> int:
        return 0

    async def bring_up_to_date(self, now: int) -> bool:
        raise NotImplementedError(now)

    def offset(self, cell: Cell) -> int:
        return int.from_bytes(self._vault.hash_cell(cell)[:8], "big") % K
