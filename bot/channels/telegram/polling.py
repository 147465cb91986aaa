"""Fetch updates where nobody can reach us: the way for a small server behind a router."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import NoReturn

from aiogram.methods import DeleteWebhook, GetWebhookInfo

from bot.app.platform import Again, Event, SendError, Take, TryLater, Unreadable
from bot.app.ports import StoreDown
from bot.channels.shape import shape_of
from bot.channels.telegram.alarm import Alarm, pause
from bot.channels.telegram.calls import Calls, TwoReaders
from bot.channels.telegram.updates import NAME, WANTED, Door, Heard, heard, number_in

TOGETHER = 100
"""Updates fetched at once; Telegram gives no more."""

WAIT = 30
"""Seconds that Telegram holds an unanswered question. Routers forget silent connections after a minute."""

AT_ONCE = 5
"""Tries of one update in a row; it should be parked by then."""

BEAT = 1.0
"""Seconds between two questions that bring nothing, at least, whatever stands between us and Telegram."""

STORE_PAUSE = 15.0

WHERE = "telegram polling"


class Poller:
    def __init__(
        self,
        calls: Calls,
        take: Take,
        answer: Callable[[str, str], None],
        alarm: Alarm,
        door: Door | None = None,
    ) -> None:
        self._calls = calls
        self._door = door
        self._take = take
        self._answer = answer
        self._alarm = alarm
        self._must_free = True

    async def run(self) -> NoReturn:
        """Fetch and take updates until cancelled. What was not taken by then is fetched again by the next."""
        clock = asyncio.get_running_loop().time
        offset = failures = 0
        while True:
            asked = clock()
            try:
                await self._free()
                updates = await self._calls.updates(offset, WAIT, WANTED, TOGETHER)
            except SendError as fault:
                failures += 1
                self._alarm.ring(WHERE, fault)
                self._must_free |= isinstance(fault, TwoReaders)
                asked_for = fault.after if isinstance(fault, TryLater) else 0.0
                await asyncio.sleep(max(asked_for, pause(failures, clock() * 1000 % 1)))
                continue
            failures = 0
            self._alarm.quieten(WHERE)
            numbers = await self.take_all(updates)
            # Confirmed by the next question. Without one to confirm we ask for whatever there is: after a
            # quiet week Telegram begins to count anew, perhaps lower.
            offset = max(numbers) + 1 if numbers else 0
            if not numbers:
                await asyncio.sleep(max(0.0, asked + BEAT - clock()))

    async def take_all(self, updates: list[bytes]) -> list[int]:
        """Take effect of all, people side by side, each in order; returns the numbers of the updates."""
        told = [(body, _understood(body)) for body in updates]
        left = _by_person(told)
        failures = 0
        while left:
            remaining = await asyncio.gather(*(self._take_in_order(person) for person in left))
            left = [person for person in remaining if person]
            if left:
                failures += 1
                await asyncio.sleep(min(STORE_PAUSE, 2.0 ** min(failures, 4)))
        return [one.number for _, one in told if one.number is not None]

    async def _take_in_order(self, updates: deque[tuple[bytes, Heard]]) -> deque[tuple[bytes, Heard]]:
        """One person's updates; returns those that the database was not there for."""
        while updates:
            body, one = updates[0]
            toast = await self._door(one.door) if one.door is not None and self._door is not None else None
            if toast is None and one.event is not None:
                try:
                    await self._try(one.event, partial(shape_of, body))
                except (StoreDown, Again):
                    return updates
            if one.press:
                self._answer(one.press, toast or "")
            updates.popleft()
        return updates

    async def _try(self, event: Event, shape: Callable[[], str]) -> None:
        """Take one event, again if it fails; raises what the last try raised."""
        for _ in range(AT_ONCE - 1):
            with suppress(Again):
                return await self._take(event, shape)
        return await self._take(event, shape)

    async def _free(self) -> None:
        """Updates can only be fetched while no webhook is set."""
        if not self._must_free:
            return
        info = await self._calls.call(GetWebhookInfo())
        if info and info.url:
            await self._calls.call(DeleteWebhook(drop_pending_updates=False))
        self._must_free = False


def _understood(body: bytes) -> Heard:
    one = heard(body)
    if one is not None:
        return one
    number = number_in(body)
    return Heard(Unreadable(NAME, "" if number is None else str(number)), "", number)


def _by_person(told: Iterable[tuple[bytes, Heard]]) -> list[deque[tuple[bytes, Heard]]]:
    people: dict[str, deque[tuple[bytes, Heard]]] = {}
    for body, one in told:
        whose = "" if one.event is None or isinstance(one.event, Unreadable) else one.event.address.id
        people.setdefault(whose, deque()).append((body, one))
    return list(people.values())
