"""Whose requests somebody at the desk sees, and taking the one that waits longest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.accounts import Account
from bot.app.ports import Acted
from bot.app.staff import Staff
from bot.app.tickets import Request, Wait
from bot.core.routing import Ring, Seen, Why, visible
from bot.core.ticket import Refusal

MOST = 50
"""Requests that are shown on a page; of more it is said how many there are."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A request on the page, and why it is there."""

    request: Request
    ring: Ring
    why: Why
    urgent: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What somebody sees, oldest first. `free` may be taken, `held` are with somebody else, who may be asked
    for them; both are cut short, the counts are not.
    """

    free: tuple[Shown, ...]
    held: tuple[Shown, ...]
    all_free: int
    all_held: int
    urgent: int


async def seen_by(staff: Staff, account: Account, now: int) -> tuple[Seen[Wait], ...]:
    """The open tickets that an account sees now, oldest first, with those that somebody holds."""
    there = [shift.account for shift in await staff.shifts.on_duty(now)]
    return visible(await staff.tickets.waits(), account, there, now, staff.province_of)


async def queue_of(staff: Staff, account: Account, now: int, most: int = MOST) -> Queue:
    """One page of what an account sees now. Of thousands only those shown are read in full."""
    seen = await seen_by(staff, account, now)
    free = [one for one in seen if one.free]
    held = [one for one in seen if one.request.holder not in (0, account.id)]
    keys = [one.request.key for one in (*free[:most], *held[:most])]
    requests = {request.key: request for request in await staff.tickets.requests(keys)}
    return Queue(
        _shown(free[:most], requests),
        _shown(held[:most], requests),
        len(free),
        len(held),
        sum(one.urgent for one in free),
    )


async def take_next(staff: Staff, account: Account, now: int) -> tuple[str, Acted] | Refusal | None:
    """Claim the oldest that may be taken; its key comes with it. None when nobody waits."""
    seen = await seen_by(staff, account, now)
    return await staff.handoff.next(account.helper, [one.request.key for one in seen if one.free])


def _shown(seen: list[Seen[Wait]], requests: dict[str, Request]) -> tuple[Shown, ...]:
    """Who changed hands between the two looks stands where they are now on the next page."""
    return tuple(
        Shown(request, one.ring, one.why, one.urgent)
        for one in seen
        for request in (requests.get(one.request.key),)
        if request is not None and request.holder == one.request.holder
    )
