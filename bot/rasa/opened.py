"""The running bot behind the actions: opened once, in the loop that the actions run in."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.app.conversation import Answer, answering
from bot.app.inbox import Inbox
from bot.app.ports import Kept, Pictures, Sieve, Store, StoreDown
from bot.config import BadSettings, read_settings
from bot.core.book import Book
from bot.core.message import Incoming
from bot.core.session import State
from bot.core.turn import Turn
from bot.keys import NotReady
from bot.language.sieve import sift
from bot.rasa.ending import End, end_of
from bot.wiring import draw, now, report, running

CONFIG = Path("config.yaml")

HOLD_OFF = 5.0
"""Seconds after a failed opening before it is tried again."""

REMEMBERED = 1000
"""Turns whose end is remembered, for an action call that is made again."""

log = logging.getLogger(__name__)


class NotOpen(Exception):
    """The bot could not be started; why has been logged."""


@dataclass(frozen=True, slots=True)
class Bot:
    """What the actions work with. `turns` tells what a message led to, by its key."""

    book: Book
    store: Store
    inbox: Inbox
    turns: Turns
    sieve: Sieve
    pictures: Pictures
    web_address: str
    draw: Callable[[], str]


class Turns:
    """How the latest turns ended. Rasa wants to know it, and a call that is made again hears it again."""

    def __init__(self) -> None:
        self._ends: OrderedDict[str, End] = OrderedDict()

    def noting(self, answer: Answer) -> Answer:
        def noted(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
            turn = answer(state, message, now, kept)
            self._ends[message.key] = end_of(turn)
            if len(self._ends) > REMEMBERED:
                self._ends.popitem(last=False)
            return turn

        return noted

    def end(self, key: str) -> End | None:
        return self._ends.get(key)


Start = Callable[[], AbstractAsyncContextManager[Bot]]


@asynccontextmanager
async def started() -> AsyncIterator[Bot]:
    """The bot of config.yaml and the environment."""
    settings = read_settings(CONFIG)
    async with running(settings) as bot:
        turns = Turns()
        # no desk: the assistant has people of its own, and Rasa could not fetch what ours would write
        inbox = Inbox(bot.store, turns.noting(answering(bot.book)), sift, bot.bell, now, draw)
        yield Bot(
            book=bot.book,
            store=bot.store,
            inbox=inbox,
            turns=turns,
            sieve=sift,
            pictures=bot.pictures,
            web_address=settings.organisation.web_address,
            draw=draw,
        )
        await inbox.drain()


class Opened:
    """Holds one running bot, from the first time it is wanted until `close`."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._bot: asyncio.Future[Bot] | None = None
        self._holder: asyncio.Task[None] | None = None
        self._leave = asyncio.Event()
        self._again_at = 0.0

    async def bot(self) -> Bot:
        """Raises NotOpen; whoever comes while it is being opened waits for the same one."""
        loop = asyncio.get_running_loop()
        failed = self._bot is not None and self._bot.done() and self._bot.exception() is not None
        if self._bot is None or (failed and loop.time() >= self._again_at):
            self._bot = loop.create_future()
            self._leave.clear()
            # a task of its own: the request that asked first may go away before the bot does
            self._holder = asyncio.create_task(self._hold(self._bot))
        return await asyncio.shield(self._bot)

    async def close(self) -> None:
        holder, self._bot, self._holder = self._holder, None, None
        self._leave.set()
        if holder is not None:
            await holder

    async def _hold(self, ready: asyncio.Future[Bot]) -> None:
        try:
            async with self._start() as bot:
                ready.set_result(bot)
                await self._leave.wait()
        except (NotReady, BadSettings) as fault:
            log.error("the bot cannot be opened: %s", fault)  # noqa: TRY400 - the message says what to do
            self._fail(ready)
        except StoreDown:
            log.error("the database is away")  # noqa: TRY400 - no trace is needed
            self._fail(ready)
        except Exception as fault:  # noqa: BLE001 - the server must live on, and say so to whoever asks
            report("rasa", fault)
            self._fail(ready)

    def _fail(self, ready: asyncio.Future[Bot]) -> None:
        self._again_at = asyncio.get_running_loop().time() + HOLD_OFF
        if not ready.done():
            ready.set_exception(NotOpen())
            ready.exception()  # somebody may not have waited for it


opened = Opened(started)


async def open_now() -> None:
    """Open it before anybody waits; a fault is in the log and is told to whoever asks."""
    with suppress(NotOpen):
        await opened.bot()
