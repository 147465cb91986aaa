"""Stores that break one promise each: the harness must see it, or it sees nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from bot.app.ports import Parcel, ParcelStatus, Respond, Store, Taken
from bot.core.message import Address, Incoming


class Between:
    """Stands before a store and changes a method or two."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


class Hasty(Between):
    """Acknowledges before the commit."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._later: set[asyncio.Task[None]] = set()

    async def take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> list[Taken | Exception]:
        task = asyncio.create_task(self._take(batch, respond, now))
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return [Taken(repeated=False, conversation=None, lines=()) for _ in batch]

    async def _take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> None:
        await asyncio.sleep(0.05)  # longer than the killer waits after an acknowledgement
        await self.store.take(batch, respond, now)


class Forgetful(Between):
    """Takes a message that comes again for a new one."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._times: Counter[str] = Counter()

    async def take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> list[Taken | Exception]:
        return await self.store.take([self._unknown(message) for message in batch], respond, now)

    def _unknown(self, message: Incoming) -> Incoming:
        self._times[message.key] += 1
        times = self._times[message.key]
        return message if times == 1 else replace(message, key=f"{message.key}/{times}")


class Overtaking(Between):
    """Puts a reply that must be tried again aside, and lets later ones pass."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._leased: dict[int, Parcel] = {}
        self._aside: dict[Address, Parcel] = {}
        self._passed: list[Parcel] = []

    async def parcels(self, channels: Sequence[str], now: int, limit: int) -> list[Parcel]:
        parcels = await self.store.parcels(channels, now, limit)
        found, self._passed = [*parcels, *self._passed], []
        self._leased.update((parcel.id, parcel) for parcel in found)
        return found

    async def settle(self, id: int, status: ParcelStatus, now: int, retry_at: int = 0, done: int = 0) -> None:
        if status is ParcelStatus.QUEUED:
            parcel = self._leased[id]
            self._aside[parcel.address] = parcel
            status = ParcelStatus.SENT
        elif (parcel := self._leased[id]).address in self._aside:
            self._passed.append(self._aside.pop(parcel.address))
        await self.store.settle(id, status, now, retry_at, done)


FLAWS = {"hasty": Hasty, "forgetful": Forgetful, "overtaking": Overtaking}


def flawed(store: Store, flaw: str) -> Store:
    return cast("Store", FLAWS[flaw](store)) if flaw else store
