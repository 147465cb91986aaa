"""Windows that are over, reminders that are due, data that is past its age."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.app.bell import DESK, Bell
from bot.app.ports import Report, Store, StoreDown
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.core.timing import wake

TOGETHER = 100
EVERY = 2.0
"""Seconds between two looks at what is due: somebody waits for a claim that lapses to be noticed."""

PURGE_EVERY = 30 * 60.0


async def run_timers(
    store: Store,
    book: Book,
    bell: Bell,
    now: Callable[[], int],
    report: Report,
    desk: Callable[[], Desk] = lambda: NOBODY,
) -> None:
    """Wake conversations whose time has come, until cancelled; `desk` is what is known of the volunteers."""
    while True:
        try:
            due = await wake_due(store, book, now(), desk())
        except StoreDown:
            due = 0  # the next look finds the same timers
        except ExceptionGroup as faults:  # the store has put these off; everybody else's clock goes on
            due = 0
            for fault in faults.exceptions:
                report("timers", fault)
        bell.ring((DESK,) if due else ())
        if due < TOGETHER:
            await asyncio.sleep(EVERY)


async def wake_due(store: Store, book: Book, now: int, desk: Desk = NOBODY) -> int:
    return await store.wake(lambda state: wake(book, state, now, desk), now, TOGETHER)


async def run_purge(store: Store, now: Callable[[], int]) -> None:
    """Delete what is past its age, until cancelled."""
    while True:
        with suppress(StoreDown):  # what is due now is due later too
            await store.purge(now())
        await asyncio.sleep(PURGE_EVERY)
