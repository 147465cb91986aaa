"""When a platform, the store or we ourselves fail: pauses, what is given up, what is left for the next."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import cast

import pytest

from bot.app import outbox as module
from bot.app.outbox import AWAY_AFTER, LONGEST_PAUSE, TOGETHER
from bot.app.platform import Refused, TryLater, Unreachable
from bot.app.ports import Store, StoreDown
from bot.core.message import Address, Reply
from bot.store.delivering import LEASE
from tests.app.harness.flaws import Between
from tests.app.harness.parts import WITHIN, Held, Phone, say, somebody
from tests.app.harness.post import AN, BINH, Broken, Counting, Post, running


async def test_what_can_never_arrive_is_not_tried_again(store: Store) -> None:
    phone = Phone(Refused("too long"))
    post = Post(store, phone)
    await say(store, AN, "một", "hai")
    assert [await post.deliver(), await post.deliver(), await post.deliver(after=86_400)] == [1, 1, 0]
    assert phone.texts("an") == ["hai"]


async def test_pauses_grow_and_never_undercut_what_the_platform_asks(store: Store) -> None:
    asked = (1.0, 1.0, 1.0, 40.0, 1.0, 1.0, 1.0)
    phone = Phone(*map(TryLater, asked))
    post = Post(store, phone)
    await say(store, AN, "một")
    await post.deliver()
    for pause in (2, 4, 8, 41, 32, LONGEST_PAUSE, LONGEST_PAUSE):
        assert await post.deliver(after=pause - 1) == 0
        assert await post.deliver(after=1) == 1
    assert phone.texts("an") == ["một"]


async def test_who_cannot_be_reached_is_not_tried_with_the_next_reply(store: Store) -> None:
    phone = Phone(Unreachable("blocked"))
    post = Post(store, phone)
    await say(store, AN, "một", "hai")
    await say(store, BINH, "chào")
    assert [await post.deliver(), await post.deliver(after=LEASE)] == [2, 0]
    assert phone.read == [("binh", "chào")]
    await say(store, AN, "ba", key="again")
    await post.deliver()
    assert phone.texts("an") == ["ba"]


async def test_after_a_day_of_trying_a_step_is_stale(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP_AFTER", 2)
    phone = Phone(TryLater(1), TryLater(1))
    post = Post(store, phone)
    await say(store, AN, "một", "hai")
    assert [await post.deliver(), await post.deliver(after=2), await post.deliver()] == [1, 1, 1]
    assert phone.texts("an") == ["hai"]


async def test_a_fault_in_one_reply_is_reported_and_stops_nobody_else(store: Store) -> None:
    await say(store, AN, "một")
    await say(store, BINH, "chào")
    phone = Broken()
    post = Post(store, phone)
    assert await post.deliver() == 2
    assert phone.read == [("binh", "chào")]
    assert post.faults == [("send", "ValueError")]
    assert await post.deliver(after=2 * LEASE) == 0  # it is not tried for ever


async def test_a_tidy_stop_waits_for_what_is_on_its_way(store: Store) -> None:
    await say(store, AN, "một", "hai")
    phone = Counting()
    phone.gate.clear()
    post = Post(store, phone)
    task = asyncio.create_task(post.outbox.run())
    async with asyncio.timeout(WITHIN):
        await phone.begun.wait()
        task.cancel()
        phone.gate.set()
        with suppress(asyncio.CancelledError):
            await task
    assert phone.texts("an") == ["một"]
    assert await post.deliver(after=2 * LEASE) == 1
    assert phone.texts("an") == ["một", "hai"]


async def test_it_outlives_a_store_that_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", 0.0)
    held = Held(store)
    held.down = 3
    await say(store, AN, "một")
    phone = Phone()
    async with running(Post(cast("Store", held), phone).outbox):
        await phone.arrived.wait()
    assert held.down == 0


async def test_who_is_stopped_twice_leaves_nothing_behind(store: Store) -> None:
    """Once because the duty is lost, once because we end, while a message hangs."""

    class Hanging(Phone):
        async def send(self, address: Address, reply: Reply, part: int) -> int:
            self.arrived.set()
            await asyncio.Event().wait()
            return await super().send(address, reply, part)

    phone = Hanging()
    await say(store, AN, "một")
    before = asyncio.all_tasks()
    task = asyncio.create_task(Post(store, phone).outbox.run())
    async with asyncio.timeout(WITHIN):
        await phone.arrived.wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        while asyncio.all_tasks() - before:  # noqa: ASYNC110 - they are cancelled, and end by themselves
            await asyncio.sleep(0)


async def test_a_wish_that_no_clock_can_hold_harms_nobody(store: Store) -> None:
    phone = Phone(TryLater(float("inf")), TryLater(1e30))
    post = Post(store, phone)
    await say(store, AN, "một")
    await say(store, BINH, "hai")
    assert await post.deliver() == 2
    assert await post.deliver(after=86_402) == 2
    assert post.faults == []
    assert sorted(phone.read) == [("an", "một"), ("binh", "hai")]


async def test_a_platform_that_fails_for_some_is_not_away_for_the_others(store: Store) -> None:
    """Nineteen in a row may be those nineteen; the twentieth gets hers at once."""
    phone = Phone(*(TryLater(away=True) for _ in range(AWAY_AFTER - 1)))
    post = Post(store, phone)
    for number in range(AWAY_AFTER):
        await say(store, somebody(f"{number}"), "chào")
    async with running(post.outbox):
        await phone.arrived.wait()
    assert len(phone.read) == 1


async def test_nobody_is_tried_once_a_platform_is_known_to_be_away(store: Store) -> None:
    phone = Phone(*(TryLater(away=True) for _ in range(TOGETHER)))
    phone.per_second = 1000.0
    post = Post(store, phone)
    for number in range(TOGETHER):
        await say(store, somebody(f"{number}"), "chào")
    assert await post.deliver() == TOGETHER
    assert len(phone.faults) == TOGETHER - AWAY_AFTER, "those that were not met are left"
    phone.faults.clear()
    post.outbox._unanswered = 0
    assert await post.deliver() == TOGETHER - AWAY_AFTER, "at once, for they were not tried"


async def test_what_waits_for_its_turn_when_it_ends_is_the_next_one_s(store: Store) -> None:
    phone = Counting()
    phone.gate.clear()
    post = Post(store, phone)
    for number in range(9):
        await say(store, somebody(f"{number}"), "chào")
    task = asyncio.create_task(post.outbox.run())
    async with asyncio.timeout(WITHIN):
        await phone.begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        phone.gate.set()
        with suppress(asyncio.CancelledError):
            await task
    assert len(phone.read) < 9
    await Post(store, phone).deliver()
    assert len(phone.read) == len(set(phone.read)) == 9, "at once: no lease had to run out"


async def test_while_nothing_can_be_noted_nothing_more_is_sent(store: Store) -> None:
    """Else a database that goes away in a rush doubles the whole rush."""

    class Mute(Between):
        async def settle(self, *_: object, **__: object) -> None:
            raise StoreDown("for this test")

    phone = Counting()
    post = Post(cast("Store", Mute(store)), phone)
    for number in range(9):
        await say(store, somebody(f"{number}"), "chào")
    await post.deliver()
    assert len(phone.read) < 4
    await Post(store, phone).deliver()
    assert phone.read.count(("8", "chào")) <= 1
    await Post(store, phone).deliver(after=2 * LEASE)
    assert {name for name, _ in phone.read} == {f"{number}" for number in range(9)}
