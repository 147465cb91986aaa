"""Tell whoever waits for a conversation that something new was committed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


class Bell:
    """Rings reach only waiters of this process; those of another process look again after their time-out."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._any = asyncio.Event()

    def ring(self, conversations: Iterable[int]) -> None:
        self._any.set()
        for conversation in conversations:
            for event in self._waiting.get(conversation, ()):
                event.set()

    async def wait_any(self, seconds: float) -> None:
        """Wait until anything was committed since the last call, or the time is over. For one waiter."""
        try:
            async with asyncio.timeout(seconds):
                await self._any.wait()
        except TimeoutError:
            pass
        self._any.clear()

    async def wait(self, conversation: int, seconds: float) -> bool:
        """Wait for a ring; False when none came in time."""
        event = asyncio.Event()
        waiting = self._waiting.setdefault(conversation, set())
        waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        else:
            return True
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(conversation, None)
