"""The bot in a process of its own, to be killed: real store, real inbox and outbox, a small guide."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import assert_never, cast

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.outbox import Outbox
from bot.app.platform import Delivery, Raw, TryLater
from bot.app.ports import Parcel, Store
from bot.core.message import Address, Reply
from bot.core.timing import unreachable
from bot.language.sieve import sift
from bot.store.open import open_store
from tests.app.harness.flaws import Between, flawed
from tests.app.harness.moments import by_moments
from tests.app.harness.wire import (
    Acked,
    Answered,
    Deliver,
    Failed,
    FromBot,
    Ready,
    Sending,
    Tick,
    line_of,
    to_bot,
)
from tests.books import book_of

CHANNEL = "fake"
KEY = b"a key for tests, not for people!"


class Watched(Between):
    """Remembers which reply is on its way to whom: a channel is not told, but the platform wants to check."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.flying: dict[int, Parcel] = {}

    async def parcels(self, channels: Sequence[str], now: int, limit: int) -> list[Parcel]:
        parcels = await self.store.parcels(channels, now, limit)
        self.flying.update((id(parcel.reply), parcel) for parcel in parcels)
        return parcels


class Victim:
    """Also the channel: a reply goes out as a line and waits for what the platform says to it."""

    name = CHANNEL
    delivery = Delivery.PUSH
    per_second = 50.0

    def __init__(self, store: Store, content: Path, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._now = 0
        self._answers: dict[int, asyncio.Future[bool]] = {}
        self._receiving: set[asyncio.Task[None]] = set()
        self._bell = Bell()
        self._watched = Watched(store)
        answer = by_moments(answering(book_of(content)))
        self.inbox = Inbox(store, answer, sift, self._bell, self._clock, str)
        watched = cast("Store", self._watched)
        gone = partial(unreachable, book_of(content))
        self.outbox = Outbox(watched, self, self._bell, self._clock, self._failed, gone)

    def gap(self, _: Address) -> float:
        return 0.0

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        parcel = self._watched.flying.pop(id(reply))
        answer = self._answers[parcel.id] = asyncio.get_running_loop().create_future()
        self._say(Sending(parcel.id, address.id, parcel.again, reply))
        if not await answer:
            raise TryLater
        return part + 1

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Until the platform hangs up."""
        self._say(Ready())
        async for line in reader:
            said = to_bot.decode(line)
            match said:
                case Deliver():
                    task = asyncio.create_task(self._receive(said))
                    self._receiving.add(task)
                    task.add_done_callback(self._receiving.discard)
                case Answered(line=line_id, ok=ok):
                    self._answers.pop(line_id).set_result(ok)
                case Tick(now=now):
                    self._now = now
                    self._bell.ring(())
                case never:
                    assert_never(never)

    async def _receive(self, deliver: Deliver) -> None:
        raw = Raw(Address(CHANNEL, deliver.resident), deliver.key, deliver.text, deliver.button)
        try:
            taken = await self.inbox.receive(raw)
        except Exception as fault:  # noqa: BLE001 - the platform is to hear of it
            self._say(Failed(deliver.key, repr(fault)))
        else:
            self._say(Acked(deliver.key, taken.repeated))

    def _failed(self, where: str, fault: BaseException) -> None:
        self._say(Failed(where, repr(fault)))

    def _clock(self) -> int:
        return self._now

    def _say(self, said: FromBot) -> None:
        self._writer.write(line_of(said))


def main() -> None:
    descriptor, database, content, flaw = sys.argv[1:]
    asyncio.run(_live(socket.socket(fileno=int(descriptor)), Path(database), Path(content), flaw))


async def _live(line: socket.socket, database: Path, content: Path, flaw: str) -> None:
    store = open_store(f"sqlite:///{database}", KEY, frozenset())
    try:
        reader, writer = await asyncio.open_unix_connection(sock=line, limit=2**20)
        victim = Victim(flawed(store, flaw), content, writer)
        gc.freeze()
        gc.enable()
        sending = asyncio.create_task(victim.outbox.run())
        listening = asyncio.create_task(victim.listen(reader))
        await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            await sending  # an outbox that ends has failed
        await listening
        await victim.inbox.drain()
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        writer.close()
    finally:
        await store.close()
