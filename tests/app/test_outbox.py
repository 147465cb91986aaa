"""What was committed is delivered in order, again when that may help, and once when nobody dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from bot.app import outbox as module
from bot.app.bell import Bell
from bot.app.outbox import TOGETHER
from bot.app.platform import TryLater
from bot.app.ports import Store
from bot.core.events import ErasureRequested
from bot.core.message import Address, Incoming, Reply
from bot.core.turn import Turn
from bot.store.delivering import LEASE
from bot.store.open import SqlStore
from tests.app.harness.flaws import Between, Overtaking
from tests.app.harness.parts import NOW, WITHIN, Phone, say, somebody
from tests.app.harness.post import AN, BINH, Counting, Post, Slow, running


async def test_replies_of_one_conversation_leave_one_after_the_other(store: Store) -> None:
    phone = Phone()
    post = Post(store, phone)
    await say(store, AN, "một", "hai")
    await say(store, BINH, "chào")
    assert [await post.deliver(), await post.deliver(), await post.deliver()] == [2, 1, 0]
    assert phone.texts("an") == ["một", "hai"]
    assert phone.texts("binh") == ["chào"]


async def held_back(store: Store) -> None:
    """While a reply must wait, nothing later overtakes it; other people's replies leave."""
    phone = Phone(TryLater(30))
    post = Post(store, phone)
    await say(store, AN, "một", "hai")
    await post.deliver()
    await say(store, BINH, "chào")
    await post.deliver(after=30)  # our clock counts whole seconds: it may have been 29.1
    assert phone.read == [("binh", "chào")]
    await post.deliver(after=1)
    await post.deliver()
    assert phone.texts("an") == ["một", "hai"]


async def test_a_reply_that_must_wait_holds_back_the_later_ones(store: Store) -> None:
    await held_back(store)


async def test_an_outbox_that_lets_replies_overtake_is_seen(store: Store) -> None:
    with pytest.raises(AssertionError):
        await held_back(cast("Store", Overtaking(store)))


async def test_a_reply_of_several_parts_goes_on_where_it_stopped(store: Store) -> None:
    class Stopping(Phone):
        async def send(self, address: Address, reply: Reply, part: int) -> int:
            if part == 1 and not self.faults:
                self.faults.append(TryLater(3))
                raise TryLater(3)
            self.faults.clear()
            return await super().send(address, reply, part)

    phone = Stopping(parts=3)
    post = Post(store, phone)
    await say(store, AN, "một")
    assert await post.deliver() == 1
    assert phone.texts("an") == ["một 1/3"]
    assert await post.deliver(after=4) == 1
    assert phone.texts("an") == ["một 1/3", "một 2/3", "một 3/3"]
    assert await post.deliver(after=LEASE) == 0


async def test_a_sender_that_died_is_followed_by_one_marked_try(
    store: SqlStore, reopen: Callable[[], SqlStore], request: pytest.FixtureRequest
) -> None:
    await say(store, AN, "một", "hai")
    (lost,) = await store.parcels(("fake",), NOW, 10)
    assert not lost.again
    await store.close()
    after = reopen()
    try:
        # one SQLite file is used by one process: who opens it knows that the sender died
        waits = 0 if "sqlite" in request.node.name else LEASE
        if waits:
            assert await after.parcels(("fake",), NOW + waits - 1, 10) == []
        (found,) = await after.parcels(("fake",), NOW + waits, 10)
        assert (found.id, found.again, found.attempts) == (lost.id, True, 2)
        phone = Phone()
        post = Post(after, phone)
        await post.deliver(after=2 * LEASE)
        await post.deliver()
        assert phone.texts("an") == ["một", "hai"]
    finally:
        await after.close()


async def test_two_outboxes_never_send_one_reply_twice(store: Store) -> None:
    people = [somebody(f"an {number}") for number in range(12)]
    for person in people:
        await say(store, person, "một", "hai")
    phone = Phone()
    posts = [Post(store, phone), Post(store, phone)]
    for _ in range(10):
        if not any(await asyncio.gather(*(post.deliver() for post in posts))):
            break
    for person in people:
        assert phone.texts(person.id) == ["một", "hai"]


async def test_a_quick_platform_gets_replies_one_by_one(store: Store) -> None:
    """So that a crash doubles one reply at most."""
    for number in range(10):
        await say(store, somebody(f"an {number}"), "một")
    phone = Counting()
    async with running(Post(store, phone).outbox):
        while len(phone.read) < 10:
            phone.arrived.clear()
            await phone.arrived.wait()
    assert phone.most == 1


