"""A known error read off the screen is surer than any guess at what a message is about, danger excepted."""

from __future__ import annotations

from bot.core.book import Book
from bot.core.faq import KnownError
from bot.core.hearing import Decision, Verdict


def quoted_error(book: Book, text: str, verdict: Verdict) -> KnownError | None:
    """The error that is quoted. None when money, an account or a phone is in danger: that goes first."""
    number = book.hearing.quoted(text, [error.wordings for error in book.errors]) if text else None
    return None if number is None or is_urgent(book, verdict) else book.errors[number]


def is_urgent(book: Book, verdict: Verdict) -> bool:
    """Whether the message is surely about something whose answer cannot wait."""
    if verdict.decision not in {Decision.ANSWER, Decision.HANDOFF} or not verdict.guesses:
        return False
    answer = book.answers.get(verdict.guesses[0].intent)
    return answer is not None and answer.urgent
