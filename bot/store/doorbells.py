"""What hangs in the volunteers' group, and whose accounts there may press it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from bot.app.accounts import Account
from bot.app.doorbell import Hung
from bot.app.push import Enrolled
from bot.core.message import Address
from bot.store.accounts import account_of
from bot.store.backing import Backing
from bot.store.desk_tables import doorbells, enrolments, people


class SqlDoorbells:
    """`bot.app.doorbell.Doorbells` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def hung(self) -> tuple[Hung, ...]:
        query = select(doorbells).order_by(doorbells.c.at, doorbells.c.ticket)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(Hung(row.ticket, row.message, row.shown, row.at) for row in rows)

    async def hang(self, hung: Hung) -> None:
        values = {"ticket": hung.ticket, "message": hung.message, "shown": hung.shown, "at": hung.at}

        def work(connection: Connection) -> None:
            connection.execute(delete(doorbells).where(doorbells.c.ticket == hung.ticket))
            connection.execute(insert(doorbells).values(values))

        await self._database.write(work)

    async def take_down(self, ticket: str) -> None:
        gone = delete(doorbells).where(doorbells.c.ticket == ticket)
        await self._database.write(lambda connection: connection.execute(gone).rowcount)

    async def unhook(self) -> None:
        await self._database.write(
            lambda connection: connection.execute(update(doorbells).values(message=0)).rowcount
        )

    async def offer(self, person: int, code: str, now: int, until: int) -> None:
        hash = self._vault.hash_code(_named(code))

        def work(connection: Connection) -> None:
            connection.execute(
                delete(enrolments).where((enrolments.c.person_id == person) | (enrolments.c.until <= now))
            )
            connection.execute(insert(enrolments).values(hash=hash, person_id=person, until=until))

        await self._database.write(work)

    async def enrol(self, code: str, telegram: str, now: int) -> Enrolled | None:
        used = enrolments.c.hash == self._vault.hash_code(_named(code))
        hash = self._hash(telegram)

        def work(connection: Connection) -> Enrolled | None:
            person = connection.scalar(
                select(enrolments.c.person_id).where(used, enrolments.c.until > now).with_for_update()
            )
            connection.execute(delete(enrolments).where(used))
            shown = connection.scalar(
                select(people.c.shown).where(people.c.id == person, people.c.disabled_at.is_(None))
            )
            if person is None or shown is None:
                return None
            connection.execute(update(people).where(people.c.telegram == hash).values(telegram=None))
            connection.execute(update(people).where(people.c.id == person).values(telegram=hash))
            return Enrolled(person, shown)

        return await self._database.write(work)

    async def leave(self, person: int) -> None:
        left = update(people).where(people.c.id == person).values(telegram=None)
        await self._database.write(lambda connection: connection.execute(left).rowcount)

    async def is_enrolled(self, person: int) -> bool:
        query = select(people.c.id).where(people.c.id == person, people.c.telegram.is_not(None))
        return await self._database.read(lambda connection: connection.scalar(query)) is not None

    async def presser(self, telegram: str) -> Account | None:
        query = select(people).where(
            people.c.telegram == self._hash(telegram), people.c.disabled_at.is_(None)
        )
        row = await self._database.read(lambda connection: connection.execute(query).mappings().first())
        return None if row is None else account_of(row)

    def _hash(self, telegram: str) -> bytes:
        """Not the hash under which a resident is found: that somebody is both tells nobody anything."""
        return self._vault.hash_address(Address("telegram presser", telegram))


def _named(code: str) -> str:
    """Apart from the codes that open a conversation."""
    return f"ghidanh {code}"
