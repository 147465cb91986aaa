"""Answers to questions that need no guide."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.flow import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """`id` is the intent it answers. `flow` may be offered afterwards. `checked` is a date."""

    id: str
    question: Text
    text: Text
    flow: str
    sources: tuple[str, ...]
    reviewed: str
    dated: bool = False
