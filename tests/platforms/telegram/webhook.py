"""Delivery by webhook as the real server does it: in order within a queue, queues side by side, stubborn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientError

from tests.platforms.posting import Answered, Post
from tests.platforms.telegram.errors import Json
from tests.platforms.telegram.mail import Mail, Update

RESEND = 60
LONGEST_WISH = 3600
GONE = 23 * 3600.0
"""HTTP 410 for so long removes the webhook."""

Answer = Callable[[str, Mapping[str, object]], None]
"""Carry out the method that stood in the answer to a delivery."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What setWebhook said."""

    url: str
    secret: str = ""
    connections: int = 40


@dataclass(slots=True)
class Mischief:
    """Deliveries that are not as tidy as usual, but as the real server may make them.

    Each update is delivered up to `most` times, the others than the first together with it or until `late`
    seconds after; queues wait up to `lag` seconds, so that none keeps its place among the others.
    """

    chance: Random
    most: int = 1
    late: float = 0.0
    lag: float = 0.0

    def wakes(self, now: float) -> float:
        return now + self._some(self.lag)

    def echoes(self) -> list[float]:
        """After how many seconds each further copy comes."""
        copies = self.chance.randint(1, self.most) - 1
        return [self.chance.choice((0.0, self._some(self.late))) for _ in range(copies)]

    def _some(self, seconds: float) -> float:
        """Full tenths: a virtual clock has fewer stops then."""
        return round(self.chance.uniform(0, seconds), 1)


class Deliveries:
    """One task that looks through the mail, and one for each delivery on its way."""

    def __init__(self, mail: Mail, time: Callable[[], float], post: Post, answer: Answer) -> None:
        self.hook: Hook | None = None
        self.mischief = Mischief(Random(0))  # noqa: S311 - no secret
        self.tried: list[tuple[float, int, int]] = []
        self.last_error: tuple[float, str] | None = None
        self._mail = mail
        self._time = time
        self._post = post
        self._answer = answer
        self._gone_since: float | None = None
        self._busy = 0
        self._flying: set[asyncio.Task[None]] = set()
        self.faults: list[BaseException] = []

    @property
    def flying(self) -> int:
        """How many requests are out, or will be."""
        return len(self._flying)

    async def landed(self) -> None:
        """Wait until no request is out."""
        while self._flying:
            await asyncio.wait(self._flying)

    async def run(self) -> None:
        try:
            while True:
                self._mail.stirred.clear()
                pause = self._launch() if self.hook else None
                try:
                    async with asyncio.timeout(pause):
                        await self._mail.stirred.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._flying:
                task.cancel()
            await asyncio.gather(*self._flying, return_exceptions=True)

    def _launch(self) -> float | None:
        """Send what may be sent; seconds until there may be more to do."""
        self._mail.bury()
        now = self._time()
        heads = sorted((u for u in self._mail.heads() if not u.sending), key=lambda update: update.id)
        if self.mischief.lag:
            self.mischief.chance.shuffle(heads)
        for update in heads:
            if not update.wakes:
                update.wakes = self.mischief.wakes(now)
            if update.wakes <= now and self.hook and self._busy < self.hook.connections:
                update.sending = True
                self._busy += 1
                self._fly(self._deliver(update, self.hook))
        asleep = [update.wakes - now for update in heads if update.wakes > now]
        return min(asleep, default=None)

    def _fly(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._flying.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._mail.stirred.set()
        if not task.cancelled() and (fault := task.exception()):
            self.faults.append(fault)

    async def _deliver(self, update: Update, hook: Hook) -> None:
        for after in self.mischief.echoes():
            self._fly(self._echo(update, hook, after))
        try:
            status, retry_after = await self._once(update, hook)
        finally:
            update.sending = False
            self._busy -= 1
        if 200 <= status < 300:
            self._mail.take(update)
        else:
            self._put_off(update, retry_after)
        self._note_gone(status)

    async def _echo(self, update: Update, hook: Hook, after: float) -> None:
        await asyncio.sleep(after)
        await self._once(update, hook)

    async def _once(self, update: Update, hook: Hook) -> tuple[int, int]:
        """One request; the status (0: no answer) and the seconds that the bot asks us to wait."""
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        body = json.dumps(update.json(), ensure_ascii=True, separators=(",", ":")).encode()
        at = self._time()
        try:
            answered = await self._post(hook.url, headers, body)
        except (OSError, TimeoutError, ClientError) as fault:
            self.last_error = (at, f"Webhook connection closed: {type(fault).__name__}")
            self.tried.append((at, update.id, 0))
            return 0, 0
        status, said, _ = answered
        self.tried.append((at, update.id, status))
        if 200 <= status < 300:
            self._read(answered)
            return status, 0
        self.last_error = (at, f"Wrong response from the webhook: {status}")
        wish = said.get("retry-after", "")
        return status, min(int(wish), LONGEST_WISH) if wish.isdigit() else 0

    def _put_off(self, update: Update, retry_after: int) -> None:
        """At once the first time, then after 2, 4, 8… seconds up to something between 60 and 120."""
        wait = retry_after
        if not retry_after and update.fails:
            update.delay = min(self.mischief.chance.randint(RESEND, 2 * RESEND), update.delay * 2)
            wait = update.delay
        update.fails += 1
        update.wakes = self._time() + wait
        if update.wakes > update.dies:
            self._mail.die(update)

    def _note_gone(self, status: int) -> None:
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._time()
        elif self._time() - self._gone_since > GONE:
            self.hook = None

    def _read(self, answered: Answered) -> None:
        """The body may be a method call; what comes of it nobody tells the bot."""
        _, said, body = answered
        kind = said.get("content-type", "").split(";")[0]
        params: Json = {}
        if kind == "application/json" and body:
            try:
                read = json.loads(body)
            except ValueError:
                return
            params = read if isinstance(read, dict) else {}
        elif kind == "application/x-www-form-urlencoded":
            params = dict(parse_qsl(body.decode(), keep_blank_values=True))
        method = params.pop("method", None)
        if isinstance(method, str):
            self._answer(method, params)
