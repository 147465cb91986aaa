"""Outage mode: somebody says that VNeID is down, and later that it works again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.app.ports import StoreDown
from bot.core.outage import Outage, Reason

KEEP = 60 * 86400
"""Seconds for which an outage matters to clocks: longer than any window of a step."""

EARLIER = 24 * 3600
"""Seconds that an outage may have begun before it is announced, at most."""

LOOK_EVERY = 3.0
"""Seconds between two looks for an outage that is over."""

A_SECOND = 300
"""People who are woken in a second."""

MOST_NOTE = 300
"""Letters of a note for the team."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An outage as the team's page shows it. `by` and `ended_by` are accounts. `told` is how many people
    heard of it, as it is published. `announced`: whoever is to hear of its end has a time at which they will.
    """

    outage: Outage
    note: str
    by: int
    ended_by: int
    told: int
    announced: bool


class Outages(Protocol):
    """All methods raise StoreDown."""

    async def between(self, first: int, last: int) -> Sequence[Outage]:
        """Those that lasted at some time between two moments, oldest first."""
        ...

    async def entries(self, most: int) -> Sequence[Entry]:
        """The newest first."""
        ...

    async def begin(self, reason: Reason, note: str, started_at: int, by: int, now: int) -> bool:
        """Announce an outage; False when one lasts already, which then goes on as it is."""
        ...

    async def finish(self, id: int, by: int, now: int) -> bool:
        """It is over; False when it was over already."""
        ...

    async def spread_the_end(self, now: int) -> int | None:
        """Wake some of those who may have to hear that an outage is over; how many. None: nobody is left."""
        ...


async def run_spreading(outages: Outages, now: Callable[[], int]) -> None:
    """Let everybody hear of the end of an outage, a few hundred a second beside the chats; until cancelled.
    Any process may do it, several at once too: what is done is noted with it.
    """
    while True:
        try:
            woken = await outages.spread_the_end(now())
        except StoreDown:
            woken = None
        await asyncio.sleep(LOOK_EVERY if woken is None else woken / A_SECOND)
