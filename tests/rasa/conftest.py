"""The actions over a real store, called in process. What needs rasa-sdk is imported where it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.ports import NoPictures, Sieve, Store
from bot.core.book import Book
from bot.language.sieve import sift
from tests.books import ROOT, book_of
from tests.rasa.rasa_world import Rasa, the_domain

if TYPE_CHECKING:
    from rasa_sdk.executor import ActionExecutor

    from bot.rasa.opened import Bot

NOW = 1_795_000_000


@pytest.fixture(scope="session")
def book() -> Book:
    return book_of(ROOT)


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def sieve() -> Sieve:
    return sift


@pytest.fixture
def start(book: Book, store: Store, sieve: Sieve) -> Callable[[], AbstractAsyncContextManager[Bot]]:
    from bot.rasa.opened import Bot, Turns

    numbers = count(1)

    def drawn() -> str:
        return f"{next(numbers):016x}"

    @asynccontextmanager
    async def started() -> AsyncIterator[Bot]:
        turns = Turns()
        inbox = Inbox(store, turns.noting(answering(book)), sieve, Bell(), lambda: NOW, drawn)
        yield Bot(book, store, inbox, turns, sieve, NoPictures(), "", drawn)

    return started


@pytest.fixture
async def executor(
    start: Callable[[], AbstractAsyncContextManager[Bot]], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ActionExecutor]:
    from rasa_sdk.executor import ActionExecutor

    from bot.rasa import actions
    from bot.rasa.opened import Opened

    opened = Opened(start)
    monkeypatch.setattr(actions, "opened", opened)
    executor = ActionExecutor()
    executor.register_package("bot.rasa")
    yield executor
    await opened.close()


@pytest.fixture
def rasa(executor: ActionExecutor) -> Rasa:
    async def call(body: dict[str, Any]) -> dict[str, Any]:
        result = await executor.run(body)
        assert result is not None
        answer: dict[str, Any] = result.model_dump()
        return answer

    return Rasa(call, the_domain())
