"""How right a trained matcher is about phrases that it had not seen; kept in its artefact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Share:
    """Of `phrases` unseen ones, the share whose intent came first, and was among the first three."""

    phrases: int
    top1: float
    top3: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Cross-validated, and strict: a phrase counts for one intent only, its near-duplicates are held back
    with it. Messages of residents are easier; the figure is for comparing one set of phrases with another.
    """

    overall: Share
    by_intent: Mapping[str, Share]

    def __str__(self) -> str:
        whole = self.overall
        return f"{whole.phrases} phrases, unseen: first {whole.top1:.1%}, among three {whole.top3:.1%}"


def accuracy(artefact: Path) -> Accuracy:
    """What `train` found out when it made this artefact."""
    import numpy as np

    from bot.language.matcher import unpacked

    with np.load(artefact, allow_pickle=False) as kept:
        intents, phrases, found = unpacked(kept["intents"]), kept["phrases"], kept["found"]
    shares = {
        intent: _share(int(count), *map(int, of_intent))
        for intent, count, of_intent in zip(intents, phrases, found, strict=True)
    }
    return Accuracy(_share(int(phrases.sum()), *map(int, found.sum(axis=0))), shares)


def _share(phrases: int, first: int, third: int) -> Share:
    """Nothing is known where too few phrases were left to learn from."""
    return Share(phrases, round(first / max(phrases, 1), 4), round(third / max(phrases, 1), 4))
