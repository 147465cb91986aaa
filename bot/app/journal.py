"""Who did and read what at the desk: written down for good, in a chain that shows every change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Did(StrEnum):
    """What somebody did; never words of a resident or of a volunteer."""

    VIEWED = "viewed"
    CLAIMED = "claimed"
    TOOK_OVER = "took_over"
    SPOKE = "spoke"
    NOTED = "noted"
    HELD = "held"
    RELEASED = "released"
    REFUSED = "refused"
    RETURNED = "returned"
    PASSED = "passed"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    REPORTED = "reported"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    INVITED = "invited"
    JOINED = "joined"
    DISABLED = "disabled"
    ENABLED = "enabled"
    ROLE_CHANGED = "role_changed"
    ACCOUNT_CHANGED = "account_changed"
    HOURS_CHANGED = "hours_changed"
    SHIFT_BEGAN = "shift_began"
    SHIFT_ENDED = "shift_ended"
    VISIT_CHANGED = "visit_changed"
    VISIT_VIEWED = "visit_viewed"
    PROPOSED = "proposed"
    DECIDED = "decided"
    EXPORTED = "exported"
    OUTAGE_BEGAN = "outage_began"
    OUTAGE_ENDED = "outage_ended"
    POSTER_CHANGED = "poster_changed"
    CALENDAR_CHANGED = "calendar_changed"
    FIGURES_CHANGED = "figures_changed"
    REPORT_FETCHED = "report_fetched"
    DIGEST_CHANGED = "digest_changed"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry. Whoever keeps it elsewhere can tell later that nothing before it was cut off."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Record:
    """`who` is a person's id, 0 the program or a stranger; `what` a ticket's key or a person's id."""

    id: int
    at: int
    who: int
    did: str
    what: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The chain holds from its first entry to its head; `head` is None while there is no entry."""

    count: int
    head: Head | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not what was written, or not where it was written."""

    id: int
    why: str


Verdict = Whole | Broken


class Journal(Protocol):
    """Append-only. Both raise StoreDown."""

    async def note(self, who: int, did: Did, what: str = "") -> None: ...

    async def records(self, before: int, limit: int, who: int = 0, did: str = "") -> list[Record]:
        """Newest first, those before an id (0: all), of one person and one kind if that is asked for."""
        ...

    async def verify(self, head: Head | None = None) -> Verdict:
        """Whether all is as it was written; `head` is one that was kept elsewhere."""
        ...
