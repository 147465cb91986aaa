"""When each place's volunteers are there: written by people, public holidays added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from bot.core.desk import DAY, Hours
from bot.core.opening import read_week
from bot.core.visits import VIET_NAM

DaysOff = Callable[[int], Mapping[date, str]]
"""Public holidays of a year, with their names."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """`place` is a commune, a province (two digits) or EVERYWHERE; `week` as somebody wrote it."""

    place: str
    week: str
    days_off: tuple[date, ...] = ()


class Timetables(Protocol):
    """All methods raise StoreDown."""

    async def all(self) -> Sequence[Timetable]: ...

    async def save(self, timetable: Timetable, by: int, now: int) -> None: ...

    async def drop(self, place: str) -> None:
        """The place has the hours of the next larger one again."""
        ...


def hours_of(timetables: Iterable[Timetable], holidays: Iterable[date]) -> dict[str, Hours]:
    """What cannot be read is left out: it was checked when it was saved."""
    public = frozenset(holidays)
    return {one.place: Hours(read_week(one.week).openings, public | set(one.days_off)) for one in timetables}


def holidays_around(days_off: DaysOff, now: int) -> dict[date, str]:
    """Those of this year and the next, which is as far as anybody is told of."""
    year = datetime.fromtimestamp(now + VIET_NAM - DAY, UTC).year
    return {**days_off(year), **days_off(year + 1)}
