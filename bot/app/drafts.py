"""What somebody at the desk has begun to write and not yet sent."""

from __future__ import annotations

from typing import Protocol


class Drafts(Protocol):
    """One for each person and ticket. What is sent with `Handoff.speak` is no draft any longer.

    All methods raise StoreDown.
    """

    async def save(self, person: int, ticket: str, text: str, now: int) -> bool:
        """An empty text is no draft. False when there is no such open ticket."""
        ...

    async def read(self, person: int, ticket: str) -> str:
        """Empty when there is none."""
        ...

    async def drop(self, person: int, ticket: str) -> None: ...
