"""The calendar of mobile sessions, as organisers keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.calendar import MobileSession


@dataclass(frozen=True, slots=True)
class Planned:
    """`revision` is what a change has to name, so that nobody overwrites what they have not seen."""

    id: int
    session: MobileSession
    revision: int


class Calendar(Protocol):
    """All methods raise StoreDown."""

    async def ahead(self, now: int) -> Sequence[Planned]:
        """Those that are not over, soonest first, called off ones among them."""
        ...

    async def mark(self) -> int:
        """Another number after every change, cheap to ask for."""
        ...

    async def one(self, id: int) -> Planned | None: ...

    async def add(self, sessions: Sequence[MobileSession], by: int, now: int) -> int:
        """How many are new: the same place at the same time is the same session, however often it is sent."""
        ...

    async def change(self, id: int, revision: int, session: MobileSession, by: int, now: int) -> bool:
        """Whether it was still as the one who changes it saw it."""
        ...
