"""Form validation: a commune, the type of phone, and the loop that a guide is walked in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from bot.channels.wording import without_bold
from bot.core import privacy
from bot.core.contact import Contact
from bot.core.places import MOST_OFFERED, is_code
from bot.core.voice import voice_of
from bot.rasa.actions import carried_out, utter
from bot.rasa.ending import Status
from bot.rasa.hearing import commune_named, phone_of
from bot.rasa.opened import Bot
from bot.rasa.said import Said, Uttered
from bot.rasa.sentences import PHONE_LABELS, PHONE_UNKNOWN
from bot.rasa.told import FORM, LONGEST, Host, Told, host_of
from bot.rasa.walk import walk
from bot.wiring import report

Slots = dict[str, Any]


class _Safe(FormValidationAction, ABC):
    """Abstract, so that rasa-sdk does not take it for an action."""

    @abstractmethod
    def name(self) -> str: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Lets no exception out: the action server would answer it with the whole request."""
        try:
            return await super().run(dispatcher, tracker, domain)
        except Exception as fault:  # noqa: BLE001 - as above
            report("rasa", fault)
            return []


class ValidateVneidForm(_Safe):
    """A commune's code and the type of phone; whatever else is typed never becomes a slot."""

    def name(self) -> str:
        return "validate_vneid_form"

    async def validate_vneid_commune(
        self, value: object, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        return await _validated("vneid_commune", commune, value, dispatcher, tracker, domain)

    async def validate_vneid_phone(
        self, value: object, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        return await _validated("vneid_phone", phone, value, dispatcher, tracker, domain)


class ValidateVneidWalkForm(_Safe):
    """Brings a guide every message while it waits, whatever Rasa takes it for."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,  # noqa: ARG002 - rasa-sdk's signature
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 - the same
    ) -> list[str]:
        """None when the guide is over, which ends the loop."""
        return domain_slots if tracker.slots.get("vneid_status") == Status.WAITING else []

    async def validate_vneid_message(
        self, value: object, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if not value:
            return {"vneid_message": None}
        host = host_of(domain)
        said = await carried_out(_walk, tracker, host)
        utter(dispatcher, said)
        slots = {name: slot for name, slot in said.slots.items() if host.has(name)}
        return {**slots, "vneid_message": None}


async def _walk(bot: Bot, told: Told, _: Host) -> Said:
    return await walk(bot, told)


async def _validated(
    slot: str,
    hear: Callable[[Bot, str], Heard],
    value: object,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    domain: DomainDict,
) -> Slots:
    typed = str(value)[:LONGEST].strip() if isinstance(value, (str, int)) else ""

    async def deed(bot: Bot, _: Told, __: Host) -> Said:
        heard = hear(bot, typed)
        return Said(heard.uttered, {slot: heard.value})

    said = await carried_out(deed, tracker, host_of(domain))
    utter(dispatcher, said)
    return {slot: said.slots.get(slot)}


@dataclass(frozen=True, slots=True)
class Heard:
    """The value of a slot, or none and what is said about it."""

    value: str | None
    uttered: tuple[Uttered, ...] = ()


def commune(bot: Bot, typed: str) -> Heard:
    """A code is asked for here, so its five digits are no secret; everything else is sifted first."""
    places, voice = bot.book.places, voice_of(bot.book, Contact())
    asked_for = is_code(typed)
    named = commune_named(places, typed if asked_for else bot.sieve(typed).text)
    match named.communes:
        case ():
            coded = asked_for or places.named(typed) is not None
            text = voice.line("commune_unknown" if coded else "commune_again")
            return _ask_again(bot, "" if asked_for else typed, text)
        case (found,) if named.sure:
            said = voice.line("commune_taken", dieu=found.spoken)
            return Heard(found.code, ({"text": without_bold(said)},))
        case several if len(several) <= MOST_OFFERED:
            offered = [(one.code, one.label) for one in several]
            return _ask_again(bot, typed, voice.line("commune_which"), offered)
        case _:
            return _ask_again(bot, typed, voice.line("commune_common"))


def phone(bot: Bot, typed: str) -> Heard:
    value = phone_of(bot.sieve(typed).text)
    if value is not None:
        return Heard(value)
    return _ask_again(bot, typed, PHONE_UNKNOWN, tuple(PHONE_LABELS.items()))


def _ask_again(bot: Bot, typed: str, text: str, offered: Sequence[tuple[str, str]] = ()) -> Heard:
    """Kindly, and with a warning when something came that nobody should send."""
    found = bot.sieve(typed).found
    warned = [privacy.warning(voice_of(bot.book, Contact()), found)] if found else []
    lines = [f"{number}. {label}" for number, (_, label) in enumerate(offered, 1)]
    one: Uttered = {
        "text": without_bold("\n\n".join([*warned, text, *(["\n".join(lines)] if lines else [])]))
    }
    if offered:
        one["buttons"] = [{"title": label, "payload": value} for value, label in offered]
    return Heard(None, (one,))
