"""Which known text a message quotes: an error read off the screen, whole, cut short or mistyped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from bot.language.normalise import fold

_LONGEST = 600
"""Characters of a message that are looked at; a quotation stands in a sentence, not in a book."""
_ALIKE = 90.0
"""How alike, of 100, from which it is the same text with typos."""
_CLEARLY = 4.0
"""By how much it must be more like one text than like any other."""
_ENOUGH_LETTERS, _ENOUGH_WORDS = 18, 4
"""Shorter than this it could be anybody's words, and only the whole text word for word counts."""


def quoted(text: str, wordings: Sequence[Sequence[str]]) -> int | None:
    """The index of the one known text; `wordings[i]` are the ways text i is written."""
    said = fold(text[:_LONGEST])
    if not said:
        return None
    scores = [max((_score(said, _folded(wording)) for wording in each), default=0.0) for each in wordings]
    best = max(scores, default=0.0)
    if best < _ALIKE:
        return None
    near = [at for at, score in enumerate(scores) if score > best - _CLEARLY]
    return near[0] if len(near) == 1 else None


def _score(said: str, known: str) -> float:
    """Over 200 for word for word in the message, else up to 100: how alike the shorter is to the longer."""
    if f" {known} " in f" {said} ":
        return 200.0 + len(known)  # of two that are both there, the longer says more
    shorter = min(said, known, key=len)
    if len(shorter) < _ENOUGH_LETTERS or len(shorter.split()) < _ENOUGH_WORDS:
        return 0.0
    return fuzz.partial_ratio(said, known, score_cutoff=_ALIKE)


@lru_cache(maxsize=2048)
def _folded(wording: str) -> str:
    """Known texts are written by authors and few; a resident's words never come here."""
    return fold(wording)
