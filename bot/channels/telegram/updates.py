"""What Telegram tells us, straight from its bytes: nothing is decoded that is not needed, no name is kept."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

import msgspec

from bot.app.platform import Event, Left, Raw, Unreadable
from bot.core.message import Address, Kind

NAME = "telegram"

SHORT_TOAST = 80

LONGEST = 4096
"""Letters of one message; Telegram itself lets nobody write more."""

_READ = 2 * LONGEST
"""Letters that are looked at. To put letters and their marks together takes the square of their number: a
megabyte of marks would stop everything for half an hour.
"""

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates that we ask for."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A button was pressed on the doorbell of a group."""

    who: str
    chat: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Enrols:
    """A volunteer opened the link that enrols them, in a chat of their own."""

    who: str
    chat: int
    code: str


@dataclass(frozen=True, slots=True)
class Joins:
    """Somebody typed the code that brings the weekly digest to this chat."""

    chat: int
    code: str


AtTheDoor = Rung | Enrols | Joins
"""What volunteers and organisers do here; no event of a resident."""

Door = Callable[[AtTheDoor], Awaitable[str | None]]
"""Hear what one of them does; returns the toast for whoever pressed, None when nobody here waits for that.
Raises nothing.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """One update. `number` orders updates where they are fetched; `press` has to be answered by its id.

    `door` is for the doorbell, where there is one.
    """

    event: Event | None = None
    press: str = ""
    number: int | None = None
    door: AtTheDoor | None = None


def heard(body: bytes | msgspec.Raw) -> Heard | None:
    """The update in a body; None when it is not JSON at all. Nothing of it may be for us."""
    try:
        update = _UPDATES.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _unreadable(bytes(body))
    press = update.callback_query.id if update.callback_query else ""
    return Heard(_event(update), press, update.update_id, _at_the_door(update))


def toasted(press: str, toast: str = "") -> dict[str, object]:
    """What answers a press. A toast goes away by itself; one that takes longer to read waits."""
    said: dict[str, object] = {"callback_query_id": press}
    if toast:
        said |= {"text": toast, "show_alert": len(toast) > SHORT_TOAST}
    return said


def number_in(body: bytes) -> int | None:
    """The number of an update that cannot be decoded, so that it can be passed all the same."""
    found = _NUMBER.search(body)
    return int(found[1]) if found else None


_Id = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_HIGHEST = 2**53
"""Numbers of updates are lower; one that is not could not be told as taken."""

_Number = Annotated[int, msgspec.Meta(gt=-_HIGHEST, lt=_HIGHEST)]


class _Something(msgspec.Struct, frozen=True, gc=False):
    """Content that is noted, never looked into."""


class _Chat(msgspec.Struct, frozen=True, gc=False):
    id: _Id
    type: str


class _From(msgspec.Struct, frozen=True, gc=False):
    id: _Id = 0
    is_bot: bool = False


class _Message(msgspec.Struct, frozen=True):
    chat: _Chat
    sender: _From | None = msgspec.field(name="from", default=None)
    text: str | None = None
    caption: str | None = None
    media_group_id: str | None = None
    photo: list[_Something] | None = None
    video: _Something | None = None
    live_photo: _Something | None = None
    paid_media: _Something | None = None
    animation: _Something | None = None
    sticker: _Something | None = None
    document: _Something | None = None
    voice: _Something | None = None
    audio: _Something | None = None
    video_note: _Something | None = None
    location: _Something | None = None
    venue: _Something | None = None
    contact: _Something | None = None
    dice: _Something | None = None
    poll: _Something | None = None
    story: _Something | None = None
    game: _Something | None = None
    checklist: _Something | None = None
    rich_message: _Something | None = None


class _Press(msgspec.Struct, frozen=True):
    id: str
    sender: _From | None = msgspec.field(name="from", default=None)
    message: _Message | None = None
    data: str | None = None


class _Member(msgspec.Struct, frozen=True, gc=False):
    status: str


class _Membership(msgspec.Struct, frozen=True):
    chat: _Chat
    new_chat_member: _Member


class _Update(msgspec.Struct, frozen=True):
    update_id: _Number
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _Membership | None = None


_UPDATES = msgspec.json.Decoder(_Update)
_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,15})\b')
_START = re.compile(r"/start(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_COMMUNE = re.compile(r"c_([0-9]{5}(?:-[0-9]{1,3})?)", re.ASCII)
_ENROL = re.compile(r"/start(?:@\w+)? ghidanh_([A-Za-z0-9_-]{16,56})", re.ASCII)
_JOIN = re.compile(r"/(?:bantin(?:@\w+)?\s+|start(?:@\w+)? bantin_)([A-Za-z2-7]{8})\s*", re.ASCII)
_RING = re.compile(r"nhan\.([A-Za-z0-9_-]{8,48})", re.ASCII)

_LONGEST_COMMAND = 80

PRIVATE = "private"
GROUPS = frozenset({"group", "supergroup"})
GONE = "kicked"


def _event(update: _Update) -> Event | None:
    key = str(update.update_id)
    if update.message:
        return _said(update.message, key)
    if update.callback_query:
        return _pressed(update.callback_query, key)
    if update.edited_message:
        return _edited(update.edited_message, key)
    change = update.my_chat_member
    if change and change.chat.type == PRIVATE and change.new_chat_member.status == GONE:
        return Left(_address(change.chat), key)
    return None


def _at_the_door(update: _Update) -> AtTheDoor | None:
    press, message = update.callback_query, update.message
    if press and press.message and press.sender and press.message.chat.type in GROUPS:
        ticket = _RING.fullmatch(press.data or "")
        return Rung(str(press.sender.id), press.message.chat.id, ticket[1]) if ticket else None
    if message and message.text and (message.chat.type in GROUPS or _is_for_us(message)):
        joins = _JOIN.fullmatch(message.text[:_LONGEST_COMMAND])
        if joins:
            return Joins(message.chat.id, joins[1])
    if message and message.text and _is_for_us(message) and message.sender:
        code = _ENROL.fullmatch(message.text)
        return Enrols(str(message.sender.id), message.chat.id, code[1]) if code else None
    return None


def _said(message: _Message, key: str) -> Raw | None:
    if not _is_for_us(message):
        return None
    address = _address(message.chat)
    if message.text:
        text, commune = _spoken(message.text)
        return Raw(address, key, text=text, commune=commune)
    kind = _kind(message)
    if kind is None:
        return None
    words = _tidy(message.caption)
    if message.media_group_id and not words:
        # the pictures of an album come one by one and deserve one answer together
        key = f"album-{message.media_group_id[:40]}"
    return Raw(address, key, text=words, kind=kind)


def _pressed(press: _Press, key: str) -> Raw | None:
    if press.message is None or press.message.chat.type != PRIVATE or not press.data:
        return None
    return Raw(_address(press.message.chat), key, button=press.data[:LONGEST])


def _edited(message: _Message, key: str) -> Raw | None:
    """New words. A live location is edited all the time and has none."""
    words = _tidy(message.text or message.caption)
    if not _is_for_us(message) or not words:
        return None
    return Raw(_address(message.chat), key, text=words, kind=Kind.EDITED)


def _is_for_us(message: _Message) -> bool:
    """Said by a person to us alone. Two programs would go on answering each other for ever."""
    return message.chat.type == PRIVATE and not (message.sender and message.sender.is_bot)


def _kind(message: _Message) -> Kind | None:
    """What was sent; None for notes of Telegram's own, such as "pinned a message".

    An animation comes with a document beside it, a venue with a location.
    """
    m = message
    if m.sticker or m.animation:
        return Kind.STICKER
    if m.photo or m.video or m.document or m.live_photo or m.paid_media:
        return Kind.PHOTO
    if m.voice or m.audio or m.video_note:
        return Kind.VOICE
    if m.location or m.venue:
        return Kind.LOCATION
    if m.contact:
        return Kind.CONTACT
    if m.dice or m.poll or m.story or m.game or m.checklist or m.rich_message:
        return Kind.OTHER
    return None


def _spoken(text: str) -> tuple[str, str]:
    """What was typed, and the commune of the poster that it was typed for: links say "/start c_22291"."""
    start = _START.fullmatch(text)
    if start:
        commune = _COMMUNE.fullmatch(start[1] or "")
        return "/start", commune[1] if commune else ""
    return _tidy(text), ""


def _tidy(text: str | None) -> str:
    """Some keyboards write a letter and its marks apart; a limit must not part them."""
    return unicodedata.normalize("NFC", text[:_READ])[:LONGEST] if text else ""


def _address(chat: _Chat) -> Address:
    return Address(NAME, str(chat.id))


def _unreadable(body: bytes) -> Heard | None:
    """What is known of an update that is not as it should be."""
    try:
        update: object = json.loads(body)
    except RecursionError:
        number = number_in(body)
        return Heard(Unreadable(NAME, _key(number)), "", number)
    except ValueError:
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    number = number if type(number) is int and 0 <= number < _HIGHEST else None
    return Heard(Unreadable(NAME, _key(number)), _press_in(update), number)


def _key(number: int | None) -> str:
    return "" if number is None else str(number)[:20]


def _press_in(update: object) -> str:
    press = update.get("callback_query") if isinstance(update, dict) else None
    id = press.get("id") if isinstance(press, dict) else None
    return id if isinstance(id, str) and id.isascii() and id.isdigit() else ""
