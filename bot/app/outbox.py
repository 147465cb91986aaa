"""Deliver what was committed, in order, again if it may help.

A reply is claimed before it is sent, so that a crash in between is seen afterwards: such a reply is sent
once more and marked, since a person who reads a step twice is better off than one who hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bot.app.bell import Bell
from bot.app.ports import (
    Channel,
    Parcel,
    ParcelStatus,
    Refused,
    Store,
    StoreDown,
    TryLater,
    Unreachable,
)

TOGETHER = 32
"""Replies that are sent at the same time, each to another person."""

LONGEST_PAUSE = 60
"""Seconds between two tries, at most."""

GIVE_UP_AFTER = 24 * 60
"""Tries; with the longest pause between them that is a day, after which a step is stale."""

IDLE = 5.0
"""Seconds after which the store is looked at even if nobody rang: another process may have left work."""


class Outbox:
    def __init__(
        self, store: Store, channels: Mapping[str, Channel], bell: Bell, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._channels = channels
        self._bell = bell
        self._now = now

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                delivered = await self.deliver_due()
            except StoreDown:
                delivered = 0
            if not delivered:
                await self._bell.wait_any(IDLE)

    async def deliver_due(self) -> int:
        """Send what is due now; returns how many replies were tried."""
        parcels = await self._store.parcels(tuple(self._channels), self._now(), TOGETHER)
        await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
        return len(parcels)

    async def _deliver(self, parcel: Parcel) -> None:
        channel = self._channels[parcel.address.channel]
        try:
            await channel.send(parcel.address, parcel.reply)
        except TryLater as later:
            await self._later(parcel, later.after)
        except (Unreachable, Refused):
            await self._store.settle(parcel.id, ParcelStatus.FAILED, self._now())
        else:
            await self._store.settle(parcel.id, ParcelStatus.SENT, self._now())

    async def _later(self, parcel: Parcel, after: float) -> None:
        now = self._now()
        if parcel.attempts >= GIVE_UP_AFTER:
            await self._store.settle(parcel.id, ParcelStatus.FAILED, now)
            return
        pause = max(after, min(LONGEST_PAUSE, 2 ** min(parcel.attempts, 6)))
        await self._store.settle(parcel.id, ParcelStatus.QUEUED, now, now + round(pause))
