"""Small parts for tests of the use cases: a store that can be held, a channel that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.app.platform import Delivery, SendError
from bot.app.ports import Kept, Parcel, Respond, Store, StoreDown, Taken
from bot.core.contact import Contact
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.turn import Turn
from tests.app.harness.flaws import Between

NOW = 1_795_000_000
WITHIN = 10.0
"""Seconds after which a test gives up waiting for something that should happen at once."""


def somebody(name: str, channel: str = "fake") -> Address:
    return Address(channel, name)


def counting(state: State | None, message: Incoming, _: int, __: Callable[[], Kept]) -> Turn:
    """Counts a resident's messages in `seq` and answers with the number and the text."""
    number = 1 if state is None else state.seq + 1
    text = f"{number}: {message.text or message.button}"
    return Turn(State(Contact(), seq=number), (Reply(text),))


class Held(Between):
    """Counts commits, holds them back while `gate` is closed, and fails when told to."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.gate = asyncio.Event()
        self.gate.set()
        self.batches: list[tuple[str, ...]] = []
        self.down = 0

    async def take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> list[Taken | Exception]:
        self.batches.append(tuple(message.address.id for message in batch))
        await self.gate.wait()
        self._fail()
        return await self.store.take(batch, respond, now)

    async def parcels(self, channels: Sequence[str], now: int, limit: int) -> list[Parcel]:
        self._fail()
        return await self.store.parcels(channels, now, limit)

    async def wake(self, wake: Callable[[State], Turn | None], now: int, limit: int) -> int:
        self._fail()
        return await self.store.wake(wake, now, limit)

    def _fail(self) -> None:
        if self.down:
            self.down -= 1
            raise StoreDown("for this test")


class Phone:
    """A channel on which people read; `faults` are raised one after the other, then all is well."""

    delivery = Delivery.PUSH
    per_second = 50.0

    def __init__(self, *faults: SendError, name: str = "fake", parts: int = 1) -> None:
        self.name = name
        self.faults = list(faults)
        self.parts = parts
        self.read: list[tuple[str, str]] = []
        self.arrived = asyncio.Event()

    def gap(self, _: Address) -> float:
        return 0.0

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        if self.faults:
            raise self.faults.pop(0)
        self.read.append(
            (address.id, f"{reply.text} {part + 1}/{self.parts}" if self.parts > 1 else reply.text)
        )
        self.arrived.set()
        return self.parts

    def texts(self, name: str) -> list[str]:
        return [text for reader, text in self.read if reader == name]


async def say(store: Store, address: Address, *texts: str, keeps: bool = True, key: str = "") -> Taken:
    """Let the bot say something to somebody, each text a reply of its own."""
    turn = Turn(State(Contact()) if keeps else None, tuple(map(Reply, texts)))
    message = Incoming(address, key or f"{address.id} {texts}", "xin chào")
    (taken,) = await store.take([message], lambda *_: turn, NOW)
    assert isinstance(taken, Taken)
    return taken
