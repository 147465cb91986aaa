"""Weeks of Viet Nam, Monday to Sunday: the finest time that numbers of people are published for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.core.visits import VIET_NAM, day_of, first_day, week_of

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Weeks:
    """From one week to another, both counted; numbers as of `visits.week_of`. Empty when `last < first`."""

    first: int
    last: int

    def __len__(self) -> int:
        return max(0, self.last - self.first + 1)

    def until(self, last: int) -> Weeks:
        return Weeks(self.first, min(self.last, last))

    def before(self) -> Weeks:
        """As many weeks, just before these."""
        return Weeks(self.first - len(self), self.first - 1)


def week_at(now: int) -> int:
    """The week that a moment is in; seconds since 1970 UTC."""
    return week_of(day_of(now))


def last_complete(now: int) -> int:
    return week_at(now) - 1


def begins_at(week: int) -> int:
    """The first second of a week."""
    return first_day(week) * 86400 - VIET_NAM


def monday(week: int) -> date:
    return _EPOCH + timedelta(days=first_day(week))


def day_named(day: int) -> date:
    """The date of a day that is counted since 1970."""
    return _EPOCH + timedelta(days=day)


def code_of(week: int) -> str:
    """As "2026-W47", the way ISO 8601 writes it."""
    year, number, _ = monday(week).isocalendar()
    return f"{year}-W{number:02}"


def week_named(code: str) -> int | None:
    """The week that a code names; None when there is no such week, or it was over before 1970."""
    try:
        found = datetime.strptime(f"{code}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return week_of((found - _EPOCH).days) if found >= _EPOCH else None  # the calendar begins with the year 1


def named(week: int) -> str:
    """As "tuần 47 (16/11 – 22/11/2026)"."""
    begins = monday(week)
    ends = begins + timedelta(days=6)
    return f"tuần {begins.isocalendar().week} ({begins:%d/%m} – {ends:%d/%m/%Y})"


def span_named(weeks: Weeks) -> str:
    """As "tuần 47 (16/11 – 22/11/2026)", or "26/10 – 22/11/2026 (4 tuần)"."""
    if len(weeks) == 1:
        return named(weeks.first)
    begins, ends = monday(weeks.first), monday(weeks.last) + timedelta(days=6)
    return f"{begins:%d/%m/%Y} – {ends:%d/%m/%Y} ({len(weeks)} tuần)"
