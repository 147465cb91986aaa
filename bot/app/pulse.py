"""Whether anything at the desk changed: asked every second by every open page, so it costs little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Beat:
    """`mark` is another one as soon as anything changed that the page shows. `waiting` are in the queue,
    `mine` with whoever asks, of whom `unread` wrote last, the one that is looked at left out. `held` messages
    wait for whoever may decide about them.
    """

    mark: str
    waiting: int = 0
    mine: int = 0
    unread: int = 0
    held: int = 0


class Pulse(Protocol):
    """Both raise StoreDown."""

    async def desk(self, person: int) -> Beat:
        """Of the lists: who waits, who has what."""
        ...

    async def chat(self, person: int, ticket: str) -> Beat:
        """Of one conversation: its lines, its notes, whose it is."""
        ...
