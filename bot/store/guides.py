"""Editions of guides, kept as long as somebody may be walking them or asking for their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from bot.app.editions import StoredEdition
from bot.app.ports import Edition, Standing
from bot.core.session import KEEP_RUN
from bot.core.visits import Kind, View
from bot.store.backing import Backing
from bot.store.insight_tables import weekly_counts
from bot.store.tables import conversations, editions


def keep(connection: Connection, current: Sequence[Edition], now: int) -> list[Edition]:
    connection.execute(update(editions).where(editions.c.current).values(current=False, last_seen=now))
    for edition in current:
        mine = (editions.c.flow == edition.flow, editions.c.version == edition.version)
        known = connection.execute(
            update(editions).where(*mine).values(current=True, last_seen=now, source=edition.source)
        )
        if not known.rowcount:
            connection.execute(
                insert(editions).values(
                    flow=edition.flow,
                    version=edition.version,
                    source=edition.source,
                    current=True,
                    first_seen=now,
                    last_seen=now,
                )
            )
    walked = _walked(connection)
    query = select(editions).order_by(editions.c.first_seen, editions.c.flow, editions.c.version)
    return [
        Edition(row.flow, row.version, row.source)
        for row in connection.execute(query)
        if row.current or row.last_seen >= now - KEEP_RUN or (row.flow, row.version) in walked
    ]


def standing(connection: Connection) -> list[Standing]:
    place = (conversations.c.flow, conversations.c.version, conversations.c.step)
    rows = connection.execute(
        select(*place, func.count().label("people"))
        .where(conversations.c.flow.is_not(None))
        .group_by(*place)
        .order_by(*place)
    )
    return [Standing(row.flow, row.version, row.step, row.people) for row in rows]


def purge(connection: Connection, now: int) -> int:
    """Drop editions that are neither current nor walked by anybody, and of which no counter tells.

    One that was current a day ago stays: another process may still be starting people on it.
    """
    walked = _walked(connection)
    old = connection.execute(
        select(editions.c.flow, editions.c.version).where(
            ~editions.c.current, editions.c.last_seen < now - KEEP_RUN
        )
    )
    unwalked = [pair for row in old if (pair := tuple(row)) not in walked]
    gone = [pair for pair in unwalked if not _is_counted(connection, *pair)]
    if not gone:
        return 0
    dropped = delete(editions).where(tuple_(editions.c.flow, editions.c.version).in_(gone))
    return connection.execute(dropped).rowcount


class SqlEditions:
    """`bot.app.editions.StoredEditions` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def editions_of(self, flow: str) -> list[StoredEdition]:
        return await self._database.read(lambda connection: _editions_of(connection, flow))


def _editions_of(connection: Connection, flow: str) -> list[StoredEdition]:
    query = (
        select(editions.c.version, editions.c.first_seen, editions.c.current, editions.c.source)
        .where(editions.c.flow == flow)
        .order_by(editions.c.first_seen, editions.c.current, editions.c.version)
    )
    return [StoredEdition(*row) for row in connection.execute(query)]


def _walked(connection: Connection) -> set[tuple[str, ...]]:
    """Flow and version of all that somebody stands in."""
    walked: set[tuple[str, ...]] = {
        tuple(pair)
        for pair in connection.execute(select(conversations.c.flow, conversations.c.version).distinct())
    }
    for pins in connection.scalars(
        select(conversations.c.pins).where(conversations.c.pins.is_not(None)).distinct()
    ):
        walked.update(tuple(pin.split(":", 1)) for pin in pins.split(" "))
    return walked


def _is_counted(connection: Connection, flow: str, version: str) -> bool:
    """Whether organisers may still look at its numbers."""
    mine = (
        weekly_counts.c.view == View.VERSION,
        weekly_counts.c.kind == Kind.RUN,
        weekly_counts.c.part == version,
        weekly_counts.c.flow == flow,
    )
    return connection.execute(select(weekly_counts.c.week).where(*mine).limit(1)).first() is not None
