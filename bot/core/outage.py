"""Outages of VNeID: while one lasts no clock of a step moves, and what that does to moments in time.

Nothing is moved when an outage begins or ends. Whatever asks when a window is over works it out from the
outages there were, so a timer that fires too early finds that out and is set anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOOK = 60
"""Seconds between two looks at a clock that stands still, at least."""


class Reason(StrEnum):
    """What does not work, as whoever announces it chooses."""

    LOGIN = "login"
    OTP = "otp"
    PORTAL = "portal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Outage:
    """`ended_at` 0: it lasts. `said_at` is when somebody announced it, which may be later than it began.
    Ids rise with time.
    """

    id: int
    started_at: int
    ended_at: int = 0
    reason: Reason = Reason.OTHER
    said_at: int = 0

    def lasts_at(self, moment: int) -> bool:
        return self.started_at <= moment and (not self.ended_at or moment < self.ended_at)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has heard of outages. `id` is the last one they were told of, and `at` when; `over` is
    the last one whose end they know or need not hear of, `over_at` when an end was last announced to them.
    """

    id: int = 0
    at: int = 0
    over: int = 0
    over_at: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """When a window is over. `known` False: an outage lasts, so `at` is only when to look again.
    `taken`: it would have been over during an outage.
    """

    at: int
    known: bool = True
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Downtime:
    """The outages that may still matter, oldest first. No two overlap; only the last one may still last."""

    outages: tuple[Outage, ...] = ()

    @property
    def current(self) -> Outage | None:
        last = self.outages[-1] if self.outages else None
        return last if last is not None and not last.ended_at else None

    def lasts_at(self, moment: int) -> bool:
        return any(outage.lasts_at(moment) for outage in self.outages)

    def felt(self, since: int, until: int) -> int:
        """Seconds between two moments in which everything worked."""
        down = 0
        for outage in self.outages:
            begins, ends = max(since, outage.started_at), min(until, outage.ended_at or until)
            down += max(0, ends - begins)
        return max(0, until - since - down)

    def before(self, until: int, seconds: int) -> int:
        """The latest moment from which on so many seconds were felt until then."""
        at, left = until, seconds
        for outage in reversed(self.outages):
            if outage.started_at >= at:
                continue
            ends = min(outage.ended_at or at, at)
            if at - ends >= left:
                break
            left -= at - ends
            at = outage.started_at
        return at - left

    def end(self, since: int, seconds: int, now: int) -> End:
        """When a window that was opened then is over. Who does not know the time (0) looks again at once."""
        at, left, taken = since, seconds, False
        for outage in self.outages:
            if outage.ended_at and outage.ended_at <= at:
                continue
            if outage.started_at >= at + left:
                break
            left -= max(0, outage.started_at - at)
            if not outage.ended_at:
                # the outage may end now, and what is left then begins: earlier than that nothing is due
                return End(max(now, outage.started_at) + max(LOOK, left), known=False)
            taken = taken or left <= outage.ended_at - max(at, outage.started_at)
            at = outage.ended_at
        return End(at + left, taken=taken)


UNTOLD = Told()
NO_OUTAGES = Downtime()
