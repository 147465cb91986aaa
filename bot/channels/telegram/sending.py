"""Parts of a reply on their way to a chat: pictures by the id that Telegram gave them, or not at all."""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.app.platform import Refused
from bot.app.ports import Pictures
from bot.channels.telegram.calls import Calls
from bot.channels.telegram.messages import Part, keyboard
from bot.core.message import Picture

REMEMBERED = 1000
"""Pictures whose id is remembered; all our guides together show fewer."""


class Sender:
    def __init__(self, calls: Calls, pictures: Pictures) -> None:
        self._calls = calls
        self._pictures = pictures
        self._ids: dict[str, str] = {}

    async def send(self, chat: int, part: Part) -> None:
        """A picture that cannot be had, or that Telegram does not take, leaves the words."""
        name = self._name(part.picture) if part.picture else ""
        if name and await self._with_picture(chat, part, name):
            return
        if part.html:
            await self._calls.message(chat, part.html, _markup(part))

    async def _with_picture(self, chat: int, part: Part, name: str) -> bool:
        known = self._ids.get(name)
        if known is not None:
            try:
                await self._calls.photo(chat, known, part.html, _markup(part))
            except Refused:
                self._ids.pop(name, None)  # ids may expire; the bytes do not
            else:
                return True
        data = await self._pictures.png(name)
        if data is None:
            return False
        try:
            id = await self._calls.photo(chat, data, part.html, _markup(part))
        except Refused:
            return False  # too large or broken; if it was the words, they are refused by themselves
        if id:
            self._remember(name, id)
        return True

    def _name(self, picture: Picture) -> str:
        shown = self._pictures.shown(picture)
        return PurePosixPath(shown.path).stem if shown else ""

    def _remember(self, name: str, id: str) -> None:
        if len(self._ids) >= REMEMBERED:
            self._ids.pop(next(iter(self._ids)))
        self._ids[name] = id


def _markup(part: Part) -> dict[str, object]:
    return {"reply_markup": keyboard(part.rows)} if part.rows else {}
