"""How far a campaign is: official figures beside their targets, and what follows from them.

Official figures are public sums that somebody else counted. They are shown exactly as they were entered; what
is worked out from them here is rounded half up, as offices do, and said to be worked out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Measure(StrEnum):
    """What offices count, each a running total on a day."""

    PEOPLE = "people"
    PRESENT = "present"
    CARDS = "cards"
    NO_CARD = "no_card"
    ACCOUNTS = "accounts"
    ACTIVATED = "activated"


class Base(StrEnum):
    """What a measure is a share of."""

    TARGET = "target"
    ACCOUNTS = "accounts"
    PEOPLE = "people"
    PRESENT = "present"


BASES: Mapping[Measure, tuple[Base, ...]] = {
    Measure.ACTIVATED: (Base.TARGET, Base.ACCOUNTS, Base.PEOPLE),
    Measure.ACCOUNTS: (Base.TARGET, Base.PEOPLE),
    Measure.CARDS: (Base.TARGET, Base.PEOPLE, Base.PRESENT),
    Measure.NO_CARD: (Base.PEOPLE, Base.PRESENT),
}
"""The measures that a campaign moves, and the shares of them that reports state."""

RISING = frozenset({Measure.CARDS, Measure.ACCOUNTS, Measure.ACTIVATED})
"""Running totals that can only grow."""

WHOLE = 10_000
"""A rate is kept in hundredths of a per cent; this is 100 %."""

LATELY = 7
"""Days that the present pace is taken from, at least, if there are figures that old."""


def rate_key(measure: Measure, base: Base) -> str:
    """How a rate that a report states is kept beside the counts."""
    return f"{measure}%{base}"


def target_key(measure: Measure) -> str:
    return f"{measure}>"


COUNT_KEYS = tuple(map(str, Measure))
RATE_KEYS = tuple(rate_key(measure, base) for measure, bases in BASES.items() for base in bases)
TARGET_KEYS = tuple(map(target_key, BASES))
KEYS = (*COUNT_KEYS, *RATE_KEYS, *TARGET_KEYS)
"""Everything that is kept of a unit and a day."""


class Point(NamedTuple):
    """A figure of a day (since 1970); `until` is the deadline when it is a target."""

    day: int
    value: int
    until: int | None = None


Series = Sequence[Point]
"""One figure over time, oldest first."""

Official = Mapping[str, Series]
"""What is kept of one unit, by key."""


class Amount(NamedTuple):
    """A number of people; a span when it was derived from a rounded percentage."""

    low: int
    high: int

    @property
    def is_derived(self) -> bool:
        return self.low != self.high

    @property
    def middle(self) -> int:
        return half_up(Fraction(self.low + self.high, 2))


@dataclass(frozen=True, slots=True)
class Rate:
    """`share` of 1. `stated`: the report gives a percentage and no numbers to work it out from. `base_day`:
    of what day the whole is, when it is not that of the part.
    """

    share: Fraction
    whole: Amount | None
    stated: bool = False
    base_day: int | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is no figure, or nothing to compare it with."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The target was reached; `over` are people beyond it."""

    over: int


@dataclass(frozen=True, slots=True)
class FirstOnly:
    """A single figure has no pace."""


@dataclass(frozen=True, slots=True)
class NotMoving:
    """At this pace the target is never reached; below zero the figures move the wrong way."""

    pace: Fraction


@dataclass(frozen=True, slots=True)
class Expected:
    """At this pace the target is reached on `day`, `late` days after the deadline (negative: before)."""

    day: int
    late: int | None


