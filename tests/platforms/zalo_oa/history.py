"""`listrecentchat` and `conversation`: what was said, newest first, at most ten messages at a time.

Shape of the rows as in answers that others captured in 2025 and 2026: a row is a message, `src` 1 is the
person. Rows of pictures are from memory of third-party notes. That a row's `message_id` equals the `msg_id`
of the event is an assumption that nobody wrote down.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tests.platforms.zalo_oa.events import Event, Who

HANOI = timezone(timedelta(hours=7))
_TYPES = {"image": "photo", "audio": "voice", "gif": "GIF"}


class _Page(Struct, forbid_unknown_fields=True):
    offset: Annotated[int, Meta(ge=0)]
    count: Annotated[int, Meta(ge=1, le=10)]


class _PageOf(_Page, forbid_unknown_fields=True):
    user_id: str | int


class History:
    def __init__(self, names: dict[str, str]) -> None:
        self._rows: list[dict[str, Any]] = []
        self._names = names

    def keep(self, who: Who, message: Event, stamp: str, *, from_person: bool) -> None:
        """Note a message in the shape in which it is listed."""
        ends = (who.user_id, who.oa_id) if from_person else (who.oa_id, who.user_id)
        self._rows.append(
            {
                "src": int(from_person),
                "time": int(stamp),
                "sent_time": _sent_time(stamp),
                **self._end("from", ends[0]),
                **self._end("to", ends[1]),
                "message_id": message["msg_id"],
                **_content(message),
            }
        )

    def recent(self, data: str) -> list[dict[str, Any]]:
        """Raises msgspec.ValidationError or DecodeError for a query that is not as it should be."""
        page = msgspec.json.decode(data, type=_Page)
        return self._rows[::-1][page.offset : page.offset + page.count]

    def conversation(self, data: str) -> list[dict[str, Any]]:
        page = msgspec.json.decode(data, type=_PageOf)
        of = [row for row in self._rows[::-1] if str(page.user_id) in (row["from_id"], row["to_id"])]
        return of[page.offset : page.offset + page.count]

    def _end(self, side: str, id: str) -> dict[str, str]:
        return {
            f"{side}_id": id,
            f"{side}_display_name": self._names.get(id, "OA"),
            f"{side}_avatar": "https://s240-ava-talk.zadn.vn/default.jpg",
        }


def _content(message: Event) -> dict[str, Any]:
    attachments = message.get("attachments")
    if not attachments:
        return {"type": "text", "message": message["text"]}
    kind, payload = attachments[0]["type"], attachments[0]["payload"]
    row: dict[str, Any] = {"type": _TYPES.get(kind, kind), "message": message.get("text", "")}
    if kind == "location":
        row["location"] = payload["coordinates"]
    if "url" in payload:
        row["url"] = payload["url"]
    if "thumbnail" in payload:
        row["thumb"] = payload["thumbnail"]
    return row


def _sent_time(stamp: str) -> str:
    return datetime.fromtimestamp(int(stamp) / 1000, UTC).astimezone(HANOI).strftime("%H:%M:%S %d/%m/%Y")
