"""What the bot may promise of volunteers: whether there are any, when they are there, how many wait."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.core.calendar import MobileSession
from bot.core.outage import NO_OUTAGES, Downtime
from bot.core.visits import VIET_NAM

EVERYWHERE = ""

DAY = 86400
MINUTES = 24 * 60

LOOK_AHEAD = 60
"""Days in which the next opening is looked for: more than any holiday is long."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A weekly time at which somebody is there. `weekday` 0 is Monday; minutes count from its midnight and
    may go on into the day after ("22:00-2:00": 1320 to 1560).
    """

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place's volunteers are there. On one of `days_off` nothing begins; what began the evening
    before goes on to its end.
    """

    week: tuple[Opening, ...] = ()
    days_off: frozenset[date] = frozenset()

    def is_open(self, now: int) -> bool:
        """`now` in seconds since 1970 UTC; hours are Viet Nam's."""
        return any(begins <= now < ends for begins, ends in self._spans(now, 1))

    def next_change(self, now: int) -> int:
        """When it opens or closes next; 0 when that is not in sight."""
        sight = _midnight(now, LOOK_AHEAD)
        times = (at for span in self._spans(now, LOOK_AHEAD) for at in span)
        return next((at for at in times if now < at < sight), 0)

    def _spans(self, now: int, days: int) -> Iterator[tuple[int, int]]:
        """From yesterday's on, in order; those that touch are one."""
        begins = ends = 0
        for next_begins, next_ends in self._openings(now, days):
            if next_begins <= ends:
                ends = max(ends, next_ends)
                continue
            if ends:
                yield begins, ends
            begins, ends = next_begins, next_ends
        if ends:
            yield begins, ends

    def _openings(self, now: int, days: int) -> Iterator[tuple[int, int]]:
        for ahead in range(-1, days):
            midnight = _midnight(now, ahead)
            at = datetime.fromtimestamp(midnight + VIET_NAM, UTC).date()
            for opening in sorted(self.week, key=lambda one: one.begins):
                if opening.weekday == at.weekday() and at not in self.days_off:
                    yield midnight + 60 * opening.begins, midnight + 60 * opening.ends


def _midnight(now: int, ahead: int) -> int:
    """The beginning of a day in Viet Nam, so many days from today."""
    return ((now + VIET_NAM) // DAY + ahead) * DAY - VIET_NAM


ALWAYS = Hours(tuple(Opening(weekday, 0, MINUTES) for weekday in range(7)))


@dataclass(frozen=True, slots=True)
class Promise:
    """What may be said to somebody who asks for a human.

    `staffed`: somebody has an account and would see the request. `open`: it is a time at which somebody
    should be there, or is. `on_duty`: how many are there who would see it now; 0 within opening hours must
    be said honestly. `ahead`: how many wait already whom the same people see first. `opens_at`: when it
    opens next, 0 when it is open or that is not known.
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
    tickets in the queue by commune, `queued` when each of them was opened, oldest first. `hours` by place;
    EVERYWHERE is for all others. `posters` are the codes of those with a number, `sessions` those of the
    mobile team by province; some may be over. `downtime` are the outages of VNeID that matter to clocks.
    """

    staff: Mapping[str, int] = field(default_factory=dict)
    on_duty: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    province_of: Mapping[str, str] = field(default_factory=dict)
    queued: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    posters: frozenset[str] = frozenset()
    sessions: Mapping[str, tuple[MobileSession, ...]] = field(default_factory=dict)
    downtime: Downtime = NO_OUTAGES

    def hours_of(self, commune: str) -> Hours:
        """The commune's own, else its province's, else those of everywhere."""
        places = (commune, self.province_of.get(commune, EVERYWHERE), EVERYWHERE)
        return next((self.hours[place] for place in places if place in self.hours), ALWAYS)

    def promise(self, commune: str, now: int) -> Promise:
        staffed = any(self._reaches(place, commune) for place, count in self.staff.items() if count)
        if not staffed:
            return Promise()
        hours = self.hours_of(commune)
        there = self._on_duty_for(commune)
        is_open = there > 0 or hours.is_open(now)
        return Promise(
            staffed=True,
            open=is_open,
            on_duty=there,
            ahead=sum(count for other, count in self.waiting.items() if self._is_before(other, commune)),
            opens_at=0 if is_open else hours.next_change(now),
        )

    def ahead_of(self, commune: str, opened_at: int) -> int | None:
        """How many of those wait longer than a ticket that is in the queue; None when that is not known."""
        if not self.queued:
            return None
        before = (opened for other, opened in self.queued.items() if self._is_before(other, commune))
        return sum(bisect_left(opened, opened_at) for opened in before)

    def _reaches(self, area: str, commune: str) -> bool:
        """Whether people of an area are meant to answer a commune. Who does not say where they are is
        answered by everybody.
        """
        return not commune or area in (EVERYWHERE, commune, self.province_of.get(commune))

    def _on_duty_for(self, commune: str) -> int:
        """Those who see a request at once: the nearest, or everybody when nobody is near."""
        near = [count for place, count in self.on_duty.items() if self._is_near(place, commune)]
        return sum(near) or sum(self.on_duty.values())

    def _is_near(self, place: str, commune: str) -> bool:
        province = self.province_of.get(commune, "")
        return self._reaches(place, commune) or bool(province and self.province_of.get(place) == province)

    def _is_before(self, other: str, commune: str) -> bool:
        """Whether who sees a commune's requests sees those of another too. Two neighbours that have both
        people of their own on duty are served apart; when nobody is near, all wait for the same few.
        """
        if other in (commune, EVERYWHERE) or not commune:
            return True
        if any(self._is_near(place, commune) and count for place, count in self.on_duty.items()):
            apart = self.on_duty.get(commune) and self.on_duty.get(other)
            return self._is_near(other, commune) and not apart
        return True


NOBODY = Desk()


def clock(at: int) -> str:
    """A time on Viet Nam's clock: "18:00"."""
    return f"{_local(at):%H:%M}"


def day(at: int) -> str:
    """A day of Viet Nam's calendar: "23/11"."""
    return f"{_local(at):%d/%m}"


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC) + timedelta(seconds=VIET_NAM)
