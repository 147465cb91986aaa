"""What the pages for volunteers work with, chosen and joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.app.bell import Bell
from bot.app.staff import Staff
from bot.core.book import Book

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
    seed: Callable[[], str],
    draw: Callable[[int], str],
) -> Staff:
    """`seed()` is the random seed of a turn, `draw(n)` a random url-safe token of n bytes."""
    from bot.app.handoff import Handoff
    from bot.store.journal import SqlJournal
    from bot.store.logins import SqlLogins
    from bot.store.tickets import SqlTickets

    backing = store.backing
    tickets = SqlTickets(backing)
    journal = SqlJournal(backing, now)
    entrance = entrance_of(backing, journal, now, draw)
    return Staff(
        tickets=tickets,
        handoff=Handoff(tickets, book, bell, now, seed),
        sessions=SqlLogins(backing, now),
        people=entrance.accounts,
        journal=journal,
        entrance=entrance,
    )


def entrance_of(
    backing: Backing, journal: Journal, now: Callable[[], int], draw: Callable[[int], str]
) -> Entrance:
    """Who comes in; also for the command line, which has no pages."""
    from bot.app.entrance import Entrance
    from bot.app.passphrases import Passphrases
    from bot.store.accounts import SqlAccounts
    from bot.store.logins import SqlLogins
    from bot.store.sealing import VaultSealer

    accounts, logins = SqlAccounts(backing), SqlLogins(backing, now)
    return Entrance(accounts, logins, Passphrases(), journal, VaultSealer(backing.vault), now, draw)
