"""Who can be shut out of the desk at once."""

from __future__ import annotations

from typing import Protocol

from bot.app.accounts import Account


class Freezing(Protocol):
    """Shut somebody out, in every process. Both raise StoreDown."""

    async def by_id(self, person: int) -> Account | None: ...

    async def disable(self, person: int, by: int) -> None:
        """`by` 0: the program did. An organiser lets them in again. Doing it twice changes nothing."""
        ...
