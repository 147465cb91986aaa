"""Lists of phrases that are not to be said, each with what to write instead: `phrase => better words`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.problems import Problem, Spot, fault
from bot.content.source import read_document

_WORD = re.compile(r"\w+")
_NAME = "+"
"""A line that begins so is a name that may be said although a phrase of the list is in it."""


@dataclass(frozen=True, slots=True)
class Wordlist:
    """`instead` by the phrase in small letters; `names` may be said as they are.

    `beginnings` are the phrases by their first word, which is how they are found: the pattern is slow.
    """

    instead: Mapping[str, str]
    beginnings: Mapping[str, Collection[str]]
    pattern: re.Pattern[str]
    names: re.Pattern[str] | None = None

    def search(self, words: str) -> Iterator[re.Match[str]]:
        """Each phrase in the words, outside names."""
        if self.may_be_in(words):
            rest = self.names.sub(lambda name: "_" * len(name[0]), words) if self.names else words
            yield from self.pattern.finditer(rest)

    def may_be_in(self, words: str) -> bool:
        """Whether it is worth searching."""
        lowered = " ".join(words.lower().split())
        begun = self.beginnings.keys() & set(_WORD.findall(lowered))
        return any(phrase in lowered for word in begun for phrase in self.beginnings[word])

    def better(self, phrase: str) -> str:
        return self.instead.get(" ".join(phrase.lower().split()), "")


def read_wordlist(root: Path, path: str, problems: list[Problem]) -> Wordlist | None:
    document = read_document(root, root / path, problems)
    if document is None:
        return None
    lines = [line.split("#")[0].strip() for line in document.text.splitlines()]
    names = [line.removeprefix(_NAME).strip() for line in lines if line.startswith(_NAME)]
    pairs = [line.partition("=>")[::2] for line in lines if line and not line.startswith(_NAME)]
    instead = {" ".join(phrase.lower().split()): better.strip() for phrase, better in pairs}
    if not instead or "" in names or not all(map(_WORD.search, instead)):
        problems.append(fault(Spot(document.file), "mỗi dòng phải có một cụm từ không được nói"))
        return None
    beginnings: dict[str, list[str]] = {}
    for phrase in instead:
        beginnings.setdefault(_WORD.findall(phrase)[0], []).append(phrase)
    return Wordlist(instead, beginnings, _any_of(instead), _any_of(names) if names else None)


def _any_of(phrases: Collection[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    patterns = (r"\s+".join(map(re.escape, phrase.split())) for phrase in ordered)
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)
