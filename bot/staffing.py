"""What people at the desk work with, chosen and joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.staff import Staff
from bot.app.watching import Watching
from bot.core.book import Book
from bot.language.sieve import sift

if TYPE_CHECKING:
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
