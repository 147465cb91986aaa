"""All weekly sums, in the order in which they can be published without keeping them in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.app.export import EXPORTED, HELPS, Block, Sum
from bot.core.visits import Kind, View
from bot.store.backing import Backing
from bot.store.insight_tables import weekly_counts

T = TypeVar("T")

AT_ONCE = 5_000
"""Rows that are fetched together."""

_TABLE = weekly_counts.c
_OF_GUIDES = sorted(EXPORTED - HELPS)


class SqlWeeklySums:
    """`bot.app.export.WeeklySums` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def blocks(self, last: int) -> Sequence[Block]:
        query = (
            select(_TABLE.view, _TABLE.flow, func.count())
            .where(_TABLE.week <= last, _told())
            .group_by(_TABLE.view, _TABLE.flow)
        )
        rows = await self._database.read_at_leisure(lambda connection: connection.execute(query).all())
        order = list(View)
        found = [Block(View(view), flow, size) for view, flow, size in rows]
        return sorted(found, key=lambda block: (order.index(block.view), block.flow))

    async def read(self, block: Block, last: int, work: Callable[[Iterable[Sum]], T]) -> T:
        cell = (_TABLE.kind, _TABLE.part, _TABLE.step, _TABLE.what, _TABLE.week)
        query = (
            select(*cell, _TABLE.count)
            .where(_TABLE.view == block.view, _TABLE.flow == block.flow, _TABLE.week <= last, _told())
            .order_by(_TABLE.part, _TABLE.kind, _TABLE.step, _TABLE.what, _TABLE.week)
            .execution_options(yield_per=AT_ONCE)
        )

        def read(connection: Connection) -> T:
            rows = connection.execute(query)
            return work(Sum(Kind(kind), *rest) for kind, *rest in rows)

        return await self._database.read_at_leisure(read)


def _told() -> ColumnElement[bool]:
    helps = and_(_TABLE.kind.in_(sorted(HELPS)), _TABLE.view == View.ALL)
    return _TABLE.kind.in_(_OF_GUIDES) | helps
