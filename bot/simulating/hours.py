"""When people write: evenings and weekends, more each week of a campaign, hardly at night."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.core.visits import VIET_NAM

HOUR = 3600
DAY = 24 * HOUR

BY_HOUR = (0, 0, 0, 0, 0, 1, 3, 5, 7, 8, 7, 5, 5, 4, 5, 5, 5, 6, 9, 12, 11, 7, 3, 1)
"""How much is written in each hour of a day."""

WEEKEND = 1.4
MORNING = 6
NIGHT = 22


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, in seconds since 1970 UTC; days of Viet Nam."""

    begins: int
    ends: int


def arrival(span: Span, random: Random) -> int:
    """When somebody writes for the first time: a campaign grows for some weeks and then wears off."""
    while True:
        at = random.randrange(span.begins, span.ends)
        passed = (at - span.begins) / (span.ends - span.begins)
        grown = min(0.5 + 2 * passed, 1.0, 1.6 - 0.8 * passed)
        weekend = WEEKEND if weekday_of(at) >= 5 else 1.0
        likely = grown * weekend * BY_HOUR[hour_of(at)] / (WEEKEND * max(BY_HOUR))
        if random.random() < likely:
            return at


def awake(at: int, random: Random) -> int:
    """That moment, or the morning after it if it is at night."""
    hour = hour_of(at)
    if MORNING <= hour < NIGHT:
        return at
    midnight = (at + VIET_NAM) // DAY * DAY - VIET_NAM
    morning = midnight + MORNING * HOUR + random.randrange(3 * HOUR)
    return morning if hour < MORNING else morning + DAY


def hour_of(at: int) -> int:
    return (at + VIET_NAM) % DAY // HOUR


def weekday_of(at: int) -> int:
    """Monday is 0."""
    return ((at + VIET_NAM) // DAY + 3) % 7
