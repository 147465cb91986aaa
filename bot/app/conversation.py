"""One message from arrival to commit: the pure turn, and what the application adds to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bot.app.ports import Kept
from bot.app.privacy import copy_of, earlier_visits
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.core.dialogue import respond
from bot.core.events import DataRequested
from bot.core.message import Incoming
from bot.core.session import State
from bot.core.turn import Turn


class Answer(Protocol):
    def __call__(
        self, state: State | None, message: Incoming, now: int, kept: Callable[[], Kept], /
    ) -> Turn: ...


def answering(book: Book, desk: Callable[[], Desk] = lambda: NOBODY) -> Answer:
    """How the bot answers with this book. Runs inside the store's transaction and does no I/O of its own.

    `desk` tells what is known of the volunteers' desk right now.
    """

    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        turn = respond(book, state, message, now, desk())
        if any(isinstance(event, DataRequested) for event in turn.events):
            stored = kept()
            visits = earlier_visits(book, turn.state, stored)
            return replace(turn, replies=(*turn.replies, *visits, *copy_of(stored)))
        return turn

    return answer
