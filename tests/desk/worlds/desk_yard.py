"""People who wait and people who help: a desk whose residents can ask for somebody, in process and served."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from desk_world import Desk, desk_world
from web_browser import Announced

from bot.app.accounts import Account, Role
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.insights import Insights
from bot.app.outlook import Outlook
from bot.app.ports import Kept
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.flow import Say
from bot.core.message import Address, Choice, Incoming, Reply
from bot.core.session import How, Mark, Outcome, Run, Session, State, Visit
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.staffing import outlook_of, staff_of
from bot.web.desk.admission import agent_of
from bot.web.limits import Rate
from bot.web.pages import build_app

WIDE = Rate(burst=10_000, per_second=1000)
T = TypeVar("T")


@dataclass
class Yard:
    """`outlook` is what the bot may promise; whoever changes who is there looks again."""

    desk: Desk
    outlook: Outlook
    names: list[str] = field(default_factory=list)

    async def waits(self, name: str, *, reason: Reason = Reason.ASKED, **of: Any) -> str:
        """Somebody is stuck at a step and asks for a person; returns the key of their ticket."""
        now, book = self.desk.here.clock(), self.desk.here.parts.book
        guide = book.flows["kich-hoat"]
        step = of.pop("step", "co-the")
        begin = guide.steps[guide.start]
        assert isinstance(begin, Say)
        stuck = next(way for way in begin.ways if way.stuck)
        run = Run(
            "r" * 16,
            guide.id,
            guide.version,
            now - 600,
            Visit(3, step, now - 300),
            trail={
                guide.start: Mark(Outcome.ANSWERED, stuck.next, How.STUCK, stuck.stuck, 2),
                stuck.next: Mark(Outcome.ANSWERED, step, How.CHOICE),
                step: Mark(Outcome.OPEN),
            },
            path=(guide.start, stuck.next),
        )
        ticket = Ticket(
            f"key-{name}", reason, now, guide.id, guide.version, step, commune=of.pop("commune", "")
        )
        contact = Contact(xung_ho="bác", locale=of.pop("locale", "vi"), commune=ticket.commune)
        state = State(contact, Session((run,)), heard_at=now, seq=9, ticket=ticket, **of)
        said = Reply(f"Em chào {name}.", (Choice("Có thẻ", "x"),))
        await self._take(name, "tôi bị kẹt", Turn(state, (said,), (TicketOpened(ticket),)))
        return ticket.key

    async def writes(self, name: str, words: str) -> None:
        """The resident says something."""
        here = self.desk.here
        answer = answering(here.parts.book)
        message = _message(name, words, len(self.names))
        self.names.append(name)
        await self.desk.store.take(
            [message], lambda state, sent, kept: answer(state, sent, here.clock(), kept), here.clock()
        )
        request = await self.desk.staff.tickets.request(f"key-{name}")
        assert request is not None
        here.parts.bell.ring((0, request.conversation))

    async def _take(self, name: str, words: str, turn: Turn) -> None:
        def respond(_: State | None, __: Incoming, ___: Callable[[], Kept], /) -> Turn:
            return turn

        message = _message(name, words, len(self.names))
        self.names.append(name)
        (taken,) = await self.desk.store.take([message], respond, self.desk.here.clock())
        assert not isinstance(taken, Exception), taken
        self.desk.here.parts.bell.ring((0,))

    async def on_duty(self, account: Account) -> None:
        now = self.desk.here.clock()
        await self.desk.staff.shifts.begin(account.id, now, now + 3600)
        await self.outlook.look()


def _message(name: str, words: str, number: int) -> Incoming:
    return Incoming(Address("web", name), f"{name}.{number}", words, seed=f"{number:016x}")


@contextlib.asynccontextmanager
async def yard(
    folder: Path, book: Book | None = None, insights: Insights | None = None, **changes: Any
) -> AsyncIterator[Yard]:
    async with desk_world(folder) as desk:
        here = desk.here
        known = book or here.parts.book
        if book is not None:
            numbers = itertools.count(1 << 50)
            staff = staff_of(
                desk.store,
                book,
                here.parts.bell,
                here.clock,
                lambda: f"{next(numbers):016x}",
                here.parts.draw,
            )
            desk.staff = replace(staff, entrance=desk.staff.entrance)
        if insights is not None:
            desk.staff = replace(desk.staff, insights=insights)
        here = replace(here, parts=replace(here.parts, staff=desk.staff))
        outlook = outlook_of(desk.staff, here.clock)
        inbox = Inbox(
            desk.store,
            answering(known, outlook.desk),
            sift,
            here.parts.bell,
            here.clock,
            lambda: here.parts.draw(8),
        )
        parts = replace(
            here.parts,
            inbox=inbox,
            book=known,
            desk=outlook.desk,
            person_rate=WIDE,
            host_rate=WIDE,
            **changes,
        )
        desk.here = replace(here, parts=parts, inbox=inbox, app=build_app(parts))
        try:
            yield Yard(desk, outlook)
        finally:
            await inbox.drain()


@dataclass
class Served:
    """A yard that is really served, in a thread with a loop of its own."""

    yard: Yard
    address: str
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def volunteer(self, shown: str, role: Role = Role.VOLUNTEER, **more: Any) -> Account:
        async def made() -> Account:
            account = await self.yard.desk.member(role, shown=shown, **more)
            await self.yard.on_duty(account)
            return account

        return self.run(made())

    def token(self, account: Account, user_agent: str) -> str:
        async def entered() -> str:
            browser = self.yard.desk.here.browser(headers={"User-Agent": user_agent})
            agent = agent_of(browser.build_request("GET", "/"))  # type: ignore[arg-type]
            return (await self.yard.desk.entrance.enter(account, agent)).token

        return self.run(entered())


@contextlib.contextmanager
def served(
    folder: Path, book: Callable[[], Book] | None = None, insights: Insights | None = None
) -> Iterator[Served]:
    ready = threading.Event()
    built: list[Served] = []
    servers: list[Announced] = []

    async def serve() -> None:
        async with yard(folder, book() if book else None, insights) as here:
            config = uvicorn.Config(here.desk.here.app, port=0, log_level="error", ws="none", lifespan="off")
            servers.append(Announced(config, ready))
            built.append(Served(here, "", asyncio.get_running_loop()))
            await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    built[0].address = f"http://127.0.0.1:{servers[0].servers[0].sockets[0].getsockname()[1]}"
    try:
        yield built[0]
    finally:
        servers[0].should_exit = True
        thread.join(20)
