"""What an action says and notes, in Rasa's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app.ports import Pictures
from bot.channels.wording import without_bold
from bot.core.message import Reply, numbered
from bot.rasa.told import Host

Uttered = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """`uttered` are the arguments of `utter_message`. `follow` is the action that is to come next, if the
    assistant has it.
    """

    uttered: tuple[Uttered, ...] = ()
    slots: Mapping[str, str | bool | None] = field(default_factory=dict)
    follow: str = ""


def uttered(replies: Iterable[Reply], pictures: Pictures, web_address: str) -> tuple[Uttered, ...]:
    """Replies as Rasa sends them: the choices are numbered in the text too, a picture follows its text.

    A button's payload is its token, which every channel of Rasa sends back as the person's message.
    """
    said: list[Uttered] = []
    for reply in replies:
        text = without_bold(numbered(reply))
        one: Uttered = {"text": f"{text}\n\n{reply.link}" if reply.link else text}
        buttons = [*reply.choices, *reply.shortcuts]
        if buttons:
            one["buttons"] = [{"title": choice.label, "payload": choice.token} for choice in buttons]
        said.append(one)
        shown = pictures.shown(reply.picture) if reply.picture and web_address else None
        if shown:
            said.append({"image": web_address + shown.path})
    return tuple(said)


def events_of(said: Said, host: Host) -> list[dict[str, Any]]:
    """Rasa's events: only slots that the assistant has, since each other one is a warning in its log."""
    from rasa_sdk.events import FollowupAction, SlotSet

    events: list[dict[str, Any]] = [
        SlotSet(name, value) for name, value in said.slots.items() if host.has(name)
    ]
    if said.follow and said.follow in host.actions | host.forms:
        events.append(FollowupAction(said.follow))
    return events
