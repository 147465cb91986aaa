"""One message for each open ticket in the volunteers' group, kept true, with a button to take it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from html import escape
from typing import NoReturn, assert_never

from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.app.bell import DESK
from bot.app.doorbell import Card, Doorstep, Drop, Edit, Errand, Hung, Post
from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.app.ports import StoreDown
from bot.channels.telegram.alarm import Alarm, pause
from bot.channels.telegram.calls import Calls, Moved, NothingThere
from bot.channels.telegram.updates import Enrols, Rung

MOST = 200
"""Tickets that hang in the group at the same time."""

LOOK = 10.0
LOST_PAUSE = 300.0
"""Seconds until it is tried again in a group that does not let us write."""

STORE_PAUSE = 5.0

WHERE = "telegram doorbell"


class Doorbell:
    """`gap` is the pause between two calls to the group, edits included."""

    def __init__(self, calls: Calls, doorstep: Doorstep, alarm: Alarm, gap: float) -> None:
        self._calls = calls
        self._step = doorstep
        self._alarm = alarm
        self._gap = gap
        self._unsaved: Hung | None = None

    async def hear(self, done: Rung | Enrols) -> str:
        """Presses elsewhere than in our group do nothing."""
        match done:
            case Rung(who=who, chat=chat, ticket=ticket):
                try:
                    ours = await self._step.group.id()
                except StoreDown:
                    return ""
                return await self._step.press(who, ticket) if chat == ours else ""
            case Enrols(who=who, chat=chat, code=code):
                await self._say(chat, await self._step.enrol(who, code))
                return ""
            case never:
                assert_never(never)

    async def run(self) -> NoReturn:
        """Until cancelled, by the one process that tends Telegram."""
        clock = asyncio.get_running_loop().time
        failures = 0
        while True:
            try:
                did = await self._do_next()
            except TryLater as fault:
                failures += 1
                self._alarm.ring(WHERE, fault)
                await asyncio.sleep(max(fault.after, self._gap, pause(failures, clock() * 1000 % 1)))
            except (Unreachable, Refused) as fault:
                await self._lose(fault)
                await asyncio.sleep(LOST_PAUSE)
            except StoreDown:
                await asyncio.sleep(STORE_PAUSE)
            else:
                failures = 0
                await asyncio.sleep(self._gap)
                if not did:
                    await self._step.bell.wait(DESK, LOOK)

    async def _do_next(self) -> bool:
        """The most pressing thing that has to be done in the group; False when there is nothing."""
        if self._unsaved is not None:
            await self._hang(self._unsaved)
        errands = await self._step.errands(MOST)
        while errands and isinstance(errands[0], Drop):
            await self._step.doorbells.take_down(errands[0].ticket)
            errands = errands[1:]
        if not errands:
            return False
        group = await self._step.group.id()
        try:
            await self._do(group, errands[0])
        except Moved as moved:
            await self._step.group.moved(moved.to)
            await self._step.doorbells.unhook()  # what hung in the old group cannot be reached from here
            return True
        await self._step.group.found()
        self._alarm.quieten(WHERE)
        return True

    async def _do(self, group: int, errand: Errand) -> None:
        match errand:
            case Post(ticket=ticket, card=card):
                sent = await self._calls.call(
                    SendMessage(
                        chat_id=group,
                        text=escape(card.text),
                        parse_mode="HTML",
                        link_preview_options=_NO_PREVIEW,
                        reply_markup=self._keys(ticket, card),
                    )
                )
                await self._note(ticket, sent.message_id if sent else 0, card)
            case Edit(ticket=ticket, message=message, card=card, last=last):
                try:
                    await self._calls.call(
                        EditMessageText(
                            chat_id=group,
                            message_id=message,
                            text=escape(card.text),
                            parse_mode="HTML",
                            link_preview_options=_NO_PREVIEW,
                            reply_markup=self._keys(ticket, card),
                        )
                    )
                except NothingThere:
                    message = 0  # somebody deleted it: what waits is said anew
                if last:
                    await self._step.doorbells.take_down(ticket)
                else:
                    await self._note(ticket, message, card)
            case Drop():
                pass
            case never:
                assert_never(never)

    async def _note(self, ticket: str, message: int, card: Card) -> None:
        await self._hang(Hung(ticket, message, card.state, self._step.now()))

    async def _hang(self, hung: Hung) -> None:
        """What hangs there is noted before anything else happens, or it would be hung twice."""
        self._unsaved = hung
        await self._step.doorbells.hang(hung)
        self._unsaved = None

    def _keys(self, ticket: str, card: Card) -> InlineKeyboardMarkup | None:
        keys = [InlineKeyboardButton(text="Nhận", callback_data=f"nhan.{ticket}")] if card.claimable else []
        if self._step.web_address.startswith("https://"):  # Telegram takes no links to a machine of one's own
            link = f"{self._step.web_address}/desk/c/{ticket}"
            keys.append(InlineKeyboardButton(text="Mở bàn trực", url=link))
        return InlineKeyboardMarkup(inline_keyboard=[keys]) if keys else None

    async def _lose(self, fault: SendError) -> None:
        self._alarm.ring(WHERE, fault)
        with suppress(StoreDown):  # the next try finds the same
            await self._step.group.lost()

    async def _say(self, chat: int, words: str) -> None:
        try:
            await self._calls.message(chat, escape(words), {})
        except SendError as fault:
            self._alarm.ring(WHERE, fault)


_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
