"""What a message is about with all that is known: an error that is quoted is surer than any guess.

The dialogue asks for both by itself, because an error also says what to do. This is for whoever wants
the one answer: `ask` and `evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.faq import KnownError
from bot.core.hearing import Decision, Guess, Verdict
from bot.language.deciding import MOST_GUESSES, URGENT
from bot.language.quotes import quoted


class Guesser(Protocol):
    """Knows what a text is about; `matcher.Matcher` is the real one."""

    def verdict(self, text: str, /) -> Verdict: ...

    def guesses(self, text: str, /) -> tuple[Guess, ...]: ...


@dataclass(frozen=True, slots=True)
class Listener:
    matcher: Guesser
    errors: Sequence[KnownError]

    def error(self, text: str) -> KnownError | None:
        """The error that is quoted; danger goes before it, as in the dialogue."""
        number = quoted(text, [error.wordings for error in self.errors])
        if number is None:
            return None
        verdict = self.matcher.verdict(text)
        in_danger = bool(verdict.guesses) and verdict.guesses[0].intent in URGENT
        return None if in_danger else self.errors[number]

    def verdict(self, text: str, /) -> Verdict:
        verdict, error = self.matcher.verdict(text), self.error(text)
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
