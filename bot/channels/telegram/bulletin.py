"""The weekly digest in chats of Telegram: a chat asks for it by a code, and gets each of them once."""

from __future__ import annotations

from html import escape
from typing import NoReturn

from aiogram.methods import GetMe

from bot.app.digests import TELEGRAM, Digest, Digests, Elsewhere
from bot.app.platform import Refused, SendError
from bot.channels.telegram.alarm import Alarm
from bot.channels.telegram.calls import AnswerLost, Calls, Moved
from bot.channels.telegram.updates import Joins

WHERE = "telegram digest"

TRIAL = "Bản gửi thử."


class Bulletin:
    def __init__(self, calls: Calls, digests: Digests, alarm: Alarm) -> None:
        self._calls = calls
        self._digests = digests
        self._alarm = alarm

    async def hear(self, joins: Joins) -> str:
        words = await self._digests.join(str(joins.chat), joins.code)
        try:
            await self._calls.message(joins.chat, escape(words), {})
        except SendError as fault:
            self._alarm.ring(WHERE, fault)
        return ""

    async def run(self) -> NoReturn:
        """Until cancelled, by the one process that tends Telegram."""
        await self._digests.run(TELEGRAM, self._send)

    async def _send(self, address: str, digest: Digest, trial: bool) -> None:
        fault: SendError
        try:
            await self._tell(_chat(address), digest.text(self._digests.web_address, TRIAL if trial else ""))
        except Moved as moved:
            fault = Elsewhere(str(moved.to))
        except SendError as failed:
            self._alarm.ring(WHERE, failed)
            fault = failed
        else:
            self._alarm.quieten(WHERE)
            return
        raise fault

    async def _tell(self, chat: int, words: str) -> None:
        """Telegram is asked for something harmless first. If it answers that and then no more, what was
        sent has arrived, most likely: nobody wants to read it twice.
        """
        await self._calls.call(GetMe())
        try:
            await self._calls.message(chat, escape(words), {})
        except AnswerLost as lost:
            self._alarm.ring(WHERE, lost)


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Refused from None
