"""What somebody of whom nothing is kept wants: an entrance, guesses, a human. It travels in a button."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.faq import TO_A_HUMAN


def unsure_of(intents: Iterable[str]) -> str:
    """Guesses that are to be asked apart once the first questions are over, in the place of an entrance."""
    return "?" + "+".join(intents)


def guesses_in(wanted: str) -> list[str]:
    return wanted[1:].split("+") if wanted.startswith("?") else []


A_HUMAN = unsure_of([TO_A_HUMAN])
"""Nothing but a human, who is asked for as soon as the first questions are over."""
