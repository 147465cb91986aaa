"""Keep the weekly sums close behind the counters, without ever being in anybody's way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from bot.app.ports import StoreDown

EVERY = 5.0
"""Seconds between two looks, at least."""

SHARE = 20
"""A look that took a second is followed by so many without one: sums are never worth more of the machine."""


class Sums(Protocol):
    """The side of `insights.WeeklyCounts` that tells nothing: what pages get to see of it."""

    async def bring_up_to_date(self, now: int) -> bool:
        """Sum up the weeks whose counters changed; whether any sum is another one now."""
        ...


async def run_sums(counts: Sums, now: Callable[[], int]) -> None:
    """Bring the sums up to date again and again, until cancelled."""
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        with suppress(StoreDown):  # what was not summed up now is at the next look
            await counts.bring_up_to_date(now())
        await asyncio.sleep(max(EVERY, SHARE * (clock() - began)))
