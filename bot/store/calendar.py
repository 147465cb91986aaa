"""Mobile sessions in the database. What is over stays: it says where the team has been."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.app.calendar import Planned
from bot.core.calendar import MobileSession, Place
from bot.store.backing import Backing
from bot.store.insight_tables import mobile_sessions


class SqlCalendar:
    """`bot.app.calendar.Calendar` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def ahead(self, now: int) -> Sequence[Planned]:
        order = mobile_sessions.c.starts_at, mobile_sessions.c.commune, mobile_sessions.c.id
        query = select(mobile_sessions).where(mobile_sessions.c.ends_at > now).order_by(*order)
        return await self._database.read(lambda connection: [*map(_planned, connection.execute(query))])

    async def mark(self) -> int:
        """Revisions only grow, and nothing is ever deleted."""
        query = select(func.coalesce(func.sum(mobile_sessions.c.revision), 0))
        return int(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def one(self, id: int) -> Planned | None:
        query = select(mobile_sessions).where(mobile_sessions.c.id == id)

        def work(connection: Connection) -> Planned | None:
            row = connection.execute(query).first()
            return None if row is None else _planned(row)

        return await self._database.read(work)

    async def add(self, sessions: Sequence[MobileSession], by: int, now: int) -> int:
        def work(connection: Connection) -> int:
            new = _new(connection, sessions)
            if new:
                stamp = {"revision": 1, "by": by, "at": now}
                connection.execute(insert(mobile_sessions), [_values(one) | stamp for one in new])
            return len(new)

        return await self._database.write(work)

    async def change(self, id: int, revision: int, session: MobileSession, by: int, now: int) -> bool:
        statement = (
            update(mobile_sessions)
            .where(mobile_sessions.c.id == id, mobile_sessions.c.revision == revision)
            .values(**_values(session), revision=revision + 1, by=by, at=now)
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1)


def _new(connection: Connection, sessions: Sequence[MobileSession]) -> list[MobileSession]:
    """Those that are not there yet, each once."""
    table = mobile_sessions.c
    starts = {session.starts_at for session in sessions}
    if not starts:
        return []
    there = select(table.commune, table.place, table.starts_at).where(
        table.starts_at.between(min(starts), max(starts))
    )
    known = {tuple(row) for row in connection.execute(there)}
    apart = {(session.commune, session.place, session.starts_at): session for session in sessions}
    return [session for key, session in apart.items() if key not in known]


def _values(session: MobileSession) -> dict[str, object]:
    return {
        "commune": session.commune,
        "place": session.place,
        "kind": str(session.kind),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "note": session.note,
        "called_off": session.called_off,
    }


def _planned(row: Row[tuple[object, ...]]) -> Planned:
    kind = Place(row.kind) if row.kind in set(Place) else Place.OTHER
    session = MobileSession(
        row.commune, row.place, kind, row.starts_at, row.ends_at, row.note, bool(row.called_off)
    )
    return Planned(row.id, session, row.revision)
