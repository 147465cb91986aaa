"""What volunteers, leads and organisers work with: each part chosen and joined, for `wiring`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.knowledge import BookKnowledge
from bot.app.outlook import Outlook, run_outlook
from bot.app.ports import Report
from bot.app.shifts import Duty, run_shifts
from bot.app.staff import Staff
from bot.app.visits import Visiting
from bot.app.watching import Watching
from bot.content.days_off import days_off
from bot.content.places import read_communes
from bot.core.book import Book
from bot.language.normalise import fold
from bot.language.sieve import sift

if TYPE_CHECKING:
    from bot.store.store import SqlStore

Loops = dict[str, Callable[[], Coroutine[Any, Any, None]]]
"""What goes on by itself, by name; each is to be kept up."""


def staff_of(
    store: SqlStore, book: Book, bell: Bell, now: Callable[[], int], draw: Callable[[], str]
) -> Staff:
    """What the pages for volunteers work with."""
    from bot.language.guard import guarding
    from bot.store.drafts import SqlDrafts
    from bot.store.shifts import SqlShifts
    from bot.store.tickets import SqlTickets
    from bot.store.timetables import SqlTimetables
    from bot.store.visits import SqlHomeVisits
    from bot.store.watching import SqlWithholding

    backing = store.backing
    tickets = SqlTickets(backing)
    handoff = Handoff(tickets, book, bell, now, draw)
    shifts = SqlShifts(backing)

    async def on_duty() -> list[int]:
        return [shift.account.id for shift in await shifts.on_duty(now())]

    watching = Watching(
        tickets,
        handoff,
        SqlWithholding(backing),
        guarding(book.web_address),
        sift,
        book,
        bell,
        now,
        on_duty=on_duty,
    )
    return Staff(
        tickets=tickets,
        handoff=handoff,
        watching=watching,
        shifts=shifts,
        duty=Duty(shifts, tickets, handoff, bell, now),
        drafts=SqlDrafts(backing),
        timetables=SqlTimetables(backing),
        days_off=days_off,
        province_of=_province_of(),
        knowledge=BookKnowledge(book, fold),
        visiting=Visiting(SqlHomeVisits(backing), book, bell, sift, _province_of(), now, draw),
    )


def outlook_of(staff: Staff, now: Callable[[], int]) -> Outlook:
    """What the bot may promise of them."""
    return Outlook(staff.tickets, staff.shifts, staff.timetables, staff.province_of, staff.days_off, now)


def loops_of(staff: Staff, outlook: Outlook, bell: Bell, report: Report) -> Loops:
    """What goes on at the desk by itself."""
    loops: Loops = {"outlook": partial(run_outlook, outlook, bell)}
    if staff.duty is not None:
        loops["shifts"] = partial(run_shifts, staff.duty, report)
    return loops


@cache
def _province_of() -> dict[str, str]:
    return {commune.code: commune.within for commune in read_communes()}
