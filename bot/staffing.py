"""What people at the desk work with, chosen and joined."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.knowledge import BookKnowledge
from bot.app.proposals import Proposing
from bot.app.staff import Staff
from bot.app.watching import Watching
from bot.content.library import read
from bot.content.phrases import check_phrases
from bot.content.problems import Problem
from bot.core.book import Book
from bot.core.hearing import Verdict
from bot.language.ear import Ear
from bot.language.lessons import artefacts, recall, study
from bot.language.normalise import fold
from bot.language.sieve import sift

if TYPE_CHECKING:
    from bot.store.store import SqlStore

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def staff_of(
    store: SqlStore, book: Book, bell: Bell, now: Callable[[], int], draw: Callable[[], str]
) -> Staff:
    """What the pages for volunteers work with."""
    from bot.content.shelving import FileShelf
    from bot.language.guard import guarding
    from bot.store.proposals import SqlProposals
    from bot.store.tickets import SqlTickets
    from bot.store.watching import SqlWithholding

    tickets = SqlTickets(store.backing)
    handoff = Handoff(tickets, book, bell, now, draw)
    withheld = SqlWithholding(store.backing)
    guard = guarding(book.web_address)
    return Staff(
        tickets=tickets,
        handoff=handoff,
        knowledge=BookKnowledge(book, fold),
        proposing=Proposing(SqlProposals(store.backing), FileShelf(ROOT, checks_of(CACHE)), sift, now),
        watching=Watching(tickets, handoff, withheld, guard, sift, book, bell, now),
    )


def checks_of(cache: Path) -> Callable[[Path, str], Sequence[Problem]]:
    """What `bot check` lists of the content below a folder. What was learnt of phrases is in the cache."""

    def checks(root: Path, today: str) -> Sequence[Problem]:
        library = read(root, Ear({}, _Deaf()), organisation="", web_address="", today=today)
        latest = artefacts(cache)
        lesson = study(root / "faq" / "phrases", recall(latest[0]) if latest else None)
        return [*library.problems, *check_phrases(root, lesson.files)]

    return checks


class _Deaf:
    """Enough where content is only looked at: no matcher is loaded."""

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:
        raise NotImplementedError(text)
