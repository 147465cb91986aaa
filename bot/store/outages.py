"""Outages: one at a time, whoever presses; and who is woken when one is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select, text, update

from bot.app.outage import EARLIER, MOST_NOTE, Entry
from bot.core.outage import Outage, Reason
from bot.core.outage_over import GRACE, by_day
from bot.core.publishing import K, by_tens
from bot.store.backing import Backing
from bot.store.insight_tables import outages
from bot.store.tables import conversations

AT_ONCE = 1000
"""Conversations that are looked through in one transaction."""

MORNING = 1800
"""Seconds over which those are spread who must not be woken at night."""


class SqlOutages:
    """`bot.app.outage.Outages` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def between(self, first: int, last: int) -> Sequence[Outage]:
        lasted = or_(outages.c.ended_at == 0, outages.c.ended_at > first)
        query = select(outages).where(outages.c.started_at <= last, lasted).order_by(outages.c.id)
        return await self._database.read(
            lambda connection: [_outage(row) for row in connection.execute(query)]
        )

    async def entries(self, most: int) -> Sequence[Entry]:
        query = select(outages).order_by(outages.c.id.desc()).limit(most)
        return await self._database.read(
            lambda connection: [self._entry(row) for row in connection.execute(query)]
        )

    async def begin(self, reason: Reason, note: str, started_at: int, by: int, now: int) -> bool:
        def work(connection: Connection) -> bool:
            free_since = connection.scalar(select(func.max(outages.c.ended_at))) or 0
            values = {
                "started_at": max(min(started_at, now), now - EARLIER, free_since),
                "said_at": now,
                "reason": str(reason),
                "note": note[:MOST_NOTE],
                "by": by,
            }
            return connection.execute(_BEGIN, values).rowcount == 1

        return await self._database.write(work)

    async def finish(self, id: int, by: int, now: int) -> bool:
        over = update(outages).where(outages.c.id == id, outages.c.ended_at == 0)
        ends = case((outages.c.started_at > now, outages.c.started_at), else_=now)

        def work(connection: Connection) -> bool:
            return connection.execute(over.values(ended_at=ends, ended_by=by)).rowcount == 1

        return await self._database.write(work)

    async def spread_the_end(self, now: int) -> int | None:
        """Looked for beside the writer; those found are locked and looked at again when they are woken."""
        found = await self._database.read(lambda connection: _next(connection, now))
        if found is None:
            return None
        return await self._database.write(lambda connection: _wake(connection, found, now))

    def _entry(self, row: Row[Any]) -> Entry:
        offset = int.from_bytes(self._vault.hash_cell(("outage", str(row.id)))[:8], "big") % K
        told = by_tens(row.told, offset)
        return Entry(_outage(row), row.note, row.by, row.ended_by, told, row.woken_at > 0)


_BEGIN = text(
    'INSERT INTO outages (started_at, said_at, reason, note, "by") '
    "VALUES (:started_at, :said_at, :reason, :note, :by) ON CONFLICT DO NOTHING"
)


def _outage(row: Row[Any]) -> Outage:
    known = row.reason if row.reason in set(Reason) else Reason.OTHER
    return Outage(row.id, row.started_at, row.ended_at, Reason(known), row.said_at)


def _due(connection: Connection, now: int) -> Row[Any] | None:
    """The oldest outage whose end somebody may still have to hear of. While another one lasts they wait."""
    lasts = connection.scalar(select(func.count()).select_from(outages).where(outages.c.ended_at == 0))
    waiting = select(outages).where(
        outages.c.ended_at > 0, outages.c.woken_at == 0, outages.c.ended_at + GRACE <= now
    )
    return None if lasts else connection.execute(waiting.order_by(outages.c.id).limit(1)).first()


@dataclass(frozen=True, slots=True)
class _Slice:
    """Conversations in the order of their ids, from `begins` on, of which `heard` were written in during the
    outage. `ends` 0: there are no more.
    """

    outage: int
    begins: int
    ends: int
    heard: tuple[int, ...]


def _next(connection: Connection, now: int) -> _Slice | None:
    outage = _due(connection, now)
    if outage is None:
        return None
    here = select(conversations.c.id, conversations.c.heard_at).where(conversations.c.id > outage.woken_to)
    rows = connection.execute(here.order_by(conversations.c.id).limit(AT_ONCE)).all()
    until = outage.ended_at + GRACE
    heard = tuple(row.id for row in rows if outage.started_at <= row.heard_at <= until)
    return _Slice(outage.id, outage.woken_to, rows[-1].id if len(rows) == AT_ONCE else 0, heard)


def _wake(connection: Connection, found: _Slice, now: int) -> int:
    """Locked in the order of their ids like everywhere. A timer that is due before stays as it is. What each
    of them hears is decided by its own turn, so that being woken twice does no harm.
    """
    at = by_day(now)
    lock = select(conversations.c.id, conversations.c.wake_at).where(conversations.c.id.in_(found.heard))
    woken = []
    for row in connection.execute(lock.order_by(conversations.c.id).with_for_update()):
        due = at if at == now else at + row.id % MORNING
        if row.wake_at is None or row.wake_at > due:
            woken.append({"id": row.id, "due": due})
    if woken:
        connection.execute(_WAKE, woken)
    done = {"woken_to": found.ends} if found.ends else {"woken_at": now}
    unchanged = (outages.c.id == found.outage, outages.c.woken_to == found.begins, outages.c.woken_at == 0)
    connection.execute(update(outages).where(*unchanged).values(done))
    return len(woken)


_WAKE = text("UPDATE conversations SET due_at = :due, wake_at = :due WHERE id = :id")
