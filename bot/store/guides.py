"""Editions of guides, kept as long as somebody may be walking them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from bot.app.ports import Edition, Standing
from bot.core.session import KEEP_RUN
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
    query = select(editions.c.flow, editions.c.version, editions.c.source)
    rows = connection.execute(query.order_by(editions.c.first_seen, editions.c.flow, editions.c.version))
    return [Edition(row.flow, row.version, row.source) for row in rows]


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
    """Drop editions that are neither current nor walked by anybody.

    One that was current a day ago stays: another process may still be starting people on it.
    """
    walked = {
        tuple(pair)
        for pair in connection.execute(select(conversations.c.flow, conversations.c.version).distinct())
    }
    for pins in connection.scalars(
        select(conversations.c.pins).where(conversations.c.pins.is_not(None)).distinct()
    ):
        walked.update(tuple(pin.split(":", 1)) for pin in pins.split(" "))
    old = connection.execute(
        select(editions.c.flow, editions.c.version).where(
            ~editions.c.current, editions.c.last_seen < now - KEEP_RUN
        )
    )
    gone = [pair for row in old if (pair := tuple(row)) not in walked]
    if not gone:
        return 0
    dropped = delete(editions).where(tuple_(editions.c.flow, editions.c.version).in_(gone))
    return connection.execute(dropped).rowcount
