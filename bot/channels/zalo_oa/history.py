"""What people wrote while the webhook was silent, read from Zalo's lists of messages. Pure.

Zalo's own pages are not to be had; third-party notes agree that a row is one message: `src` 1 from a person,
0 from the account, `time` in milliseconds, `type`, `message` with the words, and the `message_id` that the
webhook calls `msg_id`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from bot.app.platform import Raw
from bot.channels.zalo_oa.events import NAME, said
from bot.core.message import Address, Kind

_KINDS = {
    "text": Kind.TEXT,
    "link": Kind.TEXT,
    "links": Kind.TEXT,
    "photo": Kind.PHOTO,
    "image": Kind.PHOTO,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "sticker": Kind.STICKER,
    "gif": Kind.STICKER,
    "location": Kind.LOCATION,
    "business_card": Kind.CONTACT,
    "file": Kind.OTHER,
    "video": Kind.OTHER,
}


class _Row(msgspec.Struct, frozen=True):
    message_id: str
    from_id: str | int
    to_id: str | int
    time: int
    type: str
    message: str | None = None
    src: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A row: with whom, when (in seconds), and what the person said; None for words of ours."""

    person: str
    at: float
    raw: Raw | None
    row: bytes


def found_in(rows: Iterable[msgspec.Raw], oa_id: str) -> list[Found]:
    """Rows that make sense; the others are left out, since nothing can be done about them here."""
    return [one for row in rows if (one := _found(bytes(row), oa_id)) is not None]


def to_take(found: Iterable[Found], since: float) -> list[Found]:
    """What people said from then on, each once, oldest first."""
    once = {one.raw.key: one for one in found if one.raw is not None and one.at >= since}
    return sorted(once.values(), key=lambda one: one.at)


def _found(row: bytes, oa_id: str) -> Found | None:
    try:
        read = msgspec.json.decode(row, type=_Row)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    ours = read.src == 0 or str(read.from_id) == oa_id
    theirs = not ours and (read.src == 1 or bool(oa_id))
    person = str(read.to_id if ours else read.from_id)
    kind = _KINDS.get(read.type.lower())
    raw = None
    if theirs and kind and read.message_id:
        raw = said(Address(NAME, person), read.message_id, kind, read.message or "")
    return Found(person, read.time / 1000, raw, row)
