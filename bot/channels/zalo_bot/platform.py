"""Zalo Bot as one of the doors: what goes out, what comes in, what is looked after."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Literal

from bot.app.ports import (
    Delivery,
    Door,
    Event,
    Pictures,
    Raw,
    Refused,
    Report,
    SendError,
    Take,
    TryLater,
)
from bot.channels.offered import Offered
from bot.channels.shape import shape_of
from bot.channels.zalo_bot.calls import Calls, QuotaUsed, TokenRefused
from bot.channels.zalo_bot.events import CHANNEL
from bot.channels.zalo_bot.messages import Message, is_public, messages
from bot.channels.zalo_bot.presence import Typing
from bot.channels.zalo_bot.tending import keep_webhook, poll
from bot.channels.zalo_bot.webhook import PATH, ZaloBotWebhook
from bot.core.message import Address, Kind, Picture, Reply

API = "https://bot-api.zaloplatforms.com"

GAP = 0.5
"""Seconds between two messages to one person."""

_TOKEN = re.compile(r"[\w.~-]+:[\w.~-]+", re.ASCII)

REMIND = 3600.0
"""Seconds until the same alarm is given again."""


class ZaloBot:
    """`bot.app.ports.Platform`. Raises ValueError when it could not hear anybody with these settings."""

    name = CHANNEL
    delivery = Delivery.PUSH
    per_second = 20.0

    def __init__(
        self,
        *,
        token: str,
        mode: Literal["polling", "webhook"],
        webhook_secret: str,
        web_address: str,
        link: str,
        take: Take,
        pictures: Pictures,
        now: Callable[[], int],
        report: Report,
        api_base: str = API,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("channels.zalo_bot.token must be as Zalo Bot Manager gave it: numbers:letters")
        self._address = web_address.rstrip("/") if is_public(web_address) else ""
        self._secret = webhook_secret
        self._link = link
        self._take = take
        self._pictures = pictures
        self._report = report
        self._offered = Offered(now)
        self._calls = Calls(token, api_base)
        self._typing = Typing(self._calls)
        self._alarmed: dict[type[SendError], float] = {}
        self.webhook = ZaloBotWebhook(webhook_secret, self._hear, report) if mode == "webhook" else None
        if self.webhook and not self._address:
            raise ValueError("organisation.web_address must be a public https:// address for a webhook")

    def gap(self, _: Address, /) -> float:
        return GAP

    def door(self, commune: str, /) -> Door | None:
        """A link cannot carry the commune here, so people send it as words."""
        return Door(CHANNEL, self._link, f"XA {commune}" if commune else "") if self._link else None

    async def send(self, address: Address, reply: Reply, done: int = 0, /) -> None:
        for number, message in enumerate(messages(reply, self._photo(reply.picture))):
            if number < done:
                continue
            if number > done:
                await asyncio.sleep(GAP)
            try:
                await self._post(address, message)
            except SendError as fault:
                self._alarm(fault)
                if isinstance(fault, TryLater):
                    fault.done = number
                raise
        self._offered.note(address, reply)

    async def tend(self) -> None:
        if self.webhook is None:
            await poll(self._calls, self._hear, self._report)
        else:
            await keep_webhook(self._calls, self._address + PATH, self._secret, self._report)

    async def close(self) -> None:
        await self._typing.close()
        await self._calls.close()

    async def _hear(self, event: Event, body: bytes) -> None:
        if isinstance(event, Raw):
            event = self._offered.meant(event)
            if event.kind is Kind.TEXT:
                self._typing.show(event.address.id)
        await self._take(event, lambda: shape_of(body))

    async def _post(self, address: Address, message: Message) -> None:
        if message.photo:
            try:
                await self._send_photo(address, message)
            except Refused as refused:
                self._alarm(refused)  # the words say everything without it
            else:
                return
        await self._calls.call("sendMessage", {"chat_id": address.id, "text": message.text})

    async def _send_photo(self, address: Address, message: Message) -> None:
        photo = {"chat_id": address.id, "photo": message.photo, "caption": message.text}
        await self._calls.call("sendPhoto", photo)

    def _photo(self, picture: Picture | None) -> str:
        """Its address, where the platform can fetch it."""
        shown = self._pictures.shown(picture) if picture and self._address else None
        return self._address + shown.path if shown else ""

    def _alarm(self, fault: SendError) -> None:
        """Say what a person has to mend, now and then: it strikes with every message."""
        if not isinstance(fault, (TokenRefused, QuotaUsed, Refused)):
            return
        at = asyncio.get_running_loop().time()
        if at - self._alarmed.get(type(fault), at - REMIND) >= REMIND:
            self._alarmed[type(fault)] = at
            self._report("zalo_bot.send", fault)
