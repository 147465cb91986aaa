"""What a number means to somebody of whom nothing is kept, where a number is all they can type.

Their buttons carry everything that has to be known; a bare "1" carries nothing, and would be heard as an
answer to the first question, which is consent. So what was shown last stays in memory for a while, never on
a disk.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from bot.app.ports import Raw
from bot.core.buttons import DoorButton, parse
from bot.core.message import Address, Choice, Kind, Reply

REMEMBERED = 10_000
"""People at most; whoever was shown something longest ago is forgotten first."""

VALID = 24 * 3600


class Offered:
    """The last choices of each such person, until they are shown something else."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._shown: dict[Address, tuple[int, Reply]] = {}

    def note(self, address: Address, reply: Reply) -> None:
        """Remember what has just arrived there."""
        self._shown.pop(address, None)
        if not any(isinstance(parse(choice.token), DoorButton) for choice in reply.choices):
            return
        self._shown[address] = (self._now(), Reply("", reply.choices, reply.shortcuts))
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def meant(self, raw: Raw) -> Raw:
        """The message as the button that it stands for, if it does."""
        at, shown = self._shown.get(raw.address, (0, None))
        if raw.kind is not Kind.TEXT or raw.button or shown is None:
            return raw
        if self._now() - at > VALID:
            del self._shown[raw.address]
            return raw
        choice = _chosen(raw.text, shown)
        return raw if choice is None else replace(raw, text="", button=choice.token)


def _chosen(text: str, shown: Reply) -> Choice | None:
    """By its number or its whole label. Anything vaguer is for the dialogue to understand."""
    typed = text.strip().rstrip(".)")
    if typed.isascii() and typed.isdigit() and len(typed) <= 3:
        number = int(typed)
        return shown.choices[number - 1] if 1 <= number <= len(shown.choices) else None
    labelled = (*shown.choices, *shown.shortcuts)
    return next((choice for choice in labelled if _folded(choice.label) == _folded(typed)), None)


def _folded(text: str) -> str:
    """Without capitals and diacritics."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
