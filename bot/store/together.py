"""Small writes that arrive while the last commit runs share the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """`commit` gets what has gathered, oldest first. Whoever added something hears of its commit's fault."""

    def __init__(self, commit: Callable[[list[T]], Awaitable[None]]) -> None:
        self._commit = commit
        self._waiting: list[T] = []
        self._next: asyncio.Task[None] | None = None
        self._last: asyncio.Task[None] | None = None

    async def add(self, item: T) -> None:
        """Returns after the commit."""
        self._waiting.append(item)
        if self._next is None:
            self._next = self._last = asyncio.create_task(self._run(self._last))
            self._last.add_done_callback(_heard)
        await asyncio.shield(self._next)

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        items, self._waiting, self._next = self._waiting, [], None
        await self._commit(items)


def _heard(task: asyncio.Task[None]) -> None:
    """If all who waited have gone, nobody asks for the fault any more."""
    if not task.cancelled():
        task.exception()
