"""The volunteers' desk under load: who wins a race, what comes back when people vanish, how long looks take.

python -m bench.desk [--quick]    on SQLite, and on PostgreSQL with two stores as of two processes
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from bench.figures import Figure, show
from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.ports import Acted
from bot.app.shifts import Duty, run_shifts
from bot.app.timers import EVERY, TOGETHER, wake_due
from bot.app.waiting import queue_of
from bot.core.book import Book
from bot.core.ticket import LEASE, Helper
from bot.staffing import outlook_of, staff_of
from bot.store.open import SqlStore, open_store
from bot.store.shifts import SqlShifts
from bot.store.tickets import SqlTickets
from tests.app.harness.desk import (
    NOW,
    ReadThenWrite,
    disable,
    enlist,
    handoff_of,
    look,
    open_tickets,
    volunteers,
)
from tests.books import book_of, small_root
from tests.conftest import KEY, PULL, postgres_server

PROVINCES = {"22291": "66", "22300": "66", "00070": "01"}
OPEN = 5_000
QUEUED = "SELECT key FROM tickets WHERE status = 'queued'"


async def races(stores: list[SqlStore], book: Book, count: int, people: int) -> Figure:
    """Everybody claims each ticket at the same moment."""
    tickets = await open_tickets(stores[0], count)
    desks = [handoff_of(store, book) for store in stores]
    began = time.perf_counter()
    winners = [await _race(desks, ticket, volunteers(people)) for ticket in tickets]
    seconds = time.perf_counter() - began
    ((moves,),) = await look(stores[0], "SELECT count(*) FROM ticket_log WHERE kind = 'claimed'")
    exact = sum(won == 1 for won in winners)
    told = f"{exact:,} with one winner, {moves:,} moves, {count / seconds:,.0f}/s"
    return Figure(f"{count:,} tickets, {people} claim each at once", told, f"{count:,}, {count:,}")


async def overrun(stores: list[SqlStore], book: Book, count: int) -> Figure:
    """The same with a desk that reads first and writes later."""
    tickets = await open_tickets(stores[0], count)
    desks = [handoff_of(store, book, tickets=ReadThenWrite) for store in stores]
    winners = [await _race(desks, ticket, volunteers(2)) for ticket in tickets]
    doubles = sum(won > 1 for won in winners)
    return Figure(f"{count:,} tickets, read and then write", f"{doubles:,} with two winners", "> 0")


async def _race(desks: list[Handoff], ticket: str, people: list[Helper]) -> int:
    claims = (desks[helper.id % len(desks)].claim(ticket, helper) for helper in people)
    return sum(isinstance(one, Acted) for one in await asyncio.gather(*claims))


async def vanished(store: SqlStore, book: Book, count: int) -> Figure:
    """Claims whose browsers die, on a clock of our own."""
    tickets = await open_tickets(store, count)
    clock = [NOW]
    desk = handoff_of(store, book, lambda: clock[0])
    last = {}
    for number, ticket in enumerate(tickets):
        clock[0] = last[ticket] = NOW + number % 60
        await desk.claim(ticket, Helper(1 + number % 50, "Lan", count))
    back: dict[object, int] = {}
    for now in range(NOW + LEASE - 10, NOW + LEASE + 80, int(EVERY)):
        while await wake_due(store, book, now) >= TOGETHER:
            pass
        for (returned,) in await look(store, QUEUED):
            back.setdefault(returned, now)
    late = [back[ticket] - last[ticket] - LEASE for ticket in tickets if ticket in back]
    told = f"{count - len(back)} stuck, {min(late):+} to {max(late):+} s after ten minutes"
    return Figure(f"{count:,} claims, the browsers die", told, "0, ± 5 s")


async def dismissed(store: SqlStore, book: Book) -> Figure:
    """From disabling an account to its conversations being free, by the real clock."""
    await enlist(store, volunteers(20))
    tickets = await open_tickets(store, 20)
    handoff = handoff_of(store, book)
    shifts = SqlShifts(store.backing)
    duty = Duty(shifts, SqlTickets(store.backing), handoff, Bell(), lambda: NOW)
    took = []
    task = asyncio.create_task(run_shifts(duty, lambda *_: None))
    for helper, ticket in zip(volunteers(20), tickets, strict=True):
        await handoff.claim(ticket, helper)
        await disable(store, helper.id)
        began = time.perf_counter()
        while (ticket,) not in await look(store, QUEUED):  # noqa: ASYNC110 - as another process would
            await asyncio.sleep(0.01)
        took.append(time.perf_counter() - began)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return Figure("a disabled volunteer's conversations are free", f"{max(took):.2f} s at most", "≤ 1 s")


async def looks(store: SqlStore, book: Book, rounds: int) -> list[Figure]:
    """With a long queue and 50 people on duty."""
    tickets = await open_tickets(store, OPEN)
    people = volunteers(50, most=OPEN)
    await enlist(store, people, areas="22291")
    shifts = SqlShifts(store.backing)
    for helper in people:
        await shifts.begin(helper.id, NOW, NOW + 3600)
    handoff = handoff_of(store, book)
    for number, ticket in enumerate(tickets[: OPEN // 10]):
        await handoff.claim(ticket, people[number % 50])
    all_tickets = SqlTickets(store.backing)
    staff = replace(staff_of(store, book, Bell(), lambda: NOW, lambda: "seed"), province_of=PROVINCES)
    lan = Account(1, "lan1", "Lan", Role.VOLUNTEER, ("22291",))
    outlook = outlook_of(staff, lambda: NOW)
    busy = [(ticket, people[number % 50]) for number, ticket in enumerate(tickets[: OPEN // 10])]
    measured = {
        "what one volunteer sees": await _took(rounds, lambda _: queue_of(staff, lan, NOW)),
        "the snapshot for residents": await _took(rounds, lambda _: outlook.look()),
        "a look at the timers": await _took(rounds, lambda _: wake_due(store, book, NOW)),
        "who has left": await _took(rounds, lambda _: shifts.leavers(NOW)),
        "one person's conversations": await _took(rounds, lambda _: all_tickets.held(1)),
        "a sign of life": await _took(rounds, lambda number: handoff.keep(*busy[number % len(busy)])),
    }
    goals = {"what one volunteer sees": "≤ 300 ms"}
    return [
        Figure(f"{OPEN:,} open, {what}", f"p50 {middle:.1f} ms, p95 {high:.1f} ms", goals.get(what, ""))
        for what, (middle, high) in measured.items()
    ]


async def _took(rounds: int, work: Callable[[int], Awaitable[object]]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


async def figures(new: Callable[[], tuple[str, int]], book: Book, *, quick: bool) -> list[Figure]:
    """`new` makes an empty database and says how many stores may be opened on it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[list[SqlStore]]:
        url, count = new()
        stores = [open_store(url, KEY, PULL) for _ in range(count)]
        try:
            yield stores
        finally:
            for store in stores:
                await store.close()

    count, rounds = (500, 40) if quick else (10_000, 200)
    found = []
    for people in (2, 8):
        async with opened() as stores:
            found.append(await races(stores, book, count, people))
    async with opened() as stores:
        found.append(await overrun(stores, book, 100))
    async with opened() as (store, *_):
        found.append(await vanished(store, book, count // 10 if quick else 1_000))
    async with opened() as (store, *_):
        found.append(await dismissed(store, book))
    async with opened() as (store, *_):
        found += await looks(store, book, rounds)
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the tickets")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, postgres_server() as server:
        folder = Path(name)
        book = book_of(small_root(folder))
        files = iter(range(100))
        databases: dict[str, Callable[[], tuple[str, int]]] = {
            "SQLite": lambda: (f"sqlite:///{folder / f'{next(files)}.db'}", 1),
            "PostgreSQL": lambda: (server.new_database(), 2),
        }
        for database, new in databases.items():
            show(f"The desk on {database}", asyncio.run(figures(new, book, quick=options.quick)))


if __name__ == "__main__":
    main()
