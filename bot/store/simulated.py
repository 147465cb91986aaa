"""Whether the people in this store are made up: said once, before the first of them, and for good."""

from __future__ import annotations

from sqlalchemy import Connection, Table, exists, insert, select

from bot.store.backing import Backing
from bot.store.desk_tables import people, tickets
from bot.store.insight_tables import COUNTERS
from bot.store.tables import conversations, lines, settings, visits

_NAME = "simulated"
_LEFT_BY_PEOPLE: tuple[Table, ...] = (
    conversations,
    lines,
    visits,
    tickets,
    *(table for table, _ in COUNTERS),
)
"""Where residents leave something: whoever erased everything is still in the counters."""


class SqlSimulation:
    """The mark of a store over its own database. All methods raise StoreDown."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def is_marked(self) -> bool:
        return await self._database.read(_is_marked)

    async def mark(self) -> bool:
        """Mark a store in which nobody has been; False, and nothing is changed, when somebody has."""

        def work(connection: Connection) -> bool:
            if _is_marked(connection) or _has_people(connection):
                return False
            connection.execute(insert(settings).values(name=_NAME, value=b"1"))
            return True

        return await self._database.write(work)


def _is_marked(connection: Connection) -> bool:
    return connection.scalar(select(settings.c.value).where(settings.c.name == _NAME)) is not None


def _has_people(connection: Connection) -> bool:
    """Residents, or somebody who answers them. The organiser of the first start alone is nobody yet."""
    if any(connection.scalar(select(exists().select_from(table))) for table in _LEFT_BY_PEOPLE):
        return True
    return bool(connection.scalar(select(exists().where(people.c.role != "organiser"))))
