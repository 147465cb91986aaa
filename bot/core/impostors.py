"""Whom nobody who answers here may seem to be: the police and other offices, however it is spelt."""

from __future__ import annotations

import re
import unicodedata


def seems_official(words: str) -> bool:
    """Whether a name or a title is one of an office: "Công an", "C.A. xã", "c ô n g a n", "đại úy".

    Of whole words, for people are called Công Anh. Words that are not `in_our_letters` may be anything.
    """
    syllables = re.findall(r"[a-z0-9]+", _bare(words))
    phrases = [f" {' '.join(each)} " for each in (syllables, _together(syllables))]
    return any(f" {name} " in phrase for name in _OFFICES for phrase in phrases)


def in_our_letters(words: str) -> bool:
    """Letters that Vietnamese is written with and plain signs: none that only looks like one of them, turns
    the line round or is not seen at all.
    """
    return all(" " <= letter <= "~" or letter == "–" for letter in _bare(words))


def _bare(words: str) -> str:
    """Without marks and capitals."""
    marked = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    return "".join(letter for letter in marked if letter not in _MARKS)


def _together(syllables: list[str]) -> list[str]:
    """Letters that stand alone belong together."""
    joined: list[str] = []
    alone = False
    for syllable in syllables:
        if alone and len(syllable) == 1:
            joined[-1] += syllable
        else:
            joined.append(syllable)
        alone = len(syllable) == 1
    return joined


_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
"""What Vietnamese letters carry."""

_RANKS = tuple(f"{grade} {rank}" for grade in ("thieu", "trung", "thuong", "dai") for rank in ("uy", "ta"))
_OFFICES = (
    *("cong an", "congan", "bo cong an", "bca", "ca xa", "ca phuong", "ca huyen", "ca tinh", "ca tp"),
    *("canh sat", "canhsat", "csgt", "cskv", "csqlhc", "toa an", "vien kiem sat"),
    *("vneid", "vnied", "vn eid", "vneld", "vne1d", "ngan hang", "vietcombank", "agribank"),
    *("chinh phu", "bo cong", "bo tu phap", "dien luc"),
    *_RANKS,
)
