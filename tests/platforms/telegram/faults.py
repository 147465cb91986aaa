"""What a test can let go wrong at Telegram: for a method, for a chat, a few times or for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TooMany:
    """429. Until `after` seconds are over, calls of the same scope are refused too, and noted as early.

    The scope is the chat, or the method where there is none; `everywhere`: all calls of the bot.
    """

    after: int
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Down:
    """Telegram has trouble; `plain` is what a proxy before it says instead of JSON."""

    status: int = 502
    plain: bytes = b""


@dataclass(frozen=True, slots=True)
class Refuses:
    """A refusal of the given code: 401, 403 "bot was blocked by the user", 400 "chat not found"…"""

    code: int
    words: str
    migrate_to: int = 0


@dataclass(frozen=True, slots=True)
class LosesAnswer:
    """The call takes effect and nobody says so: the connection hangs until the caller gives up, or breaks."""

    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Resets:
    """The connection breaks before anything happens."""


@dataclass(frozen=True, slots=True)
class Hangs:
    """No answer, no effect, until the caller gives up."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """Status 200 with something that is not an answer; nothing happened."""

    body: bytes = b"<html>Welcome to the provider's portal</html>"


@dataclass(frozen=True, slots=True)
class Slow:
    """All is well after some seconds."""

    seconds: float


Fault = TooMany | Down | Refuses | LosesAnswer | Resets | Hangs | Nonsense | Slow
Chance = Callable[[], Fault | None]
"""Drawn anew for each call; None: this one goes well."""


@dataclass(slots=True)
class _Planned:
    fault: Fault | Chance
    method: str
    chat: int | None
    left: int | None
    until: float | None


class Faults:
    """The plan. The first entry that fits a call strikes."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._planned: list[_Planned] = []

    def add(
        self,
        fault: Fault | Chance,
        *,
        method: str = "",
        chat: int | None = None,
        times: int | None = None,
        seconds: float | None = None,
    ) -> Callable[[], None]:
        """Plan it for some calls (all when nothing is said); returns what takes it back."""
        until = None if seconds is None else self._time() + seconds
        entry = _Planned(fault, method.lower(), chat, times, until)
        self._planned.append(entry)

        def take_back() -> None:
            if entry in self._planned:
                self._planned.remove(entry)

        return take_back

    def clear(self) -> None:
        self._planned.clear()

    def striking(self, method: str, chat: int | None) -> Fault | None:
        """What strikes this call."""
        now = self._time()
        self._planned = [entry for entry in self._planned if entry.until is None or now < entry.until]
        for entry in self._planned:
            if entry.method not in {"", method.lower()} or entry.chat not in {None, chat}:
                continue
            if entry.left is not None:
                entry.left -= 1
                if entry.left <= 0:
                    self._planned.remove(entry)
            return entry.fault() if callable(entry.fault) else entry.fault
        return None
