"""Several people at one conversation: one wins, nobody has more than they may, nothing stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Kept
from bot.app.timers import EVERY, TOGETHER, wake_due
from bot.core.book import Book
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import LEASE, Helper, No, Refusal
from bot.core.turn import Turn
from bot.store.open import SqlStore
from bot.store.tickets import SqlTickets
from tests.app.harness.desk import (
    NOW,
    CountThenClaim,
    ReadThenWrite,
    handoff_of,
    look,
    open_tickets,
    volunteers,
)
from tests.books import book_of, small_root

TICKETS = 60


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@pytest.fixture
async def stores(
    store: SqlStore, store_url: str, reopen: Callable[[], SqlStore]
) -> AsyncIterator[list[SqlStore]]:
    """On PostgreSQL two processes' worth; SQLite has one by contract."""
    async with AsyncExitStack() as stack:
        opened = [store]
        if store_url.startswith("postgresql"):
            opened.append(reopen())
            stack.push_async_callback(opened[1].close)
        yield opened


async def _race(desks: list[Handoff], ticket: str, people: list[Helper]) -> dict[int, Acted | Refusal]:
    claims = [desks[helper.id % len(desks)].claim(ticket, helper) for helper in people]
    return dict(zip([helper.id for helper in people], await asyncio.gather(*claims), strict=True))


@pytest.mark.parametrize("count", [2, 8])
async def test_of_many_who_claim_at_the_same_moment_exactly_one_wins(
    stores: list[SqlStore], book: Book, count: int
) -> None:
    tickets = await open_tickets(stores[0], TICKETS)
    desks = [handoff_of(one, book) for one in stores]
    people = volunteers(count)
    for ticket in tickets:
        results = await _race(desks, ticket, people)
        (winner,) = [helper for helper in people if isinstance(results[helper.id], Acted)]
        told = {results[helper.id] for helper in people if helper is not winner}
        assert told == {Refusal(No.TAKEN, winner.name, NOW)}, "who has it and since when"
        again = await desks[0].claim(ticket, winner)
        assert isinstance(again, Acted)
        assert again.lines == (), "a double click of the winner says nothing twice"
    held = await look(stores[0], "SELECT count(*) FROM tickets WHERE holder IS NOT NULL AND status = 'held'")
    moves = await look(stores[0], "SELECT count(*) FROM ticket_log WHERE kind = 'claimed'")
    assert held == moves == [(TICKETS,)]
    assert await look(stores[0], "SELECT count(*) FROM lines WHERE NOT mine") == [(2 * TICKETS,)]


async def test_a_desk_that_reads_and_then_writes_has_two_winners(stores: list[SqlStore], book: Book) -> None:
    tickets = await open_tickets(stores[0], 5)
    desks = [handoff_of(one, book, tickets=ReadThenWrite) for one in stores]
    winners = [
        sum(isinstance(one, Acted) for one in (await _race(desks, ticket, volunteers(2))).values())
        for ticket in tickets
    ]
    assert max(winners) == 2


async def _grab(
    stores: list[SqlStore], book: Book, tickets: Callable[..., SqlTickets]
) -> list[Acted | Refusal]:
    keys = await open_tickets(stores[0], 8)
    desks = [handoff_of(one, book, tickets=tickets) for one in stores]
    greedy = Helper(1, "Lan", most=3)
    claims = [desks[n % len(desks)].claim(key, greedy) for n, key in enumerate(keys)]
    return list(await asyncio.gather(*claims))


async def test_nobody_has_more_than_they_may_however_quickly_they_press(
    stores: list[SqlStore], book: Book
) -> None:
    results = await _grab(stores, book, SqlTickets)
    assert [one for one in results if isinstance(one, Refusal)] == [Refusal(No.FULL, "Lan")] * 5
    assert await look(stores[0], "SELECT count(*) FROM tickets WHERE holder = 1") == [(3,)]


async def test_counting_before_the_claim_lets_too_many_through(stores: list[SqlStore], book: Book) -> None:
    results = await _grab(stores, book, CountThenClaim)
    assert sum(isinstance(one, Acted) for one in results) > 3


async def test_one_that_lapsed_counts_again_when_it_is_taken_again(store: SqlStore, book: Book) -> None:
    first, second = await open_tickets(store, 2)
    clock = [NOW]
    desk = handoff_of(store, book, lambda: clock[0])
    lan = Helper(1, "Lan", most=1)
    await desk.claim(first, lan)
    clock[0] += LEASE
    assert isinstance(await desk.claim(second, lan), Acted), "the first is theirs no longer"
    assert await desk.claim(first, lan) == Refusal(No.FULL, "Lan")


async def test_a_transfer_respects_what_the_other_one_may_have(store: SqlStore, book: Book) -> None:
    first, second, third = await open_tickets(store, 3)
    desk = handoff_of(store, book)
    lan, hoa = Helper(1, "Lan"), Helper(2, "Hoa", most=1)
    for ticket in (first, second):
        await desk.claim(ticket, lan)
    await desk.claim(third, hoa)
    assert await desk.hand_to(first, lan, hoa, "") == Refusal(No.FULL, "Hoa")
    assert isinstance(await desk.give_back(third, hoa), Acted)
    assert isinstance(await desk.hand_to(first, lan, hoa, ""), Acted)
    mai = Helper(3, "Mai", most=0, leads=True)
    assert await desk.take_over(second, mai) == Refusal(No.FULL, "Mai"), "a lead need not ask, but count"


