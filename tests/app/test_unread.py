"""Nobody agrees to words that have not arrived: while a platform is away, "vâng" is no consent."""

from __future__ import annotations

import pytest

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.platform import Raw, TryLater
from bot.core.book import Book
from bot.language.sieve import sift
from bot.store import turns
from bot.store.open import SqlStore
from tests.app.harness.parts import NOW, Phone, somebody
from tests.app.harness.post import Post
from tests.books import book_of, small_root

AN = somebody("an")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


async def kept(store: SqlStore, book: Book, phone: Phone, after: int, word: str) -> bool:
    """Whether somebody is remembered who said a word so many seconds after their first message."""
    inbox = Inbox(store, answering(book), sift, Bell(), lambda: NOW, str)
    post = Post(store, phone)
    await inbox.receive(Raw(AN, "1", "xin chào"))
    while await post.deliver():
        pass
    if after:
        await post.deliver(after)
    await inbox.receive(Raw(AN, "2", word))
    return await store.state(AN) is not None


@pytest.mark.parametrize("word", ["1", "vâng", "bắt đầu"])
async def test_what_was_read_can_be_agreed_to(store: SqlStore, book: Book, word: str) -> None:
    assert await kept(store, book, Phone(), 0, word)


@pytest.mark.parametrize("word", ["1", "vâng", "bắt đầu"])
async def test_what_has_not_arrived_cannot(store: SqlStore, book: Book, word: str) -> None:
    assert not await kept(store, book, Phone(TryLater(60, away=True)), 0, word)


async def test_what_arrives_late_can(store: SqlStore, book: Book) -> None:
    assert await kept(store, book, Phone(TryLater(60, away=True)), 62, "1")


async def test_a_store_that_does_not_look_takes_it_for_consent(
    sqlite_store: SqlStore, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(turns, "is_unread", lambda *_: False)
    assert await kept(sqlite_store, book, Phone(TryLater(60, away=True)), 0, "vâng")
