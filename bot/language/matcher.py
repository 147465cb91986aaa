"""What a message is about: a linear classifier over words and pieces of words, served with NumPy alone.

`train.py` writes the artefact; this module only reads it. NumPy is imported when one is loaded, not before.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.hearing import Decision, Guess, Verdict
from bot.language.terms import piece_terms, reading, word_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ANSWER_FROM = 0.60
"""Probability of the best intent from which it is answered without asking back."""
CHOOSE_FROM = 0.15
"""Probability of the best intent from which guesses are worth offering."""
GUESS_FROM = 0.05
"""Probability from which a further guess is worth a line."""
OUTSIDE_FROM = 0.50
"""Probability of all out-of-scope intents together from which we say that it is not ours, if no intent
of ours is as probable: of unseen phrases that are ours it turns about one in a hundred away."""
HAND_OFF_FROM = 0.50
"""Probability of a hand-off intent from which a person is called."""
NAMED_FROM = 0.01
"""Probability below which an intent is not worth naming at all."""
MOST_GUESSES = 3

OUTSIDE = "oos-"
HAND_OFF = frozenset({"talk-to-human", "home-visit-request", "scam-victim"})
VAGUE = frozenset({"unclear", "complaint-general"})


class NotTrainedError(Exception):
    """The matcher's artefact is not there."""


def artefact_path(phrases_dir: Path, cache_dir: Path) -> Path:
    """Where the matcher of exactly these phrases, read by exactly this code, is kept."""
    digest = hashlib.sha256()
    code = [path for pattern in _CODE for path in sorted(Path(__file__).parent.glob(pattern))]
    for path in (*code, *sorted(phrases_dir.glob("*.txt"))):
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
                {term: row for row, term in enumerate(_lines(kept[f"{name}_terms"]))},
                kept[f"{name}_idf"],
                kept[f"{name}_weights"].astype(np.float32),
            )
            for name in BLOCKS
        )
        return Matcher(_lines(kept["intents"]), blocks, kept["bias"], float(kept["sharpness"]))


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of terms: the row of each, how rare it is, and what it says for each intent."""

    rows: Mapping[str, int]
    idf: Floats
    weights: Floats


BLOCKS = {"word": word_terms, "piece": piece_terms}


@dataclass(frozen=True, slots=True)
class Matcher:
    """`sharpness` turns margins into probabilities that were right as often as they say, out of sample."""

    intents: Sequence[str]
    blocks: tuple[Block, ...]
    bias: Floats
    sharpness: float

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:  # noqa: ARG002
        return decide(self.guesses(text))

    def guesses(self, text: str) -> tuple[Guess, ...]:
        """What it may be about with the probabilities, best first, three at least and all that count.

        Empty when no word of the text is known.
        """
        import numpy as np

        margins = self._margins(reading(text))
        if margins is None:
            return ()
        powers = np.exp(self.sharpness * (margins - margins.max()))
        shares = powers / powers.sum()
        count = max(MOST_GUESSES, int((shares >= NAMED_FROM).sum()))
        best = np.argsort(-shares, kind="stable")[:count]
        return tuple(Guess(self.intents[at], round(float(shares[at]), 4)) for at in best)

    def _margins(self, read: str) -> Floats | None:
        import numpy as np

        margins = self.bias
        known = False
        for terms_of, block in zip(BLOCKS.values(), self.blocks, strict=True):
            counts = Counter(row for term in terms_of(read) if (row := block.rows.get(term)) is not None)
            if not counts:
                continue
            known = True
            rows = np.fromiter(counts.keys(), np.int64, len(counts))
            often = np.fromiter(counts.values(), np.float32, len(counts))
            values = (1 + np.log(often)) * block.idf[rows]
            margins = margins + (values / np.sqrt(values @ values)) @ block.weights[rows]
        return margins if known else None


def decide(guesses: Sequence[Guess]) -> Verdict:
    """What to do about a message, from its guesses, best first."""
    if not guesses:
        return Verdict(Decision.UNCLEAR, ())
    best = guesses[0]
    top = tuple(guesses[:MOST_GUESSES])
    outside = sum(guess.score for guess in guesses if guess.intent.startswith(OUTSIDE))
    ours = [guess for guess in guesses if not guess.intent.startswith(OUTSIDE)]
    if outside >= OUTSIDE_FROM and outside >= max((guess.score for guess in ours), default=0.0):
        return Verdict(Decision.OUT_OF_SCOPE, top)
    if best.intent in HAND_OFF and best.score >= HAND_OFF_FROM:
        return Verdict(Decision.HANDOFF, top)
    if best.intent in VAGUE or best.score < CHOOSE_FROM:
        return Verdict(Decision.UNCLEAR, top)
    if best.score >= ANSWER_FROM:
        return Verdict(Decision.ANSWER, top)
    offers = [guess for guess in ours if guess.intent not in VAGUE and guess.score >= GUESS_FROM]
    return (
        Verdict(Decision.CHOOSE, tuple(offers[:MOST_GUESSES])) if offers else Verdict(Decision.UNCLEAR, top)
    )


def _lines(kept: NDArray[np.uint8]) -> list[str]:
    return kept.tobytes().decode().split("\n")


_CODE = ("train.py", "terms.py", "normalise.py", "syllables.py", "shorthand.py", "sieve*.py")
"""What decides how a phrase is read and learnt."""