async def test_many_people_are_served_at_the_same_time(store: Store) -> None:
    for number in range(TOGETHER + 1):
        await say(store, somebody(f"an {number}"), "một")
    phone = Slow(TOGETHER)
    assert await Post(store, phone).deliver() == TOGETHER
    assert len(phone.read) == TOGETHER


async def test_people_who_fetch_their_replies_are_sent_nothing(store: Store) -> None:
    await say(store, somebody("an", "web"), "một")
    phone = Phone(name="web")
    assert await Post(store, phone).deliver() == 0


async def test_a_channel_that_is_switched_off_keeps_its_replies_waiting(store: Store) -> None:
    await say(store, somebody("an", "other"), "một")
    assert await Post(store, Phone()).deliver() == 0
    other = Phone(name="other")
    assert await Post(store, other).deliver() == 1
    assert other.texts("an") == ["một"]


async def test_each_channel_is_sent_its_own(store: Store) -> None:
    fake, other = Phone(), Phone(name="other")
    await say(store, AN, "một")
    await say(store, somebody("binh", "other"), "hai")
    await Post(store, fake, other).deliver()
    assert fake.read == [("an", "một")]
    assert other.read == [("binh", "hai")]


async def test_of_who_did_not_agree_nothing_is_left_once_it_arrived(store: SqlStore) -> None:
    phone = Phone()
    await say(store, AN, "một", keeps=False)
    await Post(store, phone).deliver()
    assert phone.texts("an") == ["một"]
    known = await say(store, AN, "một", keeps=False)
    assert known.repeated
    assert known.lines == ()


async def test_it_delivers_as_soon_as_the_bell_rings(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", 2 * WITHIN)
    phone, bell = Phone(), Bell()
    async with running(Post(store, phone, bell=bell).outbox):
        taken = await say(store, AN, "một", "hai", "ba")
        assert taken.conversation is not None
        bell.ring([taken.conversation])
        while len(phone.read) < 3:
            await phone.arrived.wait()
            phone.arrived.clear()
    assert phone.texts("an") == ["một", "hai", "ba"]


async def test_the_answer_to_an_erasure_does_not_overtake_what_is_on_its_way(store: Store) -> None:
    class Slow(Phone):
        def __init__(self) -> None:
            super().__init__()
            self.line = asyncio.Event()

        async def send(self, address: Address, reply: Reply, part: int) -> int:
            self.arrived.set()
            await self.line.wait()
            return await super().send(address, reply, part)

    phone = Slow()
    post = Post(store, phone)
    await say(store, AN, "một")
    first = asyncio.create_task(post.deliver())
    async with asyncio.timeout(WITHIN):
        await phone.arrived.wait()
        erased = Turn(None, (Reply("Em đã xóa hết."),), (ErasureRequested(),))
        await store.take([Incoming(AN, "2", "xóa")], lambda *_: erased, NOW)
        claimed = asyncio.create_task(post.deliver())
        await post.holds(2)
        assert phone.read == []
        phone.line.set()
        assert [await first, await claimed] == [1, 1]
    assert phone.texts("an") == ["một", "Em đã xóa hết."]
    assert post.outbox._speaking == {}


async def test_the_next_reply_leaves_as_soon_as_the_one_before_it_is_noted(store: Store) -> None:
    """It may be claimed when that is settled in the store and nobody here has heard of it yet."""

    class Slow(Between):
        def __init__(self, store: Store) -> None:
            super().__init__(store)
            self.noted, self.heard = asyncio.Event(), asyncio.Event()

        async def settle(self, *what: Any, done: int = 0) -> None:
            await self.store.settle(*what, done=done)  # type: ignore[misc] # as it is called
            self.noted.set()
            await self.heard.wait()

    slow = Slow(store)
    phone = Phone()
    post = Post(cast("Store", slow), phone)
    await say(store, AN, "một", "hai")
    first = asyncio.create_task(post.deliver())
    async with asyncio.timeout(WITHIN):
        await slow.noted.wait()
        second = asyncio.create_task(post.deliver())
        await post.holds(2)
        slow.heard.set()
        assert [await first, await second] == [1, 1]
    assert phone.texts("an") == ["một", "hai"]
