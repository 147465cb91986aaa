"""What people at the desk work with, chosen and joined."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.staff import Staff
from bot.app.watching import Watching
from bot.core.book import Book
from bot.language.sieve import sift

if TYPE_CHECKING:
    from bot.app.entrance import Entrance
    from bot.app.journal import Journal
    from bot.store.backing import Backing
    from bot.store.store import SqlStore


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
    from bot.store.journal import SqlJournal
    from bot.store.tickets import SqlTickets
    from bot.store.watching import SqlWithholding

    tickets = SqlTickets(store.backing)
    handoff = Handoff(tickets, book, bell, now, draw)
    withheld = SqlWithholding(store.backing)
    guard = guarding(book.web_address)
    journal = SqlJournal(store.backing, now)
    entrance = entrance_of(store.backing, journal, now, token)
    return Staff(
        tickets=tickets,
        handoff=handoff,
        watching=Watching(tickets, handoff, withheld, guard, sift, book, bell, now),
        sessions=entrance.sessions,
        people=entrance.accounts,
        journal=journal,
        entrance=entrance,
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
