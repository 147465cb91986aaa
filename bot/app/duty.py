"""Work that one process does for all: whoever holds the duty works, the others stand by."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import NoReturn

from bot.app.ports import Report, Store, StoreDown

LEASE = 15
"""Seconds for which a duty is held. Who dies is followed by another one after so long at most."""

LOOK = 5.0
"""Seconds between two renewals, and between two looks of those who stand by."""

MARGIN = 5
"""Seconds before the end of its lease at which whoever could not renew it stops."""


async def on_duty(
    store: Store,
    duty: str,
    holder: str,
    now: Callable[[], int],
    work: Callable[[], Awaitable[None]],
    report: Report,
) -> None:
    """Do the work whenever and as long as nobody else does it, until cancelled.

    Work that fails is reported and begun again. Who cannot renew stops in time for the next one.
    """
    task: asyncio.Task[None] | None = None
    held_until = 0
    try:
        while True:
            try:
                until = now() + LEASE
                held_until = until if await store.hold(duty, holder, now(), until) else 0
            except StoreDown:
                pass  # what is held is held until its lease ends
            except Exception as fault:  # noqa: BLE001 - a duty that nobody looks for any more is never done again
                report(duty, fault)
            if task is not None and task.done():
                _tell(duty, task, report)
                task = None
            if held_until - now() <= MARGIN:
                await _end(task)
                task = None
            elif task is None:
                task = asyncio.create_task(_run(work))
            await asyncio.sleep(LOOK)
    finally:
        await _end(task)
        with suppress(StoreDown):
            await store.release(duty, holder)


async def kept_up(work: Callable[[], Awaitable[None]], where: str, report: Report) -> NoReturn:
    """Work that is never to end: when it fails it is told and begun again, until cancelled.

    In a task of its own: a group of tasks that fails while it is cancelled would keep that to itself.
    """
    while True:
        task = asyncio.create_task(_run(work))
        try:
            await asyncio.wait([task])
        finally:
            await _end(task)
            _tell(where, task, report)
        await asyncio.sleep(LOOK)


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait([task])


def _tell(duty: str, task: asyncio.Task[None], report: Report) -> None:
    fault = None if task.cancelled() else task.exception()
    if fault is not None:
        for cause in _causes(fault):
            report(duty, cause)


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """What went wrong in a group of tasks; that something in it did tells nobody anything."""
    if isinstance(fault, BaseExceptionGroup):
        for inner in fault.exceptions:
            yield from _causes(inner)
    else:
        yield fault
