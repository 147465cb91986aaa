"""Who is there: shifts begin by hand, end by hand, by time or with the account, and leave nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from bot.app.accounts import Account
from bot.app.bell import DESK, Bell
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Report, StoreDown
from bot.app.tickets import Tickets
from bot.core.events import Move
from bot.core.ticket import Helper

EVERY = 0.5
"""Seconds between two looks at who has left: what they hold is free again within one second."""

LONGEST = 12 * 3600
"""Nobody is there longer than that without saying so again."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is on duty until then."""

    account: Account
    since: int
    until: int


class Shifts(Protocol):
    """Each method is one transaction; all raise StoreDown when the database is away."""

    async def begin(self, person: int, now: int, until: int) -> None:
        """On duty until then; who is already has a new end and keeps their beginning."""
        ...

    async def end(self, person: int, over_at: int | None = None) -> None:
        """No longer on duty. `over_at`: only if the shift was over by then or the account is disabled."""
        ...

    async def on_duty(self, now: int) -> Sequence[Shift]:
        """Who is there, longest first; nobody whose account is disabled."""
        ...

    async def leavers(self, now: int) -> Sequence[Helper]:
        """Whose shift is over, and who is disabled and was on duty or still holds conversations."""
        ...

    async def staff(self) -> Sequence[Account]:
        """Everybody whose account is not disabled and who has all that is needed to sign in."""
        ...


class Duty:
    """Beginning and ending a shift."""

    def __init__(
        self, shifts: Shifts, tickets: Tickets, handoff: Handoff, bell: Bell, now: Callable[[], int]
    ) -> None:
        self._shifts = shifts
        self._tickets = tickets
        self._handoff = handoff
        self._bell = bell
        self._now = now

    async def begin(self, person: int, until: int) -> None:
        """Come on duty, or stay longer."""
        now = self._now()
        await self._shifts.begin(person, now, min(until, now + LONGEST))
        self._bell.ring((DESK,))

    async def end(self, helper: Helper, note: str = "") -> int:
        """Leave, and give everything back with a note for whoever comes next; returns how much that was."""
        return await self._leave(helper, note, None)

    async def send_home(self, report: Report) -> None:
        """End what is over. Whoever cannot be sent home keeps nobody else."""
        now = self._now()
        for helper in await self._shifts.leavers(now):
            try:
                await self._leave(helper, "", now)
            except StoreDown:
                raise
            except Exception as fault:  # noqa: BLE001 - one conversation must not keep everybody on duty
                report("shifts", fault)

    async def _leave(self, helper: Helper, note: str, over_at: int | None) -> int:
        """Given back before the shift ends, so that a crash between the two leaves somebody to send home;
        and again after it, for what was claimed meanwhile.
        """
        given = await self._give_back(helper, note)
        await self._shifts.end(helper.id, over_at)
        given += await self._give_back(helper, note)
        self._bell.ring((DESK,))
        return given

    async def _give_back(self, helper: Helper, note: str) -> int:
        given = 0
        for request in await self._tickets.held(helper.id):
            # what residents read is the name under which they were helped
            known = replace(helper, name=request.holder_name)
            done = await self._handoff.give_back(request.key, known, note, Move.SHIFT_ENDED)
            given += isinstance(done, Acted)
        return given


async def run_shifts(duty: Duty, report: Report) -> None:
    """Send home whose time is over, until cancelled."""
    while True:
        with suppress(StoreDown):  # the next look finds the same people
            await duty.send_home(report)
        await asyncio.sleep(EVERY)
