"""What happened in some weeks that may explain numbers: outages of VNeID, and holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.app.outage import Outages
from bot.app.timetables import DaysOff
from bot.core.outage import Outage
from bot.core.visits import day_of
from bot.core.weeks import Weeks, begins_at, day_named, monday


@dataclass(frozen=True, slots=True)
class Event:
    """`told` as "2/9: Quốc khánh"."""

    first: date
    last: date
    told: str
    outage: bool = False

    def within(self, weeks: Weeks) -> bool:
        return self.first < monday(weeks.last + 1) and self.last >= monday(weeks.first)


async def events(days_off: DaysOff, outages: Outages, weeks: Weeks, now: int) -> tuple[Event, ...]:
    """In the order of their days."""
    if not weeks:
        return ()
    down = await outages.between(begins_at(weeks.first), begins_at(weeks.last + 1))
    found = [*_holidays(days_off, weeks), *(_outage(one, now) for one in down)]
    return tuple(sorted(found, key=lambda one: (one.first, one.told)))


def _outage(outage: Outage, now: int) -> Event:
    first, last = day_named(day_of(outage.started_at)), day_named(day_of(outage.ended_at or now))
    until = "" if outage.ended_at else " đến nay"
    return Event(first, last, f"{_span(first, last)}{until}: VNeID ngừng hoặc trục trặc", outage=True)


def _holidays(days_off: DaysOff, weeks: Weeks) -> Iterable[Event]:
    """Days in a row with one name are one holiday."""
    first, last = monday(weeks.first), monday(weeks.last + 1)
    named: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        named |= _within(days_off(year), first, last)
    days = sorted(named)
    for _, run in groupby(enumerate(days), key=lambda one: (one[1] - timedelta(days=one[0]), named[one[1]])):
        together = [day for _, day in run]
        told = f"{_span(together[0], together[-1])}: {named[together[0]]}"
        yield Event(together[0], together[-1], told)


def _within(days: Mapping[date, str], first: date, last: date) -> dict[date, str]:
    return {day: name for day, name in days.items() if first <= day < last}


def _span(first: date, last: date) -> str:
    begin = f"{first.day}/{first.month}"
    return begin if first == last else f"{begin} – {last.day}/{last.month}"
