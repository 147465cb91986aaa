"""Bring the weekly sums up to date, beside whoever writes.

Chats must not wait for statistics, and SQLite has one writer. So counters are summed up and compared on a
connection that only reads, a guide at a time, and what differs is written in transactions of a few
milliseconds. Each sets sums to what they are and adds nothing: whatever is interrupted, or done twice, or by
two processes at once, comes right with the next look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, select, text, union

from bot.core.publishing import Offset
from bot.core.visits import first_day, week_of
from bot.store import publishing
from bot.store.insight_tables import SLOT, commune_provinces, summed, summed_guides, touched
from bot.store.ledger import Database, SumRow
from bot.store.sums import Differences, of_a_guide, of_help, of_the_week
from bot.store.tables import run_counts

LATE = 120
"""Seconds for which a week is looked at again after it changed: a transaction is noted when it begins."""

AT_ONCE = 500
"""Rows that are written in one transaction."""

NOTED = 60
"""Seconds after which it is noted again that nothing changed."""

WEEKLY = "weekly"


async def bring_up_to_date(
    database: Database, province_of: Mapping[str, str], offset: Offset, now: int
) -> bool:
    """Sum up what changed; whether any sum is another one now."""
    if await _moved(database, province_of):
        await database.write(partial(_place, province_of=province_of))
    noted, at = await database.read(_due)
    changed = False
    for week in sorted({week for week, _ in noted}, reverse=True):
        changed |= await _sum_up(database, week)
    if noted:
        await publishing.put_together(database, offset)
    if noted or now >= at + NOTED:
        old = [(week, slot) for week, slot in noted if slot < (now - LATE) // SLOT]
        await database.write(partial(_note, old, now))
    return changed


def summed_at(connection: Connection) -> int:
    return connection.scalar(select(summed.c.at).where(summed.c.what == WEEKLY)) or 0


def touch_all(connection: Connection) -> None:
    """Let every week be summed up anew."""
    weeks = set(connection.scalars(select(summed_guides.c.week).distinct()))
    weeks |= {week_of(day) for day in connection.scalars(select(run_counts.c.day).distinct())}
    if weeks:
        connection.execute(_TOUCH, [{"week": week} for week in sorted(weeks)])


async def _moved(database: Database, province_of: Mapping[str, str]) -> bool:
    """Whether communes belong to other provinces than they did when the sums were made."""

    def work(connection: Connection) -> bool:
        rows = connection.execute(select(commune_provinces.c.commune, commune_provinces.c.province))
        return {row.commune: row.province for row in rows} != dict(province_of)

    return await database.read(work)


_PLACE = text(
    "INSERT INTO commune_provinces (commune, province) VALUES (:commune, :province) "
    "ON CONFLICT (commune) DO UPDATE SET province = excluded.province"
)
_TOUCH = text("INSERT INTO touched (week, slot) VALUES (:week, 0) ON CONFLICT DO NOTHING")


def _place(connection: Connection, province_of: Mapping[str, str]) -> None:
    """From now on they belong there; every week is to be summed up anew."""
    stands = set(connection.scalars(select(commune_provinces.c.commune)))
    if gone := stands - province_of.keys():
        connection.execute(delete(commune_provinces).where(commune_provinces.c.commune.in_(sorted(gone))))
    if province_of:
        rows = sorted(province_of.items())
        connection.execute(_PLACE, [{"commune": commune, "province": province} for commune, province in rows])
    touch_all(connection)


def _due(connection: Connection) -> tuple[list[tuple[int, int]], int]:
    """Weeks that changed, with when; and when the sums were last brought up to date."""
    noted = [(row.week, row.slot) for row in connection.execute(select(touched.c.week, touched.c.slot))]
    return noted, summed_at(connection)


async def _sum_up(database: Database, week: int) -> bool:
    first = first_day(week)
    asked = {"week": week, "first": first, "last": first + 6}
    changed = False
    for flow in await database.read_at_leisure(lambda connection: _guides(connection, asked)):
        for statement in of_a_guide():
            changed |= await _settle(database, statement, {**asked, "flow": flow})
    for statement in of_help():
        changed |= await _settle(database, statement, asked)
    return changed


def _guides(connection: Connection, asked: Mapping[str, int]) -> Sequence[str]:
    """Those that were begun in the week, as whoever is counted in one has, and those that have sums."""
    begun = select(run_counts.c.flow).where(of_the_week(run_counts))
    known = select(summed_guides.c.flow).where(summed_guides.c.week == asked["week"])
    return connection.scalars(union(begun, known), dict(asked)).all()


async def _settle(database: Database, statement: Differences, asked: Mapping[str, Any]) -> bool:
    """In transactions of their own: a long look would keep SQLite from tidying its log."""

    def differing(connection: Connection) -> list[SumRow]:
        return [SumRow._make(row) for row in connection.execute(statement, dict(asked))]

    rows = await database.read_at_leisure(differing)
    for some in _slices(sorted(rows)):
        await database.write(partial(_set, database, some))
    return bool(rows)


_NOTE = text(
    "INSERT INTO summed (what, at) VALUES (:what, :at) ON CONFLICT (what) DO UPDATE SET at = excluded.at"
)


def _note(old: Sequence[tuple[int, int]], now: int, connection: Connection) -> None:
    if old:
        one = and_(touched.c.week == bindparam("w"), touched.c.slot == bindparam("s"))
        connection.execute(delete(touched).where(one), [{"w": week, "s": slot} for week, slot in old])
    connection.execute(_NOTE, {"what": WEEKLY, "at": now})


def _slices(rows: Sequence[SumRow]) -> Iterator[Sequence[SumRow]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _set(database: Database, rows: Sequence[SumRow], connection: Connection) -> None:
    database.ledger(connection).set_sums(rows)
