"""Where Telegram posts updates: whoever does not know the secret is sent away before anything is read."""

from __future__ import annotations

import hmac
from functools import partial

import msgspec

from bot.app.platform import Again, Headers, Posted, Take
from bot.app.ports import StoreDown
from bot.channels.shape import shape_of
from bot.channels.telegram.updates import heard

PATH = "/webhooks/telegram"

HEADER = b"x-telegram-bot-api-secret-token"

LARGEST = 1_000_000
"""Bytes of an update; the longest that Telegram writes has a few ten thousand."""

STORE_PAUSE = 5


class SecretWebhook:
    path = PATH

    def __init__(self, secret: str, take: Take) -> None:
        if not secret:
            raise ValueError("a webhook without its secret would take anybody's word")
        self._secret = secret.encode()
        self._take = take

    def admits(self, headers: Headers) -> bool:
        """Exactly one secret, and the right one; how much of it is right cannot be told from the time."""
        shown = [value for name, value in headers if name == HEADER]
        return len(shown) == 1 and hmac.compare_digest(shown[0], self._secret)

    async def take(self, headers: Headers, body: bytes) -> Posted:
        if not self.admits(headers):
            return Posted(401)
        if len(body) > LARGEST:
            return Posted(413)
        update = heard(body)
        if update is None:
            return Posted(400)
        if update.event is not None:
            try:
                await self._take(update.event, partial(shape_of, body))
            except StoreDown:
                return Posted(503, retry_after=STORE_PAUSE)
            except Again:
                return Posted(500)
        return Posted(200, _answer(update.press) if update.press else b"")


def _answer(press: str) -> bytes:
    """Our answer itself stops the button from spinning: a call saved, and its errors do not matter."""
    return msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": press})
