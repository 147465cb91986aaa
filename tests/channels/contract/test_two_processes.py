"""Two processes, one database, one platform: one of them works, and when it dies the other goes on."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

from bot.app.bell import Bell
from bot.app.duty import LEASE, LOOK
from bot.app.inbox import Inbox
from bot.app.outbox import IDLE, WATCHFUL
from bot.app.platform import Raw
from bot.app.ports import NoPictures, Store, StoreDown
from bot.config import Settings
from bot.core.book import Book
from bot.core.message import Address
from bot.language.sieve import sift
from bot.outside import Inside, opened
from bot.store.open import SqlStore, open_store
from tests.app.harness.flaws import Between
from tests.channels.contract.crowds import numbered_answers
from tests.conftest import KEY
from tests.platforms.clock import calendar
from tests.platforms.telegram import FakeTelegram, TooMany

TAKEN_OVER = LEASE + LOOK


class Mortal(Between):
    """The database as a process reaches it; not any more once the process is dead."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)

        async def call(*args: Any, **options: Any) -> Any:
            if self.dead:
                raise StoreDown("dead")
            return await method(*args, **options)

        return call


@dataclass
class Process:
    """One of several. `die` is kill -9: nothing is said to anybody, nothing is noted."""

    store: Mortal
    inbox: Inbox
    task: asyncio.Task[None]

    async def die(self) -> None:
        self.store.dead = True
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


@dataclass
class Village:
    telegram: FakeTelegram
    first: Process
    second: Process

    @property
    def conflicts(self) -> int:
        return sum(call.status == 409 for call in self.telegram.calls)


async def test_one_polls_and_the_other_goes_on_when_it_dies(small: Book, postgres_url: str) -> None:
    async with village(small, postgres_url) as at:
        lan = at.telegram.person("Lan")
        for number in range(5):
            await lan.says(f"câu {number}")
            await lan.hears()
        await asyncio.sleep(60)
        assert at.conflicts == 0
        await at.first.die()
        clock = asyncio.get_running_loop().time
        died = clock()
        await lan.says("câu 5")
        await lan.hears(within=TAKEN_OVER + 10)
        assert clock() - died <= TAKEN_OVER
        assert [message.words[:7] for message in lan.chat] == [f"[câu {number}]" for number in range(6)]
        assert at.conflicts == 0


async def test_what_the_other_has_taken_is_sent_soon(small: Book, postgres_url: str) -> None:
    """Only one sends, and nobody rings between processes."""
    clock = asyncio.get_running_loop().time
    async with village(small, postgres_url) as at:
        lan = at.telegram.person("Lan")
        await lan.says("câu 0")
        await lan.hears()
        await asyncio.sleep(60)
        waits = []
        for number in range(1, 11):
            begun = clock()
            await at.second.inbox.receive(
                Raw(Address("telegram", str(lan.id)), f"k{number}", f"câu {number}")
            )
            await lan.hears()
            waits.append(clock() - begun)
            await asyncio.sleep(10)
        assert waits[0] <= IDLE + 1
        assert max(waits[1:]) <= 2 * WATCHFUL


async def test_what_one_was_asked_to_wait_for_the_other_waits_for(small: Book, postgres_url: str) -> None:
    async with village(small, postgres_url) as at:
        lan = at.telegram.person("Lan")
        at.telegram.faults.add(TooMany(60), chat=lan.id, times=1)
        await lan.says("câu 0")
        await asyncio.sleep(5)
        asked = at.telegram.calls.of("sendMessage")[-1].at
        await at.first.die()
        await lan.says("câu 1")
        await lan.hears(2, within=120)
        assert at.telegram.calls.early() == []
        assert asked + 60 <= at.telegram.calls.of("sendMessage")[-2].at <= asked + 60 + LOOK + 2


async def test_a_process_that_dies_while_it_sends_doubles_no_more_than_that(
    small: Book, postgres_url: str
) -> None:
    async with village(small, postgres_url) as at:
        people = [at.telegram.person(f"Người {number}") for number in range(40)]
        for person in people:
            await person.says("câu 0")
        while sum(len(person.chat) for person in people) < 15:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        await at.first.die()
        await asyncio.gather(*(person.hears(within=180) for person in people if not person.chat))
        await asyncio.sleep(180)
        told = [len(person.chat) for person in people]
        assert min(told) == 1
        assert sum(told) - len(people) <= 1, "only what was on its way"
        assert at.conflicts == 0


async def test_two_without_a_duty_between_them_would_be_seen(small: Book, postgres_url: str) -> None:
    def careless(store: SqlStore) -> Store:
        class Careless(Between):
            async def hold(self, *_: object) -> bool:
                return True

        return cast("Store", Careless(store))

    async with village(small, postgres_url, careless) as at:
        lan = at.telegram.person("Lan")
        await lan.says("câu 0")
        await lan.hears()
        await asyncio.sleep(60)
        assert at.conflicts > 0


@asynccontextmanager
async def village(
    book: Book, url: str, flaw: Callable[[SqlStore], Store] = lambda store: store
) -> AsyncIterator[Village]:
    """Both are up, and the first holds the duty."""
    now = calendar()
    stores = [open_store(url, KEY, frozenset({"web"})) for _ in range(2)]
    async with FakeTelegram(now=now) as telegram:
        processes = []
        for number, store in enumerate(stores):
            mortal, bell = Mortal(flaw(store)), Bell()
            inbox = _inbox(book, mortal, bell, now, number)
            name = f"process {number}"
            inside = Inside(cast("Store", mortal), book, bell, inbox, NoPictures(), now, _ignore, name)
            processes.append(Process(mortal, inbox, asyncio.create_task(_serve(inside, telegram))))
            await asyncio.sleep(2)
        try:
            yield Village(telegram, *processes)
        finally:
            for process in reversed(processes):
                await process.die()
            for store in stores:
                await store.close()


def _inbox(book: Book, store: Mortal, bell: Bell, now: Callable[[], int], number: int) -> Inbox:
    seeds = itertools.count()
    answer = numbered_answers(book)
    return Inbox(cast("Store", store), answer, sift, bell, now, lambda: f"{number:08x}{next(seeds):08x}")


async def _serve(inside: Inside, telegram: FakeTelegram) -> None:
    told = {"enabled": True, "token": telegram.token, "api_base": telegram.base}
    settings = Settings.model_validate({"channels": {"telegram": told}})
    async with opened(settings, inside):
        await asyncio.Event().wait()


def _ignore(where: str, fault: BaseException) -> None:
    """Whatever the dying report."""
