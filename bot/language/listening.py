"""What a message is about with all that is known: an error that is quoted is surer than any guess.

The dialogue asks for both by itself, because an error also says what to do. This is for whoever wants
the one answer: `ask` and `evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.book import Book
from bot.core.faq import KnownError
from bot.core.hearing import Decision, Guess, Verdict
from bot.core.quoting import quoted_error
from bot.language.deciding import MOST_GUESSES


class Guesser(Protocol):
    """Knows what a text is about; `matcher.Matcher` is the real one."""

    def verdict(self, text: str, /) -> Verdict: ...

    def guesses(self, text: str, /) -> tuple[Guess, ...]: ...


@dataclass(frozen=True, slots=True)
class Listener:
    """`book` holds the known errors and says which answers cannot wait."""

    matcher: Guesser
    book: Book

    def error(self, text: str) -> KnownError | None:
        return quoted_error(self.book, text, self.matcher.verdict(text))

    def verdict(self, text: str, /) -> Verdict:
        verdict = self.matcher.verdict(text)
        error = quoted_error(self.book, text, verdict)
        if error is None or not error.intent:
            return verdict
        first = _first(error, verdict.guesses)[:MOST_GUESSES]
        return replace(verdict, decision=Decision.ANSWER, guesses=first, sure=True)

    def guesses(self, text: str, /) -> tuple[Guess, ...]:
        guesses, error = self.matcher.guesses(text), self.error(text)
        return guesses if error is None or not error.intent else _first(error, guesses)


def _first(error: KnownError, guesses: Sequence[Guess]) -> tuple[Guess, ...]:
    others = (guess for guess in guesses if guess.intent != error.intent)
    return (Guess(error.intent, 1.0), *others)
