"""A database that is away: said in time, nothing half done, and well again when it is back."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from store_people import NOW, greet, look, rows, said, take, telegram

from bot.app.ports import Kept, StoreDown
from bot.core.dialogue import Turn
from bot.core.message import Incoming
from bot.core.session import State
from bot.store import running
from bot.store.open import SqlStore, open_store

KEY = bytes(32)


async def test_a_server_that_dies_and_comes_back(own_pg_server: Any) -> None:
    store = open_store(own_pg_server.new_database(), KEY, frozenset({"web"}))
    await asyncio.gather(*(take(store, said(telegram(str(person)), "a")) for person in range(8)))
    own_pg_server.stop(signal.SIGQUIT)
    with pytest.raises(StoreDown):
        await take(store, said(telegram("1"), "b"))
    with pytest.raises(StoreDown):
        await store.state(telegram("1"))
    with pytest.raises(StoreDown):
        await store.parcels(("telegram",), NOW, 10)
    own_pg_server.start()
    results = await asyncio.gather(*(take(store, said(telegram(str(person)), "b")) for person in range(8)))
    assert {taken.lines[0].reply.text for [taken] in results} == {"Tin thứ 2"}
    await store.close()


async def test_a_connection_killed_in_the_middle_of_a_turn(postgres_store: SqlStore) -> None:
    store = postgres_store
    await take(store, said(telegram("1"), "a"))
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"

    def cut(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        asyncio.run(look(store, f"{kill} AND datname = current_database()"))
        return greet(state, message, kept)

    with pytest.raises(StoreDown):
        await store.take([said(telegram("1"), "b")], cut, NOW)
    with pytest.raises(StoreDown):
        await store.take([said(telegram("1"), "b")], _kept_while(cut), NOW)
    [taken] = await take(store, said(telegram("1"), "b"))
    assert (taken.repeated, taken.lines[0].reply.text) == (False, "Tin thứ 2")


def _kept_while(cut: Any) -> Any:
    """The connection is lost while the turn itself reads from it: that is no fault of the message."""

    def respond(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        turn: Turn = cut(state, message, kept)
        kept()
        return turn

    return respond


async def test_a_full_disk_is_a_database_that_is_away(sqlite_store: SqlStore) -> None:
    database: Any = sqlite_store._database
    [(pages,)] = database._write_raw.execute("PRAGMA page_count").fetchall()
    database._write_raw.execute(f"PRAGMA max_page_count = {pages}")
    batch = [said(telegram(str(person)), "a") for person in range(64)]
    with pytest.raises(StoreDown):
        await sqlite_store.take(batch, greet, NOW)
    assert await rows(sqlite_store) == {}
    database._write_raw.execute("PRAGMA max_page_count = 1000000")
    assert not any(taken.repeated for taken in await take(sqlite_store, *batch))


async def test_an_answer_that_comes_too_late_is_not_committed(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, held = Event(), Event()

    def slow(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        held.set()
        assert hold.wait(20)
        return greet(state, message, kept)

    with monkeypatch.context() as patch:
        patch.setattr(running, "ANSWER_WITHIN", 0.05)
        with pytest.raises(StoreDown, match="no answer"):
            await store.take([said(telegram("1"), "a")], slow, NOW)
    assert held.is_set()
    hold.set()
    [taken] = await take(store, said(telegram("1"), "a"))
    assert not taken.repeated


async def test_negative_control_a_caller_that_is_not_heard_gets_a_late_commit(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the check before the commit, the message counts although its sender was told it does not."""
    hold = Event()

    class Deaf(running.Call):
        given_up = property(lambda _: False, lambda _, __: None)

    def slow(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        assert hold.wait(20)
        return greet(state, message, kept)

    with monkeypatch.context() as patch:
        patch.setattr(running, "ANSWER_WITHIN", 0.05)
        patch.setattr(running, "Call", Deaf)
        with pytest.raises(StoreDown):
            await sqlite_store.take([said(telegram("1"), "a")], slow, NOW)
        hold.set()
        patch.setattr(running, "ANSWER_WITHIN", 10.0)
        [taken] = await take(sqlite_store, said(telegram("1"), "a"))
        assert taken.repeated


async def test_work_that_waits_in_the_queue_of_a_caller_who_left_never_starts() -> None:
    executor = ThreadPoolExecutor(1)
    hold = Event()
    started: list[int] = []
    executor.submit(hold.wait, 20)
    with pytest.raises(StoreDown):
        await running.in_thread(executor, lambda _: started.append(1), 0.01)
    hold.set()
    executor.shutdown()
    assert started == []
