"""How updates reach the bot: posted to its webhook, or fetched. Both keep what was not confirmed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from bench.channels.wire import Posting, Reply

PATH = "/webhooks/telegram"
SECRET = "0123456789abcdef-a-secret"  # noqa: S105 - of a bench

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until an update is posted again: doubling, as Telegram does it."""


class Posted:
    """One queue and one kept connection for each resident; a failed update blocks its own queue only."""

    def __init__(self, answer: Callable[[bytes], None]) -> None:
        self._answer = answer
        self._lanes: dict[int, _Lane] = {}
        self.port = 0

    def send(self, resident: int, number: int, update: bytes) -> None:
        lane = self._lanes.get(resident)
        if lane is None:
            lane = self._lanes[resident] = _Lane(self, self._answer)
        lane.send(number, update)

    def confirmed(self, resident: int, number: int) -> bool:
        return all(number != waiting for waiting, _ in self._lanes[resident].queue)


class _Lane:
    def __init__(self, mail: Posted, answer: Callable[[bytes], None]) -> None:
        self.queue: deque[tuple[int, bytes]] = deque()
        self._mail = mail
        self._answer = answer
        self._line: Posting | None = None
        self._pause = FIRST_PAUSE
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[None]] = set()

    def send(self, number: int, update: bytes) -> None:
        self.queue.append((number, update))
        if len(self.queue) == 1:
            self._post()

    def _post(self) -> None:
        if self._line is not None and self._line.is_open:
            self._line.post(_HEAD, self.queue[0][1])
        else:
            task = asyncio.ensure_future(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        try:
            _, line = await self._loop.create_connection(
                lambda: Posting(self._done), "127.0.0.1", self._mail.port
            )
        except OSError:
            self._done(0, b"")
        else:
            self._line = line
            line.post(_HEAD, self.queue[0][1])

    def _done(self, status: int, body: bytes) -> None:
        if status // 100 != 2:
            self._loop.call_later(self._pause, self._post)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return
        self._pause = FIRST_PAUSE
        self.queue.popleft()
        if b"method" in body:
            self._answer(body)
        if self.queue:
            self._post()


_HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
).encode()


class Fetched:
    """What the bot fetches: everything from the offset on is kept until a later offset confirms it."""

    def __init__(self) -> None:
        self._updates: dict[int, bytes] = {}
        self._waiting: tuple[Reply, int, asyncio.TimerHandle] | None = None
        self._loop = asyncio.get_running_loop()
        self._giving = False

    def send(self, resident: int, number: int, update: bytes) -> None:
        del resident
        self._updates[number] = update
        if self._waiting is not None and not self._giving:
            self._giving = True
            self._loop.call_soon(self._give)

    def confirmed(self, resident: int, number: int) -> bool:
        del resident
        return number not in self._updates

    def fetch(self, offset: int, limit: int, wait: float, reply: Reply) -> Callable[[], None]:
        for number in [number for number in self._updates if number < offset]:
            del self._updates[number]
        if self._waiting is not None:
            self._give()
        self._waiting = (reply, limit, self._loop.call_later(wait, self._give))
        if self._updates or not wait:
            self._give()
        return self._hung_up

    def _give(self) -> None:
        self._giving = False
        if self._waiting is None:
            return
        reply, limit, timer = self._waiting
        self._waiting = None
        timer.cancel()
        updates = list(self._updates.values())[:limit]
        reply(b'{"ok":true,"result":[%s]}' % b",".join(updates))

    def _hung_up(self) -> None:
        if self._waiting is not None:
            self._waiting[2].cancel()
            self._waiting = None
