"""What this process has noted lately, so that a page which looks again and again is noted once."""

from __future__ import annotations

REMEMBERED = 10_000


class Lately:
    """In memory and bounded: what is forgotten is noted once more."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._noted: dict[str, int] = {}

    def is_new(self, what: str, now: int, *, anew: bool = False) -> bool:
        """Whether it has to be noted; `anew`: whatever was noted before."""
        noted = self._noted.get(what)
        if not anew and noted is not None and now - noted < self._seconds:
            return False
        self._noted.pop(what, None)
        self._noted[what] = now
        if len(self._noted) > REMEMBERED:
            del self._noted[next(iter(self._noted))]
        return True

    def forget(self, what: str) -> None:
        """It could not be noted."""
        self._noted.pop(what, None)
