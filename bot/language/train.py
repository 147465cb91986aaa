"""Makes the matcher's artefact from the phrases. Needs scikit-learn; the bot itself does not.

One line a message, one file an intent. The probabilities are calibrated on phrases that the classifier
had not seen, and near-duplicates never stand on both sides: they would make it look surer than it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.language.matcher import BLOCKS
from bot.language.terms import reading

_STRENGTH = 0.5
_EMPHASIS = {"word": 2.0, "piece": 1.0}
"""How much each kind of terms weighs: of 1, 1.5, 2 and 2.5 the best on unseen phrases."""
_LEAST_PHRASES = 2
_LEAST_INTENTS = 3
_FOLDS = 4
_ALIKE = 0.6
"""Cosine from which two phrases of an intent count as the same message in other words."""
_SHARPNESSES = np.geomspace(0.5, 40, 120)


def train(phrases_dir: Path, out: Path) -> None:
    """Write the artefact for `matcher.load`. The same phrases give the same bytes."""
    texts, intents = _read(phrases_dir)
    vectorizers = {name: _vectorizer(terms_of) for name, terms_of in BLOCKS.items()}
    features = [vectorizer.fit_transform(texts) * _EMPHASIS[name] for name, vectorizer in vectorizers.items()]
    matrix = sparse.csr_matrix(sparse.hstack(features))
    model = _fit(matrix, intents)
    kept: dict[str, NDArray[Any]] = {
        "intents": _packed(model.classes_),
        "bias": model.intercept_.astype(np.float32),
        "sharpness": np.array(_sharpness(matrix, intents, _groups(features[1], intents)), np.float32),
    }
    start = 0
    for name, vectorizer in vectorizers.items():
        terms = vectorizer.get_feature_names_out()
        kept[f"{name}_terms"] = _packed(terms)
        kept[f"{name}_idf"] = vectorizer.idf_.astype(np.float32)
        weights = model.coef_[:, start : start + len(terms)].T * _EMPHASIS[name]
        kept[f"{name}_weights"] = weights.astype(np.float16)
        start += len(terms)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_suffix(".part.npz")
    np.savez_compressed(unfinished, allow_pickle=False, **kept)
    unfinished.replace(out)


def _read(phrases_dir: Path) -> tuple[list[str], NDArray[np.str_]]:
    texts: list[str] = []
    intents: list[str] = []
    for path in sorted(phrases_dir.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                texts.append(reading(line))
                intents.append(path.stem)
    if len(set(intents)) < _LEAST_INTENTS:
        raise ValueError(f"{phrases_dir}: phrases of three intents at least are needed, one file each")
    return texts, np.array(intents)


def _vectorizer(terms_of: Callable[[str], list[str]]) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=terms_of, min_df=_LEAST_PHRASES, sublinear_tf=True, dtype=np.float32)


def _fit(matrix: sparse.csr_matrix, intents: NDArray[np.str_]) -> LinearSVC:
    return LinearSVC(C=_STRENGTH, random_state=0).fit(matrix, intents)


def _groups(features: sparse.csr_matrix, intents: NDArray[np.str_]) -> list[NDArray[np.intp]]:
    """The phrases of each intent that say nearly the same, together."""
    groups: list[NDArray[np.intp]] = []
    for intent in np.unique(intents):
        members = np.flatnonzero(intents == intent)
        rows = features[members]
        _, labels = connected_components((rows @ rows.T) > _ALIKE, directed=False)
        groups += [members[labels == label] for label in range(labels.max() + 1)]
    return groups


def _folds(intents: NDArray[np.str_], groups: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Each group goes, large ones first, to the fold that has the fewest phrases of its intent."""
    fold = np.zeros(len(intents), np.intp)
    sizes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for group in sorted(groups, key=lambda group: (-len(group), group[0])):
        filled = sizes[intents[group[0]]]
        least = min(range(_FOLDS), key=lambda number: filled[number])
        filled[least] += len(group)
        fold[group] = least
    return fold


def unseen_margins(
    matrix: sparse.csr_matrix, intents: NDArray[np.str_], groups: list[NDArray[np.intp]]
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.intp]]]:
    """Margins of phrases under classifiers that were not trained on them, and the right columns."""
    folds = _folds(intents, groups)
    for number in np.unique(folds):
        seen = folds != number
        if len(np.unique(intents[seen])) < _LEAST_INTENTS:
            continue
        model = _fit(matrix[seen], intents[seen])
        tested = np.flatnonzero(~seen & np.isin(intents, model.classes_))
        yield model.decision_function(matrix[tested]), np.searchsorted(model.classes_, intents[tested])


def _sharpness(matrix: sparse.csr_matrix, intents: NDArray[np.str_], groups: list[NDArray[np.intp]]) -> float:
    """The factor under which softmax of the margins is most probable for unseen phrases."""
    losses = np.zeros(len(_SHARPNESSES))
    for margins, right in unseen_margins(matrix, intents, groups):
        for at, sharpness in enumerate(_SHARPNESSES):
            powers = sharpness * (margins - margins.max(axis=1, keepdims=True))
            chosen = np.take_along_axis(powers, right[:, None], axis=1)[:, 0]
            losses[at] += (np.log(np.exp(powers).sum(axis=1)) - chosen).sum()
    return float(_SHARPNESSES[losses.argmin()])


def _packed(lines: NDArray[np.str_]) -> NDArray[np.uint8]:
    """Text without pickling: bytes, one entry a line."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
