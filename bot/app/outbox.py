"""Deliver what was committed, in order, again if it may help.

A reply is claimed before it is sent, so that a crash in between is seen afterwards: such a reply is sent
once more and marked, since a person who reads a step twice is better off than one who hears nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping

from bot.app.bell import Bell
from bot.app.ports import (
    Channel,
    Parcel,
    ParcelStatus,
    Refused,
    Report,
    Store,
    StoreDown,
    TryLater,
    Unreachable,
)
from bot.core.session import State
from bot.core.turn import Turn

TOGETHER = 32
"""Replies that are claimed, and sent at the same time, at most; each to another person."""

BRISK = 0.02
"""Seconds. As many replies are on their way at once as keep about one leaving in this time: a crash can
double only those, so a quick platform gets them one by one and a slow one side by side."""

LONGEST_PAUSE = 60
"""Seconds between two tries, at most."""

GIVE_UP_AFTER = 24 * 60
"""Tries; with the longest pause between them that is a day, after which a step is stale."""

IDLE = 5.0
"""Seconds after which the store is looked at even if nobody rang: another process may have left work."""


Gone = Callable[[State, int], Turn | None]
"""The pure turn of somebody who cannot be reached any more: where they stood, and now."""


class Outbox:
    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        bell: Bell,
        now: Callable[[], int],
        report: Report,
        gone: Gone,
    ) -> None:
        self._store = store
        self._channels = channels
        self._bell = bell
        self._now = now
        self._report = report
        self._gone = gone
        self._seconds = 0.0
        self._stopping = False

    async def run(self) -> None:
        """Deliver until `stop`; what is on its way by then arrives and is noted."""
        claimed: deque[Parcel] = deque()
        sending: set[asyncio.Task[None]] = set()
        while not self._stopping:
            if not claimed and len(sending) < self._width():
                claimed.extend(await self._claim())
            while claimed and len(sending) < self._width():
                sending.add(asyncio.create_task(self._deliver(claimed.popleft())))
            if claimed or len(sending) >= self._width():
                _, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            else:
                await self._rest(sending)
                sending = {task for task in sending if not task.done()}
        if sending:
            await asyncio.wait(sending)

    def stop(self) -> None:
        """End `run` soon: nothing more is claimed or sent."""
        self._stopping = True
        self._bell.ring(())

    async def deliver_due(self) -> int:
        """Send what is due now and wait for it; returns how many replies were tried."""
        parcels = await self._claim()
        await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
        return len(parcels)

    async def _claim(self) -> list[Parcel]:
        try:
            return await self._store.parcels(tuple(self._channels), self._now(), TOGETHER)
        except StoreDown:
            return []

    async def _rest(self, sending: set[asyncio.Task[None]]) -> None:
        """Until somebody rings, something arrives, or it is time to look again."""
        bell = asyncio.create_task(self._bell.wait_any(IDLE))
        await asyncio.wait({bell, *sending}, return_when=asyncio.FIRST_COMPLETED)
        bell.cancel()

    def _width(self) -> int:
        return max(1, min(TOGETHER, round(self._seconds / BRISK)))

    async def _deliver(self, parcel: Parcel) -> None:
        """One reply and what became of it. Nothing that goes wrong with it may stop the others."""
        try:
            became = await self._send(parcel)
            await self._settle(parcel, ParcelStatus.FAILED if isinstance(became, Unreachable) else became)
            if isinstance(became, Unreachable):
                now = self._now()
                await self._store.touch(parcel.address, lambda state: self._gone(state, now), now)
        except StoreDown:
            pass  # the claim runs out and the reply is sent again, marked
        except Exception as fault:  # noqa: BLE001 - the loop must live on
            self._report("outbox", fault)

    async def _send(self, parcel: Parcel) -> TryLater | Unreachable | ParcelStatus:
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            await self._channels[parcel.address.channel].send(parcel.address, parcel.reply)
        except (TryLater, Unreachable) as why:
            return why
        except Refused:
            return ParcelStatus.FAILED
        except Exception as fault:  # noqa: BLE001 - a fault of ours in one channel or one reply
            self._report("send", fault)
            return ParcelStatus.FAILED
        else:
            self._seconds += (clock() - begin - self._seconds) / 8
            return ParcelStatus.SENT

    async def _settle(self, parcel: Parcel, became: TryLater | ParcelStatus) -> None:
        now = self._now()
        if isinstance(became, ParcelStatus):
            await self._store.settle(parcel.id, became, now)
        elif parcel.attempts >= GIVE_UP_AFTER:
            await self._store.settle(parcel.id, ParcelStatus.FAILED, now)
        else:
            pause = max(became.after, min(LONGEST_PAUSE, 2 ** min(parcel.attempts, 6)))
            await self._store.settle(parcel.id, ParcelStatus.QUEUED, now, now + round(pause))
