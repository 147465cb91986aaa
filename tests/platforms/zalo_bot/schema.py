"""A second reader of the events, for want of a library that reads them: types, enums, no unknown key."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{20}$")]
Https = Annotated[str, Meta(pattern=r"^https://[^ ]+$")]
Words = Annotated[str, Meta(min_length=1)]
Moment = Annotated[int, Meta(ge=1_500_000_000_000, lt=10_000_000_000_000)]


class _Strict(Struct, forbid_unknown_fields=True):
    pass


class From(_Strict):
    id: Id
    display_name: str
    is_bot: bool


class Chat(_Strict):
    id: Id
    chat_type: Literal["PRIVATE", "GROUP"]


class _Message(_Strict, kw_only=True):
    from_: From = msgspec.field(name="from")
    chat: Chat
    message_id: Id
    date: Moment


class Text(_Message, kw_only=True):
    text: Words


class Image(_Message, kw_only=True):
    photo: Https
    caption: Words | UnsetType = UNSET


class Sticker(_Message, kw_only=True):
    sticker: Words
    url: Https


class Voice(_Message, kw_only=True):
    voice_url: Https


class _TextReceived(_Strict, tag="message.text.received", tag_field="event_name"):
    message: Text


class _ImageReceived(_Strict, tag="message.image.received", tag_field="event_name"):
    message: Image


class _StickerReceived(_Strict, tag="message.sticker.received", tag_field="event_name"):
    message: Sticker


class _VoiceReceived(_Strict, tag="message.voice.received", tag_field="event_name"):
    message: Voice


class _UnsupportedReceived(_Strict, tag="message.unsupported.received", tag_field="event_name"):
    message: _Message | UnsetType = UNSET


Event = _TextReceived | _ImageReceived | _StickerReceived | _VoiceReceived | _UnsupportedReceived


class _Wrap(_Strict):
    ok: bool
    result: Event


class _Peek(Struct):
    ok: bool | UnsetType = UNSET


def trouble_with(body: bytes) -> str:
    """Why this is no event that the platform would send; empty when it is one, wrapped or not."""
    try:
        wrapped = msgspec.json.decode(body, type=_Peek).ok is not UNSET
        event = (
            msgspec.json.decode(body, type=_Wrap).result if wrapped else msgspec.json.decode(body, type=Event)
        )
    except msgspec.MsgspecError as fault:
        return str(fault)
    return "a bot does not write to bots" if event.message is not UNSET and event.message.from_.is_bot else ""
