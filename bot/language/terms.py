"""A message as the matcher sees it: its words, pairs of words, and the pieces of its words.

The same functions feed training and serving, so the two cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from bot.language.normalise import fold
from bot.language.sieve import sift
from bot.language.sieve_page import MASKS

_SHORTEST, _LONGEST = 2, 5
_MASK_SIGN = "#"


def reading(text: str) -> str:
    """Plain words; what the sieve masks, here or earlier, becomes one word for its kind."""
    parts = _MASKED.split(sift(text).text)
    return " ".join(filter(None, (_MASK_WORDS.get(part) or fold(part) for part in parts)))


def near_terms(read: str) -> list[str]:
    """Words, and pairs of neighbours."""
    words = read.split()
    return words + [f"{one} {other}" for one, other in pairwise(words)]


def piece_terms(read: str) -> list[str]:
    """Pieces of 2 to 5 characters inside words, with their edges: what typos leave standing."""
    pieces = []
    for word in read.split():
        if word.startswith(_MASK_SIGN):
            continue
        edged = f" {word} "
        size = len(edged)
        for length in range(_SHORTEST, min(_LONGEST, size) + 1):
            pieces += [edged[start : start + length] for start in range(size - length + 1)]
    return pieces


TERMS: dict[str, Callable[[str], list[str]]] = {"near": near_terms, "piece": piece_terms}
"""The kinds of terms, each weighed for itself."""

_MASK_WORDS = {mask: f"{_MASK_SIGN}{kind}" for kind, mask in MASKS.items()}
_MASKED = re.compile("(" + "|".join(map(re.escape, MASKS.values())) + ")")
