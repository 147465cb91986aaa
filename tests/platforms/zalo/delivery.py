"""Posting events to a webhook as a platform does: impatiently, several at once, again when it fails."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

import aiohttp

from tests.platforms.posting import Post


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver an event. `retry` counts from 0; `status` is None when no answer came in time."""

    event: str
    retry: int
    status: int | None
    at: float
    took: float


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    event: str
    body: bytes
    retry: int
    tried: asyncio.Future[None]


class Deliveries:
    """Events on their way to one webhook.

    `connections` events travel at once, in no order that is promised. Tests may set `copies` (how often an
    event is delivered, say 1 to 5 times) and `shuffle` (events that wait leave in any order).
    """

    def __init__(
        self,
        *,
        post: Post | None,
        headers: Callable[[bytes, int], Mapping[str, str]],
        patience: float,
        pauses: tuple[float, ...],
        given_up: Callable[[str], None],
        complain: Callable[[str], None],
    ) -> None:
        self.url = ""
        self.connections = 8
        self.copies: Callable[[], int] = lambda: 1
        self.shuffle: Random | None = None
        self.pauses = pauses
        self.attempts: list[Attempt] = []
        self._post = post
        self._headers = headers
        self._patience = patience
        self._given_up = given_up
        self._complain = complain
        self._paused = False
        self._waiting: deque[_Item] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._later: dict[_Item, asyncio.TimerHandle] = {}
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def put(self, event: str, body: bytes) -> None:
        """Deliver an event; returns after its first try, or at once while deliveries are held back."""
        loop = asyncio.get_running_loop()
        items = [_Item(event, body, 0, loop.create_future()) for _ in range(self.copies())]
        self._waiting.extend(items)
        self._fill()
        if not self._paused:
            await asyncio.wait([item.tried for item in items])

    def hold(self) -> None:
        """Keep events back until `release`: the platform is slow today."""
        self._paused = True

    def release(self) -> None:
        self._paused = False
        self._fill()

    def forget(self) -> None:
        """Drop everything that waits, retries too: the platform gives up on them."""
        for item in self._waiting:
            _over(item)
        self._waiting.clear()
        for handle in self._later.values():
            handle.cancel()
        self._later.clear()
        self._look()

    async def settled(self) -> None:
        """Wait until every event was taken or given up, retries too."""
        await self._quiet.wait()

    async def close(self) -> None:
        self.forget()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _fill(self) -> None:
        self._look()
        if self._paused:
            return
        for _ in range(min(len(self._waiting), self.connections - len(self._workers))):
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._gone)

    def _gone(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        self._look()

    def _look(self) -> None:
        if self._waiting or self._workers or self._later:
            self._quiet.clear()
        else:
            self._quiet.set()

    async def _work(self) -> None:
        while self._waiting and not self._paused:
            if self.shuffle is not None:
                self._waiting.rotate(self.shuffle.randrange(len(self._waiting)))
            item = self._waiting.popleft()
            try:
                taken = await self._try(item)
            finally:
                _over(item)
            if not taken:
                self._again(item)
        # at once, not in a callback: an event that comes in between would find all connections busy for ever
        if (me := asyncio.current_task()) is not None:
            self._gone(me)

    async def _try(self, item: _Item) -> bool:
        loop, post = asyncio.get_running_loop(), self._post
        at, status = loop.time(), None
        if post is None:
            self._complain("a webhook is set, and the test gave no way to post to it")
            return True
        try:
            async with asyncio.timeout(self._patience):
                status, _, _ = await post(self.url, self._headers(item.body, item.retry), item.body)
        except (OSError, aiohttp.ClientError, TimeoutError):
            status = None
        except Exception as fault:  # noqa: BLE001 - whatever answers a webhook must not raise; the test hears of it
            self._complain(f"the webhook raised {fault!r}")
        self.attempts.append(Attempt(item.event, item.retry, status, at, loop.time() - at))
        return status == 200

    def _again(self, item: _Item) -> None:
        if item.retry == len(self.pauses):
            self._given_up(item.event)
            return
        next_try = _Item(item.event, item.body, item.retry + 1, item.tried)
        due = asyncio.get_running_loop().call_later(self.pauses[item.retry], self._due, next_try)
        self._later[next_try] = due

    def _due(self, item: _Item) -> None:
        del self._later[item]
        self._waiting.append(item)
        self._fill()


def _over(item: _Item) -> None:
    if not item.tried.done():
        item.tried.set_result(None)
