"""Which of the numbered options a person means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.language.normalise import fold
from bot.language.numbers import numbers
from bot.language.syllables import listed
from bot.language.words import bare

_MOST_WORDS = 14
_ENOUGH = 0.74
_CLEARLY = 0.1


def pick(text: str, labels: Sequence[Sequence[str]]) -> int | None:
    """The index of the one option that fits clearly; `labels[i]` are the wordings of option i."""
    if len(text) > 200:
        return None
    said = fold(text)
    words = said.split()
    if not words or len(words) > _MOST_WORDS:
        return None
    options = [[_wording(label) for label in wordings] for wordings in labels]
    core = bare(words)
    for exact in (said, core):
        same = [at for at, wordings in enumerate(options) if any(exact == each.text for each in wordings)]
        if same:
            return same[0] if len(same) == 1 else None
    number = _number_alone(text, words)
    if number is not None:
        return number - 1 if 1 <= number <= len(labels) else None
    head = _leading_number(words)
    named = _by_label(core if head is None else " ".join(words[1:]), options)
    # an echo of the numbered text, "2. Chưa thấy", must agree with itself
    return named if head is None or named == head - 1 else None


def same(text: str, labels: Sequence[Sequence[str]]) -> int | None:
    """The index of the one option that the text says word for word, diacritics and case aside."""
    if len(text) > 200:
        return None
    said = fold(text)
    found = [
        at for at, wordings in enumerate(labels) if any(said == _wording(label).text for label in wordings)
    ]
    return found[0] if said and len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Wording:
    """A text as it is compared: what it says, and whether it says yes or no to something."""

    text: str
    joined: str
    content: tuple[str, ...]
    denies: bool
    affirms: bool


@lru_cache(maxsize=4096)
def _wording(label: str) -> _Wording:
    """Labels are written by authors and few; a resident's words never come here."""
    return _wording_of(fold(label))


def _wording_of(folded: str) -> _Wording:
    words = folded.split()
    content = tuple(word for word in words if word not in _FILLERS) or tuple(words)
    denies = not _DENIALS.isdisjoint(words)
    return _Wording(folded, "".join(words), content, denies, not denies and not _ASSENTS.isdisjoint(words))


def _number_alone(text: str, words: Sequence[str]) -> int | None:
    """The number of a text that says nothing else: "2", "số hai", "cái thứ 3 ạ"."""
    if len(words) > 6:
        return None
    core = bare(words).split()
    while len(core) > 1 and core[0] in _BEFORE_A_NUMBER:
        core = core[1:]
    if len(core) != 1:
        return None
    ordinal = _ORDINALS.get(core[0])
    if ordinal is not None and "thu" in words:
        return ordinal
    if core[0].isdigit():
        return int(core[0][:9])
    found = numbers(text) if core[0] in _DIGIT_WORDS else []
    return found[0] if len(found) == 1 else None


def _leading_number(words: Sequence[str]) -> int | None:
    return int(words[0]) if len(words) > 1 and words[0].isdigit() and len(words[0]) <= 2 else None


def _by_label(said: str, options: Sequence[Sequence[_Wording]]) -> int | None:
    heard = _wording_of(said)
    scores = [max((_likeness(heard, wording) for wording in wordings), default=0.0) for wordings in options]
    first, *others = sorted(range(len(scores)), key=lambda at: -scores[at]) or [-1]
    if first < 0 or scores[first] < _ENOUGH:
        return None
    if others and scores[first] - scores[others[0]] < _CLEARLY:
        return None
    # "thấy nút" is not what "Không thấy nút này" says, however alike they look
    return first if any(heard.denies == wording.denies for wording in options[first]) else None


def _likeness(heard: _Wording, label: _Wording) -> float:
    """Mostly how much of what was said is in the label, somewhat how much of the label was said."""
    opposed = (heard.denies and not label.denies) or (heard.affirms and label.denies)
    if opposed or not heard.text or not label.text:
        return 0.0
    whole = OSA.normalized_similarity(heard.joined, label.joined, score_cutoff=0.85)
    said = _share(heard.content, label.content)
    if said < 0.75:
        return whole
    return max(whole, 0.7 * said + 0.3 * _share(label.content, heard.content))


def _share(words: Sequence[str], among: Sequence[str]) -> float:
    """How much of `words`, by letters, is found among the others."""
    found = sum(len(word) for word in words if word in among or any(_close(word, each) for each in among))
    return found / sum(map(len, words))


def _close(one: str, other: str) -> bool:
    """A slip of the finger; short words differ by a letter too easily."""
    least = min(len(one), len(other))
    return least >= 4 and one[0] == other[0] and OSA.distance(one, other, score_cutoff=1) <= 1


_DENIALS = frozenset(listed("khong chua chang"))
_ASSENTS = frozenset(listed("da roi duoc xong co"))
_FILLERS = frozenset(
    listed(
        "toi em chau con bac anh chi minh tui a nhe nha voi di da vang roi thi la ma cai no nay do kia co bi "
        "cho o duoc khong chua chang xin oi u ok chon bam nut muc"
    )
)
"""Words that alone do not tell one option from another."""
_BEFORE_A_NUMBER = frozenset(
    listed("so cau cai chon thu y o nut dong lua phuong an dap bam muc con chac la lay la theo")
)
_ORDINALS = {"nhat": 1, "nhi": 2, "tu": 4}
_DIGIT_WORDS = frozenset(listed("mot hai ba bon tu nam sau bay tam chin muoi"))
