"""What Zalo Bot tells us becomes an event of ours: from a webhook's body, or from what polling fetched."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Annotated

import msgspec

from bot.app.platform import Event, Raw, Unreadable
from bot.core.message import Address, Kind

CHANNEL = "zalo_bot"

LONGEST = 4000
"""Characters of a message that are read; Zalo lets people write half as many."""

KINDS = {
    "message.text.received": Kind.TEXT,
    "message.image.received": Kind.PHOTO,
    "message.sticker.received": Kind.STICKER,
    "message.voice.received": Kind.VOICE,
    # other people's bots have met it; the documentation does not name it
    "message.link.received": Kind.OTHER,
    # of protected groups, such as people with disabilities, and of attachments the platform cannot pass on
    "message.unsupported.received": Kind.UNSUPPORTED,
}


class NotJson(Exception):
    """Nothing that the platform would send."""


_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[!-~]+$")]


class _From(msgspec.Struct):
    is_bot: bool = False


class _Chat(msgspec.Struct):
    id: _Id
    chat_type: str


class _Message(msgspec.Struct):
    chat: _Chat
    message_id: _Id
    sender: _From | None = msgspec.field(name="from", default=None)
    text: str | None = None
    caption: str | None = None


class _Update(msgspec.Struct):
    event_name: str = ""
    message: msgspec.Raw = msgspec.Raw()


class _Body(msgspec.Struct):
    """With the envelope or, as some receive it, without."""

    ok: bool | None = None
    result: _Update | None = None
    event_name: str = ""
    message: msgspec.Raw = msgspec.Raw()


_BODY = msgspec.json.Decoder(_Body)
_MESSAGE = msgspec.json.Decoder(_Message)


def events(body: bytes) -> tuple[Event, ...]:
    """What happened; empty when it is nothing for us. Raises NotJson."""
    try:
        return _events(_BODY.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    # outside the handlers: their exceptions may quote what people wrote
    if not _is_json(body):
        raise NotJson
    return (Unreadable(CHANNEL, _key(body)),)


def _events(body: _Body) -> tuple[Event, ...]:
    update = body.result or _Update(body.event_name, body.message)
    kind = KINDS.get(update.event_name)
    if kind is None or not bytes(update.message):
        return ()
    message = _MESSAGE.decode(update.message)
    if message.chat.chat_type != "PRIVATE" or (message.sender and message.sender.is_bot):
        return ()
    return (
        Raw(
            address=Address(CHANNEL, message.chat.id),
            key=message.message_id,
            text=_words(message, kind),
            kind=kind,
        ),
    )


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _words(message: _Message, kind: Kind) -> str:
    """What was typed. Some keyboards send letters and their marks apart; they are put together again."""
    typed = {Kind.TEXT: message.text, Kind.PHOTO: message.caption}.get(kind, "")
    return unicodedata.normalize("NFC", (typed or "")[:LONGEST]).strip()


def _key(body: bytes) -> str:
    """A name for an event that has none that can be read: the same bytes are the same event."""
    return hashlib.sha256(body).hexdigest()[:32]
