"""Lines of figures over time as shapes, small ones in a table and a large one beside its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.campaign import Point

SPARK = (110, 30)
LARGE = (340, 190)
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 26, 24


@dataclass(frozen=True, slots=True)
class Spark:
    """`path` goes through all points; the last one has a dot."""

    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A large line. `target` is how high the dashed line lies; `deadline` how far right the dotted one."""

    path: str
    dots: tuple[Dot, ...]
    target: float | None
    deadline: float | None


def spark(points: Sequence[Point]) -> Spark | None:
    """None for a single point, which is no line."""
    if len(points) < 2:
        return None
    width, height = SPARK
    low, high = _span([point.value for point in points])
    first, last = points[0].day, points[-1].day
    placed = [
        Dot(_between(point.day, first, last, 3, width - 4), _between(point.value, low, high, height - 4, 4))
        for point in _thinned(points)
    ]
    return Spark(_path(placed), placed[-1].x, placed[-1].y)


def line(points: Sequence[Point], target: int | None, deadline: int | None) -> Line | None:
    if not points:
        return None
    width, height = LARGE
    first, last = points[0].day, points[-1].day
    shown = deadline if deadline is not None and deadline - first <= 3 * max(last - first, 30) else None
    ends = max(last, shown or last, first + 1)
    low, high = _span([0, *(point.value for point in points), *([target] if target else [])])
    bottom = height - _BOTTOM

    def x(day: int) -> float:
        return _between(day, first, ends, _LEFT, width - _RIGHT)

    def y(value: int) -> float:
        return _between(value, low, high, bottom, _TOP)

    placed = tuple(Dot(x(point.day), y(point.value)) for point in _thinned(points))
    return Line(_path(placed), placed, y(target) if target else None, x(shown) if shown else None)


def _thinned(points: Sequence[Point]) -> list[Point]:
    """At most as many as can be told apart, the last one among them."""
    every = -(-len(points) // 120)
    return [*points[:-1:every], points[-1]]


def _span(values: Sequence[int]) -> tuple[int, int]:
    return min(values), max(*values, min(values) + 1)


def _between(value: int, low: int, high: int, at_low: float, at_high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.0
    return round(at_low + share * (at_high - at_low), 1)


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)
