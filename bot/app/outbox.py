"""Deliver what was committed to one channel's people, in order, again if it may help.

A reply is claimed before it is sent, so that a crash in between is seen afterwards: such a reply is sent
once more and marked, since a person who reads a step twice is better off than one who hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from typing import Any

from bot.app.bell import Bell
from bot.app.pace import Pace
from bot.app.platform import Channel, Refused, TryLater, Unreachable
from bot.app.ports import Parcel, ParcelStatus, Report, Store, StoreDown
from bot.core.message import Address
from bot.core.session import State
from bot.core.turn import Turn

TOGETHER = 64
"""Replies that are claimed at the same time, at most; each to another person."""

SLOW = 0.25
"""Seconds after which a reply on its way makes room for others: its line may be dead."""

MOMENT = 0.005
"""Seconds between two looks into the store, at least, when there is much to do: a look costs the same for one
reply as for fifty.
"""

AWAY_AFTER = 20
"""Replies in a row that a platform did not answer, after which it is left in peace for a while. A few are not
enough: it may fail for some people only, and the others must not wait for them.
"""

ALL_WAIT_AFTER = 10
"""Replies in a row that were told to wait, after which all wait so long: it is not about one person."""

LONGEST_PAUSE = 60
"""Seconds between two tries, at most."""

LONGEST_WISH = 24 * 3600
"""Seconds that a platform may ask us to wait; more is nonsense, which no column need hold."""

GIVE_UP_AFTER = 24 * 60
"""Tries; with the longest pause between them that is a day, after which a step is stale."""

IDLE = 5.0
"""Seconds after which the store is looked at even if nobody rang: another process may have left work."""

WATCHFUL = 0.5
WATCHFUL_FOR = 60.0
"""The same while other processes are known to leave work, and for how long after they last did."""

LAST_SENDS = 5.0
"""Seconds that replies on their way have to arrive when the outbox is stopped."""


Gone = Callable[[State, int], Turn | None]
"""The pure turn of somebody who cannot be reached any more: where they stood, and now."""


class Outbox:
    """As many replies are on their way at once as keep the channel's pace, no more: a crash can double only
    those. So a quick platform gets them one by one and a slow one side by side.
    """

    def __init__(
        self,
        store: Store,
        channel: Channel,
        bell: Bell,
        now: Callable[[], int],
        report: Report,
        gone: Gone,
    ) -> None:
        self._store = store
        self._channel = channel
        self._rung = bell.listen(channel.name)
        self._now = now
        self._report = report
        self._gone = gone
        self._pace = Pace(channel.per_second)
        self._seconds = 0.0
        self._held: set[int] = set()
        self._speaking: dict[Address, asyncio.Task[Any]] = {}  # who delivers to a person, the last of them
        self._flying: dict[int, float] = {}  # until it is noted what became of them
        self._landed = asyncio.Event()
        self._watchful_until = 0.0
        self._unanswered = 0
        self._put_off = 0  # in a row, as the platform asked
        self._all_wait_until = 0.0
        self._noted = True  # whether the store took what we told it last
        self._ends = False

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way by then may still arrive and is noted."""
        clock = asyncio.get_running_loop().time
        sending: set[asyncio.Task[None]] = set()

        def over(task: asyncio.Task[None]) -> None:
            sending.discard(task)
            self._rung.set()  # there may be a next reply to the same person

        rung = True
        try:
            while True:
                looked = clock()
                if len(sending) < TOGETHER and not self._is_away and not self._all_wait:
                    parcels = await self._claim(TOGETHER - len(sending))
                    for parcel in parcels:
                        task = asyncio.create_task(self._deliver(parcel))
                        sending.add(task)
                        task.add_done_callback(over)
                    if parcels and not rung:
                        self._watchful_until = clock() + WATCHFUL_FOR
                rung = await self._rest()
                if self._is_away and not sending:
                    await self._pause()
                elif clock() < looked + MOMENT:
                    await asyncio.sleep(looked + MOMENT - clock())
        finally:
            self._ends = True
            try:
                if sending:
                    await asyncio.wait(set(sending), timeout=LAST_SENDS)
            finally:  # also when whoever waits for us is in a hurry
                for task in set(sending):
                    task.cancel()
                self._ends = False

    async def deliver_due(self) -> int:
        """Send what is due now and wait for it; returns how many replies were tried."""
        parcels = await self._claim(TOGETHER)
        await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
        return len(parcels)

    async def _claim(self, most: int) -> list[Parcel]:
        try:
            parcels = await self._store.parcels((self._channel.name,), self._now(), most)
        except StoreDown:
            return []
        self._noted = True
        # one whose lease ran out while it waits for its turn here comes again: it is in good hands
        new = [parcel for parcel in parcels if parcel.id not in self._held]
        self._held.update(parcel.id for parcel in new)
        return new

    async def _rest(self) -> bool:
        """Until somebody rings, something arrives, or it is time to look again; False for the last."""
        watchful = asyncio.get_running_loop().time() < self._watchful_until
        try:
            async with asyncio.timeout(WATCHFUL if watchful else IDLE):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    @property
    def _is_away(self) -> bool:
        return self._unanswered >= AWAY_AFTER

    @property
    def _all_wait(self) -> bool:
        return asyncio.get_running_loop().time() < self._all_wait_until

    async def _pause(self) -> None:
        """Leave a platform in peace that answers nobody, then try with a single reply."""
        await asyncio.sleep(min(LONGEST_PAUSE, 2 ** min(self._unanswered - AWAY_AFTER + 1, 6)))
        for parcel in await self._claim(1):
            await self._deliver(parcel, alone=True)
            return
        self._unanswered = AWAY_AFTER - 1

    async def _deliver(self, parcel: Parcel, *, alone: bool = False) -> None:
        """One reply and what became of it. Nothing that goes wrong with it may stop the others."""
        me = asyncio.current_task()
        before = self._speaking.get(parcel.address)
        if me is not None:
            self._speaking[parcel.address] = me
        try:
            if before is not None:  # its line is settled or erased, but it is still on its way
                await asyncio.wait([before])
            await self._settle(parcel, *await self._send(parcel, alone=alone))
        except StoreDown:
            self._noted = False  # the claim runs out and the reply is sent again, marked
        except Exception as fault:  # noqa: BLE001 - the loop must live on
            self._report("outbox", fault)
        finally:
            if self._speaking.get(parcel.address) is me:
                del self._speaking[parcel.address]
            self._held.discard(parcel.id)
            self._flying.pop(parcel.id, None)
            self._landed.set()

    async def _send(
        self, parcel: Parcel, *, alone: bool
    ) -> tuple[TryLater | Unreachable | ParcelStatus, int]:
        """What became of it, and how many parts of it have arrived.

        What waited for its turn meanwhile is not tried any more when the platform is known to be away
        (unless it is the one that finds out whether it is back) or wants us all to wait, when nobody could
        note it, when we end.
        """
        done, parts = parcel.done, parcel.done + 1
        try:
            while done < parts:
                await self._wait_for_turn(parcel)
                if self._ends or not self._noted or self._all_wait or (self._is_away and not alone):
                    return ParcelStatus.QUEUED, done
                parts = await self._fly(parcel, done)
                self._unanswered = self._put_off = 0
                done += 1
        except TryLater as why:
            self._note_trouble(why)
            return why, done
        except Unreachable as why:
            self._unanswered = self._put_off = 0
            return why, done
        except Refused as fault:
            self._unanswered = self._put_off = 0
            self._report("refused", fault)
            return ParcelStatus.FAILED, done
        except Exception as fault:  # noqa: BLE001 - a fault of ours in one channel or one reply
            self._report("send", fault)
            return ParcelStatus.FAILED, done
        return ParcelStatus.SENT, done

    def _note_trouble(self, why: TryLater) -> None:
        """Is it about this one person, or about all?"""
        self._unanswered = self._unanswered + 1 if why.away else 0
        self._put_off = self._put_off + 1 if why.after > 1 and not why.away else 0
        if self._put_off >= ALL_WAIT_AFTER:
            self._all_wait_until = asyncio.get_running_loop().time() + min(why.after, LONGEST_WISH)

    async def _wait_for_turn(self, parcel: Parcel) -> None:
        clock = asyncio.get_running_loop().time
        address = parcel.address
        if wait := self._pace.after_last(address.id, clock()):
            await asyncio.sleep(wait)
        while parcel.id not in self._flying and self._is_crowded(clock()):
            self._landed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(SLOW):
                    await self._landed.wait()
        self._flying.setdefault(parcel.id, clock())
        if wait := self._pace.after_others(clock()):
            await asyncio.sleep(wait)

    def _is_crowded(self, now: float) -> bool:
        """Whether enough are on their way; one that hangs makes room for more with every moment it hangs."""
        if not self._flying:
            return False
        longest = now - next(iter(self._flying.values()))
        seconds = longest if longest > max(SLOW, self._seconds) else self._seconds
        return len(self._flying) >= max(1, min(TOGETHER, round(seconds * self._channel.per_second)))

    async def _fly(self, parcel: Parcel, part: int) -> int:
        clock = asyncio.get_running_loop().time
        address = parcel.address
        begin = clock()
        try:
            parts = await self._channel.send(address, parcel.reply, part)
        finally:
            self._pace.wrote(address.id, self._channel.gap(address), clock())
        self._seconds += (clock() - begin - self._seconds) / 8
        return parts

    async def _settle(self, parcel: Parcel, became: TryLater | Unreachable | ParcelStatus, done: int) -> None:
        now = self._now()
        match became:
            case Unreachable():
                await self._store.settle(parcel.id, ParcelStatus.FAILED, now)
                await self._store.touch(parcel.address, lambda state: self._gone(state, now), now)
                await self._store.give_up(parcel.address)
            case TryLater() if parcel.attempts >= GIVE_UP_AFTER:
                await self._store.settle(parcel.id, ParcelStatus.FAILED, now)
            case TryLater(after=after):
                # our clock counts whole seconds, so what the platform asked for needs one more
                asked = ceil(min(after, LONGEST_WISH)) + 1 if after > 1 else 1
                pause = max(asked, min(LONGEST_PAUSE, 2 ** min(parcel.attempts, 6)))
                await self._store.settle(parcel.id, ParcelStatus.QUEUED, now, now + pause, done)
            case ParcelStatus():
                await self._store.settle(parcel.id, became, now, done=done)
