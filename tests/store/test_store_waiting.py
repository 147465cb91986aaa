"""Whoever holds a message back or lets it go, and whoever erases the conversation, lock in one order."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import Connection, update

from bot.app.dangers import Danger
from bot.app.ports import StoreDown
from bot.app.withheld import Withheld
from bot.core.handoff import Deed
from bot.core.message import Reply
from bot.core.session import State
from bot.core.ticket import Refusal
from bot.core.turn import Turn
from bot.store import turns
from bot.store.backing import Backing
from bot.store.desk_tables import held
from bot.store.open import SqlStore
from bot.store.watching import SqlWithholding
from tests.app.harness.desk import NOW, key_of, open_tickets
from tests.conftest import PostgresServer

ERASED = (
    "DELETE FROM held WHERE conversation_id = 1",
    "DELETE FROM drafts WHERE conversation_id = 1",
)
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'bot' AND wait_event_type = 'Lock'"


def spoken(state: State) -> Turn | Refusal:
    return Turn(state, (Reply("Chào bác", author="Lan"),))


class MessageFirst(SqlWithholding):
    """Takes the message before the conversation that it belongs to."""

    def __init__(self, backing: Backing) -> None:
        super().__init__(backing)
        self.backing = backing

    async def release(self, id: int, deed: Deed, _: int, now: int) -> None:
        def work(connection: Connection) -> None:
            connection.execute(update(held).where(held.c.id == id).values(status="released"))
            ledger = self.backing.database.ledger(connection)
            turns.act(ledger, self.backing.setting(now), key_of(0), None, deed)

        await self.backing.database.write(work)


async def withheld(store: SqlStore, with_: SqlWithholding, key: str = "one") -> Withheld:
    found = await with_.hold(key_of(0), 1, key, ("Chào bác", None), (Danger.NEW,), NOW)
    assert found is not None
    return found


async def erasing_meets_release(
    server: PostgresServer, store: SqlStore, withholding: SqlWithholding
) -> object:
    """What becomes of a release that begins while the conversation is being erased."""
    await open_tickets(store, 1)
    message = await withheld(store, withholding)
    with psycopg.connect(server.dsn("bot")) as eraser, psycopg.connect(server.dsn("bot")) as onlooker:
        onlooker.autocommit = True
        eraser.execute("SELECT 1 FROM conversations WHERE id = 1 FOR UPDATE")
        released = asyncio.create_task(withholding.release(message.id, spoken, 2, NOW))
        while onlooker.execute(BLOCKED).fetchone() == (0,):  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0)
        for statement in ERASED:
            await asyncio.to_thread(eraser.execute, statement)
        eraser.commit()
        return await released


async def test_a_release_waits_for_who_erases(pg_server: PostgresServer, postgres_store: SqlStore) -> None:
    outcome = await erasing_meets_release(pg_server, postgres_store, SqlWithholding(postgres_store.backing))
    assert outcome is None


async def test_locking_the_message_first_is_a_deadlock(
    pg_server: PostgresServer, postgres_store: SqlStore
) -> None:
    """PostgreSQL ends one of the two: the release hears that the database is down, or the erasing fails."""
    with pytest.raises((StoreDown, psycopg.errors.DeadlockDetected)):
        await erasing_meets_release(pg_server, postgres_store, MessageFirst(postgres_store.backing))


async def test_the_same_message_twice_at_once_is_held_once(postgres_store: SqlStore) -> None:
    await open_tickets(postgres_store, 1)
    withholding = SqlWithholding(postgres_store.backing)
    found = await asyncio.gather(*(withheld(postgres_store, withholding, str(n // 4)) for n in range(40)))
    assert len({one.id for one in found}) == 10
