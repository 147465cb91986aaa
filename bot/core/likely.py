"""Which known errors somebody most likely sees at the step where they are."""

from __future__ import annotations

from bot.core.book import Book
from bot.core.faq import KnownError
from bot.core.flow import Flow, Way, flow_of

MOST = 3


def likely_errors(book: Book, flow: Flow, ways: tuple[Way, ...]) -> tuple[KnownError, ...]:
    """At most three that have a name: first those of the step's own ways (or what is near to these), then
    the guide's, then what every screen may show; none for a guide that has nothing to do with any.
    """
    stuck = [way for way in ways if way.stuck]
    intents = {intent for way in stuck for intent in way.intents}
    behind = {f"{flow.id}/{way.next}" for way in stuck}
    named = [error for error in book.errors if error.name]
    of_step = [error for error in named if error.intent in intents or error.flow in behind]
    near = [error for error in named if _is_near(book, error, intents)]
    of_guide = [error for error in named if flow_of(error.flow) == flow.id or error.intent in flow.intents]
    anywhere = [error for error in named if error.anywhere]
    own = [*(of_step or near), *of_guide]
    return tuple({error.id: error for error in (*own, *anywhere)}.values())[:MOST] if own else ()


def _is_near(book: Book, error: KnownError, intents: set[str]) -> bool:
    topic = book.topics.get(error.intent)
    return topic is not None and not intents.isdisjoint(topic.intents)
