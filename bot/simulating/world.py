"""Time passes: whoever is next writes, many in one commit; timers and the desk follow on the same clock."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import TOGETHER, Inbox
from bot.app.outlook import Outlook
from bot.app.platform import Raw
from bot.app.ports import Kept, Store, Taken
from bot.app.timers import TOGETHER as WOKEN
from bot.core.book import Book
from bot.core.message import Incoming, Kind
from bot.core.session import State
from bot.core.timing import wake
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.simulating.hours import HOUR, Span, awake
from bot.simulating.resident import Act, Resident, Shown

LOOK = 2 * HOUR
"""Seconds of virtual time between two looks at timers."""


@dataclass
class Clock:
    at: int

    def __call__(self) -> int:
        return self.at


@dataclass(order=True)
class Due:
    """Somebody writes then."""

    at: int
    number: int
    act: Act = field(compare=False)


@dataclass
class Counts:
    messages: int = 0
    timers: int = 0
    deeds: int = 0
    failed: int = 0


class World:
    """`told(at)` hears how far it has got."""

    def __init__(
        self,
        store: Store,
        book: Book,
        clock: Clock,
        outlook: Outlook,
        bell: Bell,
        draw: Callable[[], str],
        residents: dict[int, Resident],
    ) -> None:
        self.clock = clock
        self.counts = Counts()
        self._store = store
        self._book = book
        self._outlook = outlook
        self._residents = residents
        self._due: list[Due] = []
        self._shown: dict[int, Shown] = {}
        self._turned: dict[str, State | None] = {}
        self._timers: list[int] = []
        self._answer = answering(book, outlook.desk)
        self._inbox = Inbox(store, self._respond, sift, bell, clock, draw)

    async def live(self, span: Span, told: Callable[[int], None]) -> None:
        for number, resident in self._residents.items():
            heapq.heappush(self._due, Due(resident.person.arrives_at, number, resident.begin()))
        for at in range(span.begins, span.ends, LOOK):
            await self._until(min(at + LOOK, span.ends))
            told(self.clock.at)

    async def _until(self, end: int) -> None:
        while self._due and self._due[0].at < end:
            batch = [heapq.heappop(self._due)]
            while self._due and len(batch) < TOGETHER and self._due[0].at < end:
                batch.append(heapq.heappop(self._due))
            await asyncio.gather(*(self._write(one) for one in batch))
        self.clock.at = end
        await self._outlook.look()
        await self._wake(end)

    async def _write(self, one: Due) -> None:
        resident = self._residents[one.number]
        person, act = resident.person, one.act
        self.clock.at = max(self.clock.at, one.at)
        key = f"{one.at}.{one.number}.{resident.said}"
        raw = Raw(
            person.address,
            key,
            act.text,
            act.button,
            act.kind,
            locale=person.locale if person.locale != "vi" else "",
            commune=person.poster,
            window=person.window,
        )
        taken: Taken = await self._inbox.receive(raw)
        self.counts.messages += 1
        state = self._turned.pop(key, None)
        shown = Shown(state, [line.reply for line in taken.lines])
        self._shown[one.number] = shown
        self._plan(one, shown)

    def _plan(self, one: Due, shown: Shown) -> None:
        resident = self._residents[one.number]
        if one.act.kind is Kind.LEFT:
            return
        act = resident.next(shown, one.at)
        if act is not None:
            at = one.at + act.wait
            heapq.heappush(self._due, Due(awake(at, resident.random), one.number, act))

    def _respond(
        self, state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]
    ) -> Turn:
        """At the very second at which it was written, whatever shares the commit."""
        at = int(message.key.partition(".")[0])
        number = int(message.key.split(".")[1])
        message = replace(message, phone=self._residents[number].person.phone)
        turn = self._answer(state, message, at, kept)
        self._turned[message.key] = turn.state
        if turn.due_at:
            heapq.heappush(self._timers, turn.due_at)
        return turn

    async def _wake(self, now: int) -> None:
        if not self._timers or self._timers[0] > now:
            return
        while self._timers and self._timers[0] <= now:
            heapq.heappop(self._timers)
        due = WOKEN
        while due >= WOKEN:
            due = await self._store.wake(self._woken(now), now, WOKEN)
            self.counts.timers += due

    def _woken(self, now: int) -> Callable[[State], Turn | None]:
        def turn_of(state: State) -> Turn | None:
            turn = wake(self._book, state, now, self._outlook.desk())
            if turn is not None and turn.due_at:
                heapq.heappush(self._timers, turn.due_at)
            return turn

        return turn_of