async def test_eight_who_press_next_each_get_another_one_oldest_first(
    stores: list[SqlStore], book: Book
) -> None:
    tickets = await open_tickets(stores[0], 10)
    desks = [handoff_of(one, book) for one in stores]
    people = volunteers(8)
    got = await asyncio.gather(*(desks[one.id % len(desks)].next(one, tickets) for one in people))
    keys = [one[0] for one in got if isinstance(one, tuple)]
    assert sorted(keys) == tickets[:8]
    full = await desks[0].next(Helper(1, "Lan", most=1), tickets[8:])
    assert full == Refusal(No.FULL, "Lan")
    assert await desks[0].next(Helper(9, "Hoa"), tickets[:8]) is None, "all were quicker"


async def test_when_browsers_die_all_is_back_in_the_queue_in_ten_minutes(store: SqlStore, book: Book) -> None:
    """Virtual time; each helper's last sign of life is another second."""
    count = 3 * TOGETHER // 2
    tickets = await open_tickets(store, count)
    clock = [NOW]
    desk = handoff_of(store, book, lambda: clock[0])
    last = {}
    for number, ticket in enumerate(tickets):
        helper = Helper(1 + number % 50, f"Lan {number % 50}")
        clock[0] = NOW + number % 7
        assert isinstance(await desk.claim(ticket, Helper(helper.id, helper.name, most=count)), Acted)
        clock[0] += number % 5
        assert isinstance(await desk.keep(ticket, helper), Acted)
        last[ticket] = clock[0]
    back: dict[object, int] = {}
    for now in range(NOW + LEASE - 20, NOW + LEASE + 40, int(EVERY)):
        while await wake_due(store, book, now) >= TOGETHER:
            pass
        for (returned,) in await look(store, "SELECT key FROM tickets WHERE status = 'queued'"):
            back.setdefault(returned, now)
    assert set(back) == set(tickets), "none is stuck"
    assert all(abs(back[ticket] - last[ticket] - LEASE) <= 5 for ticket in tickets)
    ages = await look(store, "SELECT key, created_at FROM tickets ORDER BY created_at")
    assert ages == [(ticket, NOW - 10_000 + number) for number, ticket in enumerate(tickets)]
    moves = await look(store, "SELECT count(*) FROM ticket_log WHERE kind = 'expired'")
    assert moves == [(count,)]


async def test_a_wish_that_is_answered_is_heard_and_other_signs_of_life_are_not(
    sqlite_store: SqlStore, book: Book
) -> None:
    (ticket,) = await open_tickets(sqlite_store, 1)
    rung = asyncio.Event()

    class Loud(Bell):
        def ring(self, *_: object) -> None:
            rung.set()

    desk = Handoff(SqlTickets(sqlite_store.backing), book, Loud(), lambda: NOW, lambda: "seed")
    lan, hoa = Helper(1, "Lan"), Helper(2, "Hoa")
    await desk.claim(ticket, lan)
    rung.clear()
    await desk.keep(ticket, lan)
    assert not rung.is_set()
    await desk.take_over(ticket, hoa)
    rung.clear()
    await desk.keep(ticket, lan, kindly=True)
    assert not rung.is_set(), "a page that is open does not answer for who reads it"
    await desk.keep(ticket, lan)
    assert rung.is_set()


async def test_messages_timers_and_deeds_at_the_same_moment_wait_for_each_other_in_one_order(
    stores: list[SqlStore], book: Book
) -> None:
    """A database that met itself coming back would end one of them."""
    tickets = await open_tickets(stores[0], 40)
    desks = [handoff_of(one, book) for one in stores]
    people = volunteers(4)

    async def resident(store: SqlStore, turn: int) -> None:
        batch = [
            Incoming(Address("web", str(number)), f"tin {turn}", "Cháu ơi", seed=f"{turn}-{number}")
            for number in range(len(tickets))
        ]
        for taken in await store.take(batch[::-1] if turn % 2 else batch, _listening, NOW + turn):
            assert not isinstance(taken, Exception), taken

    async def volunteer(helper: Helper) -> None:
        desk = desks[helper.id % len(desks)]
        for ticket in tickets if helper.id % 2 else reversed(tickets):
            await desk.claim(ticket, helper)
            await desk.speak(ticket, helper, "Chào bác", f"{helper.id} {ticket}")
            await desk.give_back(ticket, helper)

    async def clock(store: SqlStore) -> None:
        for later in range(0, 3 * LEASE, LEASE):
            await wake_due(store, book, NOW + later)

    await asyncio.gather(
        *(volunteer(helper) for helper in people),
        *(resident(one, turn) for one in stores for turn in range(6)),
        *(clock(one) for one in stores),
    )
    (spoken,) = await look(stores[0], "SELECT count(*) FROM inbox WHERE last_line IS NOT NULL")
    assert spoken > (0,)


def _listening(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    assert state is not None
    return Turn(replace(state, seq=state.seq + 1, heard_at=NOW), (Reply("Em nghe ạ."),))
