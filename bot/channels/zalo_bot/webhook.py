"""Where Zalo Bot Platform posts what people did."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.app.platform import Event, Headers, Posted
from bot.app.ports import Report
from bot.channels.posting import KEPT, LARGEST, NO_JSON, NOT_AUTHENTIC, TOO_LARGE, bears, outcome
from bot.channels.zalo_bot.events import NotJson, events

PATH = "/webhooks/zalo-bot"
HEADER = b"x-bot-api-secret-token"

_PLAIN = re.compile(r"[!-~]+")
SHORTEST_SECRET, LONGEST_SECRET = 8, 256

Hear = Callable[[Event, bytes], Awaitable[None]]
"""Let an event take effect; the second argument is what it was made from."""


class ZaloBotWebhook:
    """Raises ValueError when it is to be built without a secret: then anybody could speak for anybody."""

    path = PATH

    def __init__(self, secret: str, hear: Hear, report: Report) -> None:
        if not (SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET and _PLAIN.fullmatch(secret)):
            raise ValueError("channels.zalo_bot.webhook_secret must be 8 to 256 letters and digits")
        self._secret = secret.encode()
        self._hear = hear
        self._report = report

    def admits(self, headers: Headers, /) -> bool:
        return bears(headers, HEADER, self._secret)

    async def take(self, headers: Headers, body: bytes, /) -> Posted:
        if not self.admits(headers):
            return NOT_AUTHENTIC
        if len(body) > LARGEST:
            return TOO_LARGE
        return await outcome(self._taken(body), "zalo_bot.webhook", self._report)

    async def _taken(self, body: bytes) -> Posted:
        try:
            heard = events(body)
        except NotJson:
            return NO_JSON
        for event in heard:
            await self._hear(event, body)
        return KEPT
