"""A second reader of the events: types, enums, no unknown key. Written apart from `events`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[0-9]{15,20}$")]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{13}$")]
MessageId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16,24}$")]
Https = Annotated[str, Meta(pattern=r"^https://[^ ]+$")]
Coordinate = Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?$")]


class _Strict(Struct, forbid_unknown_fields=True):
    pass


class Person(_Strict):
    id: Id


class Sender(_Strict):
    id: Id
    admin_id: Id | None = None


class Coordinates(_Strict):
    latitude: Coordinate
    longitude: Coordinate


class Payload(_Strict):
    url: Https | None = None
    thumbnail: Https | None = None
    id: str | None = None
    name: str | None = None
    size: Annotated[str, Meta(pattern=r"^[0-9]+$")] | None = None
    type: str | None = None
    description: str | None = None
    coordinates: Coordinates | None = None


class Attachment(_Strict):
    type: Literal["image", "audio", "video", "gif", "sticker", "location", "file", "link"]
    payload: Payload


class Message(_Strict):
    msg_id: MessageId
    text: Annotated[str, Meta(min_length=1)] | None = None
    attachments: Annotated[list[Attachment], Meta(min_length=1, max_length=10)] | None = None


class Read(_Strict):
    msg_id: MessageId | None = None
    msg_ids: Annotated[list[MessageId], Meta(min_length=1)] | None = None


class Info(_Strict):
    name: str
    phone: str
    full_address: str


class _Envelope(_Strict, kw_only=True):
    app_id: Id
    user_id_by_app: Id
    timestamp: Moment


class Sent(_Envelope, kw_only=True):
    event_name: Literal[
        "user_send_text",
        "user_send_image",
        "user_send_audio",
        "user_send_video",
        "user_send_gif",
        "user_send_sticker",
        "user_send_location",
        "user_send_file",
        "user_send_link",
        "user_send_business_card",
        "oa_send_text",
        "oa_send_image",
    ]
    sender: Sender
    recipient: Person
    message: Message


class Noticed(_Envelope, kw_only=True):
    event_name: Literal["user_seen_message", "user_received_message"]
    sender: Person
    recipient: Person
    message: Read


class Followed(_Envelope, kw_only=True):
    event_name: Literal["follow", "unfollow"]
    oa_id: Id
    follower: Person
    source: str


class Submitted(_Envelope, kw_only=True):
    event_name: Literal["user_submit_info"]
    sender: Person
    recipient: Person
    info: Info


class _Name(Struct):
    event_name: str


def trouble_with(body: bytes) -> str:
    """Why this is no event that Zalo would send; empty when it is one."""
    try:
        name = msgspec.json.decode(body, type=_Name).event_name
        kind = _KINDS.get(name, Sent)
        msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as fault:
        return str(fault)
    return ""


_KINDS: dict[str, type[Struct]] = {
    "follow": Followed,
    "unfollow": Followed,
    "user_seen_message": Noticed,
    "user_received_message": Noticed,
    "user_submit_info": Submitted,
}
