"""A sheet that somebody uploads, before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.core.cells import Cell

MOST_BYTES = 8 * 1024 * 1024
"""A hundred thousand rows of figures have room in it."""

MOST_ROWS = 100_000
MOST_COLUMNS = 40


class Row(NamedTuple):
    """`line` is the number that the sheet's own program shows beside it."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that hold anything. `cut`: there were more than are read."""

    rows: tuple[Row, ...]
    cut: bool = False


class Why(StrEnum):
    """Why nothing of a file can be read."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    OLD_EXCEL = "old_excel"
    LOCKED = "locked"
    BROKEN = "broken"
    NO_TABLE = "no_table"


@dataclass(frozen=True, slots=True)
class Unreadable:
    why: Why


ReadSheet = Callable[[bytes], Sheet | Unreadable]
"""Never raises, whatever the bytes are."""
