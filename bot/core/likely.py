"""Which known errors somebody most likely sees at the step where they are."""

from __future__ import annotations

from bot.core.book import Book
from bot.core.faq import KnownError
from bot.core.flow import Flow, Way, flow_of
from bot.core.session import Run

MOST = 3


def likely_errors(book: Book, run: Run, flow: Flow, ways: tuple[Way, ...]) -> tuple[KnownError, ...]:
    """At most three that have a name: those of the step's own ways, then of the guide, then of any screen."""
    ranked = [
        (rank, place)
        for place, error in enumerate(book.errors)
        if error.name and (rank := _rank(error, run, flow, ways)) is not None
    ]
    return tuple(book.errors[place] for _, place in sorted(ranked)[:MOST])


def _rank(error: KnownError, run: Run, flow: Flow, ways: tuple[Way, ...]) -> int | None:
    stuck = [way for way in ways if way.stuck]
    if any(error.intent in way.intents or error.flow == f"{run.flow}/{way.next}" for way in stuck):
        return 0
    if flow_of(error.flow) == run.flow or error.intent in flow.intents:
        return 1
    return 2 if error.anywhere else None
