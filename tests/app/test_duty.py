"""One process at a time does what one must do, and another follows when it dies."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.app import duty as module
from bot.app.duty import LEASE, kept_up, on_duty
from bot.app.ports import StoreDown
from bot.store.open import SqlStore
from tests.app.harness.parts import NOW, WITHIN


class Shift:
    """Somebody who stands ready; `working` while they hold the duty."""

    def __init__(self, store: SqlStore, name: str, world: World) -> None:
        self.name = name
        self.working = asyncio.Event()
        self.stopped = asyncio.Event()
        self.faults: list[str] = []
        self.told = asyncio.Event()
        self.fault: Exception | None = None
        self.task = asyncio.create_task(
            on_duty(world.store_of(store), "kênh", name, lambda: world.now, self.work, self.report)
        )

    async def work(self) -> None:
        self.working.set()
        self.stopped.clear()
        try:
            if self.fault is not None:
                fault, self.fault = self.fault, None
                raise fault
            await asyncio.Event().wait()
        finally:
            self.working.clear()
            self.stopped.set()

    def report(self, where: str, fault: BaseException) -> None:
        self.faults.append(f"{where}: {type(fault).__name__}")
        self.told.set()

    async def go_home(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


class World:
    def __init__(self) -> None:
        self.now = NOW
        self.down = self.broken = False

    def store_of(self, store: SqlStore) -> SqlStore:
        world = self

        class Away:
            async def hold(self, *values: object) -> bool:
                if world.down:
                    raise StoreDown("for this test")
                if world.broken:
                    world.broken = False
                    raise ZeroDivisionError
                return await store.hold(*values)  # type: ignore[arg-type]

            async def release(self, duty: str, holder: str) -> None:
                await store.release(duty, holder)

        return Away()  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks often, so that a test need not wait; leases are counted by the world's clock."""
    monkeypatch.setattr(module, "LOOK", 0.001)


async def until(event: asyncio.Event) -> None:
    async with asyncio.timeout(WITHIN):
        await event.wait()


async def test_one_works_and_the_next_follows_who_goes_home(store: SqlStore) -> None:
    world = World()
    first = Shift(store, "một", world)
    await until(first.working)
    second = Shift(store, "hai", world)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not second.working.is_set()
    await first.go_home()
    await until(second.working)
    await second.go_home()


async def test_who_dies_is_followed_when_the_lease_is_over(store: SqlStore) -> None:
    world = World()
    assert await store.hold("kênh", "đã chết", world.now, world.now + LEASE)
    assert not await store.hold("kênh", "hai", world.now + LEASE - 1, world.now + 2 * LEASE)
    world.now += LEASE
    second = Shift(store, "hai", world)
    await until(second.working)
    await second.go_home()


async def test_who_cannot_renew_stops_before_another_begins(store: SqlStore) -> None:
    world = World()
    first = Shift(store, "một", world)
    await until(first.working)
    world.down = True
    world.now += LEASE - 5
    await until(first.stopped)
    assert not await store.hold("kênh", "hai", world.now, world.now + LEASE)
    world.down = False
    await until(first.working)
    await first.go_home()


async def test_work_that_fails_is_told_and_begun_again(store: SqlStore) -> None:
    world = World()
    first = Shift(store, "một", world)
    first.fault = ZeroDivisionError()
    await until(first.told)
    await until(first.working)
    assert first.faults == ["kênh: ZeroDivisionError"]
    await first.go_home()


async def test_a_fault_in_the_store_does_not_end_the_duty(store: SqlStore) -> None:
    world = World()
    world.broken = True
    first = Shift(store, "một", world)
    await until(first.told)
    await until(first.working)
    assert first.faults == ["kênh: ZeroDivisionError"]
    await first.go_home()


async def test_what_never_ends_begins_again_and_tells_what_it_was() -> None:
    tries, told, again = 0, list[str](), asyncio.Event()

    async def work() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ExceptionGroup("together", [ExceptionGroup("inside", [KeyError("an")])])
        if tries == 2:
            raise StoreDown("for this test")
        again.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(kept_up(work, "kênh", lambda _, fault: told.append(type(fault).__name__)))
    await until(again)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert told == ["KeyError", "StoreDown"]


async def test_what_fails_while_it_is_cancelled_ends_all_the_same() -> None:
    begun, told = asyncio.Event(), list[str]()

    async def stubborn() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(stubborn())

    task = asyncio.create_task(kept_up(work, "kênh", lambda _, fault: told.append(type(fault).__name__)))
    await until(begun)
    task.cancel()
    async with asyncio.timeout(WITHIN):
        await asyncio.wait([task])
    assert task.cancelled()
    assert told == ["KeyError"]


async def test_what_failed_in_a_group_is_told_itself(store: SqlStore) -> None:
    shift = Shift(store, "một", World())
    shift.fault = ExceptionGroup("", [ExceptionGroup("", [KeyError()]), ZeroDivisionError()])
    async with asyncio.timeout(WITHIN):
        while len(shift.faults) < 2:
            await shift.told.wait()
            shift.told.clear()
    assert shift.faults == ["kênh: KeyError", "kênh: ZeroDivisionError"]
    await shift.go_home()


async def test_a_secret_is_replaced_only_by_who_has_read_it(store: SqlStore) -> None:
    assert await store.secret("thẻ") is None
    assert await store.keep_secret("thẻ", b"1", 0, NOW)
    assert not await store.keep_secret("thẻ", b"2", 0, NOW)
    assert await store.keep_secret("thẻ", b"2", 1, NOW)
    assert not await store.keep_secret("thẻ", b"3", 1, NOW)
    kept = await store.secret("thẻ")
    assert kept is not None
    assert (kept.value, kept.revision) == (b"2", 2)
