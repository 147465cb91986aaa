"""How much one person and one network address may ask of us, in memory and bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil

REMEMBERED = 20_000
"""Keys kept at most; the one that was quiet longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    burst: int
    per_second: float


class Buckets:
    """A token bucket per key. Of each only the moment is kept at which it will be full again."""

    def __init__(self, rate: Rate, remembered: int = REMEMBERED) -> None:
        self._cost = 1 / rate.per_second
        self._depth = rate.burst * self._cost
        self._remembered = remembered
        self._full_at: dict[str, float] = {}

    def take(self, key: str, now: int) -> int:
        """Take one; returns 0, or the seconds to wait when there was none."""
        # a clock that was set back must not lock anybody out for longer than an empty bucket takes
        full_at = min(max(self._full_at.pop(key, 0.0), now), now + self._depth)
        emptier = full_at + self._cost
        wait = emptier - now - self._depth
        self._full_at[key] = full_at if wait > 0 else emptier
        if len(self._full_at) > self._remembered:
            del self._full_at[next(iter(self._full_at))]
        return max(1, ceil(wait)) if wait > 0 else 0

    def has(self, key: str, now: int) -> bool:
        """Whether there is one to take."""
        return self._full_at.get(key, 0.0) + self._cost - now <= self._depth

    def give_back(self, key: str) -> None:
        """Undo one `take` that need not have counted."""
        if key in self._full_at:
            self._full_at[key] -= self._cost


class Crowd:
    """How many are inside at the same time: each key, and all together."""

    def __init__(self, each: int, all_together: int) -> None:
        self._each = each
        self._all = all_together
        self._inside: Counter[str] = Counter()
        self._together = 0

    def enter(self, key: str) -> bool:
        if self._inside[key] >= self._each or self._together >= self._all:
            return False
        self._inside[key] += 1
        self._together += 1
        return True

    def leave(self, key: str) -> None:
        self._inside[key] -= 1
        self._together -= 1
        if self._inside[key] <= 0:
            del self._inside[key]
