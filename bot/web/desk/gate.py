"""How many guesses come from where, in this process; the day's guesses at an account are in the store."""

from __future__ import annotations

from starlette.requests import Request

from bot.web.limits import Buckets, Rate
from bot.web.visitor import host_of

TOGETHER = Rate(burst=5, per_second=5 / 60)
"""Guesses of one network address at one account."""

HOST = Rate(burst=60, per_second=1.0)
"""Guesses of one network address: a whole team may stand behind one."""


class Gate:
    def __init__(self) -> None:
        self._together = Buckets(TOGETHER)
        self._hosts = Buckets(HOST)

    def wait(self, request: Request, name: str, now: int) -> int:
        """Seconds; the same for names that nobody has."""
        return self.wait_of_host(request, now) or self._together.take(f"{host_of(request)}\0{name}", now)

    def wait_of_host(self, request: Request, now: int) -> int:
        return self._hosts.take(host_of(request), now)
