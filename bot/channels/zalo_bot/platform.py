"""Zalo Bot as one of the doors: what goes out, what comes in, what is looked after."""

from __future__ import annotations

import asyncio
from typing import Literal

from bot.app.platform import Delivery, Door, Event, Raw, Refused, SendError, Take, TryLater
from bot.app.ports import Pictures, Report
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

REMIND = 3600.0
"""Seconds until the same alarm is given again."""


class ZaloBot:
    """`bot.app.ports.Platform`. Raises ValueError when it is to have a webhook without a secret."""

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
        report: Report,
        api_base: str = API,
    ) -> None:
        self._address = web_address.rstrip("/") if is_public(web_address) else ""
        self._secret = webhook_secret
        self._link = link
        self._take = take
        self._pictures = pictures
        self._report = report
        self._calls = Calls(token, api_base)
        self._typing = Typing(self._calls)
        self._alarmed: dict[type[SendError], float] = {}
        self.webhook = ZaloBotWebhook(webhook_secret, self._hear, report) if mode == "webhook" else None

    def gap(self, _: Address, /) -> float:
        return GAP

    def door(self, commune: str, /) -> Door | None:
        """A link cannot carry the commune here, so people send it as words."""
        return Door(CHANNEL, self._link, f"XA {commune}" if commune else "") if self._link else None

    async def send(self, address: Address, reply: Reply, part: int, /) -> int:
        parts = messages(reply, self._photo(reply.picture))
        if part < len(parts):
            try:
                await self._post(address, parts[part])
            except TryLater as later:
                self._alarm(later)
                raise
        return len(parts)

    async def tend(self) -> None:
        if self.webhook is None:
            await poll(self._calls, self._hear, self._report)
        elif not self._address:
            self._report("zalo_bot.web_address", ValueError("the platform cannot post to this address"))
            await asyncio.Event().wait()
        else:
            await keep_webhook(self._calls, self._address + PATH, self._secret, self._report)

    async def close(self) -> None:
        await self._typing.close()
        await self._calls.close()

    async def _hear(self, event: Event, body: bytes) -> None:
        if isinstance(event, Raw) and event.kind is Kind.TEXT:
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
