"""An outbox with a clock in hand, and channels on which people read in odd ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.app.bell import Bell
from bot.app.outbox import Outbox
from bot.app.ports import Store
from bot.core.message import Address, Reply
from tests.app.harness.parts import NOW, WITHIN, Phone, somebody

AN = somebody("an")
BINH = somebody("binh")


class Post:
    """An outbox with a clock in hand."""

    def __init__(self, store: Store, *phones: Phone, bell: Bell | None = None) -> None:
        self.now = NOW
        self.faults: list[tuple[str, str]] = []
        bell = bell or Bell()
        self.outboxes = [
            Outbox(store, phone, bell, lambda: self.now, self._report, lambda *_: None) for phone in phones
        ]

    def _report(self, where: str, fault: BaseException) -> None:
        self.faults.append((where, type(fault).__name__))

    async def deliver(self, after: int = 0) -> int:
        self.now += after
        async with asyncio.timeout(WITHIN):
            return sum([await outbox.deliver_due() for outbox in self.outboxes])

    async def holds(self, count: int) -> None:
        """Wait until so many replies are claimed and not yet done with."""
        while len(self.outbox._held) < count:  # noqa: ASYNC110 - nobody is told of a claim
            await asyncio.sleep(0)

    @property
    def outbox(self) -> Outbox:
        return self.outboxes[0]


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.run())
    try:
        async with asyncio.timeout(WITHIN):
            yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Broken(Phone):
    """A channel with a fault of ours in it: it strikes one person's replies."""

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        if address.id == "an":
            raise ValueError("a fault nobody thought of")
        return await super().send(address, reply, part)


class Counting(Phone):
    """Counts how many replies are on their way at once; `gate` holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self.gate, self.begun = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.set()
        await self.gate.wait()
        await asyncio.sleep(0)
        self.now -= 1
        return await super().send(address, reply, part)


class Slow(Phone):
    """Nobody's reply arrives before everybody's is on its way."""

    per_second = 5000.0

    def __init__(self, people: int) -> None:
        super().__init__()
        self._meeting = asyncio.Barrier(people)

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        await self._meeting.wait()
        return await super().send(address, reply, part)
