"""What is learnt from phrases: a linear model over all terms, and small networks over the words.

The linear model is the best of one kind here and forgives typos; the networks find what means alike. They err
differently: together they are right two messages in a hundred more often than either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bot.language.network import Network, fit
from bot.language.phrases import LEAST_INTENTS
from bot.language.terms import TERMS

Matrix: TypeAlias = sparse.csr_matrix
Numbers = NDArray[np.intp]

_STRENGTH = 0.5
_EMPHASIS = {"near": 2.0, "piece": 1.0}
_NETWORKS, _UNITS = 3, 128
_NETWORKS_MEASURED = 2
"""Measuring may do with one network less: what is found out is then a little worse than what is served."""
_LEAST_PHRASES = 2
_FOLDS, _FOLDS_MEASURED = 3, 2
"""Two thirds of the phrases are enough to scale margins by, and to compare one set with another."""
_ALIKE = 0.6
"""Cosine from which two phrases of an intent count as the same message in other words."""


@dataclass(frozen=True, slots=True)
class Features:
    """`blocks` are the phrases as weighed terms of each kind, made by `vectorizers`."""

    vectorizers: dict[str, TfidfVectorizer]
    blocks: dict[str, Matrix]

    def rows(self, chosen: Numbers | NDArray[np.bool_]) -> Features:
        return Features(self.vectorizers, {kind: block[chosen] for kind, block in self.blocks.items()})

    @property
    def all(self) -> Matrix:
        return sparse.csr_matrix(sparse.hstack([self.blocks[kind] * _EMPHASIS[kind] for kind in TERMS]))

    @property
    def words(self) -> Matrix:
        return sparse.csr_matrix(self.blocks["near"] * np.float32(_EMPHASIS["near"]))


def features(read: Sequence[str]) -> Features:
    vectorizers = {
        kind: TfidfVectorizer(analyzer=terms, min_df=_LEAST_PHRASES, sublinear_tf=True, dtype=np.float32)
        for kind, terms in TERMS.items()
    }
    blocks = {kind: sparse.csr_matrix(made.fit_transform(read)) for kind, made in vectorizers.items()}
    return Features(vectorizers, blocks)


@dataclass(frozen=True, slots=True)
class Model:
    """`intents` are the numbers of those that it knows, in the order of its columns."""

    intents: Numbers
    weights: dict[str, NDArray[np.float64]]
    bias: NDArray[np.float64]
    network: Network

    def margins(self, given: Features, count: int) -> NDArray[np.float64]:
        """Of the linear model and of the networks, for each of `count` intents: rows × 2 × count.

        An intent that was not learnt is as unlikely as the least likely one that was.
        """
        linear = self.bias + sum(given.blocks[kind] @ self.weights[kind] for kind in TERMS)
        both = np.stack([linear, self.network.margins(given.blocks["near"])], axis=1)
        margins = np.broadcast_to(both.min(axis=2, keepdims=True), (*both.shape[:2], count)).copy()
        margins[:, :, self.intents] = both
        return margins


def learn(given: Features, intents: Numbers) -> Model:
    """The same phrases give the same model."""
    with ThreadPoolExecutor(1) as beside:
        return _learn(given, intents, beside, _NETWORKS)


def unseen_margins(
    given: Features, intents: Numbers, folds: Numbers, own: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], Numbers]:
    """Margins of phrases under a model that was trained without them and without their like, and their rows.

    `own` are the phrases that count. One whose whole intent would be missing is left out.
    """
    count = int(intents.max()) + 1
    margins: list[NDArray[np.float64]] = []
    rows: list[Numbers] = []
    with ThreadPoolExecutor(1) as beside:
        for fold in np.unique(folds)[:_FOLDS_MEASURED]:
            seen = folds != fold
            known = np.unique(intents[seen])
            unseen = np.flatnonzero(~seen & own & np.isin(intents, known))
            if len(known) >= LEAST_INTENTS and len(unseen):
                model = _learn(given.rows(seen), intents[seen], beside, _NETWORKS_MEASURED)
                margins.append(model.margins(given.rows(unseen), count))
                rows.append(unseen)
    if not rows:
        return np.zeros((0, 2, count)), np.zeros(0, np.intp)
    return np.concatenate(margins), np.concatenate(rows)


def _learn(given: Features, intents: Numbers, beside: Executor, networks: int) -> Model:
    """The linear model is fitted in a thread beside the networks: its library lets go of Python's lock."""
    known, columns = np.unique(intents, return_inverse=True)
    waited = beside.submit(LinearSVC(C=_STRENGTH, random_state=0).fit, given.all, columns)
    with threadpool_limits(1):
        fitted = [fit(given.words, columns, _UNITS, seed) for seed in range(networks)]
    linear = waited.result()
    weights: dict[str, NDArray[np.float64]] = {}
    start = 0
    for kind in TERMS:
        end = start + given.blocks[kind].shape[1]
        weights[kind] = linear.coef_[:, start:end].T * _EMPHASIS[kind]
        start = end
    return Model(known, weights, linear.intercept_, _joined(fitted))


def _joined(networks: Sequence[Network]) -> Network:
    """One network whose margins are the mean of those of all; it takes terms as they are."""
    part, emphasis = np.float32(1 / len(networks)), np.float32(_EMPHASIS["near"])
    return Network(
        np.concatenate([each.terms * emphasis for each in networks], axis=1),
        np.concatenate([each.bias for each in networks]),
        np.concatenate([each.heads * part for each in networks]),
        np.stack([each.head_bias * part for each in networks]).sum(axis=0, dtype=np.float32),
    )


def folds_of(given: Features, intents: Numbers) -> Numbers:
    """A fold for each phrase; phrases that say nearly the same are in one, intents are spread evenly.

    Near-duplicates on both sides would make a model look surer than it is.
    """
    groups = _groups(given.blocks["piece"], intents)
    fold = np.zeros(len(intents), np.intp)
    sizes: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for group in sorted(groups, key=lambda group: (-len(group), group[0])):
        filled = sizes[int(intents[group[0]])]
        least = min(range(_FOLDS), key=lambda number: filled[number])
        filled[least] += len(group)
        fold[group] = least
    return fold


def _groups(pieces: Matrix, intents: Numbers) -> list[Numbers]:
    """The phrases of each intent that say nearly the same, together."""
    groups: list[Numbers] = []
    for intent in np.unique(intents):
        members = np.flatnonzero(intents == intent)
        rows = pieces[members]
        _, labels = connected_components((rows @ rows.T) > _ALIKE, directed=False)
        groups += [members[labels == label] for label in range(labels.max() + 1)]
    return groups
