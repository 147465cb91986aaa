"""Letters on their way to devices: of each topic only the newest is worth sending."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.app.platform import Refused, TryLater, Unreachable
from bot.app.ports import Report, StoreDown
from bot.app.push import Letter, Push, Subscription

AT_ONCE = 8
"""Letters that are on their way at the same time, to all devices together."""

TRIES = 6
LONGEST_PAUSE = 120.0


class Couriers:
    """One task for each device that something waits for. What waits lives in memory only: after a crash the
    next change is told, and the desk itself shows everything anyway.
    """

    def __init__(self, push: Push, gone: Callable[[str], Awaitable[None]], report: Report) -> None:
        """`gone` hears the address of a browser that is not there any more."""
        self._push = push
        self._gone = gone
        self._report = report
        self._free = asyncio.Semaphore(AT_ONCE)
        self._bags: dict[Subscription, dict[str, Letter]] = {}
        self._tasks: dict[Subscription, asyncio.Task[None]] = {}

    def hand(self, to: Subscription, letter: Letter) -> None:
        bag = self._bags.setdefault(to, {})
        bag.pop(letter.topic, None)
        bag[letter.topic] = letter
        if to not in self._tasks:
            self._tasks[to] = asyncio.create_task(self._deliver(to, bag))

    async def home(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def dismiss(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _deliver(self, to: Subscription, bag: dict[str, Letter]) -> None:
        failures = 0
        try:
            while bag:
                letter = next(iter(bag.values()))
                pause = await self._sent(to, letter)
                failures = failures + 1 if pause else 0
                if (not pause or failures >= TRIES) and bag.get(letter.topic) is letter:
                    del bag[letter.topic]  # else a newer one came meanwhile
                if pause and bag:
                    await asyncio.sleep(min(LONGEST_PAUSE, max(pause, 2.0**failures)))
        except Unreachable:
            await self._forget(to)
        finally:
            del self._bags[to], self._tasks[to]

    async def _sent(self, to: Subscription, letter: Letter) -> float:
        """Seconds to wait before another try; 0: it is done with. Raises Unreachable."""
        async with self._free:
            try:
                await self._push.send(to, letter)
            except Unreachable:
                raise
            except TryLater as fault:
                return max(1.0, fault.after)
            except StoreDown:
                return 1.0
            except Refused as fault:
                self._report("push", fault)
            except Exception as fault:  # noqa: BLE001 - one device that breaks us must not hold up its others
                self._report("push", fault)
        return 0.0

    async def _forget(self, to: Subscription) -> None:
        with suppress(StoreDown):  # the next letter finds it gone again
            await self._gone(to.endpoint)
