"""Words that people run together: "quenmatkhau", "khongthaytinnhan"."""

from __future__ import annotations

from bot.language.shorthand import GLUED
from bot.language.syllables import SYLLABLES, listed

_SHORTEST, _LONGEST = 6, 80
_PIECES = SYLLABLES | frozenset(listed("otp nfc sim app sms pin vneid zalo email passcode pass"))
_LONGEST_PIECE = max(map(len, _PIECES))
_VOWELS = frozenset("aeiouy")
_MEAN_LENGTH = 2.8
"""Below this a cut is more likely a foreign word than Vietnamese ones."""


def unglued(word: str) -> str | None:
    """The words of a plain token that is no syllable; None when it cannot be cut, or not in one best way."""
    if word in GLUED:
        return GLUED[word]
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return None
    # the cheapest ways to read the first letters, and how many there are
    best: list[tuple[float, int, list[str]]] = [(0.0, 1, [])]
    for end in range(1, len(word) + 1):
        ways = [
            (cost + _cost(piece), count, [*pieces, piece])
            for start in range(max(0, end - _LONGEST_PIECE), end)
            if (piece := word[start:end]) in _PIECES and (count := best[start][1])
            for cost, _, pieces in [best[start]]
        ]
        least = min((cost for cost, _, _ in ways), default=0.0)
        cheapest = [way for way in ways if way[0] == least]
        count = sum(way[1] for way in cheapest)
        best.append((least, count, cheapest[0][2] if cheapest else []))
    _, count, pieces = best[-1]
    return " ".join(pieces) if count == 1 and len(word) / len(pieces) >= _MEAN_LENGTH else None


def _cost(syllable: str) -> float:
    """Fewest words win; a word without a first consonant, or of two letters, is rare."""
    return 1 + 0.5 * (syllable[0] in _VOWELS) + 0.25 * (len(syllable) < 3)
