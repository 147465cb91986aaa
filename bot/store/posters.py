"""Posters in the database. Numbers are drawn inside the transaction, so two people never get the same one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.app.posters import MOST_NUMBER, Poster
from bot.core.places import poster_code
from bot.store.backing import Backing
from bot.store.insight_tables import posters


class SqlPosters:
    """`bot.app.posters.Posters` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def all(self) -> Sequence[Poster]:
        order = posters.c.retired_at.is_not(None), posters.c.commune, posters.c.number
        query = select(posters).order_by(*order)
        return await self._database.read(lambda connection: [*map(_poster, connection.execute(query))])

    async def mark(self) -> int:
        """Nothing is ever deleted."""
        query = select(func.count()).select_from(posters)
        return int(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def codes(self) -> frozenset[str]:
        query = select(posters.c.code)
        return await self._database.read(lambda connection: frozenset(connection.scalars(query)))

    async def one(self, code: str) -> Poster | None:
        query = select(posters).where(posters.c.code == code)

        def work(connection: Connection) -> Poster | None:
            row = connection.execute(query).first()
            return None if row is None else _poster(row)

        return await self._database.read(work)

    async def make(self, commune: str, place: str, by: int, now: int) -> Poster | None:
        """Somebody who makes one for the same commune at the same moment is outrun by trying again."""

        def work(connection: Connection) -> Poster | None:
            return _make(connection, commune, place, by, now)

        for _ in range(_TRIES):
            try:
                return await self._database.write(work)
            except IntegrityError:
                continue
        return None

    async def retire(self, code: str, now: int) -> bool:
        return await self._set(code, now)

    async def hang_again(self, code: str) -> bool:
        return await self._set(code, None)

    async def _set(self, code: str, retired_at: int | None) -> bool:
        statement = update(posters).where(posters.c.code == code).values(retired_at=retired_at)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1)


_TRIES = 5


def _make(connection: Connection, commune: str, place: str, by: int, now: int) -> Poster | None:
    there = posters.c.commune == commune, posters.c.place == place, posters.c.retired_at.is_(None)
    hanging = connection.execute(select(posters).where(*there)).first()
    if hanging is not None:
        return _poster(hanging)
    highest = select(func.max(posters.c.number)).where(posters.c.commune == commune)
    number = (connection.scalar(highest) or 0) + 1
    if number > MOST_NUMBER:
        return None
    made = Poster(poster_code(commune, number), commune, number, place, now)
    connection.execute(
        insert(posters).values(code=made.code, commune=commune, number=number, place=place, by=by, at=now)
    )
    return made


def _poster(row: Row[tuple[object, ...]]) -> Poster:
    return Poster(row.code, row.commune, row.number, row.place, row.at, row.retired_at is not None)
