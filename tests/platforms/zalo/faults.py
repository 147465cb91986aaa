"""What goes wrong on command when somebody calls a simulated platform."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Status:
    """An answer with this HTTP status that is not the platform's own JSON; nothing was done."""

    code: int
    body: bytes = b"<html><body>upstream</body></html>"
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer, ever: the caller has to give up. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is torn down; nothing was done."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """HTTP 200 with something that is not JSON; nothing was done."""

    body: bytes = b"<!doctype html><title>Zalo</title>"


@dataclass(frozen=True, slots=True)
class Code:
    """The platform's own error, in its own envelope; nothing was done."""

    error: int
    message: str = "by order of the test"


@dataclass(frozen=True, slots=True)
class Lost:
    """It was done, but the answer never arrives."""

    how: Hang | Reset = Hang()


Fault = Status | Hang | Reset | Nonsense | Code | Lost


@dataclass(slots=True)
class _Order:
    fault: Fault
    method: str
    person: str
    left: float
    until: float


class Faults:
    """Orders to fail; the oldest that fits strikes."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(
        self,
        fault: Fault,
        *,
        method: str = "",
        person: str = "",
        times: float = inf,
        seconds: float = inf,
    ) -> None:
        """Let calls of this method (or all) to this person's id (or all) fail so often, or for so long."""
        until = inf if seconds == inf else asyncio.get_running_loop().time() + seconds
        self._orders.append(_Order(fault, method, person, times, until))

    def heal(self) -> None:
        self._orders.clear()

    def strike(self, method: str, person: str) -> Fault | None:
        now = asyncio.get_running_loop().time()
        self._orders = [order for order in self._orders if order.left > 0 and order.until > now]
        for order in self._orders:
            if order.method in ("", method) and order.person in ("", person):
                order.left -= 1
                return order.fault
        return None
