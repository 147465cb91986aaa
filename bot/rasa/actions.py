"""The actions that a Rasa assistant lists in its domain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from bot.app.ports import StoreDown
from bot.rasa.answer import answer
from bot.rasa.opened import Bot, NotOpen, opened
from bot.rasa.said import Said, events_of
from bot.rasa.sentences import AWAY
from bot.rasa.told import Host, Told, host_of, told_by
from bot.rasa.walk import hand_off, is_for_dialogue, kept_of, walk
from bot.wiring import report

FAILED = Said(({"text": AWAY},), {"return_value": "failed"})
"""Said to the person, with the slots as they were. A rejection would lose the words."""


Deed = Callable[[Bot, Told, Host], Awaitable[Said]]


async def carried_out(deed: Deed, tracker: Tracker, host: Host) -> Said:
    """Lets no exception out: the action server would answer it with the whole request."""
    try:
        return await deed(await opened.bot(), heard(tracker), host)
    except (NotOpen, StoreDown):
        return FAILED
    except Exception as fault:  # noqa: BLE001 - as above
        report("rasa", fault)
        return FAILED


class Ours(Action, ABC):
    """Abstract, so that rasa-sdk does not take it for an action."""

    @abstractmethod
    async def said(self, bot: Bot, told: Told, host: Host) -> Said: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        host = host_of(domain)
        said = await carried_out(self.said, tracker, host)
        utter(dispatcher, said)
        return events_of(said, host)


class ActionVneidGuide(Ours):
    def name(self) -> str:
        return "action_vneid_guide"

    async def said(self, bot: Bot, told: Told, _: Host) -> Said:
        return await walk(bot, told)


class ActionVneidAnswer(Ours):
    def name(self) -> str:
        return "action_vneid_answer"

    async def said(self, bot: Bot, told: Told, host: Host) -> Said:
        """Rasa sends what it does not understand here; a choice of ours that came so is no question."""
        state = await kept_of(bot, told)
        if is_for_dialogue(bot.book, told, state):
            return await walk(bot, told)
        return answer(bot, told, host, state)


class ActionVneidHandoff(Ours):
    def name(self) -> str:
        return "action_vneid_handoff"

    async def said(self, bot: Bot, told: Told, _: Host) -> Said:
        return await hand_off(bot, told)


class ActionAskVneidMessage(Action):
    """What Rasa says before it listens for the guide's next message: nothing, the guide has asked already."""

    def name(self) -> str:
        return "action_ask_vneid_message"

    async def run(
        self, _dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: DomainDict
    ) -> list[dict[str, Any]]:
        return []


def heard(tracker: Tracker) -> Told:
    return told_by(
        str(tracker.sender_id),
        tracker.slots or {},
        tracker.latest_message,
        tracker.events or (),
        tracker.active_loop_name,
    )


def utter(dispatcher: CollectingDispatcher, said: Said) -> None:
    for one in said.uttered:
        dispatcher.utter_message(**one)
