"""How margins become probabilities, and how often they are right: measured on phrases kept back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Margins = NDArray[np.float64]
Numbers = NDArray[np.intp]

_FIRST = (2.5, 1.2)
_HABIT = 10.0
"""How many phrases it takes to move far from the first scale: a handful says nothing about it."""
_MOST_STEPS = 80


@dataclass(frozen=True, slots=True)
class Scale:
    """By how much each model's margins count, so that softmax of the sum is right as often as it says."""

    linear: float
    network: float

    def scores(self, margins: Margins) -> NDArray[np.float64]:
        """`margins`: rows × the two models × intents."""
        scores: NDArray[np.float64] = margins[:, 0] * self.linear + margins[:, 1] * self.network
        return scores


def scale_of(margins: Margins, intents: Numbers) -> Scale:
    """The scale under which the right intents of unseen phrases are most probable."""
    rows = np.arange(len(intents))
    first = np.log(_FIRST)

    def surprise(logarithms: NDArray[np.float64]) -> float:
        linear, network = np.exp(logarithms)
        scores = Scale(linear, network).scores(margins)
        scores -= scores.max(axis=1, keepdims=True)
        losses = np.log(np.exp(scores).sum(axis=1)) - scores[rows, intents]
        far = ((logarithms - first) ** 2).sum()
        return float((losses.sum() + _HABIT * far) / (len(rows) + _HABIT))

    found = minimize(surprise, first, method="Nelder-Mead", options={"maxiter": _MOST_STEPS})
    return Scale(*map(float, np.exp(found.x)))


def hits(scores: NDArray[np.float64], intents: Numbers) -> NDArray[np.bool_]:
    """For each row: whether the best intent is the right one, and whether one of the best three is."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    right = best == intents[:, None]
    return np.stack([right[:, 0], right.any(axis=1)], axis=1)
