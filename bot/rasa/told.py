"""What Rasa tells with an action call: the person's message, the slots, what the assistant knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from bot.core.buttons import DoorButton, parse
from bot.core.hearing import Hearing
from bot.core.message import Choice
from bot.core.session import Verb

LONGEST = 4000
"""Characters of a message that are read; the rest is cut off."""

FORM = "vneid_walk_form"
"""Rasa's loop that brings us every message while a guide waits."""

WALKING = frozenset({"action_vneid_guide", FORM})

_COMMAND = re.compile(r"/[\w.+-]+(@[\d.]+)?(\{.*\})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """`key` names the message, empty when Rasa does not. `repeated`: a guide has answered it already, in an
    action before this one. `offered` are the buttons that stood before it and need no memory of ours.
    """

    sender: str
    text: str
    intent: str
    key: str
    slots: Mapping[str, Any]
    offered: tuple[Choice, ...] = ()
    repeated: bool = False
    loop: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """The assistant's domain, as far as it matters to us. `slots` None: it does not say."""

    slots: frozenset[str] | None
    actions: frozenset[str]
    forms: frozenset[str]

    def has(self, slot: str) -> bool:
        return self.slots is None or slot in self.slots


def host_of(domain: Mapping[str, Any] | None) -> Host:
    domain = domain if isinstance(domain, Mapping) else {}
    slots = domain.get("slots")
    return Host(
        frozenset(slots) if isinstance(slots, Mapping) else None,
        _names(domain.get("actions")),
        _names(domain.get("forms")),
    )


def _names(listed: Any) -> frozenset[str]:  # noqa: ANN401 - Rasa writes lists, mappings and lists of both
    if isinstance(listed, Mapping):
        return frozenset(str(name) for name in listed)
    if not isinstance(listed, list):
        return frozenset()
    return frozenset(str(name) for one in listed for name in (one if isinstance(one, Mapping) else [one]))


def told_by(
    sender: str,
    slots: Mapping[str, Any],
    latest: Mapping[str, Any],
    events: Iterable[Any],
    loop: str | None,
) -> Told:
    past = [event for event in events if isinstance(event, Mapping)]
    at = next((at for at in range(len(past) - 1, -1, -1) if past[at].get("event") == "user"), None)
    said = past[at] if at is not None else {}
    intent = latest.get("intent")
    name = intent.get("name") if isinstance(intent, Mapping) else None
    text = latest.get("text")
    return Told(
        sender=sender,
        text=text[:LONGEST].strip() if isinstance(text, str) else "",
        intent=name if isinstance(name, str) else "",
        key=_key(sender, said.get("message_id") or latest.get("message_id"), said.get("timestamp")),
        slots=slots,
        offered=_offered(past[:at]) if at is not None else (),
        repeated=at is not None and any(_walked(event) for event in past[at:]),
        loop=loop or "",
    )


def words_of(hearing: Hearing, text: str) -> str:
    """What was said in words: nothing, where Rasa's "/intent" stands for them. "/xoa" is a word of ours."""
    return "" if _COMMAND.fullmatch(text) and hearing.word(text) is None else text


def _key(sender: str, id: object, at: object) -> str:
    """Hashed with its sender: ids may be unique for one person only, and may tell who it is."""
    if id is None and at is None:
        return ""
    return blake2b(f"{sender}\0{id}\0{at}".encode(), digest_size=16).hexdigest()


def _walked(event: Mapping[str, Any]) -> bool:
    return event.get("event") == "action" and event.get("name") in WALKING


def _offered(past: list[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """The latest buttons of people of whom nothing is kept: with Rasa's memory a number can be understood."""
    for event in reversed(past):
        if event.get("event") == "user":
            return ()
        data = event.get("data")
        buttons = data.get("buttons") if isinstance(data, Mapping) else None
        if event.get("event") == "bot" and isinstance(buttons, list) and buttons:
            return tuple(choice for button in buttons if (choice := _door(button)))
    return ()


def _door(button: Any) -> Choice | None:  # noqa: ANN401 - whatever the tracker holds
    if not isinstance(button, Mapping):
        return None
    title, payload = button.get("title"), button.get("payload")
    if not isinstance(title, str) or not isinstance(payload, str):
        return None
    meant = parse(payload)
    return Choice(title, payload) if isinstance(meant, DoorButton) and meant.verb is not Verb.SPEAK else None
