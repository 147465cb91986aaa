"""Answers to questions that need no guide."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.flow import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """`id` is the intent it answers. `flow` may be offered afterwards. `reviewed` is a date.

    `urgent`: money, an account or a phone is in danger. Then nothing else is said, above all no step of a
    guide; the place is kept.
    """

    id: str
    question: Text
    text: Text
    flow: str
    sources: tuple[str, ...]
    reviewed: str
    dated: bool = False
    urgent: bool = False
