"""Show that somebody is being answered. Nobody waits for it, and its failure matters to nobody."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.app.platform import SendError
from bot.channels.zalo_bot.calls import Calls

EVERY = 5.0
"""Seconds for which the platform shows it; sooner it need not be told again."""

TOGETHER = 16
"""Such calls at the same time, at most."""

REMEMBERED = 1000


class Typing:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._at: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, chat: str) -> None:
        at = asyncio.get_running_loop().time()
        if len(self._tasks) >= TOGETHER or at - self._at.get(chat, at - EVERY) < EVERY:
            return
        self._at.pop(chat, None)
        self._at[chat] = at
        if len(self._at) > REMEMBERED:
            del self._at[next(iter(self._at))]
        task = asyncio.create_task(self._call(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _call(self, chat: str) -> None:
        with suppress(SendError):
            await self._calls.call("sendChatAction", {"chat_id": chat, "action": "typing"})
