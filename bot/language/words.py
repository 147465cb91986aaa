"""The words that work everywhere, found when they are all that a message says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rapidfuzz.distance import OSA

from bot.core.hearing import Word
from bot.language.normalise import fold, plain, tokens
from bot.language.syllables import SYLLABLES, listed

_MOST_WORDS = 14
_LONG_ENOUGH_FOR_A_TYPO = 7
_LONG_ENOUGH_FOR_ANY_TYPO = 12
_EXACT_ONLY = frozenset({Word.ERASE})
"""What cannot be undone is never guessed from a misspelling."""


def read_words(path: Path) -> dict[str, tuple[str, ...]]:
    """The phrases of `locales/<lang>/words.yaml`."""
    import yaml

    return {word: tuple(phrases) for word, phrases in yaml.safe_load(path.read_text("utf-8")).items()}


class Words:
    """Finds the word that a whole text says."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._commands: dict[str, Word] = {}
        self._phrases: dict[str, dict[Word, list[str]]] = {}
        for name, spoken in phrases.items():
            for phrase in spoken:
                self._learn(Word(name), phrase)
        self._forgiving = [
            (phrase, word)
            for phrase, meanings in self._phrases.items()
            for word in meanings
            if len(phrase) >= _LONG_ENOUGH_FOR_A_TYPO and word not in _EXACT_ONLY
        ]

    def find(self, text: str) -> Word | None:
        if text.lstrip()[:1] == "/":
            return self._command(text)
        said = fold(text).split()
        if not said or len(said) > _MOST_WORDS:
            return None
        spoken = cores(said)
        for core in spoken:
            meanings = self._phrases.get(core)
            if meanings:
                return self._meant(core, meanings, text)
        return self._misspelt(spoken)

    def _learn(self, word: Word, phrase: str) -> None:
        key = fold(phrase)
        if not key:
            raise ValueError(f"words: '{phrase}' ({word}) has no letters")
        if not phrase.startswith("/"):
            self._phrases.setdefault(key, {}).setdefault(word, []).append(phrase)
        elif self._commands.setdefault(key, word) is not word:
            raise ValueError(f"words: '{phrase}' stands for both {self._commands[key]} and {word}")

    def _command(self, text: str) -> Word | None:
        """`/xoa`, also `/xoá`, `/ xoa` and `/xoa@bot`; a deep link adds something to `/start`."""
        name, _, rest = text.strip().removeprefix("/").strip().partition(" ")
        word = self._commands.get(fold(name.partition("@")[0]))
        return word if not rest or word is Word.START else None

    def _meant(self, core: str, meanings: Mapping[Word, Sequence[str]], text: str) -> Word | None:
        """Diacritics decide where the plain letters cannot: "đúng" and "dừng", "qua" and "quà" (a gift)."""
        if " " in core and len(meanings) == 1:
            return next(iter(meanings))
        typed = tokens(text)
        agreeing = [
            word for word, phrases in meanings.items() if any(_agrees(typed, phrase) for phrase in phrases)
        ]
        return agreeing[0] if len(agreeing) == 1 else None

    def _misspelt(self, spoken: Sequence[str]) -> Word | None:
        """One slip in a longer phrase, if it can only be one word."""
        for core in spoken:
            if len(core) < _LONG_ENOUGH_FOR_A_TYPO:
                continue
            near = {
                word for phrase, word in self._forgiving if phrase[0] == core[0] and _slipped(core, phrase)
            }
            if len(near) == 1:
                return near.pop()
        return None


def _slipped(core: str, phrase: str) -> bool:
    """One slip of a finger. Between short phrases it must not make a word of its own: "dung may" is a
    telephone, not "đúng vậy".
    """
    if OSA.distance(core, phrase, score_cutoff=1) > 1:
        return False
    return (
        len(phrase) >= _LONG_ENOUGH_FOR_ANY_TYPO
        or sorted(core) == sorted(phrase)
        or any(word not in SYLLABLES for word in core.split())
    )


def bare(said: Sequence[str]) -> str:
    """The words without any politeness around them."""
    *_, least = cores(said)
    return least


def cores(said: Sequence[str]) -> list[str]:
    """The text with less and less politeness around it, longest first, never empty."""
    starts = _politeness(said, _BEFORE)
    ends = _politeness([*reversed(said)], _AFTER)
    spans = sorted(
        ((start, len(said) - end) for start in starts for end in ends if start + end < len(said)),
        key=lambda span: span[0] - span[1],
    )
    return [" ".join(said[start:end]) for start, end in spans]


def _politeness(said: Sequence[str], polite: frozenset[tuple[str, ...]]) -> list[int]:
    """How many words can be taken away from the front, from none to all."""
    counts = [0]
    for at in range(len(said)):
        if at in counts:
            counts += [at + size for size in (2, 1) if tuple(said[at : at + size]) in polite]
    return sorted(set(counts))


def _agrees(typed: Sequence[str], phrase: str) -> bool:
    """Whether each typed word that is in the phrase has the phrase's marks, or fewer."""
    written = {plain(token): _letters(token) for token in tokens(phrase)}
    return all(
        token.isascii() or _letters(token) <= written[plain(token)]
        for token in typed
        if plain(token) in written
    )


def _letters(token: str) -> Counter[str]:
    """Letters and marks, wherever the marks stand: "xoá" and "xóa"."""
    return Counter(unicodedata.normalize("NFD", token))


_PEOPLE = "em chau con bac co chu anh chi ban ad bot admin shop"
_SELVES = "toi minh tui em chau con bac co chu anh chi ba ong"
_BEFORE = frozenset(
    tuple(said.split())
    for said in (
        *listed(f"da a oi vang vay the cho xin nho muon hay giup thoi u ok gio alo {_PEOPLE} {_SELVES}"),
        *["lam on", "vui long", "bay gio", "thoi thi", "alo alo"],
        *(f"cho {self}" for self in _SELVES.split()),
        *(f"giup {self}" for self in _SELVES.split()),
        *(f"{self} muon" for self in _SELVES.split()),
    )
)
_AFTER = frozenset(
    tuple(reversed(said.split()))
    for said in (
        *listed(f"a nhe nha voi di giup gium ho nhi ha he nghe hen nghen luon ak nay oi i cai da {_PEOPLE}"),
        *["duoc khong", "cai di", "nay nay", "di nao", "mot cai", "mot chut", "mot lat"],
        *(f"cho {self}" for self in _SELVES.split()),
        *(f"giup {self}" for self in _SELVES.split()),
        *(f"{self} voi" for self in _SELVES.split()),
    )
)
