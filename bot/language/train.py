"""Makes the matcher's artefact from the phrases. Needs scikit-learn; the bot itself does not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.language.accuracy import Accuracy, accuracy
from bot.language.augmenting import masked_copies
from bot.language.learning import Features, Model, features, folds_of, learn, unseen_margins
from bot.language.matcher import topics_path
from bot.language.phrases import read_phrases
from bot.language.scaling import Scale, hits, scale_of
from bot.language.terms import TERMS

Kept = dict[str, NDArray[Any]]

_MOST = 127
_NEVER_ZERO = 1e-9


def train(phrases_dir: Path, out: Path) -> Accuracy:
    """Write the artefact for `matcher.load`; returns how right it is about phrases it had not seen.

    The same phrases give the same bytes. Raises FaultyPhrasesError.
    """
    phrases = read_phrases(phrases_dir)
    names, intents = np.unique([phrase.intent for phrase in phrases], return_inverse=True)
    read = [phrase.read for phrase in phrases]
    copies = list(masked_copies(read))
    source = np.array([*range(len(read)), *(place for place, _ in copies)])
    own = np.arange(len(source)) < len(read)
    given = features([*read, *(copy for _, copy in copies)])
    folds = folds_of(given.rows(own), intents)
    margins, rows = unseen_margins(given, intents[source], folds[source], own)
    scale = scale_of(margins, intents[rows])
    kept: Kept = {
        "intents": _packed(names),
        "topics": _packed(_topics(topics_path(phrases_dir), names)),
        **_counted(hits(scale.scores(margins), intents[rows]), intents[rows], len(names)),
        **_exported(given, learn(given, intents[source]), scale),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_suffix(".part.npz")
    np.savez(unfinished, allow_pickle=False, **kept)
    unfinished.replace(out)
    return accuracy(out)


def _counted(found: NDArray[np.bool_], intents: NDArray[np.intp], count: int) -> Kept:
    """Of each intent: how many phrases were asked about, and how many of them were found."""
    columns = [np.bincount(intents, column, count) for column in found.T]
    return {"phrases": np.bincount(intents, minlength=count), "found": np.stack(columns, axis=1)}


def _topics(path: Path, intents: Iterable[str]) -> list[str]:
    """The topic of each intent; an intent that no topic claims is one of its own."""
    topics = (yaml.safe_load(path.read_text("utf-8")) or {}).get("topics", {}) if path.is_file() else {}
    of = {intent: name for name, topic in topics.items() for intent in topic.get("intents", ())}
    return [str(of.get(intent, intent)) for intent in intents]


def _exported(given: Features, model: Model, scale: Scale) -> Kept:
    """Both models as one table of weights a kind of terms: columns for the intents, then hidden units."""
    net = model.network
    bias = np.concatenate([model.bias * scale.linear + net.head_bias * scale.network, net.bias])
    kept: Kept = {
        "bias": bias.astype(np.float32),
        "heads": (net.heads * scale.network).astype(np.float32),
    }
    for kind in TERMS:
        vectorizer = given.vectorizers[kind]
        weights = model.weights[kind] * scale.linear
        if kind == "near":
            weights = np.concatenate([weights, net.terms], axis=1)
        kept[f"{kind}_terms"] = _packed(vectorizer.get_feature_names_out())
        kept |= {f"{kind}_{name}": table for name, table in _in_bytes(weights, vectorizer.idf_).items()}
    return kept


def _in_bytes(weights: NDArray[np.float64], rarity: NDArray[np.float64]) -> Kept:
    """Weights as bytes: each is a whole number times what its row and its column count for.

    A quarter of the memory for errors of less than one in a hundred.
    """
    columns = np.sqrt((weights**2).mean(axis=0)) + _NEVER_ZERO
    even = weights / columns
    rows = np.abs(even).max(axis=1, keepdims=True) / _MOST + _NEVER_ZERO
    return {
        "weights": np.rint(even / rows).astype(np.int8),
        "rows": rows[:, 0].astype(np.float32),
        "columns": columns.astype(np.float32),
        "rarity": rarity.astype(np.float32),
    }


def _packed(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Text without pickling: bytes, one entry a line."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
