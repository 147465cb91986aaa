"""What the Zalo Bot Platform tells a bot, by webhook or getUpdates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Event = dict[str, Any]

MEDIA = "https://f20-zpc.zdn.vn/jpg/6219"


@dataclass(frozen=True, slots=True)
class From:
    """Who wrote, and where."""

    user_id: str
    name: str
    chat_id: str
    chat_type: Literal["PRIVATE", "GROUP"]


def encoded(event: Event, *, wrapped: bool) -> bytes:
    """With the `ok/result` wrap that the documentation shows, or without it, as real traffic was seen."""
    said = {"ok": True, "result": event} if wrapped else event
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def text(sender: From, message_id: str, at: int, words: str) -> Event:
    return _event("message.text.received", sender, message_id, at, {"text": words})


def image(sender: From, message_id: str, at: int, caption: str) -> Event:
    words = {"caption": caption} if caption else {}
    return _event(
        "message.image.received", sender, message_id, at, {"photo": f"{MEDIA}/{message_id}.jpg", **words}
    )


def sticker(sender: From, message_id: str, at: int) -> Event:
    content = {"sticker": "bfe458bf64fa8da4d4eb", "url": f"{MEDIA}/{message_id}.png"}
    return _event("message.sticker.received", sender, message_id, at, content)


def voice(sender: From, message_id: str, at: int) -> Event:
    return _event(
        "message.voice.received", sender, message_id, at, {"voice_url": f"{MEDIA}/{message_id}.aac"}
    )


def unsupported(sender: From, message_id: str, at: int) -> Event:
    """What is told of people in special groups, whatever they wrote, and of kinds that bots cannot have."""
    return _event("message.unsupported.received", sender, message_id, at, {})


def nameless() -> Event:
    """The same as some have received it: not even who wrote."""
    return {"event_name": "message.unsupported.received"}


def _event(name: str, sender: From, message_id: str, at: int, content: Mapping[str, Any]) -> Event:
    return {
        "event_name": name,
        "message": {
            "from": {"id": sender.user_id, "display_name": sender.name, "is_bot": False},
            "chat": {"id": sender.chat_id, "chat_type": sender.chat_type},
            **content,
            "message_id": message_id,
            "date": at,
        },
    }
