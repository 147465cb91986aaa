"""What Zalo posts to an Official Account's webhook, as events of ours. Pure: bytes in, events out."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import msgspec

from bot.app.platform import Event, Left, Raw, Unreadable
from bot.core.buttons import is_token
from bot.core.message import Address, Kind

NAME = "zalo_oa"

PRESSED = "#"
"""Zalo gives a pressed button back as a message; this tells it from what people say."""

LONGEST_TEXT = 4000
"""More than Zalo lets a person type; the rest of a longer text is cut off."""

WINDOW = 48 * 3600
"""Seconds after a person's word or visit in which messages are free; later ones cost, or are refused."""

_LONGEST_ID = 128
_MENTION = re.compile(r"\[@[^\]\s]{1,64}\]\s?")

_KINDS = {
    "user_send_text": Kind.TEXT,
    "user_send_link": Kind.TEXT,  # a text with an address in it; people ask whether a link is a fraud
    "user_send_image": Kind.PHOTO,
    "user_send_audio": Kind.VOICE,
    "user_send_sticker": Kind.STICKER,
    "user_send_gif": Kind.STICKER,
    "user_send_location": Kind.LOCATION,
    "user_send_business_card": Kind.CONTACT,
    "user_send_file": Kind.OTHER,
    "user_send_video": Kind.OTHER,
}

_WORDLESS = frozenset({Kind.VOICE, Kind.STICKER, Kind.LOCATION, Kind.CONTACT})
"""Their text is no words of the person's: an address, a name, a phone number."""


class NotJson(Exception):
    """What was posted is no JSON at all."""


class Stamp(msgspec.Struct, frozen=True):
    """What the signature needs to know of an event, and its name."""

    app_id: str | int
    timestamp: str | int
    event_name: object = None

    @property
    def milliseconds(self) -> int:
        """0 for what is no time."""
        text = str(self.timestamp)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else 0


class _Party(msgspec.Struct, frozen=True):
    id: str = ""


class _Message(msgspec.Struct, frozen=True):
    msg_id: str = ""
    text: str | None = None


class _Posted(msgspec.Struct, frozen=True):
    sender: _Party = _Party()
    recipient: _Party = _Party()
    follower: _Party = _Party()
    message: _Message = _Message()
    oa_id: str = ""


_STAMP = msgspec.json.Decoder(Stamp)
_POSTED = msgspec.json.Decoder(_Posted)


def stamp_of(body: bytes) -> Stamp | None:
    """None for JSON that cannot come from Zalo. Raises NotJson."""
    try:
        return _STAMP.decode(body)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotJson from None


def events_of(stamp: Stamp, body: bytes, oa_id: str = "") -> tuple[Event, ...]:
    """An authentic event. Empty when it is nothing for us, or for another account of the same app."""
    name = stamp.event_name
    if not isinstance(name, str):
        return (_unreadable(body),)
    if name not in _KINDS and name not in {"follow", "unfollow"}:
        return ()
    try:
        posted = _POSTED.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return (_unreadable(body),)
    follows = name not in _KINDS
    person = (posted.follower if follows else posted.sender).id
    account = posted.oa_id if follows else posted.recipient.id
    if oa_id and account and account != oa_id:
        return ()
    key = (not follows and posted.message.msg_id) or f"{name}:{person}:{stamp.timestamp}"
    if not _is_id(person) or not _is_id(key):
        return (_unreadable(body),)
    address = Address(NAME, person)
    match name:
        case "follow":
            return (Raw(address, key, text="/start", window=WINDOW),)
        case "unfollow":
            return (Left(address, key),)
        case _:
            return (said(address, key, _KINDS[name], posted.message.text or ""),)


def said(address: Address, key: str, kind: Kind, text: str) -> Raw:
    """A message of a person's, or the button that it means."""
    words = _MENTION.sub("", unicodedata.normalize("NFC", text[:LONGEST_TEXT])).strip()
    if kind is Kind.TEXT and words.startswith(PRESSED) and is_token(words.removeprefix(PRESSED)):
        return Raw(address, key, button=words.removeprefix(PRESSED), window=WINDOW)
    if kind is Kind.TEXT and not words:
        kind = Kind.OTHER
    return Raw(address, key, text="" if kind in _WORDLESS else words, kind=kind, window=WINDOW)


def _unreadable(body: bytes) -> Unreadable:
    """The same body is the same event: Zalo posts again what was not taken."""
    return Unreadable(NAME, hashlib.sha256(body).hexdigest()[:32])


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable()
