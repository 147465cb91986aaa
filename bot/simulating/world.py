"""Time passes: whoever is next writes, many in one commit; timers and the desk follow on the same clock."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import TOGETHER, Inbox
from bot.app.outlook import Outlook
from bot.app.platform import Raw
from bot.app.ports import Kept, Store
from bot.app.timers import TOGETHER as WOKEN
from bot.core.book import Book
from bot.core.contact import SOURCE
from bot.core.message import Incoming, Kind
from bot.core.session import State
from bot.core.ticket import Ticket
from bot.core.timing import wake
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.simulating import words
from bot.simulating.hours import DAY, HOUR, Span, awake
from bot.simulating.resident import Act, Resident, Shown

LOOK = HOUR
"""Seconds of virtual time between two looks at timers."""

AHEAD = 24 * HOUR
"""So far is anybody's clock before that of others: conversations know nothing of each other, and a commit
costs the same for one message as for fifty.
"""

NEAR = 5 * 60
"""The same, for those whose conversation people at the desk see."""

LONG = HOUR // 4
"""Whoever writes after so many seconds looks first at what stands there: a timer may have said something."""

NOBODY = -1


@dataclass
class Clock:
    at: int

    def __call__(self) -> int:
        return self.at


@dataclass(order=True)
class Due:
    """What happens then: a resident writes, or somebody at the desk does something."""

    at: int
    order: int
    number: int = field(compare=False)
    act: Act | None = field(compare=False, default=None)
    deed: Callable[[], Awaitable[None]] | None = field(compare=False, default=None)


@dataclass
class Counts:
    messages: int = 0
    timers: int = 0


class World:
    """`opened` hears of whoever asks for a person: the number of the resident, the ticket, when."""

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
        self.opened: Callable[[int, Ticket, int], None] = lambda *_: None
        self._store = store
        self._outlook = outlook
        self._residents = residents
        self._due: list[Due] = []
        self._order = 0
        self._next: dict[int, Due] = {}
        self._turned: dict[str, State | None] = {}
        self._called: set[int] = set()
        self._tickets: set[str] = set()
        self._timers: list[int] = []
        self._changed = True  # at the desk, since it was last looked at
        self.read(book)
        self._inbox = Inbox(store, self._respond, sift, bell, clock, draw)

    async def live(self, span: Span, told: Callable[[int], None]) -> None:
        """Until the end of the span; `told` hears how far it has got."""
        for number, resident in self._residents.items():
            self._write_at(resident.person.arrives_at, number, resident.begin())
        for at in range(span.begins, span.ends, LOOK):
            await self._until(min(at + LOOK, span.ends), span.ends)
            told(self.clock.at)

    def read(self, book: Book) -> None:
        """From now on the bot speaks by this book."""
        self._book = book
        self._answer = answering(book, self._outlook.desk)

    def at(self, when: int, number: int, deed: Callable[[], Awaitable[None]]) -> None:
        """Plan a deed of the desk."""
        self._push(Due(when, self._order, number, deed=deed))

    async def heard(self, number: int, answers: bool) -> None:
        """Somebody at the desk did something about a resident's conversation: they look, and may answer."""
        resident = self._residents[number]
        state = await self._store.state(resident.person.address)
        if state is None:
            return
        held = state.ticket is not None and state.ticket.holder is not None
        if held and answers and resident.random.random() < 0.7:
            resident.planned.insert(0, Act(40, resident.random.choice(words.CHAT)))
        if not held or answers:
            self._plan(number, Shown(state), self.clock.at)

    async def _until(self, end: int, last: int) -> None:
        """Everything before `end` has happened; nothing from `last` on has."""
        while self._due and self._due[0].at < end:
            self.clock.at = self._due[0].at
            deed = self._due[0].deed
            if deed is not None:
                heapq.heappop(self._due)
                self._changed = True
                await deed()
            else:
                await asyncio.gather(*(self._write(one) for one in self._together(last)))
        self.clock.at = end
        if self._changed or end % DAY < LOOK:
            self._changed = False
            await self._outlook.look()
        await self._wake(end)

    def _together(self, last: int) -> list[Due]:
        """Who writes in the next commit: the first, and others whose time is near, or may as well be. Where
        people at the desk read along, everything is in its order and at its minute.
        """
        first, batch, later = self._due[0].at, list[Due](), list[Due]()
        helped: set[int] = set()
        while self._due and len(batch) < TOGETHER and self._due[0].at < min(last, first + AHEAD):
            one = heapq.heappop(self._due)
            exact = one.number in self._called and one.at >= first + NEAR
            if one.deed is not None or exact or one.number in helped:
                helped.add(one.number)
                later.append(one)
            elif self._next.get(one.number) is one:
                batch.append(one)
        for one in later:
            heapq.heappush(self._due, one)
        return batch

    async def _write(self, one: Due) -> None:
        resident, act = self._residents[one.number], one.act
        assert act is not None  # noqa: S101 - only writers come here
        person = resident.person
        key = f"{one.at}.{one.number}.{one.order}"
        raw = Raw(
            person.address,
            key,
            act.text,
            act.button,
            act.kind,
            locale=person.locale if person.locale != SOURCE else "",
            commune=person.poster,
            phone=person.phone,
            window=person.window,
        )
        taken = await self._inbox.receive(raw)
        self.counts.messages += 1
        state = self._turned.pop(key, None)
        if state is not None and state.ticket is not None and state.ticket.key not in self._tickets:
            self._tickets.add(state.ticket.key)
            self._called.add(one.number)
            self._changed = True
            self.opened(one.number, state.ticket, one.at)
        if act.kind is not Kind.LEFT:
            self._plan(one.number, Shown(state, [line.reply for line in taken.lines]), one.at)

    def _plan(self, number: int, shown: Shown, now: int) -> None:
        """What they do next takes the place of what they would have done."""
        resident = self._residents[number]
        act = resident.next(shown, now)
        self._next.pop(number, None)
        if act is not None:
            self._write_at(awake(now + act.wait, resident.random), number, act)

    def _write_at(self, at: int, number: int, act: Act) -> None:
        due = Due(at, self._order, number, act=act)
        self._next[number] = due
        self._push(due)

    def _push(self, due: Due) -> None:
        self._order += 1
        heapq.heappush(self._due, due)

    def _respond(self, state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:  # noqa: ARG002
        """At the very second at which it was written, whatever shares the commit."""
        at = int(message.key.partition(".")[0])
        turn = self._answer(state, message, at, kept)
        self._turned[message.key] = turn.state
        self._note_timer(turn)
        return turn

    async def _wake(self, now: int) -> None:
        if not self._timers or self._timers[0] > now:
            return
        while self._timers and self._timers[0] <= now:
            heapq.heappop(self._timers)
        due = WOKEN
        while due >= WOKEN:
            due = await self._store.wake(lambda state: self._woken(state, now), now, WOKEN)
            self.counts.timers += due

    def _woken(self, state: State, now: int) -> Turn | None:
        turn = wake(self._book, state, now, self._outlook.desk())
        if turn is not None:
            self._note_timer(turn)
        return turn

    def _note_timer(self, turn: Turn) -> None:
        if turn.due_at:
            heapq.heappush(self._timers, turn.due_at)
