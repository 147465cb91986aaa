"""Tell whoever waits for a conversation that something new was committed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable

DESK = 0
"""Waited for like a conversation by whoever shows the desk: something changed that volunteers see."""


class Bell:
    """Rings reach only waiters of this process; those of another process look again after their time-out."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._listening: list[tuple[str, asyncio.Event]] = []

    def ring(self, conversations: Iterable[int], channels: Collection[str] | None = None) -> None:
        """`channels` are those that have something to send; None: nobody knows which."""
        for channel, event in self._listening:
            if channels is None or channel in channels:
                event.set()
        for conversation in conversations:
            for event in self._waiting.get(conversation, ()):
                event.set()

    def listen(self, channel: str) -> asyncio.Event:
        """Is set whenever the channel may have something to send; whoever hears it clears it."""
        event = asyncio.Event()
        self._listening.append((channel, event))
        return event

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
