"""Fifty people at once, each pressing the first button as soon as they are answered; what they see is noted.

They walk a guide of ten messages round and round: its words say "Bước 3/10", its last message has no button
but «Menu», and then they ask for the guide again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

STEPS = 10
UNMARKED = 0
"""A message that is no step, such as the question for consent."""

MENU = "Menu"

_STEP = re.compile(rf"Bước (\d+)/{STEPS}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with buttons as a person sees it; `raw` is the message object for a press on it."""

    text: str
    label: str
    token: str
    raw: bytes

    @property
    def step(self) -> int:
        if self.label == MENU:
            return STEPS
        found = _STEP.search(self.text)
        return int(found[1]) if found else UNMARKED


@dataclass(slots=True)
class Losses:
    """What people lost at kill -9."""

    presses: int = 0
    lost: int = 0
    places: int = 0
    twice: int = 0
    doubled: int = 0


@dataclass(slots=True)
class Resident:
    """`waiting` is the number of the update that should be answered now; 0: nothing is awaited."""

    id: int
    opening: str
    shown: Shown | None = None
    waiting: int = 0
    since: float = 0.0
    confirmed: float = 0.0
    retold: bool = False


@dataclass(slots=True)
class Street:
    """All residents. `post(resident, token)` makes an update of a press, or of the opening words when there
    is no token, and returns its number.
    """

    people: dict[int, Resident]
    post: Callable[[Resident, str], int]
    clock: Callable[[], float]
    pressing: bool = False
    seconds: list[float] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)
    judged: bool = False
    """Whether what people see is compared with what they should see."""
    left: float = inf
    """How many presses there are still to be."""

    def begin(self) -> None:
        """Everybody goes on until `pressing` ends, or until no press is left."""
        self.pressing = True
        for one in self.people.values():
            if not one.waiting:
                self._go_on(one)

    def sees(self, id: int, shown: Shown) -> None:
        one = self.people[id]
        before, one.shown = one.shown, shown
        if not one.waiting:
            if self.judged:
                self._unasked(before, shown)
            return
        if self.judged and before is not None and before.step and not self._is_answer(before, shown):
            return
        self.seconds.append(self.clock() - one.since)
        one.waiting = 0
        if self.pressing:
            self._go_on(one)

    def is_silent(self, one: Resident, up_since: float, patience: float) -> None:
        """The bot has taken the press. Whoever waits in vain presses again, and then asks for the guide."""
        now = self.clock()
        one.confirmed = one.confirmed or now
        if now < max(one.confirmed, up_since) + patience:
            return
        if not one.retold:
            self.losses.lost += 1
            one.retold = True
            self._press(one)
        else:
            self.losses.places += 1
            one.shown = None
            one.retold = False
            self._press(one)

    @property
    def quiet(self) -> bool:
        return not any(one.waiting for one in self.people.values())

    def _unasked(self, before: Shown | None, shown: Shown) -> None:
        if before is not None and shown.step == before.step:
            self.losses.doubled += 1
        else:
            self.losses.twice += 1

    def _is_answer(self, before: Shown, shown: Shown) -> bool:
        """Whether the guide goes on; notes it when it does not go on by one step."""
        if shown.step == before.step:
            self.losses.doubled += 1
            return False
        if shown.step == before.step % STEPS + 1:
            return True
        if shown.step == (before.step + 1) % STEPS + 1:
            self.losses.twice += 1
        else:
            self.losses.places += 1
        return True

    def _go_on(self, one: Resident) -> None:
        if self.left <= 0:
            return
        self.left -= 1
        self.losses.presses += 1
        one.retold, one.since = False, self.clock()
        self._press(one)

    def _press(self, one: Resident) -> None:
        shown = one.shown
        one.confirmed = 0.0
        one.waiting = self.post(one, "" if shown is None or shown.label == MENU else shown.token)
