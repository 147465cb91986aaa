"""Where Telegram posts updates: whoever does not know the secret is sent away before anything is read."""

from __future__ import annotations

from functools import partial

import msgspec

from bot.app.platform import Headers, Posted, Take
from bot.app.ports import Report
from bot.channels.posting import KEPT, LARGEST, NO_JSON, NOT_AUTHENTIC, TOO_LARGE, bears, outcome
from bot.channels.shape import shape_of
from bot.channels.telegram.updates import Door, heard, toasted

PATH = "/webhooks/telegram"

HEADER = b"x-telegram-bot-api-secret-token"


class SecretWebhook:
    path = PATH

    def __init__(self, secret: str, take: Take, report: Report, door: Door | None = None) -> None:
        if not secret:
            raise ValueError("a webhook without its secret would take anybody's word")
        self._secret = secret.encode()
        self._take = take
        self._report = report
        self._door = door

    def admits(self, headers: Headers) -> bool:
        return bears(headers, HEADER, self._secret)

    async def take(self, headers: Headers, body: bytes) -> Posted:
        if not self.admits(headers):
            return NOT_AUTHENTIC
        if len(body) > LARGEST:
            return TOO_LARGE
        return await outcome(self._taken(body), "telegram webhook", self._report)

    async def _taken(self, body: bytes) -> Posted:
        update = heard(body)
        if update is None:
            return NO_JSON
        toast = await self._door(update.door) if update.door is not None and self._door is not None else None
        if toast is None and update.event is not None:
            await self._take(update.event, partial(shape_of, body))
        return Posted(200, _answer(update.press, toast or "")) if update.press else KEPT


def _answer(press: str, toast: str) -> bytes:
    """Our answer itself stops the button from spinning: a call saved, and its errors do not matter."""
    return msgspec.json.encode({"method": "answerCallbackQuery", **toasted(press, toast)})
