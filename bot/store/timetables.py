"""When each place's volunteers are there, as somebody wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, select, text

from bot.app.timetables import Timetable
from bot.store.backing import Backing
from bot.store.desk_tables import opening_hours


class SqlTimetables:
    """`bot.app.timetables.Timetables` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def all(self) -> Sequence[Timetable]:
        return await self._database.read(_all)

    async def save(self, timetable: Timetable, by: int, now: int) -> None:
        values = {
            "place": timetable.place,
            "week": timetable.week,
            "days_off": " ".join(day.isoformat() for day in timetable.days_off),
            "now": now,
            "by": by,
        }

        def work(connection: Connection) -> None:
            connection.execute(_SAVE, values)

        await self._database.write(work)

    async def drop(self, place: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(opening_hours).where(opening_hours.c.commune == place))

        await self._database.write(work)


_SAVE = text(
    "INSERT INTO opening_hours (commune, week, days_off, changed_at, changed_by) "
    "VALUES (:place, :week, :days_off, :now, :by) "
    "ON CONFLICT (commune) DO UPDATE SET week = excluded.week, days_off = excluded.days_off, "
    "changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


def _all(connection: Connection) -> list[Timetable]:
    return [
        Timetable(row.commune, row.week, tuple(map(date.fromisoformat, row.days_off.split())))
        for row in connection.execute(select(opening_hours).order_by(opening_hours.c.commune))
    ]
