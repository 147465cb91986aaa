"""Where Zalo Bot Platform posts what people did."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable

from bot.app.platform import Again, Event, Headers, Posted
from bot.app.ports import Report, StoreDown
from bot.channels.zalo_bot.events import NotJson, events

PATH = "/webhooks/zalo-bot"
HEADER = b"x-bot-api-secret-token"

LARGEST = 1 << 20
"""Bytes of one event."""

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
        given = [value for name, value in headers if name == HEADER]
        return len(given) == 1 and hmac.compare_digest(given[0], self._secret)

    async def take(self, headers: Headers, body: bytes, /) -> Posted:
        if not self.admits(headers):
            return Posted(401)
        if len(body) > LARGEST:
            return Posted(413)
        try:
            for event in events(body):
                await self._hear(event, body)
        except NotJson:
            return Posted(400)
        except StoreDown:
            return Posted(503, retry_after=5)
        except Again:
            return Posted(500)
        except Exception as fault:  # noqa: BLE001 - the platform delivers again, and we hear of it
            self._report("zalo_bot.webhook", fault)
            return Posted(500)
        return Posted(200)