Outlook = Nothing | Reached | FirstOnly | NotMoving | Expected


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands with one measure on `today`. `needed` people a day reach the target by the
    deadline; None without one, or when it is over. `pace` is how many a day it was lately.
    """

    points: Series
    rate: Rate | None
    gap: Amount | None
    deadline: int | None
    needed: int | None
    pace: Fraction | None
    outlook: Outlook
    is_over: bool

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None


def standing(official: Official, measure: Measure, base: Base, today: int) -> Standing:
    points = official.get(measure, ())
    latest = points[-1] if points else None
    rate = rate_of(official, measure, base)
    goal = _goal(official, measure, rate, today)
    target = _current(official.get(target_key(measure), ()), today)
    deadline = target.until if target else None
    pace = pace_of(points, measure)
    gap = _gap(measure, latest, goal)
    over = deadline is not None and deadline < today
    needed = None
    if latest and gap and gap.high and deadline is not None:
        needed = pace_needed(gap.middle, latest.day, today, deadline)
    outlook: Outlook = Nothing()
    if latest and gap and goal:
        outlook = _outlook(latest, gap, goal, pace, deadline)
    return Standing(points, rate, gap, deadline, needed, pace, outlook, over)


def rate_of(official: Official, measure: Measure, base: Base) -> Rate | None:
    """The share on the newest day that it is known for. What can be worked out goes before what is stated."""
    points = official.get(measure, ())
    stated = official.get(rate_key(measure, base), ())
    latest = points[-1] if points else None
    whole = _whole(official, measure, base, latest.day) if latest else None
    told = stated[-1] if stated else None
    if latest and whole and whole.value and (told is None or told.day <= latest.day):
        amount = Amount(whole.value, whole.value)
        day = whole.day if whole.day != latest.day and base is not Base.TARGET else None
        return Rate(Fraction(latest.value, whole.value), amount, base_day=day)
    if told is None:
        return None
    beside = _on(points, told.day)
    return Rate(
        Fraction(told.value, WHOLE), derived(beside.value, told.value) if beside else None, stated=True
    )


def derived(part: int, rate: int) -> Amount | None:
    """What `part` is so many hundredths of a per cent of: a percentage was rounded, so it is a span."""
    if rate <= 0 or part <= 0:
        return None
    step = 100 if rate % 100 == 0 else 10 if rate % 10 == 0 else 1
    least, most = Fraction(2 * rate - step, 2 * WHOLE), Fraction(2 * rate + step, 2 * WHOLE)
    if least <= 0:
        return None
    return Amount(-(-part // most), int(part // least))


def half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def percent(share: Fraction, decimals: int = 1) -> Fraction:
    """As it is published: 0.38887 is 38.9."""
    scale = 10**decimals
    return Fraction(half_up(share * 100 * scale), scale)


def pace_of(points: Series, measure: Measure) -> Fraction | None:
    """People a day, lately, towards the target; None when there is only one figure."""
    if len(points) < 2:
        return None
    last = points[-1]
    since = [point for point in points[:-1] if point.day <= last.day - LATELY]
    first = since[-1] if since else points[0]
    change = Fraction(last.value - first.value, last.day - first.day)
    return -change if measure is Measure.NO_CARD else change


def pace_needed(gap: int, day: int, today: int, deadline: int) -> int | None:
    """People a day from now to the deadline's evening. `day` is the figure's: today counts, unless the
    figure is already of today.
    """
    left = deadline - max(day, today - 1)
    return -(-gap // left) if left > 0 else None


def falls(points: Iterable[Point]) -> list[tuple[Point, Point]]:
    """Neighbours of a running total of which the later one is smaller."""
    ordered = sorted(points)
    return [(before, after) for before, after in itertools.pairwise(ordered) if after.value < before.value]


def ranks(shares: Mapping[int, Fraction], measure: Measure) -> dict[int, int]:
    """The best is 1; equals share a place, and the next place is skipped."""
    worst_first = sorted(shares.values(), reverse=measure is Measure.NO_CARD)
    place = {share: len(worst_first) - index for index, share in enumerate(worst_first)}
    return {unit: place[share] for unit, share in shares.items()}


def usual_base(units: Iterable[Official], measure: Measure) -> Base:
    """The share that most units can be compared by."""
    counts = {
        base: sum(rate_of(unit, measure, base) is not None for unit in kept)
        for kept in (list(units),)
        for base in BASES[measure]
    }
    return max(BASES[measure], key=lambda base: counts[base])


def _goal(official: Official, measure: Measure, rate: Rate | None, today: int) -> Amount | None:
    """How many it shall be: the target that was set, else the whole of the share that is shown."""
    target = _current(official.get(target_key(measure), ()), today)
    if target:
        return Amount(target.value, target.value)
    if measure is Measure.NO_CARD:
        return Amount(0, 0)
    return rate.whole if rate else None


def _gap(measure: Measure, latest: Point | None, goal: Amount | None) -> Amount | None:
    if latest is None or goal is None:
        return None
    if measure is Measure.NO_CARD:
        return Amount(max(0, latest.value - goal.high), max(0, latest.value - goal.low))
    return Amount(max(0, goal.low - latest.value), max(0, goal.high - latest.value))


def _outlook(
    latest: Point, gap: Amount, goal: Amount, pace: Fraction | None, deadline: int | None
) -> Outlook:
    if not gap.middle:
        return Reached(abs(latest.value - goal.middle))
    if pace is None:
        return FirstOnly()
    if pace <= 0:
        return NotMoving(pace)
    day = latest.day + -(-gap.middle // pace)
    return Expected(day, day - deadline if deadline is not None else None)


def _whole(official: Official, measure: Measure, base: Base, day: int) -> Point | None:
    if base is Base.TARGET:
        return _current(official.get(target_key(measure), ()), day) or _first(official, target_key(measure))
    return _current(official.get(base, ()), day) or _first(official, base)


def _first(official: Official, key: str) -> Point | None:
    """A whole that was told later is better than none."""
    points = official.get(key, ())
    return points[0] if points else None


def _current(points: Series, day: int) -> Point | None:
    """The newest that is not from after that day."""
    return next((point for point in reversed(points) if point.day <= day), None)


def _on(points: Series, day: int) -> Point | None:
    return next((point for point in points if point.day == day), None)
