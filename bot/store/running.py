"""Run blocking work in threads and answer in time, or say that the database is down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.app.ports import StoreDown
from bot.store.ledger import Overtaken

ANSWER_WITHIN = 10.0
"""Seconds after which a caller hears that the database is down, whatever the thread is waiting for."""

AT_LEISURE = 120.0
"""The same for work that nobody waits for."""

AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout, Overtaken)

T = TypeVar("T")


class Call:
    """One piece of work. When its caller has given up, it must not commit."""

    def __init__(self) -> None:
        self.given_up = False


async def in_thread(executor: Executor, work: Callable[[Call], T], within: float | None = None) -> T:
    seconds = ANSWER_WITHIN if within is None else within
    call = Call()
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(executor, work, call)
    except TimeoutError:
        call.given_up = True
        raise StoreDown(f"no answer from the database within {seconds:g} s") from None


def transact(
    engine: Engine, work: Callable[[Connection], T], call: Call, away: tuple[type[Exception], ...]
) -> T:
    """One transaction; StoreDown when the database is away."""
    try:
        with engine.begin() as connection:
            result = work(connection)
            if call.given_up:
                raise StoreDown("nobody waits for this answer any more")
            return result
    except away as fault:
        raise StoreDown(f"the database is away: {type(fault).__name__}") from fault
