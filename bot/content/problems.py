"""What is wrong in a file that people write, said in the language of those who write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

LONGEST = 200
_LONGEST_QUOTE = 40
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


class Severity(StrEnum):
    """An error keeps the content from being used; a warning does not."""

    ERROR = "lỗi"
    WARNING = "lưu ý"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file as editors count: the first line and column are 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        # One fault, one line: a file name or a quoted value must not start another.
        file = _NOT_PRINTED.sub("?", self.file)[-80:]
        head = f"{file}:{self.line}:{self.column}: {self.severity}: "
        hint = _cut(f" ({self.hint})" if self.hint else "", (LONGEST - len(head)) // 2)
        return head + _cut(_NOT_PRINTED.sub(" ", self.message), LONGEST - len(head) - len(hint)) + hint


def fault(spot: Spot, message: str, hint: str = "") -> Problem:
    return Problem(spot.file, spot.line, spot.column, message, hint)


def quote(value: str) -> str:
    """A value from a file, short enough to stand in a message."""
    return f'"{_cut(" ".join(value.split()), _LONGEST_QUOTE)}"'


def suggest(word: str, known: Iterable[str]) -> str:
    """Which of the known words was probably meant, as a hint; empty when none is near."""
    meant = nearest(word, known)
    return f'ý bạn là "{meant}"?' if meant else ""


def nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word[:80], list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
