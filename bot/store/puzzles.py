"""Messages that were not understood, for the summary that organisers see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from bot.app.ports import Unmatched
from bot.store.backing import Backing
from bot.store.reading import unmatched_of
from bot.store.tables import unmatched


class SqlPuzzles:
    """`bot.app.puzzles.Puzzles` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    async def unmatched(self, since: int, most: int) -> Sequence[Unmatched]:
        vault = self._backing.vault
        newest = select(unmatched.c.id).where(unmatched.c.at >= since)
        newest = newest.order_by(unmatched.c.at.desc(), unmatched.c.id.desc()).limit(most)

        def read(connection: Connection) -> list[Unmatched]:
            return list(unmatched_of(connection, vault, unmatched.c.id.in_(newest)))

        return await self._backing.database.read(read)
