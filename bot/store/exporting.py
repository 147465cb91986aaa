"""All weekly sums, so many at a time as can be published without keeping more in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, select

from bot.app.export import EXPORTED, HELPS, Block, Sum
from bot.core.visits import Kind, View
from bot.store.backing import Backing
from bot.store.insight_tables import weekly_counts

AT_ONCE = 10_000
"""Sums that are in memory together; a part that has more comes alone."""

_TABLE = weekly_counts.c
_OF_GUIDES = sorted(EXPORTED - HELPS)


class SqlWeeklySums:
    """`bot.app.export.WeeklySums` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def blocks(self, last: int) -> Sequence[Block]:
        query = (
            select(_TABLE.view, _TABLE.flow, _TABLE.part, func.count())
            .where(_TABLE.week <= last, _told())
            .group_by(_TABLE.view, _TABLE.flow, _TABLE.part)
        )
        rows = await self._database.read_at_leisure(lambda connection: connection.execute(query).all())
        order = list(View)
        found = sorted((order.index(View(view)), flow, part, size) for view, flow, part, size in rows)
        return [
            _block(order[view], flow, [(part, size) for _, _, part, size in parts])
            for (view, flow), parts in groupby(found, lambda row: row[:2])
        ]

    async def read(self, block: Block, parts: Sequence[str], last: int) -> Sequence[Sum]:
        view, flow = block.view, block.flow
        kinds = sorted(EXPORTED if view is View.ALL else EXPORTED - HELPS)
        query = select(_TABLE.kind, _TABLE.part, _TABLE.step, _TABLE.what, _TABLE.week, _TABLE.count).where(
            _TABLE.view == view, _TABLE.kind.in_(kinds), _TABLE.flow == flow, _TABLE.week <= last
        )
        query = query.where(_TABLE.part.in_(parts))
        rows = await self._database.read_at_leisure(lambda connection: connection.execute(query).all())
        sums = [Sum(Kind(kind), *rest) for kind, *rest in rows]
        return sorted(sums, key=lambda one: (one.part, one.kind, one.step, one.what, one.week))


def _block(view: View, flow: str, parts: Sequence[tuple[str, int]]) -> Block:
    batches: list[list[str]] = []
    room = 0
    for part, size in parts:
        if size > room:
            batches.append([])
            room = AT_ONCE
        batches[-1].append(part)
        room -= size
    return Block(view, flow, sum(size for _, size in parts), tuple(map(tuple, batches)))


def _told() -> ColumnElement[bool]:
    helps = and_(_TABLE.kind.in_(sorted(HELPS)), _TABLE.view == View.ALL)
    return _TABLE.kind.in_(_OF_GUIDES) | helps
