"""The store as the application sees it: each method one transaction on whichever database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from bot.app.ports import (
    Edition,
    Kept,
    Line,
    Parcel,
    ParcelStatus,
    Respond,
    Sealed,
    Standing,
    Taken,
    Wake,
)
from bot.core.message import Address, Incoming
from bot.core.session import State
from bot.core.tally import Tally
from bot.store import (
    counters,
    delivering,
    duties,
    guides,
    joining,
    purging,
    reading,
    secrets,
    stumbles,
    turns,
)
from bot.store.backing import Backing
from bot.store.crypt import Vault
from bot.store.ledger import Database
from bot.store.recent import Recent
from bot.store.together import Together


class SqlStore:
    """Made by `open_store`."""

    def __init__(
        self, database: Database, vault: Vault, pull_channels: frozenset[str], release: Callable[[], None]
    ) -> None:
        self.backing = Backing(database, vault, pull_channels, Recent())
        self._database = database
        self._vault = vault
        self._release = release
        self._recent = self.backing.recent
        self._settling = Together(self._settle)
        self._leaves_traces = False  # addresses were deleted that may still lie in the files

    async def take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> list[Taken | Exception]:
        if not batch:
            return []
        setting = self.backing.setting(now)

        def work(connection: Connection) -> list[Taken | Exception]:
            return turns.take(self._database.ledger(connection), setting, batch, respond)

        taken = await self._database.write(work)
        self._recent.note(setting.fresh)
        return taken

    async def touch(self, address: Address, wake: Wake, now: int) -> None:
        setting = self.backing.setting(now)
        hash = self._vault.hash_address(address)
        await self._database.write(
            lambda connection: turns.touch(self._database.ledger(connection), setting, hash, wake)
        )

    async def wake(self, wake: Wake, now: int, limit: int) -> int:
        """Turns that raised are tried again later; what they raised comes at the end as an ExceptionGroup."""
        setting = self.backing.setting(now)

        def work(connection: Connection) -> tuple[int, list[Exception]]:
            return turns.wake(self._database.ledger(connection), setting, wake, limit)

        if self._leaves_traces:  # now and then: emptying the log for each would cost more than a turn
            self._leaves_traces = False
            await self._database.scrub()
        due, faults = await self._database.write(work)
        self._recent.note(setting.fresh)
        if faults:
            raise ExceptionGroup(f"{len(faults)} of {due} timers failed", faults)
        return due

    async def conversation(self, address: Address) -> int | None:
        hash = self._vault.hash_address(address)
        return await self._database.read(lambda connection: reading.conversation_of(connection, hash))

    async def state(self, address: Address) -> State | None:
        hash = self._vault.hash_address(address)
        return await self._database.read(lambda connection: reading.state_of(connection, self._vault, hash))

    async def lines(self, address: Address, after: int, limit: int) -> list[Line]:
        hash = self._vault.hash_address(address)

        def work(connection: Connection) -> list[Line]:
            conversation = reading.conversation_of(connection, hash)
            if conversation is None:
                return []
            return reading.lines_of(connection, self._vault, conversation, after, limit)

        return await self._database.read(work)

    async def kept(self, address: Address) -> Kept | None:
        hash = self._vault.hash_address(address)

        def work(connection: Connection) -> Kept | None:
            conversation = reading.conversation_of(connection, hash)
            return None if conversation is None else reading.kept_of(connection, self._vault, conversation)

        return await self._database.read(work)

    async def parcels(self, channels: Sequence[str], now: int, limit: int) -> list[Parcel]:
        return await self._database.write(
            lambda connection: delivering.lease(connection, self._vault, channels, now, limit)
        )

    async def settle(
        self,
        id: int,
        status: ParcelStatus,
        now: int,  # noqa: ARG002 - part of the contract
        retry_at: int = 0,
        done: int = 0,
    ) -> None:
        await self._settling.add(delivering.Settled(id, status, retry_at, done))

    async def give_up(self, address: Address) -> None:
        hash = self._vault.hash_address(address)
        gone = await self._database.write(lambda connection: delivering.give_up(connection, hash))
        self._leaves_traces |= gone

    async def stumble(self, channel: str, key: str, shape: str, now: int) -> int:
        hash = self._vault.hash_event(Address(channel, ""), key)
        return await self._database.write(
            lambda connection: stumbles.stumble(connection, hash, channel, shape, now)
        )

    async def hold(self, duty: str, holder: str, now: int, until: int) -> bool:
        return await self._database.write(
            lambda connection: duties.hold(connection, duty, holder, now, until)
        )

    async def release(self, duty: str, holder: str) -> None:
        await self._database.write(lambda connection: duties.release(connection, duty, holder))

    async def secret(self, name: str) -> Sealed | None:
        return await self._database.read(lambda connection: secrets.read(connection, self._vault, name))

    async def keep_secret(self, name: str, value: bytes, revision: int, now: int) -> bool:
        kept = await self._database.write(
            lambda connection: secrets.write(connection, self._vault, name, value, revision, now)
        )
        await self._database.scrub()
        return kept

    async def save_code(self, address: Address, code: str, now: int, until: int) -> bool:  # noqa: ARG002 - the same
        return await self._database.write(
            lambda connection: joining.save_code(connection, self._vault, address, code, until)
        )

    async def join(self, code: str, address: Address, now: int) -> bool:
        def work(connection: Connection) -> tuple[bool, bool]:
            ledger = self._database.ledger(connection)
            ledger.lock([self._vault.hash_address(address)])
            return joining.join(ledger, self._vault, code, address, now)

        joined, erased = await self._database.write(work)
        if erased:
            self._recent.clear()
            await self._database.scrub()
        return joined

    async def keep_editions(self, editions: Sequence[Edition], now: int) -> list[Edition]:
        return await self._database.write(lambda connection: guides.keep(connection, editions, now))

    async def standing(self) -> list[Standing]:
        return await self._database.read(guides.standing)

    async def counts(self, flow: str) -> Tally:
        return await self._database.read(lambda connection: counters.counts(connection, flow))

    async def purge(self, now: int) -> Mapping[str, int]:
        """Several small transactions: nothing depends on all of them being one."""
        self._recent.clear()
        return await purging.purge(self._database, self._vault, now)

    async def close(self) -> None:
        await asyncio.to_thread(self.abandon)

    def abandon(self) -> None:
        """Close where there is no event loop: what was begun is finished first."""
        self._database.close()
        self._release()

    async def _settle(self, settled: Sequence[delivering.Settled]) -> None:
        forgotten = await self._database.write(lambda connection: delivering.settle(connection, settled))
        self._leaves_traces |= forgotten
