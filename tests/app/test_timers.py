"""What time alone changes: reminders once, windows that are over, data that is past its age."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import cast

import pytest

from bot.app import timers as module
from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.outbox import Outbox
from bot.app.platform import Raw, Unreachable
from bot.app.ports import Store, StoreDown
from bot.app.statistics import funnel
from bot.app.timers import run_purge, run_timers, wake_due
from bot.core import timing
from bot.core.book import Book
from bot.core.session import Outcome
from bot.language.sieve import sift
from tests.app.harness.flaws import Between
from tests.app.harness.parts import NOW, WITHIN, Held, Phone, somebody
from tests.app.harness.post import Post
from tests.books import book_of, small_root

REMIND = 20 * 60
WINDOW = 3600


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@dataclass(slots=True)
class Village:
    """Residents at the step of the small guide that has a reminder and a window."""

    store: Store
    book: Book
    now: int = NOW

    async def arrive(self, name: str) -> None:
        await self.press(name, "xin chào")
        await self.press(name)
        await self.press(name)
        await self.press(name, "tôi muốn kích hoạt vneid")

    async def press(self, name: str, text: str = "") -> None:
        """Press the first choice of the last message, or write something."""
        inbox = Inbox(self.store, answering(self.book), sift, Bell(), lambda: self.now, lambda: name)
        lines = await self.store.lines(somebody(name), 0, 1)
        button = lines[-1].reply.choices[0].token if lines and not text else ""
        begin = "" if lines or text else "!begin."
        await inbox.receive(Raw(somebody(name), f"{name} {self.now}", text, button or begin))
        self.now += 1

    async def wake(self, after: int) -> int:
        self.now += after
        return await wake_due(self.store, self.book, self.now)

    async def read(self, name: str) -> list[str]:
        """What has reached the person by now, oldest first."""
        phone = Phone()
        post = Post(self.store, phone)
        post.now = self.now
        for _ in range(10):
            if not await post.deliver():
                break
        return phone.texts(name)

    async def outcomes(self, step: str) -> Mapping[str, int]:
        figures = funnel(self.book.flows["thu"], await self.store.counts("thu"))
        return next(found.outcomes for found in figures.steps if found.step == step)


@pytest.fixture
async def village(store: Store, book: Book) -> Village:
    village = Village(store, book)
    await village.arrive("an")
    return village


@asynccontextmanager
async def running(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        async with asyncio.timeout(WITHIN):
            yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_reminder_comes_once_and_repeats_the_step(village: Village) -> None:
    before = await village.read("an")
    assert await village.wake(REMIND - 2) == 0
    assert await village.wake(2) == 1
    (reminder,) = await village.read("an")
    assert "dùng máy nào" in reminder
    assert reminder not in before
    assert await village.wake(60) == 0
    assert await village.read("an") == []


async def test_a_window_that_is_over_ends_the_stay_in_silence(village: Village) -> None:
    await village.read("an")
    await village.wake(REMIND)
    await village.read("an")
    assert (await village.outcomes("chon"))[Outcome.OPEN] == 1
    assert await village.wake(WINDOW - REMIND) == 1
    assert await village.read("an") == []
    outcomes = await village.outcomes("chon")
    assert (outcomes[Outcome.OPEN], outcomes[Outcome.EXPIRED]) == (0, 1)
    assert await village.wake(WINDOW) == 0


async def test_who_answers_in_time_is_left_in_peace(village: Village) -> None:
    village.now += REMIND - 10
    await village.press("an")
    await village.read("an")
    await village.wake(60)
    assert await village.read("an") == []
    assert (await village.outcomes("chon"))[Outcome.ANSWERED] == 1


async def test_the_place_is_kept_after_the_window(village: Village) -> None:
    await village.wake(WINDOW)
    await village.press("an", "2")
    await village.read("an")
    assert (await village.outcomes("chon"))[Outcome.ANSWERED] == 1
    assert (await village.outcomes("chon"))[Outcome.EXPIRED] == 0


class Rounds(Between):
    """Writes down how many were due, and says when nobody is any more."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.rounds: list[int] = []
        self.done = asyncio.Event()

    async def wake(self, *rest: object) -> int:
        due: int = await self.store.wake(*rest)  # type: ignore[arg-type]
        self.rounds.append(due)
        if not due:
            self.done.set()
        return due


async def test_many_who_are_due_are_woken_without_a_pause(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER", 1)
    await village.arrive("binh")
    rounds = Rounds(village.store)
    bell = Bell()
    rung = bell.listen("fake")
    late = village.now + REMIND
    async with running(run_timers(cast("Store", rounds), village.book, bell, lambda: late, unexpected)):
        await rounds.done.wait()
        await rung.wait()  # what was said for them can be sent now
    assert rounds.rounds == [1, 1, 0]


async def test_timers_outlive_a_store_that_is_away(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.0)
    held = Held(village.store)
    held.down = 3
    rounds = Rounds(cast("Store", held))
    late = village.now + REMIND
    async with running(run_timers(cast("Store", rounds), village.book, Bell(), lambda: late, unexpected)):
        await rounds.done.wait()
    assert rounds.rounds[:2] == [1, 0]


async def test_one_broken_conversation_does_not_stop_the_clock(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.0)
    rounds = Rounds(village.store)
    faults: list[tuple[str, str]] = []
    tries = iter([True])

    def broken(*rest: object) -> object:
        if next(tries, False):
            raise ZeroDivisionError
        return timing.wake(*rest)  # type: ignore[arg-type]

    await village.arrive("binh")
    monkeypatch.setattr(module, "wake", broken)
    late = village.now + REMIND

    def note(where: str, fault: BaseException) -> None:
        faults.append((where, type(fault).__name__))

    async with running(run_timers(cast("Store", rounds), village.book, Bell(), lambda: late, note)):
        await rounds.done.wait()
    assert faults == [("timers", "ZeroDivisionError")]


def unexpected(where: str, fault: BaseException) -> None:
    raise AssertionError(where) from fault


async def test_who_blocks_us_is_counted_where_they_stood(village: Village) -> None:
    phone = Phone(Unreachable("blocked"))
    gone = partial(timing.unreachable, village.book)
    bell = Bell()
    outbox = Outbox(village.store, phone, bell, lambda: village.now, unexpected, gone)
    await outbox.deliver_due()
    outcomes = await village.outcomes("chon")
    assert (outcomes[Outcome.BLOCKED], outcomes[Outcome.OPEN]) == (1, 0)
    state = await village.store.state(somebody("an"))
    assert state is not None
    assert state.session is not None
    assert not state.session.is_open


class Tired(Between):
    """Is away for the first purge."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.tries = 0
        self.purged: asyncio.Future[Mapping[str, int]] = asyncio.get_running_loop().create_future()

    async def purge(self, now: int) -> Mapping[str, int]:
        self.tries += 1
        if self.tries == 1:
            raise StoreDown("for this test")
        deleted = await self.store.purge(now)
        if not self.purged.done():
            self.purged.set_result(deleted)
        return deleted


async def test_what_is_past_its_age_is_deleted(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PURGE_EVERY", 0.0)
    tired = Tired(village.store)
    much_later = village.now + 60 * 86_400
    async with running(run_purge(cast("Store", tired), lambda: much_later)):
        deleted = await tired.purged
    assert deleted["conversations"] == 1
    assert await village.store.state(somebody("an")) is None
