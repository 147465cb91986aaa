"""Posters that were made: each has a code of its own, so that what comes of it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.places import MOST_NUMBER

LONGEST = 60
"""Characters of where it hangs; it has to fit on the poster in letters that can be read from two metres."""


@dataclass(frozen=True, slots=True)
class Poster:
    """`place` is where it hangs ("Nhà văn hóa thôn 3"). One that is `retired` was taken down; its code is
    heard all the same, for somebody may have a picture of it, and is never given to another.
    """

    code: str
    commune: str
    number: int
    place: str
    made_at: int
    retired: bool = False


class Posters(Protocol):
    """All methods raise StoreDown."""

    async def all(self) -> Sequence[Poster]:
        """Those that hang first, by commune and number."""
        ...

    async def mark(self) -> int:
        """Another number when there are more of them, cheap to ask for."""
        ...

    async def codes(self) -> frozenset[str]: ...

    async def one(self, code: str) -> Poster | None: ...

    async def make(self, commune: str, place: str, by: int, now: int) -> Poster | None:
        """The next number of the commune; one that hangs at this place already stays as it is. None when the
        commune has `MOST_NUMBER` of them.
        """
        ...

    async def retire(self, code: str, now: int) -> bool: ...

    async def hang_again(self, code: str) -> bool: ...


__all__ = ["LONGEST", "MOST_NUMBER", "Poster", "Posters"]
