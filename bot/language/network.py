"""A small neural network over sparse terms: it learns which words mean alike, which a linear model cannot.

Many short phrases and few terms in each: only the rows of the terms that a batch holds are updated, so an
epoch takes a second where a general library would touch every weight. Used at training only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]

_EPOCHS = 12
_BATCH = 128
_RATE = 3e-3
_MEAN_DECAY, _SQUARE_DECAY, _NEVER_ZERO = 0.9, 0.999, 1e-8
_UNSEEN_TERMS = 0.3
"""Share of the terms of a phrase that are hidden each time it is shown: no phrase may hang on one word."""
_UNSEEN_UNITS = 0.3
_DOUBT = 0.1
"""Share of belief that is kept for the other intents: labels are never quite sure."""
_ALL = slice(None)
_FIRST_WEIGHTS = 0.035
"""Small first weights matter most of all: from large ones it learns the phrases by heart."""


@dataclass(frozen=True, slots=True)
class Network:
    """`terms` and `bias` lead to the hidden units, `heads` and `head_bias` from them to the intents."""

    terms: Floats
    bias: Floats
    heads: Floats
    head_bias: Floats

    def margins(self, matrix: sparse.csr_matrix) -> Floats:
        hidden = np.maximum(matrix @ self.terms + self.bias, 0)
        return np.asarray(hidden @ self.heads + self.head_bias)


def fit(
    matrix: sparse.csr_matrix, intents: NDArray[np.intp], units: int, seed: int = 0, epochs: int = _EPOCHS
) -> Network:
    """`intents` are numbers from 0, one for each row of `matrix`. The same input gives the same network."""
    chance = np.random.default_rng(seed)
    rows, columns = matrix.shape
    count = int(intents.max()) + 1
    terms = _Learnt(chance.standard_normal((columns, units), np.float32) * np.float32(_FIRST_WEIGHTS))
    bias = _Learnt(np.zeros(units, np.float32))
    heads = _Learnt(chance.standard_normal((units, count), np.float32) / np.float32(np.sqrt(units)))
    head_bias = _Learnt(np.zeros(count, np.float32))
    steps = epochs * -(-rows // _BATCH)
    for step, batch in enumerate(_batches(rows, epochs, chance)):
        shown = _with_gaps(matrix[batch], chance)
        pull = shown @ terms.values + bias.values
        kept = (chance.random(pull.shape, np.float32) >= _UNSEEN_UNITS) / np.float32(1 - _UNSEEN_UNITS)
        hidden = np.maximum(pull, 0) * kept
        error = _error(hidden @ heads.values + head_bias.values, intents[batch])
        back = (error @ heads.values.T) * kept * (pull > 0)
        seen, places = np.unique(shown.indices, return_inverse=True)
        narrow = sparse.csr_matrix((shown.data, places, shown.indptr), (len(batch), len(seen)))
        adam = _Adam(step + 1, _RATE * (1 - step / steps))
        adam.move(terms, np.asarray(narrow.T @ back), seen)
        adam.move(bias, back.sum(axis=0))
        adam.move(heads, hidden.T @ error)
        adam.move(head_bias, error.sum(axis=0))
    return Network(terms.values, bias.values, heads.values, head_bias.values)


def _batches(rows: int, epochs: int, chance: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    for _ in range(epochs):
        order = chance.permutation(rows)
        yield from (order[start : start + _BATCH] for start in range(0, rows, _BATCH))


def _with_gaps(phrases: sparse.csr_matrix, chance: np.random.Generator) -> sparse.csr_matrix:
    kept = chance.random(len(phrases.data), np.float32) >= _UNSEEN_TERMS
    data = phrases.data * (kept / np.float32(1 - _UNSEEN_TERMS))
    return sparse.csr_matrix((data, phrases.indices, phrases.indptr), phrases.shape)


def _error(margins: Floats, intents: NDArray[np.intp]) -> Floats:
    """What cross-entropy with doubt says about the margins of a batch."""
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    error = powers / powers.sum(axis=1, keepdims=True) - np.float32(_DOUBT / margins.shape[1])
    error[np.arange(len(intents)), intents] -= np.float32(1 - _DOUBT)
    return np.asarray(error / np.float32(len(intents)))


class _Learnt:
    """Weights, with the running mean and mean square of what moved them."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self.mean = np.zeros_like(values)
        self.square = np.zeros_like(values)


@dataclass(frozen=True, slots=True)
class _Adam:
    """One step of Adam (Kingma and Ba, 2015); rows that had no part in it stay as they are."""

    step: int
    rate: float

    def move(self, learnt: _Learnt, slope: NDArray[Any], rows: NDArray[np.intp] | slice = _ALL) -> None:
        mean = learnt.mean[rows]
        mean += (1 - _MEAN_DECAY) * (slope - mean)
        square = learnt.square[rows]
        square += (1 - _SQUARE_DECAY) * (slope * slope - square)
        learnt.mean[rows], learnt.square[rows] = mean, square
        # both start from nothing: the first steps make up for it
        grown = math.sqrt(1 - _SQUARE_DECAY**self.step)
        pace = self.rate * grown / (1 - _MEAN_DECAY**self.step)
        learnt.values[rows] -= pace * mean / (np.sqrt(square) + grown * _NEVER_ZERO)
