"""Sessions as they are kept: by the hash of their token, looked up for every request."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, update

from bot.app.accounts import SPANS, Account, Login
from bot.store.accounts import account_of
from bot.store.backing import Backing
from bot.store.desk_tables import logins, people

NOTED_EVERY = 60
"""Seconds: a session that does much is written down once in that time."""

_REMEMBERED = 10_000


class SqlLogins:
    """`bot.app.accounts.Logins` over the store's database."""

    def __init__(self, backing: Backing, now: Callable[[], int]) -> None:
        self._database = backing.database
        self._vault = backing.vault
        self._now = now
        self._noted: dict[bytes, int] = {}

    async def account(self, token: str) -> Account | None:
        now = self._now()
        query = (
            select(people, logins.c.seen_at)
            .join(logins, logins.c.person_id == people.c.id)
            .where(logins.c.hash == self._hash(token), logins.c.until > now, people.c.disabled_at.is_(None))
        )

        def work(connection: Connection) -> Account | None:
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                return None
            account = account_of(row)
            return account if now < row["seen_at"] + SPANS[account.role].idle else None

        return await self._database.read(work)

    async def begin(self, token: str, account: Account, agent: str, now: int) -> None:
        """Sessions that are over go at the same time."""
        row = {
            "hash": self._hash(token),
            "person_id": account.id,
            "created_at": now,
            "seen_at": now,
            "until": now + SPANS[account.role].whole,
            "agent": agent,
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(logins).where(logins.c.until <= now))
            connection.execute(insert(logins).values(row))

        await self._database.write(work)

    async def seen(self, token: str, now: int) -> None:
        hash = self._hash(token)
        if now - self._noted.get(hash, 0) < NOTED_EVERY:
            return
        self._noted.pop(hash, None)
        self._noted[hash] = now
        if len(self._noted) > _REMEMBERED:
            del self._noted[next(iter(self._noted))]
        change = update(logins).where(logins.c.hash == hash, logins.c.seen_at < now).values(seen_at=now)
        await self._database.write(lambda connection: connection.execute(change))

    async def end(self, token: str) -> None:
        gone = delete(logins).where(logins.c.hash == self._hash(token))
        await self._database.write(lambda connection: connection.execute(gone))

    async def end_all(self, person: int) -> None:
        gone = delete(logins).where(logins.c.person_id == person)
        await self._database.write(lambda connection: connection.execute(gone))

    async def of(self, person: int, here: str) -> list[Login]:
        mine = self._hash(here)
        query = (
            select(logins)
            .where(logins.c.person_id == person, logins.c.until > self._now())
            .order_by(logins.c.seen_at.desc())
        )
        return await self._database.read(
            lambda connection: [
                Login(row.agent, row.created_at, row.seen_at, row.hash == mine)
                for row in connection.execute(query)
            ]
        )

    def _hash(self, token: str) -> bytes:
        return self._vault.hash_token("session", token)
