"""Processes that share one PostgreSQL: residents write and erase, volunteers do all they can, at once.

python -m tests.app.harness.night <url> <first number> <residents> <volunteers> <seconds>; says its faults
as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from bot.app.bell import Bell
from bot.app.conversation import Answer, answering
from bot.app.dangers import Danger
from bot.app.journal import Did
from bot.app.ports import Acted, Kept
from bot.app.telling import Told
from bot.app.tickets import Note, Wait
from bot.app.timers import wake_due
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Closing, Helper, Reason, Ticket
from bot.core.turn import Turn
from bot.staffing import outlook_of, staff_of
from bot.store.drafts import SqlDrafts
from bot.store.notices import SqlDevices
from bot.store.open import SqlStore, open_store
from bot.store.watching import SqlWithholding
from tests.books import ROOT, book_of
from tests.conftest import KEY, PULL

PAST = 31 * 86_400


@dataclass
class Night:
    """What goes on in one process. `done` counts what succeeded, `faults` what was raised."""

    store: SqlStore
    book: Book
    rng: random.Random
    until: float
    done: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    async def resident(self, number: int) -> None:
        answer = answering(self.book)
        written = 0
        while time.monotonic() < self.until:
            written += 1
            await asyncio.sleep(self.rng.random())
            roll, now = self.rng.random(), int(time.time())
            address = Address("web", f"resident-{number}")
            message = Incoming(
                address, str(written), self.rng.choice(("xin chào", "1", "2", "menu")), seed=f"{number:024d}"
            )
            if roll < 0.15:
                await self._try("asks", partial(self.store.take, [message], partial(_asks, now), now))
            elif roll < 0.2:
                await self._try("erases", partial(self.store.take, [message], _erases, now))
            else:
                batch = [
                    message,
                    Incoming(Address("web", f"other-{number}"), str(written), "1", seed="2" * 24),
                ]
                respond = partial(_answered, answer, now)
                await self._try("writes", partial(self.store.take, batch, respond, now))

    async def volunteer(self, person: int) -> None:
        helper = Helper(person, f"Lan {person}", 1000)
        staff = staff_of(
            self.store, self.book, Bell(), lambda: int(time.time()), lambda: f"{self.rng.random()}"
        )
        withholding, drafts = SqlWithholding(self.store.backing), SqlDrafts(self.store.backing)
        devices = SqlDevices(self.store.backing)
        outlook = outlook_of(staff, lambda: int(time.time()))
        while time.monotonic() < self.until:
            now = int(time.time())
            waits: list[Wait] = []

            async def seen(into: list[Wait] = waits) -> None:
                into += await staff.tickets.waits()

            await self._try("looks", seen)
            if not waits:
                await asyncio.sleep(0.05)
                continue
            mine = [wait for wait in waits if wait.holder == person]
            key = self.rng.choice(mine if mine and self.rng.random() < 0.7 else waits).key
            desk = staff.handoff

            async def withheld(key: str = key, now: int = now) -> None:
                held = await withholding.hold(
                    key, person, str(self.rng.random()), ("Chào", None), (Danger.NEW,), now
                )
                if held is not None and self.rng.random() < 0.8:
                    await withholding.release(held.id, _speaks, person, now)

            deeds: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
                ("claims", partial(desk.claim, key, helper)),
                ("speaks", partial(desk.speak, key, helper, "Chào bác", str(self.rng.random()))),
                ("closes", partial(desk.close, key, helper, Closing.SOLVED, "", "")),
                ("gives back", partial(desk.give_back, key, helper, "mai tiếp")),
                (
                    "hands on",
                    partial(desk.hand_to, key, helper, Helper(person % 8 + 1, "Hoa", 1000), "nhờ bạn"),
                ),
                ("notes", partial(desk.note, key, Note(person, "bác nghe kém"))),
                ("drafts", partial(drafts.save, person, key, "Bác bấm", now)),
                ("holds", withheld),
                ("refuses", partial(withholding.refuse_all, person, person, now)),
                ("journal", partial(staff.journal.note, person, Did.VIEWED, key)),
                ("told", partial(devices.tell, person, (Told(key, now, "", 1),), ())),
                ("outlook", outlook.look),
            )
            name, deed = self.rng.choice(deeds[:2] + deeds)
            await self._try(name, deed)

    async def timers(self) -> None:
        while time.monotonic() < self.until:
            ahead = int(time.time()) + self.rng.choice((0, 700))  # claims lapse
            await self._try("wakes", partial(wake_due, self.store, self.book, ahead))
            await asyncio.sleep(0.1)

    async def purge(self) -> None:
        while time.monotonic() < self.until:
            await self._try("purges", partial(self.store.purge, int(time.time()) + PAST - 8))
            await asyncio.sleep(2)

    async def _try(self, name: str, work: Callable[[], Awaitable[object]]) -> object:
        try:
            result = await work()
        except Exception as fault:  # noqa: BLE001 - counted
            cause = fault.__cause__
            self.faults[f"{name}: {type(fault).__name__} {fault} {getattr(cause, 'orig', cause)!r:.300}"] += 1
            return None
        if isinstance(result, list):
            for one in result:
                if isinstance(one, Exception):
                    self.faults[f"{name}: {one!r:.300}"] += 1
        self.done[name + (" and wins" if isinstance(result, Acted) else "")] += 1
        return result


def _asks(now: int, state: State | None, message: Incoming, _: object) -> Turn:
    if state is not None and state.ticket is not None:
        return Turn(state, (Reply("Có người rồi."),))
    ticket = Ticket(f"{random.getrandbits(72):018x}", Reason.ASKED, now, commune="22291")
    return Turn(
        State(Contact(), seq=1, heard_at=now, ticket=ticket), (Reply("Em gọi rồi."),), (TicketOpened(ticket),)
    )


def _answered(
    answer: Answer, now: int, state: State | None, sent: Incoming, kept: Callable[[], Kept], /
) -> Turn:
    return answer(state, sent, now, kept)


def _speaks(state: State) -> Turn:
    return Turn(state, (Reply("Chào bác", author="Lan"),))


def _erases(*_: object) -> Turn:
    return Turn(None, (Reply("Đã xóa."),))


async def main(url: str, first: int, residents: int, volunteers: int, seconds: float) -> None:
    store = open_store(url, KEY, PULL)
    night = Night(store, book_of(ROOT), random.Random(first), time.monotonic() + seconds)  # noqa: S311
    await asyncio.gather(
        *(night.resident(first * 1000 + number) for number in range(residents)),
        *(night.volunteer(first * volunteers + number + 1) for number in range(volunteers)),
        night.timers(),
        night.purge(),
    )
    await store.close()
    print(json.dumps({"done": night.done, "faults": night.faults}, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
