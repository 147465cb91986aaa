"""Tell who has to know: a resident reported somebody, a newcomer's words wait too long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.app.accounts import Role
from bot.app.alerts import Alarm, Alerts, Freezing
from bot.app.bell import DESK, Bell
from bot.app.ports import StoreDown
from bot.app.watching import COUNTED
from bot.app.withheld import Complaint, Withholding

PATIENCE = 120
"""Seconds that words wait before whoever may look at them is reminded."""

TOO_MANY = 2
"""Residents whose reports freeze an account until an organiser looks. Organisers are never frozen so: an
organiser has to be left who can look.
"""

EVERY = 5.0
"""Seconds between two looks when no bell rings: another process may have committed a report."""


async def run_overseeing(
    withheld: Withholding, alerts: Alerts, freezing: Freezing, bell: Bell, now: Callable[[], int]
) -> None:
    """Look again and again, until cancelled."""
    while True:
        with suppress(StoreDown):  # what is not told now is told at the next look
            await look(withheld, alerts, freezing, bell, now())
        await bell.wait(DESK, EVERY)


async def look(withheld: Withholding, alerts: Alerts, freezing: Freezing, bell: Bell, now: int) -> None:
    """Whatever was not told yet; each alert once, unless the process dies between it and its note."""
    for complaint in await withheld.new_complaints(now - COUNTED):
        await alerts.tell(Alarm.REPORTED, complaint.ticket, complaint.person)
        if complaint.count >= TOO_MANY and await _freeze(freezing, complaint):
            await withheld.refuse_all(complaint.person, 0, now)
            await alerts.tell(Alarm.FROZEN, complaint.ticket, complaint.person)
        if await withheld.told(complaint.id, now):
            bell.ring((DESK,))
    for one in await withheld.overdue(now - PATIENCE, now):
        await alerts.tell(Alarm.OVERDUE, one.ticket, one.person)


async def _freeze(freezing: Freezing, complaint: Complaint) -> bool:
    account = await freezing.by_id(complaint.person)
    if account is None or account.disabled or account.role >= Role.ORGANISER:
        return False
    await freezing.disable(complaint.person, 0)
    return True
