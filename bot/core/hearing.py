"""What the language ring tells the core about a resident's words.

The core decides by these; how they are found out (normalising, matching, spelling) is `bot.language`.
Implementations are pure: the same text gives the same answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.contact import SOURCE


class Word(StrEnum):
    """Words that work everywhere, and what people say for them."""

    BACK = "back"
    REPEAT = "repeat"
    SKIP = "skip"
    MENU = "menu"
    HUMAN = "human"
    STOP = "stop"
    RESUME = "resume"
    STUCK = "stuck"
    YES = "yes"
    PRIVACY = "privacy"
    DATA = "data"
    ERASE = "erase"
    START = "start"
    VIETNAMESE = "vietnamese"
    ENGLISH = "english"
    ALONE = "alone"
    REPORT = "report"
    VISIT = "visit"
    VISIT_OFF = "visit_off"


class Decision(StrEnum):
    """What to do about a free text; printed by `python -m bot ask --json`."""

    ANSWER = "answer"
    CHOOSE = "choose"
    HANDOFF = "handoff"
    UNCLEAR = "unclear"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Guess:
    """`score` is the probability that the message is about `intent`, from 0 to 1."""

    intent: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Best guesses first; at most three when the decision is to let the person choose.

    `second` is another problem that the same message names as clearly. `sure` is false when the best guess is
    to be answered, but the next ones are worth offering with it.
    """

    decision: Decision
    guesses: tuple[Guess, ...]
    second: Guess | None = None
    sure: bool = True


class Hearing(Protocol):
    def word(self, text: str, /) -> Word | None:
        """The universal word that the whole text says, with or without diacritics."""
        ...

    def same(self, text: str, labels: Sequence[Sequence[str]], /) -> int | None:
        """Which option the text says word for word, diacritics aside; it comes before universal words."""
        ...

    def pick(self, text: str, labels: Sequence[Sequence[str]], /) -> int | None:
        """Which of the numbered options is meant: by number, number in words, or a label with typos.

        `labels[i]` are the label of option i and other wordings of it. None when no single one fits.
        """
        ...

    def number(self, text: str, /) -> int | None:
        """The one whole number in the text, in digits or words."""
        ...

    def quoted(self, text: str, wordings: Sequence[Sequence[str]], /) -> int | None:
        """Which known text is quoted, whole or in part, with typos; None when no single one is."""
        ...

    def is_english(self, text: str, /) -> bool:
        """Whether the text is clearly English; in doubt it is not."""
        ...

    def verdict(self, text: str, expected: Collection[str] = (), locale: str = SOURCE, /) -> Verdict:
        """What the text is about; `expected` are intents that the waiting step makes likely, `locale` the
        language that is spoken with the person.
        """
        ...
