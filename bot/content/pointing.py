"""Where in its file a fault of a sentence stands: what is checked is the sentence as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.content.draft import Said
from bot.content.problems import Problem, Spot

_RUN = 3


def spot_of(said: Said, snippet: str) -> Spot:
    """Where the words stand, however the YAML broke its lines; near it where a variable is among them."""
    words = snippet.split()
    runs = [words] if len(words) <= _RUN else [words, *zip(words, words[1:], words[2:], strict=False)]
    beginning = said.scalar.spot
    spots = (said.scalar.find(r"\s+".join(map(re.escape, run))) for run in runs)
    return next((spot for spot in spots if spot != beginning), beginning)


def once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Of faults that differ only in a count, because forms of address differ in length, the first."""
    seen: set[tuple[int, int, str]] = set()
    for problem in found:
        key = (problem.line, problem.column, re.sub(r"\d+", "", problem.message))
        if key not in seen:
            seen.add(key)
            yield problem
