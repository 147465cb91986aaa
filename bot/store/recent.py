"""States of the conversations that wrote last, so that they need not be opened and decoded again.

It cannot serve anything stale: an entry is used only when its revision is the one just read from the
database in the running transaction, every saved state raises the revision, and an entry is made only
after its commit. Bounded; erased conversations leave it at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.store.codec import Saved

MOST = 4096
"""Entries; some 4 KB each."""


class Fresh(NamedTuple):
    """A state as it was just committed; None: erased."""

    conversation: int
    revision: int
    saved: Saved | None


class Recent:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: dict[int, tuple[int, Saved]] = {}

    def get(self, conversation: int, revision: int) -> Saved | None:
        entry = self._entries.get(conversation)
        return entry[1] if entry is not None and entry[0] == revision else None

    def note(self, committed: Iterable[Fresh]) -> None:
        """Called by one thread only; others may read meanwhile."""
        entries = self._entries
        for conversation, revision, saved in committed:
            entries.pop(conversation, None)
            if saved is not None:
                entries[conversation] = (revision, saved)
        while len(entries) > self._most:
            del entries[next(iter(entries))]

    def clear(self) -> None:
        self._entries.clear()
