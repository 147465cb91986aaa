"""The actions over a real store, called in process; skipped where rasa-sdk is not installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count

import pytest

pytest.importorskip("rasa_sdk")

from rasa_sdk.executor import ActionExecutor

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.ports import NoPictures, Store
from bot.core.book import Book
from bot.language.sieve import sift
from bot.rasa import actions
from bot.rasa.opened import Bot, Opened, Turns
from tests.books import ROOT, book_of
from tests.rasa.rasa_world import Rasa, the_domain

NOW = 1_795_000_000


@pytest.fixture(scope="session")
def book() -> Book:
    return book_of(ROOT)


def starting(book: Book, store: Store) -> Callable[[], AbstractAsyncContextManager[Bot]]:
    numbers = count(1)

    def drawn() -> str:
        return f"{next(numbers):016x}"

    @asynccontextmanager
    async def started() -> AsyncIterator[Bot]:
        turns = Turns()
        inbox = Inbox(store, turns.noting(answering(book)), sift, Bell(), lambda: NOW, drawn)
        yield Bot(book, store, inbox, turns, sift, NoPictures(), "", drawn)

    return started


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
async def executor(
    book: Book, store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ActionExecutor]:
    opened = Opened(starting(book, store))
    monkeypatch.setattr(actions, "opened", opened)
    executor = ActionExecutor()
    executor.register_package("bot.rasa")
    yield executor
    await opened.close()


@pytest.fixture
def rasa(executor: ActionExecutor) -> Rasa:
    async def call(body: dict[str, object]) -> dict[str, object]:
        result = await executor.run(body)
        assert result is not None
        answer: dict[str, object] = result.model_dump()
        return answer

    return Rasa(call, the_domain())
