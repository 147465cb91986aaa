"""The journal: in order whoever writes, and no change to it stays unseen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from bot.app.journal import Broken, Did, Head, Journal, Whole
from bot.store import journal as kept
from bot.store import secrets
from bot.store.desk_tables import journal
from bot.store.journal import SqlJournal
from bot.store.open import SqlStore

NOW = 1_800_000_000
ROWS = 30


def journal_of(store: SqlStore) -> SqlJournal:
    clock = itertools.count(NOW)
    return SqlJournal(store.backing, lambda: next(clock))


async def written(store: SqlStore, count: int = ROWS) -> Journal:
    book = journal_of(store)
    for number in range(count):
        await book.note(number % 4, list(Did)[number % 5], f"ticket{number % 7}")
    return book


async def test_what_was_noted_is_read_newest_first(store: SqlStore) -> None:
    book = await written(store, 12)
    assert [one.id for one in await book.records(0, 5)] == [12, 11, 10, 9, 8]
    assert [one.id for one in await book.records(8, 2)] == [7, 6]
    assert {one.who for one in await book.records(0, 50, who=3)} == {3}
    assert {one.did for one in await book.records(0, 50, did=Did.VIEWED)} == {Did.VIEWED}
    verdict = await book.verify()
    assert isinstance(verdict, Whole)
    assert verdict.count == 12


async def test_an_empty_journal_is_whole(store: SqlStore) -> None:
    assert await journal_of(store).verify() == Whole(0, None)


async def test_many_write_at_the_same_time_and_the_chain_holds(
    store: SqlStore, reopen: Callable[[], SqlStore], store_url: str
) -> None:
    """Two workers where there can be two."""
    stores = [store] if store_url.startswith("sqlite") else [store, reopen()]
    books = [journal_of(one) for one in stores for _ in range(4)]
    await asyncio.gather(*(book.note(who, Did.VIEWED, "x") for who in range(10) for book in books))
    assert await books[0].verify() == Whole(10 * len(books), (await _head(books[0])))
    for one in stores[1:]:
        await one.close()


async def _head(book: Journal) -> Head:
    verdict = await book.verify()
    assert isinstance(verdict, Whole)
    assert verdict.head is not None
    return verdict.head


Row = dict[str, Any]
Harm = Callable[[list[Row], Random], list[Row]]


def changed(rows: list[Row], chance: Random) -> list[Row]:
    row, name = chance.choice(rows), chance.choice(["at", "who", "deed", "what", "hash"])
    value = row[name]
    match value:
        case int():
            row[name] = value + chance.choice([-1, 1, 1000])
        case bytes():
            row[name] = bytes([value[0] ^ 1]) + value[1:]
        case _:
            row[name] = value + "x" if chance.random() < 0.5 else value[:-1]
    return rows


def deleted(rows: list[Row], chance: Random) -> list[Row]:
    """With or without closing the gap."""
    gone = chance.randrange(len(rows) - 1)
    return _counted(rows[:gone] + rows[gone + 1 :], chance.random() < 0.5)


def cut(rows: list[Row], chance: Random) -> list[Row]:
    """The end is missing; what is left is a chain that holds."""
    return rows[: chance.randrange(len(rows))]


def reordered(rows: list[Row], chance: Random) -> list[Row]:
    one, two = chance.sample(range(len(rows)), 2)
    rows[one], rows[two] = rows[two], rows[one]
    return _counted(rows, anew=True)


def inserted(rows: list[Row], chance: Random) -> list[Row]:
    at = chance.randrange(len(rows))
    return _counted([*rows[:at], dict(rows[chance.randrange(len(rows))]), *rows[at:]], anew=True)


def appended(rows: list[Row], chance: Random) -> list[Row]:
    """By somebody without the key."""
    return [*rows, {**rows[-1], "id": len(rows) + 1, "hash": chance.randbytes(32)}]


def _counted(rows: list[Row], anew: bool) -> list[Row]:
    return [{**row, "id": number} for number, row in enumerate(rows, 1)] if anew else rows


HARMS: list[Harm] = [changed, deleted, cut, reordered, inserted, appended]
TRIES = 170
"""Of each kind: a thousand and twenty in all."""


def verify(
    store: SqlStore, harm: Harm | None, chance: Random, heads: Head | None
) -> Callable[[Connection], Any]:
    """In a transaction that is rolled back: harm done, then looked for."""

    def work(connection: Connection) -> Any:
        point = connection.begin_nested()
        if harm is not None:
            rows = [
                dict(row) for row in connection.execute(select(journal).order_by(journal.c.id)).mappings()
            ]
            connection.execute(delete(journal))
            after = harm(rows, chance)
            if after:
                connection.execute(insert(journal), after)
        verdict = kept.verified(connection, store.backing.vault, heads)
        point.rollback()
        return verdict

    return work


@pytest.mark.parametrize("harm", HARMS)
async def test_every_tampering_is_found(sqlite_store: SqlStore, harm: Harm) -> None:
    await written(sqlite_store)
    chance = Random(harm.__name__)  # noqa: S311 - the same in every run
    for _ in range(TRIES):
        found = await sqlite_store.backing.database.write(verify(sqlite_store, harm, chance, None))
        assert isinstance(found, Broken)
    whole = await sqlite_store.backing.database.write(verify(sqlite_store, None, chance, None))
    assert isinstance(whole, Whole)


async def test_tampering_is_found_on_postgresql_too(postgres_store: SqlStore) -> None:
    await written(postgres_store)
    chance = Random(1)  # noqa: S311 - the same in every run
    for harm in HARMS:
        found = await postgres_store.backing.database.write(verify(postgres_store, harm, chance, None))
        assert isinstance(found, Broken), harm


async def test_a_head_kept_elsewhere_tells_of_a_whole_database_set_back(sqlite_store: SqlStore) -> None:
    """Who can put back an old file can put back the sealed head with it; a printed one stays what it was."""
    book = await written(sqlite_store, 10)
    head = await _head(book)

    def set_back(connection: Connection) -> None:
        connection.execute(delete(journal).where(journal.c.id > 5))
        last = connection.execute(select(journal.c.hash).where(journal.c.id == 5)).scalar_one()
        vault = sqlite_store.backing.vault
        sealed = secrets.read(connection, vault, kept.HEAD)
        assert sealed is not None
        value = f'[5,"{last.hex()}"]'.encode()
        assert secrets.write(connection, vault, kept.HEAD, value, sealed.revision, NOW)

    await sqlite_store.backing.database.write(set_back)
    assert isinstance(await book.verify(), Whole)  # nothing in the database can tell
    assert await book.verify(head) == Broken(6, "missing at the end")
    await book.note(1, Did.VIEWED)
    for _ in range(5):
        await book.note(1, Did.VIEWED)
    assert await book.verify(head) == Broken(10, "not the one that was kept")


async def test_without_hashes_a_change_would_not_be_seen(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    await written(sqlite_store)
    monkeypatch.setattr("hmac.compare_digest", lambda *_: True)

    def harm(connection: Connection) -> None:
        connection.execute(update(journal).where(journal.c.id == 3).values(who=99))

    await sqlite_store.backing.database.write(harm)
    assert isinstance(await journal_of(sqlite_store).verify(), Whole)
