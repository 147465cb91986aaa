"""A desk in a process of its own, to be killed: residents write, volunteers help, timers run.

What was done is said line by line, after it was done. Whoever begins again does first what may not have
been done, under the same key.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Kept
from bot.app.timers import run_timers
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Closing, Helper, Reason, Ticket
from bot.core.turn import Turn
from bot.store.open import SqlStore, open_store
from bot.store.tickets import SqlTickets
from tests.books import book_of
from tests.conftest import KEY, PULL

RESIDENTS = 8
VOLUNTEERS = 4
MANY_LINES = 100_000


class Desk:
    def __init__(self, store: SqlStore, book: Book, numbers: dict[str, int], flaw: str) -> None:
        self.store, self.book, self.numbers = store, book, numbers
        self.tickets = SqlTickets(store.backing)
        self.bell = Bell()
        self.handoff = Handoff(self.tickets, book, self.bell, now, lambda: "seed")
        self.hasty = flaw == "hasty"
        self.forgetful = flaw == "forgetful"
        self.dying = flaw in ("dying", "forgetful")
        """It dies between the commit and the word of it; the forgetful one has no key to know it by then."""

    async def resident(self, name: str) -> None:
        """Asks for a person again and again, and writes to them."""
        answer = answering(self.book)
        while True:
            number = self.numbers.get(name, 0)
            words = f"{name}.{number}"
            message = Incoming(Address("web", name), str(number), words, seed=f"{number:024d}")

            def respond(state: State | None, sent: Incoming, kept: Callable[[], Kept]) -> Turn:
                if state is None or state.ticket is None:
                    return _asks(f"key-{sent.text}")
                return answer(state, sent, now(), kept)

            if self.hasty:
                self.say(name, "wrote", "", words)
            await self.store.take([message], respond, now())
            if not self.hasty:
                self.say(name, "wrote", "", words)

    async def volunteer(self, person: int) -> None:
        name, helper = f"v{person}", Helper(person, f"Lan {person}", 2)
        while True:
            number = self.numbers.get(name, 0)
            held = await self.tickets.held(person)
            if not held:
                waits = [wait.key for wait in await self.tickets.waits() if not wait.holder]
                for key in waits[:1]:
                    if isinstance(await self.handoff.claim(key, helper), Acted):
                        self.say(name, "claimed", key, "")
                await asyncio.sleep(0.002)
            elif number % 6 == 5:
                key = held[0].key
                done = await self.handoff.close(key, helper, Closing.SOLVED, "", "", f"close {number}")
                if isinstance(done, Acted):
                    self.say(name, "closed", key, "")
            else:
                key, words = held[0].key, f"{name}.{number}"
                once = f"{number} {time.monotonic()}" if self.forgetful else str(number)
                done = await self.handoff.speak(key, helper, words, once)
                if isinstance(done, Acted):
                    if self.dying and number % 6 == 3 and not done.repeated:
                        os.kill(os.getpid(), signal.SIGKILL)
                    self.say(name, "spoke", key, words)

    def say(self, who: str, what: str, ticket: str, words: str) -> None:
        print(json.dumps([who, self.numbers.get(who, 0), what, ticket, words]), flush=True)
        self.numbers[who] = self.numbers.get(who, 0) + 1


def now() -> int:
    return int(time.time())


def _asks(key: str) -> Turn:
    ticket = Ticket(key, Reason.ASKED, now(), commune="22291")
    after = State(Contact(), seq=1, heard_at=now(), ticket=ticket)
    return Turn(after, (Reply("Em đã gọi người."),), (TicketOpened(ticket),))


async def live(database: Path, content: Path, numbers: dict[str, int], flaw: str) -> None:
    store = open_store(f"sqlite:///{database}", KEY, PULL)
    desk = Desk(store, book_of(content), numbers, flaw)
    report = partial(print, file=sys.stderr)
    await asyncio.gather(
        *(desk.resident(f"r{number}") for number in range(RESIDENTS)),
        *(desk.volunteer(number + 1) for number in range(VOLUNTEERS)),
        run_timers(store, desk.book, desk.bell, now, report),
    )


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4]))
