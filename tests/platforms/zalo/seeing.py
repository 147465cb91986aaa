"""A chat as a person sees it, and waiting for what comes next in it."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

Message = TypeVar("Message")


class Screen(Generic[Message]):
    """`messages` is what was written to the person, oldest first."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._seen = 0
        self._stirred = asyncio.Event()

    def show(self, message: Message) -> None:
        self.messages.append(message)
        self._stirred.set()

    def mark(self) -> None:
        """What stands here now is old: the person does something."""
        self._seen = len(self.messages)

    async def hears(self, count: int, within: float) -> list[Message]:
        """Wait for so many messages more than there were when the person last did or heard something."""
        async with asyncio.timeout(within):
            while len(self.messages) < self._seen + count:
                self._stirred.clear()
                await self._stirred.wait()
        heard = self.messages[self._seen : self._seen + count]
        self._seen += count
        return heard
