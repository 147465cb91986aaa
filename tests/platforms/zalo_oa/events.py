"""What Zalo posts to a webhook: the JSON of every kind of event. All ids and timestamps are strings.

Where the platform's own words could not be read, the shape is from third-party notes and marked so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]

MEDIA = "https://f1-zpg.zdn.vn/jpg/4801/7a0b"


@dataclass(frozen=True, slots=True)
class Who:
    """The three parties of an event: the app, the account, and the person under two numbers."""

    app_id: str
    oa_id: str
    user_id: str
    user_id_by_app: str


def encoded(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def from_person(who: Who, name: str, message: Mapping[str, Any], at: str) -> Event:
    """Any `user_send_*`: has no `oa_id`, the account is the recipient."""
    return {
        "app_id": who.app_id,
        "user_id_by_app": who.user_id_by_app,
        "event_name": name,
        "sender": {"id": who.user_id},
        "recipient": {"id": who.oa_id},
        "message": dict(message),
        "timestamp": at,
    }


def echo(who: Who, name: str, message: Mapping[str, Any], at: str, admin_id: str = "") -> Event:
    """`oa_send_*`: what the account sent, by our call or (with `admin_id`) by a human in OA Manager."""
    event = from_person(who, name, message, at)
    event["sender"], event["recipient"] = {"id": who.oa_id}, {"id": who.user_id}
    if admin_id:
        event["sender"]["admin_id"] = admin_id
    return event


def followed(who: Who, name: str, at: str, source: str) -> Event:
    """`follow` and `unfollow`: another envelope, without a message."""
    return {
        "oa_id": who.oa_id,
        "follower": {"id": who.user_id},
        "user_id_by_app": who.user_id_by_app,
        "event_name": name,
        "source": source,
        "app_id": who.app_id,
        "timestamp": at,
    }


def submitted(who: Who, info: Mapping[str, str], at: str) -> Event:
    event = from_person(who, "user_submit_info", {}, at)
    del event["message"]
    event["info"] = dict(info)
    return event


def seen(who: Who, name: str, msg_ids: list[str], at: str) -> Event:
    """`user_seen_message` lists ids; `user_received_message` has one (third-party notes)."""
    message: dict[str, Any] = {"msg_ids": msg_ids} if name == "user_seen_message" else {"msg_id": msg_ids[0]}
    event = from_person(who, name, message, at)
    event["sender"], event["recipient"] = {"id": who.oa_id}, {"id": who.user_id}
    return event


def text(msg_id: str, words: str) -> Event:
    return {"msg_id": msg_id, "text": words}


def image(msg_id: str, caption: str) -> Event:
    payload = {"url": f"{MEDIA}/{msg_id}.jpg", "thumbnail": f"{MEDIA}/{msg_id}_t.jpg"}
    return _with(msg_id, "image", payload, caption)


def media(msg_id: str, kind: str) -> Event:
    """audio, video, gif: a link that dies soon."""
    payload = {"url": f"{MEDIA}/{msg_id}.{_ENDING[kind]}"}
    if kind != "audio":
        payload["thumbnail"] = f"{MEDIA}/{msg_id}_t.jpg"
    return _with(msg_id, kind, payload)


def sticker(msg_id: str) -> Event:
    """Third-party notes: the payload has an address and an id."""
    return _with(msg_id, "sticker", {"id": "46992", "url": f"{MEDIA}/{msg_id}.png"})


def location(msg_id: str, latitude: float, longitude: float) -> Event:
    where = {"latitude": str(latitude), "longitude": str(longitude)}
    return _with(msg_id, "location", {"coordinates": where}, "Vị trí của tôi")


def file(msg_id: str, name: str, size: int) -> Event:
    return _with(msg_id, "file", {"url": f"{MEDIA}/{name}", "name": name, "size": str(size), "type": "pdf"})


def link(msg_id: str, url: str) -> Event:
    payload = {"url": url, "description": "", "thumbnail": f"{MEDIA}/l.jpg"}
    return _with(msg_id, "link", payload, url)


def business_card(msg_id: str) -> Event:
    """A contact card is a link to a profile (third-party notes)."""
    return _with(
        msg_id, "link", {"url": "https://zalo.me/0", "description": "{}", "thumbnail": f"{MEDIA}/c.jpg"}
    )


_ENDING = {"audio": "aac", "video": "mp4", "gif": "gif"}


def _with(msg_id: str, kind: str, payload: Mapping[str, Any], words: str = "") -> Event:
    said = {"text": words} if words else {}
    return {"msg_id": msg_id, **said, "attachments": [{"type": kind, "payload": dict(payload)}]}
