"""Somebody who sees every published number of every week, also of parts that are too small to be shown, knows
how they are published and which sums must hold, and asks a solver what they can have been made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from bot.core.publishing import Cell, K, Offset, by_tens, reading
from bot.core.visits import Kind, View
from tests.privacy.society import FRESH, GUIDE, NAMED, SETTLED, START, Ints, Named, Part, Society

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

    def narrow(self, times: int = 30) -> None:
        """What the sums alone say of single unknowns: the solver has less to do then."""
        matrix = _matrix([row[:2] for row in self._rows], len(self.low))
        row, column, factor = matrix.row, matrix.col, matrix.data
        least = np.array([one[2] for one in self._rows])
        most = np.array([one[3] for one in self._rows])
        low, high = np.array(self.low), np.array(self.high)
        for _ in range(times):
            small = np.where(factor > 0, factor * low[column], factor * high[column])
            great = np.where(factor > 0, factor * high[column], factor * low[column])
            above = (most - np.bincount(row, small, len(most)))[row] + small
            below = (least - np.bincount(row, great, len(least)))[row] + great
            up = np.where(factor > 0, above, below) / factor
            down = np.where(factor > 0, below, above) / factor
            before = low.sum(), high.sum()
            np.minimum.at(high, column, np.floor(up + _EXACT))
            np.maximum.at(low, column, np.ceil(down - _EXACT))
            if before == (low.sum(), high.sum()):
                break
        self.low, self.high = low.tolist(), high.tolist()

    def solver(self) -> Callable[[Floats], Floats]:
        """Of some weights, the possible unknowns of which the weighted sum is greatest."""
        equal = [row for row in self._rows if row[2] == row[3]]
        upper = [(i, f, h) for i, f, low, h in self._rows if low != h and h < np.inf]
        upper += [(i, [-x for x in f], -low) for i, f, low, h in self._rows if low != h and low > -np.inf]
        size = len(self.low)
        a_eq = _matrix([(i, f) for i, f, _, _ in equal], size)
        a_ub = _matrix([(i, f) for i, f, _ in upper], size)
        b_eq, b_ub = [row[2] for row in equal], [row[2] for row in upper]
        bounds = np.column_stack([self.low, self.high])

        def solve(weights: Floats) -> Floats:
            found = linprog(-weights, a_ub, b_ub, a_eq, b_eq, bounds, method="highs-ipm")
            assert found.status == 0, found.message
            return np.asarray(found.x)

        return solve


def _matrix(rows: Sequence[tuple[Sequence[int], Sequence[float]]], size: int) -> coo_matrix:
    at = np.repeat(np.arange(len(rows)), [len(indices) for indices, _ in rows])
    none: list[Sequence[int]] = [[]]  # something to concatenate
    indices = np.concatenate([np.asarray(indices, np.int64) for indices in (*none, *(i for i, _ in rows))])
    factors = np.concatenate([np.asarray(found, np.float64) for found in (*none, *(f for _, f in rows))])
    return coo_matrix((factors, (at, indices)), shape=(len(rows), size))


Telling = Callable[["Known", Society, Sequence[int]], None]
"""A way of publishing: adds what it tells of these parts. The cell at (part, cell, week, state) is the
unknown that `index_of` says.
"""


@dataclass(frozen=True, slots=True)
class Attacked:
    """How many small cells there were (1 to 9 people), and of how many the number was found out."""

    small: int
    recovered: int
    not_asked: int


def attack(society: Society, parts: Sequence[int], telling: Telling, seed: int = 1) -> Attacked:
    """Attack these parts together: cells of single weeks, and of all weeks so far, as they settled.

    A number is found out when no other one is possible. Most have another in some world that the solver finds
    for a goal drawn at random; each of the others is asked for by itself.
    """
    truth = society.truth[list(parts)]
    known = Known([0.0] * truth.size, [float(society.truth.max())] * truth.size)
    _sums_hold(known, society, parts)
    telling(known, society, parts)
    known.narrow()
    aims = np.array(list(_small(truth)))
    sure = _certain(*_ranges(aims, np.array(known.low), np.array(known.high)))
    low = _of(aims, truth.ravel().astype(np.float64))
    high = low.copy()
    solve = known.solver()
    chance = np.random.default_rng(seed)
    left = np.flatnonzero(~sure)
    for goal in range(12):
        if not len(left):
            break
        signs = chance.choice([-1.0, 1.0], len(left)) if goal > 1 else np.full(len(left), 1.0 - 2 * goal)
        _widen(solve(_weights(known, aims[left], signs)), aims, low, high)
        left = left[_certain(low[left], high[left])]
    for one in left[:ASKED_FOR]:
        for sign in (-1.0, 1.0):
            if _certain(low[[one]], high[[one]])[0]:
                _widen(solve(_weights(known, aims[[one]], np.array([sign]))), aims, low, high)
    alone = left[:ASKED_FOR]
    return Attacked(
        len(aims), int(sure.sum()) + int(_certain(low[alone], high[alone]).sum()), len(left) - len(alone)
    )


ASKED_FOR = 20
"""Numbers that are asked for by themselves, at most."""

Aim = tuple[int, int]
"""The unknowns whose difference is a number of people; -1: nothing is taken away."""

Floats = NDArray[np.float64]


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


def _of(aims: Ints, values: Floats) -> Floats:
    return np.asarray(values[aims[:, 0]] - np.where(aims[:, 1] >= 0, values[aims[:, 1]], 0))


def _ranges(aims: Ints, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    taken = aims[:, 1] >= 0
    least = low[aims[:, 0]] - np.where(taken, high[aims[:, 1]], 0)
    return least, high[aims[:, 0]] - np.where(taken, low[aims[:, 1]], 0)


def _weights(known: Known, aims: Ints, signs: Floats) -> Floats:
    weights = np.zeros(len(known.low))
    np.add.at(weights, aims[:, 0], signs)
    taken = aims[:, 1] >= 0
    np.add.at(weights, aims[taken, 1], -signs[taken])
    return weights


def _widen(values: Floats, aims: Ints, low: Floats, high: Floats) -> None:
    """What is possible widens what an aim may be."""
    found = _of(aims, values)
    np.minimum(low, found, out=low)
    np.maximum(high, found, out=high)


def _certain(low: Floats, high: Floats) -> NDArray[np.bool_]:
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
                    terms = [(int(index[part, cell, week, state]), 1.0) for cell in left]
                    terms += [(int(index[part, cell, week, state]), -1.0) for cell in right]
                    known.between(0, terms, 0)
                for cell in range(cells) if week else ():
                    before = int(index[part, cell, week - 1, SETTLED])
                    known.between(0, [(int(index[part, cell, week, state]), 1.0), (before, -1.0)], np.inf)
    at = {society.parts[number]: position for position, number in enumerate(parts)}
    for whole, summed, exact in _families(at, society):
        for rest in np.ndindex(*shape[1:]):
            terms = [(int(index[(at[whole], *rest)]), 1.0)]
            terms += [(int(index[(at[one], *rest)]), -1.0) for one in summed]
            known.between(0, terms, 0 if exact else np.inf)


def _families(at: Mapping[Part, int], society: Society) -> Iterator[tuple[Part, list[Part], bool]]:
    """A part, parts of it, and whether they are all of it."""
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


def by_tens_of(offset: Offset, named: Callable[[Cell], Cell] = reading) -> Telling:
    """Ours. `named`: by whose offset a cell is measured."""

    def tell(known: Known, society: Society, parts: Sequence[int]) -> None:
        truth = society.truth[list(parts)]
        index = index_of(truth.shape)
        offsets: dict[Cell, int] = {}
        for part, number in np.ndindex(*truth.shape[:2]):
            name = named(society.cell(parts[part], number))
            if name not in offsets:
                offsets[name] = known.unknown(0, K - 1)
            for week, state in np.ndindex(*truth.shape[2:]):
                one = int(index[part, number, week, state])
                tens = by_tens(int(truth[part, number, week, state]), offset(name))
                known.between(tens, [(one, 1), (offsets[name], 1)], tens + K - 1)

    return tell


def by_hiding(*, complementary: bool) -> Telling:
    """The usual: exact numbers, those under ten left out, and another of every sum that would tell it."""

    def tell(known: Known, society: Society, parts: Sequence[int]) -> None:
        truth = society.truth[list(parts)]
        index = index_of(truth.shape)
        for part, week in np.ndindex(truth.shape[0], truth.shape[2]):
            so_far = truth[part, :, week, SETTLED]
            before = truth[part, :, week - 1, SETTLED] if week else np.zeros_like(so_far)
            for counts, earlier in ((so_far, False), (so_far - before, True)):
                hidden = _hidden(counts, complementary=complementary)
                for cell, count in enumerate(counts):
                    terms = [(int(index[part, cell, week, SETTLED]), 1.0)]
                    if earlier and week:
                        terms.append((int(index[part, cell, week - 1, SETTLED]), -1.0))
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
