"""Which known text a message quotes: an error read off the screen, whole, cut short or mistyped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_ENOUGH_OF_IT = 0.6
"""How much of a known text a message must be long enough to hold: its first words alone may begin another."""
_DENYING = frozenset({"khong", "chua", "dung", "chang", "da", "het"})


def quoted(text: str, wordings: Sequence[Sequence[str]]) -> int | None:
    """The index of the one known text; `wordings[i]` are the ways text i is written."""
    said = fold(text[:_LONGEST])
    known = _known(tuple(map(tuple, wordings)))
    scores = [(_score(said, wording.text), wording.of) for wording in known.sharing(said)]
    best = max(scores, default=(0.0, 0))[0]
    if best < _ALIKE:
        return None
    near = {of for score, of in scores if score > best - _CLEARLY}
    return near.pop() if len(near) == 1 else None


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way a known text is written, folded; `of` is the text's index."""

    text: str
    words: frozenset[str]
    of: int


@dataclass(frozen=True, slots=True)
class _Known:
    """All wordings, and in which of them each word stands."""

    wordings: tuple[_Wording, ...]
    places: Mapping[str, Sequence[int]]

    def sharing(self, said: str) -> list[_Wording]:
        """The wordings that share half of their words, or of the message's, with the message."""
        words = set(said.split())
        shared = Counter(at for word in words for at in self.places.get(word, ()))
        return [
            self.wordings[at]
            for at, count in shared.items()
            if 2 * count >= min(len(words), len(self.wordings[at].words))
        ]


@lru_cache(maxsize=8)
def _known(wordings: tuple[tuple[str, ...], ...]) -> _Known:
    """Known texts are written by authors and few; a resident's words never come here."""
    folded = [(fold(wording), of) for of, each in enumerate(wordings) for wording in each]
    listed = tuple(_Wording(text, frozenset(text.split()), of) for text, of in folded)
    places: dict[str, list[int]] = {}
    for at, wording in enumerate(listed):
        for word in wording.words:
            places.setdefault(word, []).append(at)
    return _Known(listed, places)


def _score(said: str, known: str) -> float:
    """Over 200 for word for word in the message, else up to 100: how alike the shorter is to the longer."""
    if f" {known} " in f" {said} ":
        return 200.0 + len(known)  # of two that are both there, the longer says more
    shorter = min(said, known, key=len)
    if len(shorter) < _ENOUGH_LETTERS or len(shorter.split()) < _ENOUGH_WORDS:
        return 0.0
    if len(said) < _ENOUGH_OF_IT * len(known):
        return 0.0
    found = fuzz.partial_ratio_alignment(said, known, score_cutoff=_ALIKE)
    if found is None:
        return 0.0
    place = _whole_words(said, found.src_start, found.src_end)
    meant = _whole_words(known, found.dest_start, found.dest_end)
    return found.score if _denials(place) == _denials(meant) else 0.0


def _whole_words(text: str, start: int, end: int) -> str:
    """The stretch of a text, widened to the words it cuts."""
    before, after = text.rfind(" ", 0, start + 1) + 1, text.find(" ", max(start, end - 1))
    return text[before : after if after >= 0 else len(text)]


def _denials(words: str) -> Counter[str]:
    """What it denies: "chưa đăng ký" and "đã đăng ký" are a letter or two apart and say the opposite."""
    return Counter(word for word in words.split() if word in _DENYING)
