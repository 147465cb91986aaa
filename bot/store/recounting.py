"""Recount the counters of a guide from its stays, those that are over and those that last.

A guide at a time: all stays of one fit into memory, and reading the others past takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, select, union

from bot.core.recount import differing, recount, standing_in
from bot.core.tally import Tally
from bot.core.visits import VisitRow, day_of
from bot.store import counters, summing
from bot.store.backing import Backing
from bot.store.crypt import Vault
from bot.store.purging import KEEP_VISITS
from bot.store.sealed import open_saved
from bot.store.tables import conversations, run_counts, step_counts, visits

_AT_ONCE = 1_000
"""Conversations that are opened together."""


class SqlRecounting:
    """Over the store's database; to be sure of what it finds, nobody else should write to it."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def guides(self) -> Sequence[str]:
        """Those that were ever counted."""
        known = union(*(select(table.c.flow) for table in (run_counts, step_counts, visits)))
        return sorted(await self._database.read_at_leisure(lambda one: one.scalars(known).all()))

    async def lasting(self) -> list[VisitRow]:
        """The stays of everybody who stands somewhere."""
        return await self._database.read_at_leisure(lambda one: list(_lasting(one, self._vault)))

    async def differing(self, flow: str, lasting: Sequence[VisitRow], now: int) -> Tally:
        """What would have to be added to the guide's counters. Days of which stays may have been deleted for
        their age are left out.
        """
        since = day_of(now - KEEP_VISITS) + 1
        mine = [stay for stay in lasting if stay.flow == flow]
        return await self._database.read_at_leisure(partial(_differing, flow, mine, since))

    async def repair(self, missing: Tally, now: int) -> None:
        """Turns add to counters in the same way, so none is lost that is taken meanwhile."""
        await self._database.write(lambda connection: self._database.ledger(connection).count(missing, now))

    async def sum_up_again(self) -> None:
        """At the next look all weeks are summed up, not only those that changed."""
        await self._database.write(summing.touch_all)


def _differing(flow: str, lasting: Sequence[VisitRow], since: int, connection: Connection) -> Tally:
    columns = [visits.c[name] for name in VisitRow._fields]
    mine = select(*columns).where(visits.c.flow == flow, visits.c.day >= since)
    rows = connection.execute(mine.order_by(visits.c.run, visits.c.seq))
    told = recount(map(VisitRow._make, rows), (stay for stay in lasting if stay.day >= since))
    return differing(counters.counts(connection, flow), told, since)


def _lasting(connection: Connection, vault: Vault) -> Iterator[VisitRow]:
    after = 0
    table = conversations.c
    while True:
        some = select(table.id, table.channel, table.state).where(table.id > after)
        rows = connection.execute(some.order_by(table.id).limit(_AT_ONCE)).all()
        for row in rows:
            state = open_saved(vault, row.id, row.state).state
            for session in (*state.parked, *([state.session] if state.session else [])):
                yield from standing_in(session, row.channel)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id
