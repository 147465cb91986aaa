"""Where the weekly digest goes: addresses sealed, each once, and what was sent there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, false, insert, or_, select, true, update

from bot.app.digests import PUSH, TELEGRAM, Entry, Joined, Waiting
from bot.core.message import Address
from bot.store.backing import Backing
from bot.store.crypt import Unreadable
from bot.store.insight_tables import digests

_ADDRESS = b"digest address"


class SqlDigests:
    """`bot.app.digests.KeptDigests` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def offer(self, name: str, code: str, by: int, now: int, until: int) -> int:
        values = {"channel": TELEGRAM, "name": name, "code": self._code(code)}
        wanted = insert(digests).values(**values, until=until, by=by, at=now).returning(digests.c.id)

        def work(connection: Connection) -> int:
            connection.execute(delete(digests).where(digests.c.hash.is_(None), digests.c.until <= now))
            added: int = connection.execute(wanted).scalar_one()
            return added

        return await self._database.write(work)

    async def join(self, code: str, address: str, told_week: int, now: int) -> Joined:
        hash, sealed = self._sealed(TELEGRAM, address)
        offered = select(digests.c.id, digests.c.name).where(
            digests.c.code == self._code(code), digests.c.until > now
        )

        def work(connection: Connection) -> Joined:
            offer = connection.execute(offered.with_for_update()).first()
            known = connection.scalar(select(digests.c.id).where(digests.c.hash == hash))
            if offer is None:
                return Joined.UNKNOWN if known is None else Joined.BEFORE
            if known is not None:  # what was sent there stays known, or a week would come twice
                connection.execute(delete(digests).where(digests.c.id == offer.id))
                anew = {"name": offer.name, "resting": False, "lost_at": 0}
                connection.execute(update(digests).where(digests.c.id == known).values(anew))
                return Joined.NOW
            found = {"hash": hash, "address": sealed, "code": None, "until": 0, "told_week": told_week}
            connection.execute(update(digests).where(digests.c.id == offer.id).values(found))
            return Joined.NOW

        return await self._database.write(work)

    async def add(self, name: str, address: str, told_week: int, by: int, now: int) -> int | None:
        hash, sealed = self._sealed(PUSH, address)
        values = {"channel": PUSH, "name": name, "hash": hash, "address": sealed, "told_week": told_week}

        def work(connection: Connection) -> int | None:
            known = connection.scalar(select(digests.c.id).where(digests.c.hash == hash))
            if known is not None:
                anew = update(digests).where(digests.c.id == known).values(resting=False, lost_at=0)
                connection.execute(anew)
                return None
            wanted = insert(digests).values(**values, by=by, at=now).returning(digests.c.id)
            added: int = connection.execute(wanted).scalar_one()
            return added

        return await self._database.write(work)

    async def entries(self, now: int) -> Sequence[Entry]:
        d = digests.c
        query = (
            select(d.id, d.channel, d.name, d.until, d.told_week, d.resting, d.lost_at, d.at)
            .where(or_(d.hash.is_not(None), d.until > now))
            .order_by(d.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Entry(*row) for row in rows]

    async def rest(self, id: int, resting: bool) -> bool:
        return await self._change(id, resting=resting, lost_at=0)

    async def remove(self, id: int) -> bool:
        gone = delete(digests).where(digests.c.id == id)
        return await self._database.write(lambda connection: connection.execute(gone).rowcount == 1)

    async def try_out(self, id: int) -> bool:
        return await self._change(id, trial=True)

    async def waiting(self, channel: str, week: int | None) -> Sequence[Waiting]:
        d = digests.c
        late = and_(d.told_week < week, d.resting.is_(False), d.lost_at == 0) if week else false()
        query = (
            select(d.id, d.hash, d.address, d.told_week, d.trial, d.resting, d.lost_at)
            .where(d.channel == channel, d.hash.is_not(None), or_(late, d.trial == true()))
            .order_by(d.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found = []
        for row in rows:
            try:
                address = self._vault.of_address(row.hash).open(row.address, _ADDRESS).decode()
            except Unreadable:
                continue  # nobody can be reached there any more
            found.append(Waiting(row.id, address, row.told_week, row.trial))
        return found

    async def claim(self, waiting: Waiting, week: int | None) -> bool:
        d = digests.c
        mine = update(digests).where(d.id == waiting.id)
        if week is None:
            claimed = mine.where(d.trial == true()).values(trial=False)
        else:
            free = (d.told_week < week, d.resting.is_(False), d.lost_at == 0)
            claimed = mine.where(*free).values(told_week=week)
        return await self._database.write(lambda connection: connection.execute(claimed).rowcount == 1)

    async def unclaim(self, waiting: Waiting, week: int | None) -> None:
        mine = update(digests).where(digests.c.id == waiting.id)
        if week is None:
            again = mine.values(trial=True)
        else:
            again = mine.where(digests.c.told_week == week).values(told_week=waiting.told_week)
        await self._database.write(lambda connection: connection.execute(again).rowcount)

    async def moved(self, id: int, address: str) -> bool:
        hash, sealed = self._sealed(TELEGRAM, address)

        def work(connection: Connection) -> bool:
            if connection.scalar(select(digests.c.id).where(digests.c.hash == hash)) is not None:
                connection.execute(delete(digests).where(digests.c.id == id))
                return False
            values = {"hash": hash, "address": sealed}
            connection.execute(update(digests).where(digests.c.id == id).values(values))
            return True

        return await self._database.write(work)

    async def lost(self, id: int, now: int) -> None:
        await self._change(id, lost_at=now)

    async def _change(self, id: int, **values: int | bool) -> bool:
        changed = update(digests).where(digests.c.id == id, digests.c.hash.is_not(None)).values(values)
        return await self._database.write(lambda connection: connection.execute(changed).rowcount == 1)

    def _sealed(self, channel: str, address: str) -> tuple[bytes, bytes]:
        """Not the hash under which a resident is found: that somebody is both tells nobody anything."""
        hash = self._vault.hash_address(Address(f"digest {channel}", address))
        return hash, self._vault.of_address(hash).seal(address.encode(), _ADDRESS)

    def _code(self, code: str) -> bytes:
        """Apart from the codes that open a conversation."""
        return self._vault.hash_code(f"bantin {code}")
