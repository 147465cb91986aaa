"""How fast a platform lets us write: to one address, and in all."""

from __future__ import annotations

from collections import deque

REMEMBERED = 10_000
"""Addresses whose last message is remembered at most; the oldest is forgotten first."""


class Pace:
    """Times are those of the event loop. A place among all is taken by asking, whether it is used or not."""

    def __init__(self, per_second: float) -> None:
        self._sent: deque[float] = deque(maxlen=max(1, min(1000, int(per_second))))
        self._free = per_second >= 1000
        self._next: dict[str, float] = {}

    def after_last(self, address: str, now: float) -> float:
        """Seconds until this address may be written to again."""
        return max(0.0, self._next.get(address, now) - now)

    def wrote(self, address: str, gap: float, now: float) -> None:
        """A message has arrived there, or may have."""
        if gap <= 0:
            return
        self._next.pop(address, None)
        self._next[address] = now + gap
        if len(self._next) > REMEMBERED:
            del self._next[next(iter(self._next))]

    def after_others(self, now: float) -> float:
        """Seconds until one more fits into the last second."""
        if self._free:
            return 0.0
        full = len(self._sent) == self._sent.maxlen
        at = max(now, self._sent[0] + 1.0) if full else now
        self._sent.append(at)
        return at - now
