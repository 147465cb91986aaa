"""The Telegram channel: one object that hears, speaks and looks after its own line.

Importing this imports aiogram; do it when Telegram is switched on, and only then.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Literal

from aiogram.methods import GetMe, GetWebhookInfo, SetWebhook

from bot.app.digests import Digests
from bot.app.doorbell import Doorstep
from bot.app.platform import Delivery, Door, Refused, SendError, Take, TryLater
from bot.app.ports import Pictures, Report
from bot.channels.telegram.alarm import Alarm, pause
from bot.channels.telegram.bulletin import Bulletin
from bot.channels.telegram.calls import Calls, TokenRefused
from bot.channels.telegram.doorbell import Doorbell
from bot.channels.telegram.introduction import introduction
from bot.channels.telegram.messages import parts_of
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import NAME, WANTED, AtTheDoor, Joins
from bot.channels.telegram.webhook import SecretWebhook
from bot.core.message import Address, Reply

PER_SECOND = 28.0
GAP = 1.05
GROUP_GAP = 3.1
"""A little less than Telegram allows: 30 messages a second in all, 1 to a person, 20 a minute to a group."""

LINES = 64
"""Updates that Telegram may post at the same time: as many as go into one commit."""

LOOK_AGAIN = 300.0
"""Seconds between two looks at whether Telegram still knows our address."""

ASK_NAME_AGAIN = 60.0

ANSWERING = 64
"""Pressed buttons that are answered at the same time; others may spin until they stop by themselves."""

_COMMUNE = re.compile(r"[0-9]{5}(?:-[0-9]{1,3})?", re.ASCII)

SENDING = "telegram sending"
TENDING = "telegram tending"


class Telegram:
    name = NAME
    delivery = Delivery.PUSH

    def __init__(
        self,
        *,
        token: str,
        api_base: str,
        mode: Literal["polling", "webhook"],
        webhook_secret: str,
        web_address: str,
        take: Take,
        pictures: Pictures,
        report: Report,
        doorstep: Doorstep | None = None,
        digests: Digests | None = None,
        per_second: float = PER_SECOND,
        gap: float = GAP,
        group_gap: float = GROUP_GAP,
    ) -> None:
        self.per_second = per_second
        self._gap = gap
        self._group_gap = group_gap
        self._secret = webhook_secret
        self._web_address = web_address
        self._calls = Calls(token, api_base)
        self._sender = Sender(self._calls, pictures)
        self._alarm = Alarm(report)
        self._doorbell = Doorbell(self._calls, doorstep, self._alarm, group_gap) if doorstep else None
        self._bulletin = Bulletin(self._calls, digests, self._alarm) if digests else None
        self._poller = Poller(self._calls, take, self._answer, self._alarm, self._hear)
        self._username = ""
        self._name_asked = float("-inf")
        self._aside: set[asyncio.Task[None]] = set()
        self.webhook = SecretWebhook(webhook_secret, take, report, self._hear) if mode == "webhook" else None

    def gap(self, address: Address) -> float:
        return self._group_gap if address.id.startswith("-") else self._gap

    async def send(self, address: Address, reply: Reply, part: int) -> int:
        parts = parts_of(reply)
        if part < len(parts):
            try:
                await self._sender.send(_chat(address), parts[part])
            except TokenRefused as fault:
                self._alarm.ring(SENDING, fault)
                raise
            self._alarm.quieten(SENDING)
        return len(parts)

    def door(self, commune: str) -> Door | None:
        """A link that opens the chat; its payload comes back with the first message."""
        if not self._username:
            self._ask_name()
            return None
        payload = f"?start=c_{commune}" if _COMMUNE.fullmatch(commune) else ""
        return Door(NAME, f"https://t.me/{self._username}{payload}")

    async def tend(self) -> None:
        async with asyncio.TaskGroup() as both:
            both.create_task(self._introduce())
            both.create_task(self._keep_webhook() if self.webhook else self._poller.run())
            if self._doorbell is not None:
                both.create_task(self._doorbell.run())
            if self._bulletin is not None:
                both.create_task(self._bulletin.run())

    async def close(self) -> None:
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self._calls.close()

    async def _hear(self, done: AtTheDoor) -> str | None:
        if isinstance(done, Joins):
            return await self._bulletin.hear(done) if self._bulletin else None
        return await self._doorbell.hear(done) if self._doorbell else None

    async def _introduce(self) -> None:
        await self._until_done(self._learn_name)
        for method in introduction():
            await self._until_done(partial(self._calls.call, method))

    async def _keep_webhook(self) -> None:
        """Tell Telegram our address, and again when somebody told it another.

        The first time in any case: Telegram does not show which secret it has.
        """
        await self._until_done(self._set_webhook)
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self._until_done(self._mend_webhook)

    async def _set_webhook(self) -> None:
        await self._calls.call(
            SetWebhook(
                url=self._own_address,
                secret_token=self._secret,
                allowed_updates=list(WANTED),
                max_connections=LINES,
                drop_pending_updates=False,
            )
        )

    async def _mend_webhook(self) -> None:
        info = await self._calls.call(GetWebhookInfo())
        if info is None:
            return
        now = (info.url, sorted(info.allowed_updates or ()), info.max_connections)
        if now != (self._own_address, sorted(WANTED), LINES):
            await self._set_webhook()

    @property
    def _own_address(self) -> str:
        return f"{self._web_address.rstrip('/')}{SecretWebhook.path}"

    async def _until_done(self, step: Callable[[], Awaitable[object]]) -> None:
        clock = asyncio.get_running_loop().time
        failures = 0
        while True:
            try:
                await step()
            except TryLater as fault:
                failures += 1
                self._alarm.ring(TENDING, fault)
                await asyncio.sleep(max(fault.after, pause(failures, clock() * 1000 % 1)))
            except SendError as fault:
                self._alarm.ring(TENDING, fault)
                return  # it would be refused the next time too
            else:
                self._alarm.quieten(TENDING)
                return

    async def _learn_name(self) -> None:
        me = await self._calls.call(GetMe())
        self._username = (me.username if me else None) or ""

    def _ask_name(self) -> None:
        """Pages need the name in every process, and only one of them tends the channel."""
        now = asyncio.get_running_loop().time()
        if now - self._name_asked >= ASK_NAME_AGAIN:
            self._name_asked = now
            self._do_aside(self._learn_name())

    def _answer(self, press: str, toast: str = "") -> None:
        if len(self._aside) < ANSWERING:
            self._do_aside(self._calls.answer(press, toast))

    def _do_aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that nobody waits for, and whose failure costs nothing."""
        task = asyncio.create_task(_quietly(work))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(SendError):
        await work


def _chat(address: Address) -> int:
    try:
        return int(address.id)
    except ValueError:
        raise Refused from None
