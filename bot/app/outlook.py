"""What the bot may promise of the desk, looked at every few seconds and whenever something changed there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.app.accounts import Account, Role
from bot.app.bell import DESK, Bell
from bot.app.calendar import Calendar
from bot.app.outage import KEEP, Outages
from bot.app.ports import StoreDown
from bot.app.posters import Posters
from bot.app.shifts import Shifts
from bot.app.tickets import Tickets
from bot.app.timetables import DaysOff, Timetables, holidays_around, hours_of
from bot.core.calendar import MobileSession, by_province
from bot.core.desk import EVERYWHERE, NOBODY, Desk
from bot.core.outage import Downtime

EVERY = 3.0
"""Seconds between two looks: what another process changed is known by then."""

AT_MOST_EVERY = 0.5
"""Seconds between two looks however often the bell rings."""


@dataclass(frozen=True, slots=True)
class Field:
    """What there is outside: posters, and sessions by province, as they were when these marks were read."""

    marks: tuple[int, int] = (0, 0)
    posters: frozenset[str] = frozenset()
    sessions: Mapping[str, tuple[MobileSession, ...]] = field(default_factory=dict)


class Outlook:
    """The desk as it was when it was last looked at."""

    def __init__(
        self,
        tickets: Tickets,
        shifts: Shifts,
        timetables: Timetables,
        calendar: Calendar,
        posters: Posters,
        province_of: Mapping[str, str],
        days_off: DaysOff,
        now: Callable[[], int],
        outages: Outages,
    ) -> None:
        self._tickets = tickets
        self._shifts = shifts
        self._timetables = timetables
        self._calendar = calendar
        self._posters = posters
        self._province_of = province_of
        self._days_off = days_off
        self._now = now
        self._outages = outages
        self._desk = NOBODY
        self._field = Field()

    def desk(self) -> Desk:
        return self._desk

    async def look(self) -> None:
        """Raises StoreDown; what was known stays known."""
        now = self._now()
        staff = await self._shifts.staff()
        there = [shift.account for shift in await self._shifts.on_duty(now)]
        queued = await self._tickets.queued()
        timetables = await self._timetables.all()
        outages = await self._outages.between(now - KEEP, now)
        outside = await self._look_at_field(now)
        holidays = holidays_around(self._days_off, now) if timetables else {}
        self._desk = Desk(
            staff=served(staff, self._province_of),
            on_duty=served(there, self._province_of),
            waiting={commune: len(opened) for commune, opened in queued.items()},
            queued=queued,
            hours=hours_of(timetables, holidays),
            province_of=self._province_of,
            downtime=Downtime(tuple(outages)),
            posters=outside.posters,
            sessions=outside.sessions,
        )

    async def _look_at_field(self, now: int) -> Field:
        """Read anew only what has changed: there may be thousands of sessions."""
        marks = await self._calendar.mark(), await self._posters.mark()
        if self._field.marks != marks:
            planned = await self._calendar.ahead(now)
            sessions = by_province((one.session for one in planned), self._province_of)
            self._field = Field(marks, await self._posters.codes(), sessions)
        return self._field


def served(accounts: Iterable[Account], province_of: Mapping[str, str]) -> dict[str, int]:
    """How many serve each place. Who has a province is counted there and not again in its communes; leads
    see everything.
    """
    counts: Counter[str] = Counter()
    for account in accounts:
        areas = set(account.areas)
        if not areas or account.role >= Role.LEAD:
            counts[EVERYWHERE] += 1
        else:
            counts.update(area for area in areas if province_of.get(area) not in areas)
    return dict(counts)


async def run_outlook(outlook: Outlook, bell: Bell) -> None:
    """Look again and again, until cancelled."""
    while True:
        with suppress(StoreDown):
            await outlook.look()
        await asyncio.sleep(AT_MOST_EVERY)
        await bell.wait(DESK, EVERY - AT_MOST_EVERY)
