"""Who sent a picture a moment ago: strangers send albums too, and five messages want one answer."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.message import Address, Kind

ROW = 60
"""Seconds after which the next one is no longer of the same row."""

MOST = 1000
"""People that are remembered at once."""


class _Row(NamedTuple):
    kind: Kind
    length: int
    at: int


class Lately:
    """In memory only, for a minute, and only of what is not text."""

    def __init__(self) -> None:
        self._rows: dict[Address, _Row] = {}

    def again(self, address: Address, kind: Kind, now: int) -> int:
        """How many of the kind the sender sent just before this one, which is noted."""
        row = self._rows.pop(address, None)
        if kind is Kind.TEXT:
            return 0
        again = row.length if row and row.kind is kind and now - row.at < ROW else 0
        self._rows[address] = _Row(kind, again + 1, now)
        while len(self._rows) > MOST or now - next(iter(self._rows.values())).at >= ROW:
            del self._rows[next(iter(self._rows))]
        return again

    def forget(self, address: Address) -> None:
        self._rows.pop(address, None)
