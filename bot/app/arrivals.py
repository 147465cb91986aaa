"""What platforms tell us: each event takes effect once, and one that breaks us does not come for ever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import assert_never

from bot.app.platform import Again, Event, Left, Raw, Unreadable
from bot.app.ports import Report, Store, StoreDown, Taken
from bot.core.message import Kind

PARKED_AFTER = 3
"""Failures of one event after which it is told as taken, so that its conversation goes on without it."""


class Arrivals:
    """A `Take` for channels."""

    def __init__(
        self,
        receive: Callable[[Raw], Awaitable[Taken]],
        store: Store,
        now: Callable[[], int],
        report: Report,
    ) -> None:
        self._receive = receive
        self._store = store
        self._now = now
        self._report = report

    async def take(self, event: Event, shape: Callable[[], str]) -> None:
        """Returns when the event has taken effect, or when it is given up. Raises StoreDown and Again."""
        match event:
            case Raw():
                await self._try(event, shape)
            case Left(address=address, key=key):
                await self._try(Raw(address, key, kind=Kind.LEFT), shape)
                await self._store.give_up(address)
            case Unreadable(channel=channel, key=key):
                await self._store.stumble(channel, key, shape(), self._now())
            case never:
                assert_never(never)

    async def _try(self, raw: Raw, shape: Callable[[], str]) -> None:
        try:
            await self._receive(raw)
        except StoreDown:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the platform must not send it for ever
            self._report("turn", fault)
            tries = await self._store.stumble(raw.address.channel, raw.key, shape(), self._now())
            if tries < PARKED_AFTER:
                raise Again from None
