"""What was committed is delivered in order, again when that may help, and once when nobody dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

import pytest

from bot.app import outbox as module
from bot.app.bell import Bell
from bot.app.outbox import AWAY_AFTER, LONGEST_PAUSE, TOGETHER, Outbox
from bot.app.platform import Refused, TryLater, Unreachable
from bot.app.ports import Store, StoreDown
from bot.core.events import ErasureRequested
from bot.core.message import Address, Incoming, Reply
from bot.core.turn import Turn
from bot.store.delivering import LEASE
from bot.store.open import SqlStore
from tests.app.harness.flaws import Between, Overtaking
from tests.app.harness.parts import NOW, WITHIN, Held, Phone, say, somebody

AN = somebody("an")
BINH = somebody("binh")


class Post:
    """An outbox with a clock in hand."""

    def __init__(self, store: Store, *phones: Phone, bell: Bell | None = None) -> None:
        self.now = NOW
        self.faults: list[tuple[str, str]] = []
        bell = bell or Bell()
        self.outboxes = [
            Outbox(store, phone, bell, lambda: self.now, self._report, lambda *_: None) for phone in phones
        ]

    def _report(self, where: str, fault: BaseException) -> None:
        self.faults.append((where, type(fault).__name__))

    async def deliver(self, after: int = 0) -> int:
        self.now += after
        async with asyncio.timeout(WITHIN):
            return sum([await outbox.deliver_due() for outbox in self.outboxes])

    @property
    def outbox(self) -> Outbox:
        return self.outboxes[0]


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.run())
    try:
        async with asyncio.timeout(WITHIN):
            yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


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


class Broken(Phone):
    """A channel with a fault of ours in it: it strikes one person's replies."""

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        if address.id == "an":
            raise ValueError("a fault nobody thought of")
        return await super().send(address, reply, part)


async def test_a_fault_in_one_reply_is_reported_and_stops_nobody_else(store: Store) -> None:
    await say(store, AN, "một")
    await say(store, BINH, "chào")
    phone = Broken()
    post = Post(store, phone)
    assert await post.deliver() == 2
    assert phone.read == [("binh", "chào")]
    assert post.faults == [("send", "ValueError")]
    assert await post.deliver(after=2 * LEASE) == 0  # it is not tried for ever


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


class Counting(Phone):
    """Counts how many replies are on their way at once; `gate` holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self.gate, self.begun = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.set()
        await self.gate.wait()
        await asyncio.sleep(0)
        self.now -= 1
        return await super().send(address, reply, part)


class Slow(Phone):
    """Nobody's reply arrives before everybody's is on its way."""

    per_second = 5000.0

    def __init__(self, people: int) -> None:
        super().__init__()
        self._meeting = asyncio.Barrier(people)

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        await self._meeting.wait()
        return await super().send(address, reply, part)


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
        assert await post.deliver() == 1
        phone.line.set()
        assert await first == 1
    assert phone.texts("an") == ["một"]
    assert await post.deliver(after=2) == 1
    assert phone.texts("an") == ["một", "Em đã xóa hết."]
    assert post.outbox._spoken_to == set()


async def test_a_wish_that_no_clock_can_hold_harms_nobody(store: Store) -> None:
    phone = Phone(TryLater(float("inf")), TryLater(1e30))
    post = Post(store, phone)
    await say(store, AN, "một")
    await say(store, BINH, "hai")
    assert await post.deliver() == 2
    assert await post.deliver(after=86_402) == 2
    assert post.faults == []
    assert sorted(phone.read) == [("an", "một"), ("binh", "hai")]


async def test_who_waits_hears_the_bell_of_their_own_conversation() -> None:
    bell = Bell()
    mine = asyncio.create_task(bell.wait(1, WITHIN))
    also_mine = asyncio.create_task(bell.wait(1, WITHIN))
    others = asyncio.create_task(bell.wait(2, WITHIN))
    await asyncio.sleep(0)
    bell.ring([1, 3])
    assert await mine
    assert await also_mine
    assert not others.done()
    others.cancel()
    with suppress(asyncio.CancelledError):
        await others
    assert bell._waiting == {}


async def test_a_bell_that_does_not_ring_is_not_waited_for_longer_than_asked() -> None:
    bell = Bell()
    assert not await bell.wait(1, 0)
    assert bell._waiting == {}


async def test_only_a_channel_that_has_something_to_send_hears_the_bell() -> None:
    bell = Bell()
    fake, other = bell.listen("fake"), bell.listen("other")
    bell.ring([7], {"fake"})
    assert (fake.is_set(), other.is_set()) == (True, False)
    bell.ring([])
    assert other.is_set()


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
