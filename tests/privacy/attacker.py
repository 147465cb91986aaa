"""Somebody who sees every published number of every week, also of parts that are too small to be shown, knows how
they are published and which sums must hold, and asks a solver what they can have been made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from bot.core.publishing import K, Cell, Offset, published
from bot.core.visits import Kind, View
from tests.privacy.society import FRESH, GUIDE, NAMED, SETTLED, START, Ints, Named, Society

_EXACT = 1e-6
_NUMBER = {named: number for number, named in enumerate(NAMED)}
_SUMS = [
    # what goes out of a step is what came in; all start at the first one, and end somewhere
    *(
        (
            [number for number, named in enumerate(NAMED) if named.step == step],
            [_NUMBER[Named(Kind.WAY, at, one.what)] for at in GUIDE for one in GUIDE[at] if one.to == step]
            if step != START
            else [number for number, named in enumerate(NAMED) if named.kind is Kind.RUN],
        )
        for step in GUIDE
    ),
    *(
        (
            [number],
            [
                other
                for other, one in enumerate(NAMED)
                if (one.kind is Kind.STEP and one.what == named.what)
                or (one.kind is Kind.WAY and one.what.startswith(f"{named.what} "))
            ],
        )
        for number, named in enumerate(NAMED)
        if named.kind is Kind.RUN
    ),
]


@dataclass
class Known:
    """Bounds of unknowns, and of sums of them. The first unknowns are the cells that are attacked."""

    low: list[float]
    high: list[float]
    _rows: list[tuple[Sequence[int], Sequence[float], float, float]] = field(default_factory=list)

    def unknown(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def between(self, low: float, terms: Iterable[tuple[int, float]], high: float) -> None:
        indices, factors = zip(*terms, strict=True)
        self._rows.append((indices, factors, low, high))

    def solver(self) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """Of some weights, the possible unknowns of which the weighted sum is greatest."""
        equal = [row for row in self._rows if row[2] == row[3]]
        upper = [(i, f, h) for i, f, low, h in self._rows if low != h and h < np.inf]
        upper += [(i, [-x for x in f], -low) for i, f, low, h in self._rows if low != h and low > -np.inf]
        size = len(self.low)
        a_eq = _matrix([(i, f) for i, f, _, _ in equal], size)
        a_ub = _matrix([(i, f) for i, f, _ in upper], size)
        b_eq, b_ub = [row[2] for row in equal], [row[2] for row in upper]
        bounds = np.column_stack([self.low, self.high])

        def solve(weights: NDArray[np.float64]) -> NDArray[np.float64]:
            found = linprog(-weights, a_ub, b_ub, a_eq, b_eq, bounds, method="highs")
            assert found.status == 0, found.message
            return np.asarray(found.x)

        return solve


def _matrix(rows: Sequence[tuple[Sequence[int], Sequence[float]]], size: int) -> coo_matrix:
    at = np.repeat(np.arange(len(rows)), [len(indices) for indices, _ in rows])
    indices = np.concatenate([np.asarray(indices) for indices, _ in rows])
    factors = np.concatenate([np.asarray(factors, np.float64) for _, factors in rows])
    return coo_matrix((factors, (at, indices)), shape=(len(rows), size))


Telling = Callable[["Known", Society, Sequence[int]], None]
"""A way of publishing: adds what it tells of these parts. The cell of (part, cell, week, state) is unknown number
`index_of` it.
"""


@dataclass(frozen=True, slots=True)
class Attacked:
    """How many small cells there were (1 to 9 people), and of how many the number was found out."""

    small: int
    recovered: int


def attack(society: Society, parts: Sequence[int], telling: Telling, seed: int = 1) -> Attacked:
    """Attack these parts together: cells of single weeks, and of all weeks so far, as they settled."""
    truth = society.truth[list(parts)]
    known = Known([0.0] * truth.size, [float(society.truth.max())] * truth.size)
    _sums_hold(known, society, parts)
    telling(known, society, parts)
    aims = list(_small(truth))
    solve = known.solver()
    chance = np.random.default_rng(seed)
    low = np.array([_of(aim, truth.ravel()) for aim in aims], np.float64)
    high = low.copy()
    open_ = np.arange(len(aims))
    tries = 0
    while len(open_) and (tries < 6 or len(open_) > 40):
        signs = chance.choice([-1.0, 1.0], len(open_)) * chance.random(len(open_))
        _widen(solve(_weights(known, [aims[i] for i in open_], signs)), aims, low, high)
        before, open_ = len(open_), open_[_certain(low[open_], high[open_])]
        tries += 1
        if tries >= 6 and len(open_) == before:
            break
    for one in open_:
        for sign in (-1.0, 1.0):
            if _certain(low[[one]], high[[one]])[0]:
                _widen(solve(_weights(known, [aims[one]], np.array([sign]))), aims, low, high)
    return Attacked(len(aims), int(_certain(low, high).sum()))


Aim = tuple[int, int]
"""The unknowns whose difference is a number of people; -1: nothing is taken away."""


def _small(truth: Ints) -> Iterator[Aim]:
    index = index_of(truth.shape)
    settled = truth[:, :, :, SETTLED]
    weekly = np.diff(settled, axis=2, prepend=0)
    for part, cell, week in np.argwhere((weekly > 0) & (weekly < K)):
        yield index[part, cell, week, SETTLED], index[part, cell, week - 1, SETTLED] if week else -1
    for part, cell, week in np.argwhere((settled > 0) & (settled < K) & (settled != weekly)):
        yield index[part, cell, week, SETTLED], -1


def index_of(shape: tuple[int, ...]) -> Ints:
    return np.arange(int(np.prod(shape))).reshape(shape)


def _of(aim: Aim, values: NDArray[np.int64] | NDArray[np.float64]) -> float:
    return float(values[aim[0]] - (values[aim[1]] if aim[1] >= 0 else 0))


def _weights(known: Known, aims: Sequence[Aim], signs: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.zeros(len(known.low))
    for (plus, minus), sign in zip(aims, signs, strict=True):
        weights[plus] += sign
        if minus >= 0:
            weights[minus] -= sign
    return weights


def _widen(
    values: NDArray[np.float64], aims: Sequence[Aim], low: NDArray[np.float64], high: NDArray[np.float64]
) -> None:
    """What is possible widens what an aim may be."""
    found = np.array([_of(aim, values) for aim in aims])
    np.minimum(low, found, out=low)
    np.maximum(high, found, out=high)


def _certain(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.ceil(low - _EXACT) >= np.floor(high + _EXACT))


def _sums_hold(known: Known, society: Society, parts: Sequence[int]) -> None:
    """What must be true whatever is published."""
    shape = society.truth[list(parts)].shape
    index = index_of(shape)
    _, cells, weeks, _ = shape
    for part in range(len(parts)):
        for week in range(weeks):
            for state in (FRESH, SETTLED):
                for left, right in _SUMS:
                    terms = [(index[part, cell, week, state], 1.0) for cell in left]
                    known.between(0, terms + [(index[part, cell, week, state], -1.0) for cell in right], 0)
                for cell in range(cells) if week else ():
                    before = index[part, cell, week - 1, SETTLED]
                    known.between(0, [(index[part, cell, week, state], 1.0), (before, -1.0)], np.inf)
    at = {society.parts[number]: position for position, number in enumerate(parts)}
    for whole, summed, exact in _families(at, society):
        for rest in np.ndindex(*shape[1:]):
            terms = [(index[(at[whole], *rest)], 1.0), *((index[(at[one], *rest)], -1.0) for one in summed)]
            known.between(0, terms, 0 if exact else np.inf)


def _families(at: dict, society: Society) -> Iterator[tuple]:  # type: ignore[type-arg]
    whole = next((part for part in at if part.view is View.ALL), None)
    for view in (View.CHANNEL, View.VERSION, View.PHONE, View.PROVINCE):
        found = [part for part in at if part.view is view]
        if whole is not None and len(found) == len(society.of(view)):
            yield whole, found, view is not View.PHONE
    for province in [part for part in at if part.view is View.PROVINCE]:
        found = [part for part in at if part.view is View.COMMUNE and str(part.within) == province.name]
        if found:
            yield province, found, True


# --- Ways of publishing --------------------------------------------------------------------------------


def by_tens(offset: Offset) -> Telling:
    """Ours."""

    def tell(known: Known, society: Society, parts: Sequence[int]) -> None:
        truth = society.truth[list(parts)]
        index = index_of(truth.shape)
        stairs: dict[tuple[int, int], int] = {}

        def stair(part: int, ten: int) -> int:
            if (part, ten) not in stairs:
                stairs[part, ten] = known.unknown(K * ten - K + 1, K * ten)
            return stairs[part, ten]

        for part, cell, week, state in np.ndindex(*truth.shape):
            total = int(truth[part, cell, week, state])
            ten = published(society.cell(parts[part], cell), 0, total, offset) // K
            one = index[part, cell, week, state]
            known.between(-np.inf, [(one, 1), (stair(part, ten + 1), -1)], -1)
            if ten:
                known.between(0, [(one, 1), (stair(part, ten), -1)], np.inf)

    return tell


def by_steady_offsets(offset: Offset) -> Telling:
    """A cell has one offset of its own, for good: many cells of the same people are many measurements."""

    def tell(known: Known, society: Society, parts: Sequence[int]) -> None:
        truth = society.truth[list(parts)]
        index = index_of(truth.shape)
        for part, cell in np.ndindex(*truth.shape[:2]):
            drawn = offset(society.cell(parts[part], cell))
            own = known.unknown(0, K - 1)
            for week, state in np.ndindex(*truth.shape[2:]):
                tens = (int(truth[part, cell, week, state]) + drawn) // K * K
                known.between(tens, [(index[part, cell, week, state], 1), (own, 1)], tens + K - 1)

    return tell


def by_hiding(*, complementary: bool) -> Telling:
    """The usual: exact numbers, those under ten left out; of every sum on a page that leaves one out, another."""

    def tell(known: Known, society: Society, parts: Sequence[int]) -> None:
        truth = society.truth[list(parts)]
        index = index_of(truth.shape)
        for part, week in np.ndindex(truth.shape[0], truth.shape[2]):
            so_far = truth[part, :, week, SETTLED]
            before = truth[part, :, week - 1, SETTLED] if week else np.zeros_like(so_far)
            for counts, earlier in ((so_far, False), (so_far - before, True)):
                hidden = _hidden(counts, complementary=complementary)
                for cell, count in enumerate(counts):
                    terms = [(index[part, cell, week, SETTLED], 1.0)]
                    if earlier and week:
                        terms.append((index[part, cell, week - 1, SETTLED], -1.0))
                    if cell not in hidden:
                        known.between(int(count), terms, int(count))
                    elif count < K:
                        known.between(1, terms, K - 1)

    return tell


def _hidden(counts: Ints, *, complementary: bool) -> set[int]:
    hidden = {int(cell) for cell in np.flatnonzero((counts > 0) & (counts < K))}
    for left, _ in _SUMS if complementary else ():
        group = [cell for cell in left if counts[cell]]
        if len(hidden & set(group)) == 1:
            others = sorted(set(group) - hidden, key=lambda cell: counts[cell])
            hidden.update(others[:1])
    return hidden


def drawn(seed: int) -> Offset:
    """Numbers for names, as secret as a test needs."""
    memory: dict[Cell, int] = {}
    chance = np.random.default_rng(seed)

    def offset(cell: Cell) -> int:
        if cell not in memory:
            memory[cell] = int(chance.integers(0, K))
        return memory[cell]

    return offset
