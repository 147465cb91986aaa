"""What platforms tell: each event takes effect once, one that breaks us is parked, who left is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.app.arrivals import PARKED_AFTER, Arrivals
from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.platform import Again, Left, Raw, Unreadable
from bot.app.ports import Kept, StoreDown, Taken
from bot.core.buttons import door_token
from bot.core.message import Incoming
from bot.core.session import Outcome, State, Verb
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.store.open import SqlStore
from tests.app.harness.parts import NOW, counting, somebody
from tests.books import book_of, small_root

AN = somebody("an")


def nothing() -> str:
    return "{text: str}"


class Poisoned:
    """Turns fail on one text; how often is counted."""

    def __init__(self) -> None:
        self.failed = 0

    def __call__(self, state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        if message.text == "độc":
            self.failed += 1
            raise ZeroDivisionError
        return counting(state, message, now, kept)


def arrivals_of(store: SqlStore, answer: Poisoned) -> tuple[Arrivals, list[str]]:
    inbox = Inbox(store, answer, sift, Bell(), lambda: NOW, str)
    faults: list[str] = []
    told = Arrivals(inbox.receive, store, lambda: NOW, lambda where, _: faults.append(where))
    return told, faults


async def test_an_event_that_breaks_us_is_parked_and_its_conversation_goes_on(store: SqlStore) -> None:
    poisoned = Poisoned()
    arrivals, faults = arrivals_of(store, poisoned)
    poison = Raw(AN, "1", "độc")
    for _ in range(PARKED_AFTER - 1):
        with pytest.raises(Again):
            await arrivals.take(poison, nothing)
    await arrivals.take(poison, nothing)
    await arrivals.take(Raw(AN, "2", "chào"), nothing)
    assert poisoned.failed == PARKED_AFTER
    assert faults == ["turn"] * PARKED_AFTER
    state = await store.state(AN)
    assert state is not None
    assert state.seq == 1


async def test_a_database_that_is_away_is_no_fault_of_the_event(store: SqlStore) -> None:
    async def away(_: Raw) -> Taken:
        raise StoreDown("for this test")

    arrivals = Arrivals(away, store, lambda: NOW, lambda *_: None)
    for _ in range(2 * PARKED_AFTER):
        with pytest.raises(StoreDown):
            await arrivals.take(Raw(AN, "1", "chào"), nothing)


async def test_of_what_is_parked_only_the_shape_is_kept(sqlite_store: SqlStore, sqlite_url: str) -> None:
    arrivals, _ = arrivals_of(sqlite_store, Poisoned())
    await arrivals.take(Unreadable("fake", "update-777"), nothing)
    await arrivals.take(Unreadable("fake", "update-777"), nothing)
    await sqlite_store.close()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        (row,) = raw.execute("SELECT key, channel, tries, shape FROM stumbles").fetchall()
    assert row[1:] == ("fake", 2, "{text: str}")
    assert b"777" not in row[0]


async def test_who_left_is_counted_where_they_stood_and_sent_nothing_more(
    store: SqlStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = book_of(small_root(tmp_path_factory.mktemp("small")))
    inbox = Inbox(store, answering(book), sift, Bell(), lambda: NOW, str)
    arrivals = Arrivals(inbox.receive, store, lambda: NOW, lambda *_: None)
    await arrivals.take(Raw(AN, "1", button=door_token(Verb.BEGIN, "thu")), nothing)
    await arrivals.take(Raw(AN, "2", "bác"), nothing)
    assert await store.parcels(("fake",), NOW, 1)
    await arrivals.take(Left(AN, "3"), nothing)
    assert await store.parcels(("fake",), NOW + 3600, 1) == []
    counts = await store.counts("thu")
    blocked = 2 + list(Outcome).index(Outcome.BLOCKED)
    assert sum(row[blocked] for row in counts.steps.values()) == 1
    await arrivals.take(Raw(AN, "4", "chào"), nothing)
    await arrivals.take(Left(AN, "3"), nothing)  # told once more, late
    state = await store.state(AN)
    assert state is not None
    assert await store.parcels(("fake",), NOW + 3600, 1) == []


async def test_who_left_and_was_never_known_leaves_nothing(store: SqlStore) -> None:
    arrivals, _ = arrivals_of(store, Poisoned())
    await arrivals.take(Left(somebody("la"), "1"), nothing)
