"""What people at the desk work with, chosen and joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.app.bell import Bell
from bot.app.doorbell import Doorstep, Enrolment, Group
from bot.app.handoff import Handoff
from bot.app.notices import NoBell, Notices, Teller, Watch
from bot.app.ports import Report
from bot.app.staff import Staff
from bot.app.watching import Watching
from bot.core.book import Book
from bot.language.sieve import sift

if TYPE_CHECKING:
    from bot.channels.push.service import WebPush
    from bot.config import Settings
    from bot.store.store import SqlStore


def staff_of(
    store: SqlStore, book: Book, bell: Bell, now: Callable[[], int], draw: Callable[[], str]
) -> Staff:
    """What the pages for volunteers work with."""
    from bot.language.guard import guarding
    from bot.store.tickets import SqlTickets
    from bot.store.watching import SqlWithholding

    tickets = SqlTickets(store.backing)
    handoff = Handoff(tickets, book, bell, now, draw)
    withheld = SqlWithholding(store.backing)
    guard = guarding(book.web_address)
    return Staff(
        tickets=tickets,
        handoff=handoff,
        watching=Watching(tickets, handoff, withheld, guard, sift, book, bell, now),
    )


@dataclass(frozen=True, slots=True)
class Notifying:
    """What tells people at the desk. `teller` is to be run by one process of all; `doorstep` is there when
    a bell hangs in a group.
    """

    staff: Staff
    teller: Teller
    push: WebPush
    doorstep: Doorstep | None


def notifying(
    settings: Settings,
    store: SqlStore,
    staff: Staff,
    book: Book,
    bell: Bell,
    now: Callable[[], int],
    token: Callable[[int], str],
    report: Report,
) -> Notifying:
    """`token(n)` is a random url-safe token of n bytes."""
    from bot.channels.push.service import WebPush, contact_of
    from bot.store.doorbells import SqlDoorbells
    from bot.store.notices import SqlDevices

    telegram = settings.channels.telegram
    group = Group(store, telegram.group, now) if telegram.enabled and telegram.group else None
    doorbells = SqlDoorbells(store.backing)
    devices = SqlDevices(store.backing)
    push = WebPush(store, now, contact_of(book.web_address))
    watch = Watch(staff.tickets, devices, book, doorbell=group or NoBell())
    doorstep = (
        Doorstep(group, doorbells, staff.tickets, staff.handoff, book, bell, now, book.web_address)
        if group
        else None
    )
    staff = replace(
        staff,
        notices=Notices(devices, push, group or NoBell(), now),
        enrolment=Enrolment(doorbells, now, token) if group else None,
    )
    return Notifying(staff, Teller(watch, push, bell, now, report), push, doorstep)
