"""What the bot may promise of volunteers: whether there are any, when they are there, how many wait."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.core.visits import VIET_NAM

EVERYWHERE = ""

DAY = 86400
LOOK_AHEAD = 30
"""Days in which the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A weekly time at which somebody is there. `weekday` 0 is Monday; minutes count from midnight."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a commune's volunteers are there. `days_off` are dates, `closed_until` such as "2027-02-04"."""

    week: tuple[Opening, ...] = ()
    days_off: frozenset[date] = frozenset()

    def is_open(self, now: int) -> bool:
        """`now` in seconds since 1970 UTC; hours are Viet Nam's."""
        return any(begins <= now < ends for begins, ends in self._around(now, -1, 1))

    def next_change(self, now: int) -> int:
        """When it opens or closes next; 0 when that is not in sight."""
        times = sorted(at for span in self._around(now, -1, LOOK_AHEAD) for at in span if at > now)
        return next((at for at in times if self.is_open(at) != self.is_open(now)), 0)

    def _around(self, now: int, first: int, last: int) -> list[tuple[int, int]]:
        today = (now + VIET_NAM) // DAY
        spans = []
        for day in range(today + first, today + last + 1):
            midnight = day * DAY - VIET_NAM
            at = datetime.fromtimestamp(day * DAY, UTC).date()
            if at in self.days_off:
                continue
            spans += [
                (midnight + 60 * opening.begins, midnight + 60 * opening.ends)
                for opening in self.week
                if opening.weekday == at.weekday()
            ]
        return spans


ALWAYS = Hours(tuple(Opening(weekday, 0, 24 * 60) for weekday in range(7)))


@dataclass(frozen=True, slots=True)
class Promise:
    """What may be said to somebody who asks for a human.

    `staffed`: somebody has an account and would see the request. `ahead`: how many wait already whom the
    same people see. `opens_at`: when it opens next, 0 when it is open or that is not known.
    """

    staffed: bool = False
    open: bool = False
    on_duty: int = 0
    ahead: int = 0
    opens_at: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk as it was a few seconds ago. Places are codes of communes, of provinces (two digits), or
    EVERYWHERE. `staff` counts whose areas hold a place, `on_duty` those who are there, `waiting` open
    tickets in the queue by commune, `queued` when each of them was opened, oldest first. `hours` by commune;
    EVERYWHERE is for all others.
    """

    staff: Mapping[str, int] = field(default_factory=dict)
    on_duty: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    queued: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    province_of: Mapping[str, str] = field(default_factory=dict)

    def hours_of(self, commune: str) -> Hours:
        return self.hours.get(commune) or self.hours.get(EVERYWHERE) or ALWAYS

    def promise(self, commune: str, now: int) -> Promise:
        """Everybody with an account sees every request sooner or later, so any account is enough."""
        if not self.staff:
            return Promise()
        hours = self.hours_of(commune)
        is_open = hours.is_open(now)
        return Promise(
            staffed=True,
            open=is_open,
            on_duty=sum(self.on_duty.values()),
            ahead=sum(self.waiting.values()),
            opens_at=0 if is_open else hours.next_change(now),
        )

    def ahead_of(self, opened_at: int) -> int | None:
        """How many wait longer than a ticket that is in the queue; None when that is not known."""
        if not self.queued:
            return None
        return sum(bisect_left(opened, opened_at) for opened in self.queued.values())


NOBODY = Desk()


def clock(at: int) -> str:
    """A time on Viet Nam's clock: "18:00"."""
    return f"{_local(at):%H:%M}"


def day(at: int) -> str:
    """A day of Viet Nam's calendar: "23/11"."""
    return f"{_local(at):%d/%m}"


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC) + timedelta(seconds=VIET_NAM)
