"""What leads, organisers and authors are told at once, and who can be shut out; no words of anybody."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from bot.app.accounts import Account


class Alarm(StrEnum):
    """The first five are for leads and organisers, WAITS and OVERDUE also for whoever may look at a
    newcomer's words; the last two are for the author.
    """

    HELD = "held"
    WAITS = "waits"
    OVERDUE = "overdue"
    REPORTED = "reported"
    FROZEN = "frozen"
    RELEASED = "released"
    REFUSED = "refused"


class Alerts(Protocol):
    async def tell(self, alarm: Alarm, ticket: str, person: int) -> None:
        """`person` is the volunteer whom it is about. Must not raise for what a notice meets on its way."""
        ...


class NoAlerts:
    """Where only the pages tell."""

    async def tell(self, _: Alarm, __: str, ___: int) -> None:
        return


class Freezing(Protocol):
    """Shut somebody out of the desk at once, in every process. Both raise StoreDown."""

    async def by_id(self, person: int) -> Account | None: ...

    async def disable(self, person: int, by: int) -> None:
        """`by` 0: the program did. An organiser lets them in again. Doing it twice changes nothing."""
        ...


class NoFreezing:
    """Where there are no accounts."""

    async def by_id(self, _: int) -> Account | None:
        return None

    async def disable(self, _: int, __: int) -> None:
        return
