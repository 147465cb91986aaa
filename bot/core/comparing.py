"""Whether two shares of people differ, or whether chance and rounding explain it."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt
from typing import NamedTuple

from bot.core.publishing import K

ENOUGH = 50
"""People from whom on a share is told as a percentage."""

SURE = 2.6
"""Standard errors that two shares must be apart. Chance alone does that once in a hundred times, and a page
compares dozens of steps.
"""

LEAST = 0.01
"""A difference that matters, as a share."""

_ROUNDED = K * K / 6
"""How much a published cell varies by rounding: a difference of two offsets, each as likely as any other."""


class Part(NamedTuple):
    """Some of all: published numbers, each made of so many published cells at most."""

    some: int
    all: int
    some_cells: int = 1
    all_cells: int = 1

    @property
    def share(self) -> float:
        return self.some / self.all if self.all else 0.0


class Trend(StrEnum):
    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"


def trend(before: Part, now: Part) -> Trend:
    """UNKNOWN with too few people; SAME when the difference is one that chance and rounding make."""
    if min(before.all, now.all) < ENOUGH:
        return Trend.UNKNOWN
    both = (before.some + now.some) / (before.all + now.all)
    noise = sqrt(_variance(before, both) + _variance(now, both))
    step = K / 2 / min(before.all, now.all)  # numbers come by tens, so some difference is soon there
    apart = now.share - before.share
    if abs(apart) < LEAST or abs(apart) <= SURE * noise + step:
        return Trend.SAME
    return Trend.UP if apart > 0 else Trend.DOWN


def _variance(part: Part, share: float) -> float:
    """Of a share, if it were the same in both: by whom it happened to be, and by rounding."""
    share = min(1.0, share)
    rounded = _ROUNDED * (part.some_cells + share * share * part.all_cells) / part.all**2
    return share * (1 - share) / part.all + rounded
