"""How many people were told of an outage, noted in the transaction of their turns."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, update

from bot.core.events import Event, OutageTold
from bot.store.insight_tables import outages


def count_told(connection: Connection, events: Iterable[Event]) -> None:
    told: dict[int, int] = {}
    for event in events:
        if type(event) is OutageTold:
            told[event.outage] = told.get(event.outage, 0) + 1
    for id, count in sorted(told.items()):
        values = {"told": outages.c.told + count}
        connection.execute(update(outages).where(outages.c.id == id).values(values))
