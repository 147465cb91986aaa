"""What stands on the screens of people of whom nothing is kept.

Their buttons carry all that has to be known; a typed "1" carries nothing, and without this it could be heard
as an answer to another question than the one it answers, even as consent.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.message import Address, Choice, Reply

REMEMBERED = 10_000
"""People at most; whoever was shown something longest ago is forgotten first."""

VALID = 24 * 3600
"""Seconds for which an old screen counts."""


class Screens:
    """In memory only, and only of choices."""

    def __init__(self) -> None:
        self._shown: dict[Address, tuple[int, tuple[Choice, ...]]] = {}

    def of(self, address: Address, now: int) -> tuple[Choice, ...]:
        at, choices = self._shown.get(address, (0, ()))
        return choices if now - at <= VALID else ()

    def since(self, address: Address) -> int:
        """When it was shown, in seconds since 1970 UTC; 0: nothing is known."""
        return self._shown.get(address, (0, ()))[0]

    def show(self, address: Address, replies: Sequence[Reply], now: int) -> None:
        """The newest choices; replies without any leave those before where they are."""
        choices = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        if not choices:
            return
        self._shown.pop(address, None)
        self._shown[address] = (now, choices)
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def forget(self, address: Address) -> None:
        self._shown.pop(address, None)
