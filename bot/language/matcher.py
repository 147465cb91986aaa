"""What a message is about: linear weights and a small network over words and pieces of words.

`train.py` writes the artefact; this module reads it with NumPy alone, imported when one is loaded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.hearing import Guess, Verdict
from bot.language.clauses import clauses
from bot.language.deciding import MOST_GUESSES, decide, two_problems
from bot.language.normalise import LONGEST
from bot.language.sieve import sift
from bot.language.terms import TERMS, reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

NAMED_FROM = 0.01
"""Probability below which an intent is not worth naming at all."""
EXPECTED = exp(3)
"""How many times likelier an intent is where the waiting step makes it likely."""


class NotTrainedError(Exception):
    """The matcher's artefact is not there."""


def topics_path(phrases_dir: Path) -> Path:
    return phrases_dir.parent / "topics.yaml"


def artefact_path(phrases_dir: Path, cache_dir: Path) -> Path:
    """Where the matcher of exactly these phrases and topics, read by exactly this code, is kept."""
    digest = hashlib.sha256()
    code = [path for pattern in CODE for path in sorted(Path(__file__).parent.glob(pattern))]
    topics = topics_path(phrases_dir)
    for path in (*code, *sorted(phrases_dir.glob("*.txt")), *[topics] * topics.is_file()):
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return cache_dir / f"matcher-{digest.hexdigest()[:16]}.npz"


def load(artefact: Path) -> Matcher:
    import numpy as np

    if not artefact.is_file():
        raise NotTrainedError(f"{artefact.name} is missing in {artefact.parent}: run python -m bot train")
    with np.load(artefact, allow_pickle=False) as kept:
        blocks = tuple(
            Block(
                terms_of,
                {term: at for at, term in enumerate(unpacked(kept[f"{kind}_terms"]))},
                *(kept[f"{kind}_{name}"] for name in ("rarity", "weights", "rows", "columns")),
            )
            for kind, terms_of in TERMS.items()
        )
        return Matcher(
            unpacked(kept["intents"]), unpacked(kept["topics"]), blocks, kept["bias"], kept["heads"]
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of terms: the place of each, how rare it is, and what it says for each column.

    A weight is its byte times the sizes of its row and of its column.
    """

    terms_of: Callable[[str], list[str]]
    places: Mapping[str, int]
    rarity: Floats
    weights: NDArray[np.int8]
    rows: Floats
    columns: Floats

    def pull(self, read: str) -> Floats | None:
        """What the terms of a text say together; None when none of them is known."""
        import numpy as np

        counts = Counter(at for term in self.terms_of(read) if (at := self.places.get(term)) is not None)
        if not counts:
            return None
        places = np.fromiter(counts.keys(), np.int64, len(counts))
        often = np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(often)) * self.rarity[places]
        values *= self.rows[places] / np.sqrt(values @ values)
        pull: Floats = values @ self.weights[places].astype(np.float32) * self.columns
        return pull


@dataclass(frozen=True, slots=True)
class Matcher:
    """The first columns of a block are the intents, further ones the hidden units that `heads` lead from.

    Training has scaled all weights so that the scores are logarithms of probabilities.
    """

    intents: Sequence[str]
    topics: Sequence[str]
    blocks: tuple[Block, ...]
    bias: Floats
    heads: Floats

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:
        """What to do about a message; `expected` are intents that the waiting step makes likely."""
        said = sift(text[:LONGEST]).text
        guesses = self.guesses(said, expected)
        parts = clauses(said) if len(guesses) > 1 else ()
        first = [guess for part in parts for guess in self._guesses(part)[:1]] if len(parts) > 1 else []
        return decide(
            guesses, two_problems(guesses, first, dict(zip(self.intents, self.topics, strict=True)))
        )

    def guesses(self, text: str, expected: Collection[str] = ()) -> tuple[Guess, ...]:
        """What it may be about with the probabilities, best first, three at least and all that count.

        Empty when no word of the text is known.
        """
        return self._guesses(reading(text[:LONGEST]), expected)

    def _guesses(self, read: str, expected: Collection[str] = ()) -> tuple[Guess, ...]:
        import numpy as np

        scores = self._scores(read)
        if scores is None:
            return ()
        shares: Floats = np.exp(scores - scores.max())
        for at in self._columns(expected):
            shares[at] *= EXPECTED
        shares /= shares.sum()
        count = max(MOST_GUESSES, int((shares >= NAMED_FROM).sum()))
        best = np.argsort(-shares, kind="stable")[:count]
        return tuple(Guess(self.intents[at], round(float(shares[at]), 4)) for at in best)

    def _columns(self, named: Collection[str]) -> Iterator[int]:
        return (at for at, intent in enumerate(self.intents) if intent in named)

    def _scores(self, read: str) -> Floats | None:
        import numpy as np

        totals = self.bias.copy()
        known = False
        for block in self.blocks:
            pull = block.pull(read)
            if pull is not None:
                known = True
                totals[: len(pull)] += pull
        if not known:
            return None
        linear, hidden = totals[: len(self.intents)], totals[len(self.intents) :]
        linear += np.maximum(hidden, np.float32(0)) @ self.heads
        return linear


def unpacked(kept: NDArray[np.uint8]) -> list[str]:
    """Text is kept without pickling: bytes, one entry a line."""
    return kept.tobytes().decode().split("\n")


CODE = (
    *("train.py", "phrases.py", "augmenting.py", "learning.py", "network.py", "scaling.py"),
    *("terms.py", "normalise.py", "gluing.py", "keyboards.py", "syllables.py", "shorthand.py", "sieve*.py"),
)
"""What decides how a phrase is read and learnt."""
