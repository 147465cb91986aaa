"""A platform in trouble: what it can still do goes on, what failed begins again, nothing is left."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.app import duty
from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.platform import Door, Platform, Take, Webhook
from bot.app.ports import NoPictures
from bot.core.book import Book
from bot.language.sieve import sift
from bot.outside import Inside, Outside, _serve
from bot.store.open import SqlStore
from tests.app.harness.parts import NOW, WITHIN, Phone, say, somebody
from tests.books import book_of, small_root


class Deaf(Phone, Platform):
    """Delivers, and fails whenever it is to hear."""

    webhook: Webhook | None = None

    def __init__(self) -> None:
        super().__init__()
        self.tended = 0
        self.often = asyncio.Event()
        self.closed = False

    def door(self, _: str) -> Door | None:
        return None

    async def tend(self) -> None:
        self.tended += 1
        if self.tended > 5:
            self.often.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fail())

    async def _fail(self) -> None:
        raise ZeroDivisionError

    async def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


async def test_who_cannot_hear_still_speaks(
    store: SqlStore, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty, "LOOK", 0.001)
    bell, deaf, faults = Bell(), Deaf(), set[tuple[str, str]]()
    inbox = Inbox(store, answering(book), sift, bell, lambda: NOW, str)

    def report(where: str, fault: BaseException) -> None:
        faults.add((where, type(fault).__name__))

    inside = Inside(store, book, bell, inbox, NoPictures(), lambda: NOW, report, "một")

    def opening(_take: Take, _inside: Inside) -> Platform:
        return deaf

    before = asyncio.all_tasks()
    serving = asyncio.create_task(
        _serve(Outside({"/webhooks/fake": None}), "/webhooks/fake", opening, inside)
    )
    async with asyncio.timeout(WITHIN):
        await deaf.often.wait()
        await say(store, somebody("an"), "chào")
        bell.ring((), {"fake"})
        await deaf.arrived.wait()
    assert deaf.texts("an") == ["chào"]
    assert faults == {("fake", "ZeroDivisionError")}
    assert len(bell._listening) == 1
    serving.cancel()
    async with asyncio.timeout(WITHIN):
        with suppress(asyncio.CancelledError):
            await serving
    await asyncio.sleep(0)
    assert deaf.closed
    assert asyncio.all_tasks() <= before
