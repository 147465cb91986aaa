"""`v2.0/oa/upload/image`: pictures up to 1 MB, 5,000 a month, forgotten after seven days."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

LARGEST = 1_000_000
A_MONTH = 5000
LIVES = 7 * 86_400

_BEGIN = {"image/png": (b"\x89PNG\r\n\x1a\n", (".png",)), "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg"))}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the multipart body."""

    field: str
    filename: str
    content_type: str
    content: bytes


class Uploads:
    def __init__(self, now: Callable[[], int]) -> None:
        self.month = A_MONTH
        self._now = now
        self._dies: dict[str, int] = {}
        self._used: Counter[str] = Counter()

    def full(self) -> bool:
        return self._used[self._this_month()] >= self.month

    def keep(self, part: Part) -> str:
        self._used[self._this_month()] += 1
        id = hashlib.sha256(part.content + str(len(self._dies)).encode()).hexdigest()[:40]
        self._dies[id] = self._now() + LIVES
        return id

    def alive(self, id: str) -> bool:
        return self._dies.get(id, 0) > self._now()

    def _this_month(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m")


def trouble_with(parts: list[Part]) -> str:
    if [part.field for part in parts] != ["file"]:
        return "exactly one field «file»"
    part = parts[0]
    if part.content_type not in _BEGIN:
        return "only PNG and JPG"
    begin, endings = _BEGIN[part.content_type]
    if not part.content.startswith(begin) or not part.filename.lower().endswith(endings):
        return "name, type and content differ"
    return "" if len(part.content) <= LARGEST else "larger than 1 MB"
