"""Prose cut the way it is read aloud: into sentences and syllables, and without what is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_LABEL = re.compile(r"«[^»]*»(?: \([^()]*\))?")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”")
_END = re.compile(r"[.!?…]+(?:\*\*|[)\"”»])*(?=\s|$)|\n+")
_SYLLABLE = re.compile(r"[^\W_]\S*")
_NUMBERING = re.compile(r"\s*\d{1,2}\.")


@lru_cache(maxsize=4096)  # several checks read the same text
def sentences(words: str) -> tuple[str, ...]:
    """The sentences, and the items of lists; a full stop within a label ends nothing."""
    return tuple(_sentences(words))


def syllables(words: str) -> int:
    """In Vietnamese what stands between two spaces is one syllable."""
    return len(_SYLLABLE.findall(words))


def without_labels(words: str) -> str:
    """The same, letter for letter, with underscores for what stands on a button, its translation included."""
    return _LABEL.sub(_blank, words)


def without_quotations(words: str) -> str:
    """The same, letter for letter, with underscores for all that is quoted."""
    return _QUOTED.sub(_blank, words)


def _blank(quoted: re.Match[str]) -> str:
    return quoted[0][0] + "_" * (len(quoted[0]) - 2) + quoted[0][-1]


def _sentences(words: str) -> Iterator[str]:
    plain = without_quotations(words)
    start = 0
    for end in _END.finditer(plain):
        if _NUMBERING.fullmatch(plain, start, end.end()):
            continue
        if words[start : end.end()].strip():
            yield words[start : end.end()]
        start = end.end()
    if words[start:].strip():
        yield words[start:]
