"""Whose requests somebody at the desk sees, and taking the one that waits longest."""

from __future__ import annotations

from bot.app.accounts import Account
from bot.app.ports import Acted
from bot.app.staff import Staff
from bot.app.tickets import Request
from bot.core.routing import Seen, visible
from bot.core.ticket import Refusal

MOST = 10_000
"""Open requests that are looked through."""


async def seen_by(staff: Staff, account: Account, now: int) -> tuple[Seen[Request], ...]:
    """The open requests that an account sees now, oldest first, with those that somebody holds."""
    there = [shift.account for shift in await staff.shifts.on_duty(now)]
    return visible(await staff.tickets.open(MOST), account, there, now, staff.province_of)


async def take_next(staff: Staff, account: Account, now: int) -> tuple[str, Acted] | Refusal | None:
    """Claim the oldest that may be taken; its key comes with it. None when nobody waits."""
    seen = await seen_by(staff, account, now)
    return await staff.handoff.next(account.helper, [one.request.key for one in seen if one.free])
