"""The journal as it is kept: each row's hash covers the row and the hash before, under the store's key."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator

import msgspec
from sqlalchemy import Connection, insert, select, text

from bot.app.journal import Broken, Did, Head, Record, Verdict, Whole
from bot.store import secrets
from bot.store.backing import Backing
from bot.store.crypt import Vault
from bot.store.desk_tables import journal

HEAD = "journal"
"""The name under which the last entry's number and hash are sealed: what is cut off at the end is missed."""

_LOCK = 0x564E656A
"""Advisory lock of whoever appends; on SQLite there is one writer anyway."""


class SqlJournal:
    """`bot.app.journal.Journal` over the store's database."""

    def __init__(self, backing: Backing, now: Callable[[], int]) -> None:
        self._database = backing.database
        self._vault = backing.vault
        self._now = now

    async def note(self, who: int, did: Did, what: str = "") -> None:
        now = self._now()
        await self._database.write(
            lambda connection: append(connection, self._vault, Record(0, now, who, did.value, what))
        )

    async def records(self, before: int, limit: int, who: int = 0, did: str = "") -> list[Record]:
        query = select(*_COLUMNS).order_by(journal.c.id.desc()).limit(limit)
        for asked, condition in (
            (before, journal.c.id < before),
            (who, journal.c.who == who),
            (did, journal.c.deed == did),
        ):
            if asked:
                query = query.where(condition)
        return await self._database.read(
            lambda connection: [Record(*row) for row in connection.execute(query)]
        )

    async def verify(self, head: Head | None = None) -> Verdict:
        return await self._database.read(lambda connection: verified(connection, self._vault, head))


def append(connection: Connection, vault: Vault, record: Record) -> None:
    """Ids have no gaps, so that a missing row is seen."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(
        select(journal.c.id, journal.c.hash).order_by(journal.c.id.desc()).limit(1)
    ).one_or_none()
    before, id = (last.hash, last.id + 1) if last else (b"", 1)
    row = (id, record.at, record.who, record.did, record.what)
    hash = vault.chain(before, _bytes(row))
    connection.execute(insert(journal).values((*row, hash)))
    sealed = secrets.read(connection, vault, HEAD)
    value = msgspec.json.encode((id, hash.hex()))
    secrets.write(connection, vault, HEAD, value, sealed.revision if sealed else 0, record.at)


def verified(connection: Connection, vault: Vault, head: Head | None = None) -> Verdict:
    """Reads everything, a piece at a time."""
    heads = [one for one in (_kept_head(connection, vault), head) if one is not None]
    wanted = {one.id: one.hash for one in heads}
    before, count = b"", 0
    for id, at, who, deed, what, hash in _rows(connection):
        count += 1
        if id != count:
            return Broken(count, "missing")
        if not hmac.compare_digest(vault.chain(before, _bytes((id, at, who, deed, what))), hash):
            return Broken(id, "changed")
        if any(one.id == id and one.hash != hash.hex() for one in heads):
            return Broken(id, "not the one that was kept")
        before = hash
        wanted.pop(id, None)
    if wanted:
        return Broken(count + 1, "missing at the end")
    return Whole(count, Head(count, before.hex()) if count else None)


_COLUMNS = (journal.c.id, journal.c.at, journal.c.who, journal.c.deed, journal.c.what)

_PIECE = 5000


def _rows(connection: Connection) -> Iterator[tuple[int, int, int, str, str, bytes]]:
    after: int | None = None
    while True:
        query = select(*_COLUMNS, journal.c.hash).order_by(journal.c.id).limit(_PIECE)
        if after is not None:
            query = query.where(journal.c.id > after)
        rows = connection.execute(query).all()
        for row in rows:
            yield tuple(row)
        if len(rows) < _PIECE:
            return
        after = rows[-1].id


def _kept_head(connection: Connection, vault: Vault) -> Head | None:
    """One that was destroyed does not match any entry."""
    sealed = secrets.read(connection, vault, HEAD)
    if sealed is None:
        return None
    try:
        return Head(*msgspec.json.decode(sealed.value, type=tuple[int, str]))
    except msgspec.DecodeError:
        return Head(-1, "")


def _bytes(row: tuple[int, int, int, str, str]) -> bytes:
    return msgspec.json.encode(row)
