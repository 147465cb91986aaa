"""What volunteers, leads and organisers work with: each part chosen and joined, for `wiring`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from bot.app.bell import Bell
from bot.app.campaign import Campaign
from bot.app.digest_devices import OnDevices
from bot.app.digests import PUSH, Digest, Digests
from bot.app.doorbell import Doorstep, Enrolment, Group
from bot.app.editions import Editions
from bot.app.handoff import Handoff
from bot.app.insights import Insights
from bot.app.knowledge import BookKnowledge
from bot.app.notices import NoBell, Notices, Teller, Watch
from bot.app.outage import run_spreading
from bot.app.outlook import Outlook, run_outlook
from bot.app.overseeing import run_overseeing
from bot.app.planning import Reader
from bot.app.ports import Report
from bot.app.puzzles import Puzzling, run_puzzling
from bot.app.shifts import Duty, run_shifts
from bot.app.staff import Staff
from bot.app.visits import Visiting
from bot.app.watching import Watching
from bot.content.days_off import days_off
from bot.content.flows import read_edition
from bot.content.places import read_communes
from bot.content.sheets import read_sheet
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.language.normalise import fold
from bot.language.sieve import sift
from bot.proofreading import proposing_of

if TYPE_CHECKING:
    from bot.app.entrance import Entrance
    from bot.app.export import Export
    from bot.app.journal import Journal
    from bot.channels.push.service import WebPush
    from bot.config import Settings
    from bot.store.backing import Backing
    from bot.store.store import SqlStore

Loops = dict[str, Callable[[], Coroutine[Any, Any, None]]]
"""What goes on by itself, by name; each is to be kept up."""


def staff_of(
    store: SqlStore,
    book: Book,
    bell: Bell,
    now: Callable[[], int],
    draw: Callable[[], str],
    token: Callable[[int], str] = secrets.token_urlsafe,
) -> Staff:
    """`draw()` is the random seed of a turn, `token(n)` a random url-safe token of n bytes."""
    from bot.language.guard import guarding
    from bot.store.calendar import SqlCalendar
    from bot.store.campaign import SqlOfficialFigures
    from bot.store.digests import SqlDigests
    from bot.store.drafts import SqlDrafts
    from bot.store.guides import SqlEditions
    from bot.store.journal import SqlJournal
    from bot.store.outages import SqlOutages
    from bot.store.posters import SqlPosters
    from bot.store.pulse import SqlPulse
    from bot.store.puzzles import SqlPuzzles
    from bot.store.shifts import SqlShifts
    from bot.store.tickets import SqlTickets
    from bot.store.timetables import SqlTimetables
    from bot.store.visits import SqlHomeVisits
    from bot.store.watching import SqlWithholding
    from bot.store.weekly import SqlWeeklyCounts

    backing = store.backing
    tickets = SqlTickets(backing)
    handoff = Handoff(tickets, book, bell, now, draw)
    shifts = SqlShifts(backing)
    journal = SqlJournal(backing, now)
    entrance = entrance_of(backing, journal, now, token)
    sums = SqlWeeklyCounts(backing, _province_of())
    insights = Insights(sums, now)

    async def digest(week: int) -> Digest:
        from bot.web.insights.digest_text import week_digest

        return await week_digest(insights, book, week)

    async def on_duty() -> list[int]:
        return [shift.account.id for shift in await shifts.on_duty(now())]

    guard = guarding(book.web_address)

    def is_safe(words: str) -> bool:
        return not guard(words) and not sift(words).found

    watching = Watching(
        tickets,
        handoff,
        SqlWithholding(backing),
        guard,
        sift,
        book,
        bell,
        now,
        freezing=entrance,
        on_duty=on_duty,
    )
    return Staff(
        tickets=tickets,
        handoff=handoff,
        watching=watching,
        sessions=entrance.sessions,
        people=entrance.accounts,
        journal=journal,
        entrance=entrance,
        shifts=shifts,
        duty=Duty(shifts, tickets, handoff, bell, now),
        drafts=SqlDrafts(backing),
        timetables=SqlTimetables(backing),
        days_off=days_off,
        province_of=_province_of(),
        knowledge=BookKnowledge(book, fold),
        pulse=SqlPulse(backing),
        campaign=Campaign(SqlOfficialFigures(backing), journal, read_sheet, _is_place, now, token),
        insights=insights,
        sums=sums,
        export=export_of(backing, book, now),
        outages=SqlOutages(backing),
        calendar=SqlCalendar(backing),
        posters=SqlPosters(backing),
        reader=Reader(book.places, is_safe, read_sheet),
        puzzling=Puzzling(SqlPuzzles(backing), _alike, sift, _nearest(book), now),
        editions=Editions(SqlEditions(backing), read_edition),
        digests=Digests(SqlDigests(backing), digest, insights, bell, now, token, book.web_address),
        visiting=Visiting(SqlHomeVisits(backing), book, bell, is_safe, _province_of(), now, draw),
        proposing=proposing_of(backing, now),
    )


def entrance_of(
    backing: Backing, journal: Journal, now: Callable[[], int], token: Callable[[int], str]
) -> Entrance:
    """Who comes in and how; the command line has no more than this."""
    from bot.app.entrance import Entrance
    from bot.app.passphrases import Passphrases
    from bot.store.accounts import SqlAccounts
    from bot.store.logins import SqlLogins
    from bot.store.sealing import VaultSealer

    accounts, logins = SqlAccounts(backing), SqlLogins(backing, now)
    return Entrance(accounts, logins, Passphrases(), journal, VaultSealer(backing.vault), now, token)


def export_of(backing: Backing, book: Book, now: Callable[[], int]) -> Export:
    """All published numbers as a file."""
    from bot.app.export import Export
    from bot.store.exported import opening
    from bot.store.exporting import SqlWeeklySums
    from bot.store.weekly import SqlWeeklyCounts
    from bot.web.insights.export_words import BookWords

    provinces = _province_of()
    offset = SqlWeeklyCounts(backing, provinces).offset
    return Export(SqlWeeklySums(backing), offset, provinces, opening(BookWords(book, provinces)), now)


def outlook_of(staff: Staff, now: Callable[[], int]) -> Outlook:
    """What the bot may promise of them."""
    return Outlook(
        staff.tickets,
        staff.shifts,
        staff.timetables,
        staff.calendar,
        staff.posters,
        staff.province_of,
        staff.days_off,
        now,
        staff.outages,
    )


def loops_of(staff: Staff, outlook: Outlook, bell: Bell, report: Report, now: Callable[[], int]) -> Loops:
    """What goes on at the desk by itself."""
    return {
        "outlook": partial(run_outlook, outlook, bell),
        "puzzling": partial(run_puzzling, staff.puzzling),
        "overseeing": partial(run_overseeing, staff.watching, bell),
        "shifts": partial(run_shifts, staff.duty, report),
        "outages": partial(run_spreading, staff.outages, now),
    }


def _alike(texts: Sequence[str], places: Sequence[Hashable]) -> list[list[int]]:
    """Loaded when it is asked for first, in a thread."""
    from bot.language.alike import alike

    return alike(texts, places)


def _nearest(book: Book) -> Callable[[str], str]:
    """The known intent that a text comes nearest to, or nothing."""

    def nearest(text: str) -> str:
        return next((guess.intent for guess in book.hearing.verdict(text).guesses), "")

    return nearest


@cache
def _province_of() -> dict[str, str]:
    return {commune.code: commune.within for commune in read_communes()}


def _is_place(code: str) -> bool:
    province_of = _province_of()
    return code in province_of or code in province_of.values()


@dataclass(frozen=True, slots=True)
class Notifying:
    """What tells people at the desk. `teller` and `digesting` are to be run by one process of all; `doorstep`
    is there when a bell hangs in a group.
    """

    staff: Staff
    teller: Teller
    push: WebPush
    doorstep: Doorstep | None
    digesting: Callable[[], Coroutine[Any, Any, None]]


def notifying(
    settings: Settings,
    store: SqlStore,
    staff: Staff,
    book: Book,
    bell: Bell,
    now: Callable[[], int],
    token: Callable[[int], str],
    report: Report,
    desk: Callable[[], Desk] = lambda: NOBODY,
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
    watch = Watch(staff.tickets, devices, book, desk, group or NoBell())
    doorstep = (
        Doorstep(
            group,
            doorbells,
            staff.tickets,
            staff.handoff,
            book,
            bell,
            now,
            book.web_address,
            staff.journal,
        )
        if group
        else None
    )
    staff = replace(
        staff,
        notices=Notices(devices, push, group or NoBell(), now),
        enrolment=Enrolment(doorbells, now, token) if group else None,
    )
    to_devices = OnDevices(staff.people, devices, push, report)
    digesting = partial(staff.digests.run, PUSH, to_devices.send)
    return Notifying(staff, Teller(watch, push, bell, now, report), push, doorstep, digesting)
