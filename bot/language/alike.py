"""Near-duplicates together: one group for everything that people say in nearly the same words.

Messages are taken in an order of their own (often said first); each joins the group whose first message it
is most like, or begins one. So the result does not depend on the order they come in, and a group cannot grow
from one thing to another along a chain. A message is compared only with groups that share its rarest words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from rapidfuzz import fuzz, process

from bot.language.syllables import SYLLABLES, listed
from bot.language.terms import reading

_ALIKE = 0.63
"""Share of what both say, each word as heavy as it is rare, from which two messages are one."""
_SHARED = _ALIKE / (2 - _ALIKE)
"""How much of the one alone must be in the other, whatever else the other says."""
_PAIR = 0.6
"""What two neighbours weigh beside the words themselves: "được không" is not "không được"."""
_TYPO = 80
"""Likeness of the letters, of 100, from which what is no word is taken for one that is often said."""
_OFTEN = 5
_MOST_LOOKED_AT = 50
"""Groups that are looked at for their rarest words: the first ones, which are those that most are in."""
_MOST_COMPARED = 8

_POLITE = frozenset(listed("a ah oi thua xin cho hoi giup voi nhe nha nghen em toi tui minh chau ad admin"))
"""Words that say who speaks to whom, and nothing about the matter."""

Words = tuple[str, ...]


def alike(texts: Sequence[str], places: Sequence[Hashable]) -> list[list[int]]:
    """Groups of indices, the most typical first; messages of different `places` are never in one group."""
    read = _read(set(texts))
    saying: defaultdict[tuple[Hashable, Words], list[int]] = defaultdict(list)
    for index, (text, place) in enumerate(zip(texts, places, strict=True)):
        saying[place, read[text]].append(index)
    said_anywhere = {words for _, words in saying}
    scale = _Scale.of(said_anywhere)
    weighed = {words: scale.weigh(words) for words in said_anywhere}
    groups: defaultdict[Hashable, _Groups] = defaultdict(_Groups)
    for (place, words), members in sorted(saying.items(), key=lambda item: (-len(item[1]), item[0][1])):
        groups[place].add(weighed[words], words, len(members))
    found: list[list[int]] = []
    for place, of_place in groups.items():
        for said in of_place.said:
            typical = _typical_first(said, scale.weights)
            found.append([index for words in typical for index in _often_first(saying[place, words], texts)])
    return found


def _read(texts: Collection[str]) -> dict[str, Words]:
    """What each text is about: its words without forms of address, typos put right."""
    words = {text: reading(text).split() for text in texts}
    often = Counter(word for said in words.values() for word in set(said))
    known = sorted(word for word, count in often.items() if count >= _OFTEN)
    odd = [word for word, count in often.items() if count < _OFTEN and word not in SYLLABLES]
    right = {word: _corrected(word, known) for word in odd}
    return {
        text: tuple(right.get(word, word) for word in said if word not in _POLITE) or tuple(said)
        for text, said in words.items()
    }


def _corrected(word: str, known: Sequence[str]) -> str:
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_TYPO) if word.isalpha() else None
    return found[0] if found else word


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A message by what it says. `rarest` are so heavy together that what is alike has one of them."""

    parts: Mapping[str, float]
    weight: float
    rarest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """How often each word and each pair of neighbours is said, and how heavy it is for that."""

    often: Mapping[str, int]
    weights: Mapping[str, float]

    @classmethod
    def of(cls, said: Collection[Words]) -> _Scale:
        often = Counter(part for words in said for part in set(_parts(words)))
        words = {part: log(1 + len(said) / count) for part, count in often.items() if " " not in part}
        pairs = {part: _PAIR * sum(words[word] for word in part.split()) for part in often if " " in part}
        return cls(often, words | pairs)

    def weigh(self, words: Words) -> _Weighed:
        parts = sorted(set(_parts(words)), key=lambda part: (self.often[part], part))
        weights = [self.weights[part] for part in parts]
        total = left = sum(weights)
        count = 0
        while count < len(parts) and left >= _SHARED * total:
            left -= weights[count]
            count += 1
        return _Weighed(dict(zip(parts, weights, strict=True)), total, tuple(parts[:count]))


def _parts(words: Words) -> list[str]:
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


@dataclass(slots=True)
class _Groups:
    """The groups of one place: what each began with, and all that is said in it with how often."""

    firsts: list[_Weighed] = field(default_factory=list)
    said: list[dict[Words, int]] = field(default_factory=list)
    with_part: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, weighed: _Weighed, words: Words, count: int) -> None:
        near = ((_alike(weighed, self.firsts[group]), -group) for group in self._near(weighed))
        best, group = max(near, default=(0.0, 0))
        if best >= _ALIKE:
            self.said[-group][words] = count
            return
        for part in weighed.rarest:
            if len(self.with_part[part]) < _MOST_LOOKED_AT:
                self.with_part[part].append(len(self.firsts))
        self.firsts.append(weighed)
        self.said.append({words: count})

    def _near(self, weighed: _Weighed) -> list[int]:
        """The groups that share most of the rarest words."""
        shared: defaultdict[int, float] = defaultdict(float)
        looked_at = 0
        for part in weighed.rarest:
            groups = self.with_part.get(part, ())
            for group in groups:
                shared[group] += weighed.parts[part]
            looked_at += len(groups)
            if looked_at >= _MOST_LOOKED_AT:
                break
        return sorted(shared, key=lambda group: (-shared[group], group))[:_MOST_COMPARED]


def _alike(one: _Weighed, other: _Weighed) -> float:
    common = one.parts.keys() & other.parts.keys()
    return 2 * sum(one.parts[part] for part in sorted(common)) / (one.weight + other.weight)


def _typical_first(said: Mapping[Words, int], weights: Mapping[str, float]) -> list[Words]:
    """By how much of what is said is also said by the others, in proportion to how much is said."""
    if len(said) == 1:
        return list(said)
    often: Counter[str] = Counter()
    for words, count in said.items():
        often.update(dict.fromkeys(words, count))
    heavy = {words: sum(weights[word] for word in sorted(set(words))) for words in said}
    mean = sum(heavy[words] * count for words, count in said.items()) / sum(said.values())

    def typical(words: Words) -> float:
        return sum(often[word] * weights[word] for word in sorted(set(words))) / (heavy[words] + mean)

    return sorted(said, key=lambda words: (-typical(words), words))


def _often_first(members: Sequence[int], texts: Sequence[str]) -> list[int]:
    often = Counter(texts[index] for index in members)
    return sorted(members, key=lambda index: (-often[texts[index]], texts[index]))
