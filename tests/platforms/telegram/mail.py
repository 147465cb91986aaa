"""Updates on their way to the bot: their queues, how long they live, and fetching them by long polling."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tests.platforms.telegram.errors import ApiError, Json, bad

DAY = 86_400.0
PRESS = 150.0
LONGEST = 50
"""Seconds that the real server lets a poll wait at most."""

KINDS = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Update:
    """One update. `queue`: what must be delivered in order. `wakes`: not to be tried before."""

    id: int
    kind: str
    body: Json
    queue: str
    dies: float
    wakes: float = 0.0
    delay: int = 1
    fails: int = 0
    sending: bool = False

    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


class Mail:
    """What waits for the bot."""

    def __init__(self, time: Callable[[], float], first: int) -> None:
        self.queues: dict[str, deque[Update]] = {}
        self.stirred = asyncio.Event()
        self.died: list[Update] = []
        self.taken: set[int] = set()
        self.empty = asyncio.Event()
        self.empty.set()
        self.allowed: frozenset[str] | None = None
        self._time = time
        self._next = first
        self._poll: asyncio.Future[None] | None = None

    def put(self, kind: str, body: Json, queue: str, life: float = DAY) -> Update | None:
        """Queue it; None when the bot has not asked for this kind."""
        if kind not in (KINDS - ASKED_FOR_ONLY if self.allowed is None else self.allowed):
            return None
        update = Update(self._next, kind, body, queue, self._time() + life)
        self._next += 1
        self.queues.setdefault(queue, deque()).append(update)
        self.empty.clear()
        self.stirred.set()
        return update

    def waiting(self) -> list[Update]:
        """All that is neither acknowledged nor dead, oldest first."""
        return sorted(chain.from_iterable(self.queues.values()), key=lambda update: update.id)

    def take(self, update: Update) -> None:
        """The bot has it."""
        self.taken.add(update.id)
        self.forget(update)

    def die(self, update: Update) -> None:
        self.died.append(update)
        self.forget(update)

    def forget(self, update: Update) -> None:
        queue = self.queues.get(update.queue)
        if queue is not None and update in queue:
            queue.remove(update)
            if not queue:
                del self.queues[update.queue]
        self._tell()

    def drop_all(self) -> None:
        self.queues.clear()
        self._tell()

    def bury(self) -> None:
        """Drop what is too old; within a queue all live equally long."""
        now = self._time()
        for queue in list(self.queues.values()):
            while queue and queue[0].dies <= now and not queue[0].sending:
                self.die(queue[0])

    async def all_gone(self) -> None:
        """Wait until nothing is waiting, if need be until it is too old."""
        while self.queues:
            self.bury()
            first = min((update.dies for update in self.heads()), default=0.0)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(first - self._time(), 0.001)):
                    await self.empty.wait()

    def jump(self, to: int) -> None:
        """After a week of silence the real server chooses the next id afresh."""
        if self.queues:
            raise AssertionError("the ids of updates jump only when none waits")
        self._next = to

    def heads(self) -> Iterator[Update]:
        """The oldest of each queue."""
        return (queue[0] for queue in self.queues.values())

    def allow(self, kinds: list[Any] | None) -> None:
        """Remember which kinds the bot wants; None leaves it as it is, [] is the default."""
        if kinds is None:
            return
        if strange := [kind for kind in kinds if kind not in KINDS]:
            raise ApiError(400, f"no updates of kind {strange}", wrong=True)
        self.allowed = frozenset(kinds) or None

    async def fetch(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """getUpdates. A second poll ends the first."""
        if not 1 <= limit <= 100:
            raise ApiError(400, "limit must be 1-100", wrong=True)  # the real server takes 100 then
        if seconds < 0:
            raise bad("timeout must be non-negative")
        self.interrupt("other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            until = self._time() + min(seconds, LONGEST)
            while not (found := self._from(offset)[:limit]) and self._time() < until:
                await self._wait(poll, until - self._time())
            if poll.done():
                poll.result()
        finally:
            if self._poll is poll:
                self._poll = None
        return [update.json() for update in found]

    def interrupt(self, by: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(409, f"terminated by {by}"))

    async def _wait(self, poll: asyncio.Future[None], seconds: float) -> None:
        self.stirred.clear()
        stirred = asyncio.create_task(self.stirred.wait())
        both: set[asyncio.Future[Any]] = {poll, stirred}
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
        if poll.done():
            poll.result()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            for update in self.waiting()[:offset]:
                self.take(update)
        elif self._real(offset):
            for update in self.waiting():
                if update.id < offset:
                    self.take(update)

    def _from(self, offset: int) -> list[Update]:
        self.bury()
        return [update for update in self.waiting() if not self._real(offset) or update.id >= offset]

    def _tell(self) -> None:
        if not self.queues:
            self.empty.set()
        self.stirred.set()

    def _real(self, offset: int) -> bool:
        """An offset far in the future is overlooked: it comes from before the ids were chosen afresh."""
        return 0 < offset <= self._next + 10
