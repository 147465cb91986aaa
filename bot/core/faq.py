"""Answers to questions that need no guide, errors that are known word for word, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.flow import Text

TO_A_HUMAN = "talk-to-human"
OUTSIDE = frozenset({"oos-other-gov", "oos-general"})
NOTHING_CLEAR = "unclear"
"""Intents that are more than a question: their answers are said where the dialogue calls a person, refuses
or asks back.
"""


@dataclass(frozen=True, slots=True)
class Credit:
    """Where it comes from, in a reader's words ("Công an Phú Thọ 7/2026"), and when it was last compared.

    `sources` is empty for advice of the editors; `reviewed` is a date such as 2026-11-21. Both are empty
    where no credit is to be said.
    """

    sources: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`id` is the intent it answers. `flow` is an entrance that may be offered afterwards.

    `urgent`: money, an account or a phone is in danger. Then nothing else is said, above all no step of a
    guide; the place is kept.
    """

    id: str
    question: Text
    text: Text
    flow: str
    sources: tuple[str, ...]
    credit: Credit
    dated: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class KnownError:
    """What VNeID shows when something fails, and what it means.

    `shown` is the exact text and its variants, `heard` how people quote or retell it. `office`: it ends at
    the police office. `flow` is the entrance that mends it, `intent` what a message about it is about.
    `name` is its button where errors are to be chosen from; `anywhere`: every screen may show it.
    """

    id: str
    shown: tuple[str, ...]
    heard: tuple[str, ...]
    meaning: Text
    todo: Text
    office: bool
    flow: str
    intent: str
    sources: tuple[str, ...]
    credit: Credit
    dated: bool = False
    name: Text | None = None
    anywhere: bool = False

    @property
    def wordings(self) -> tuple[str, ...]:
        return self.shown + self.heard


@dataclass(frozen=True, slots=True)
class Topic:
    """Intents that are easily taken for each other, and the question that tells them apart."""

    id: str
    question: Text
    intents: tuple[str, ...]
