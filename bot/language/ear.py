"""What the core hears of a resident's text: universal words, picks, numbers, and what it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from bot.core.contact import SOURCE
from bot.core.hearing import Verdict, Word
from bot.language.english import English, is_english, weighed
from bot.language.normalise import fold
from bot.language.numbers import the_number
from bot.language.pick import pick, same
from bot.language.quotes import quoted
from bot.language.words import Words

__all__ = ["Ear", "fold"]


class Judge(Protocol):
    """Says what a text is about; `matcher.Matcher` is the real one."""

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict: ...


class Ear:
    """`bot.core.hearing.Hearing` for Vietnamese and some English.

    `words` are the phrases of `locales/*/words.yaml`, `asked` the lines of `locales/en/intents.yaml`.
    """

    def __init__(
        self,
        words: Mapping[str, Sequence[str]],
        matcher: Judge,
        asked: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._words = Words(words)
        self._matcher = matcher
        self._english = English(asked)

    def word(self, text: str, /) -> Word | None:
        return self._words.find(text)

    def same(self, text: str, labels: Sequence[Sequence[str]], /) -> int | None:
        return same(text, labels)

    def pick(self, text: str, labels: Sequence[Sequence[str]], /) -> int | None:
        return pick(text, labels)

    def number(self, text: str, /) -> int | None:
        return the_number(text)

    def quoted(self, text: str, wordings: Sequence[Sequence[str]], /) -> int | None:
        return quoted(text, wordings)

    def is_english(self, text: str, /) -> bool:
        return is_english(text)

    def verdict(self, text: str, expected: Collection[str] = (), locale: str = SOURCE, /) -> Verdict:
        """Vietnamese the matcher knows; of what is or may be English it is never sure."""
        learnt = self._matcher.verdict(text, expected)
        english = is_english(text)
        if locale == SOURCE and not english:
            return learnt
        return weighed(self._english.verdict(text), learnt, clear=english)
