"""What people were stuck at, and where they were lost: sums of published numbers, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.app.insights import Parts
from bot.core.comparing import Trend, trend
from bot.core.figures import Counted, Figures
from bot.core.publishing import SHOWN_FROM, K
from bot.core.session import RunOutcome
from bot.core.sticking import error_of
from bot.core.visits import Kind
from bot.web.insights.changes import of_lost
from bot.web.insights.numbers import FEW

MANY = 2 * FEW
"""People of a part from whom on it is compared with the others."""

SURE = SHOWN_FROM
"""Published people from whom on something is listed among the worst: ten may be one person or nineteen."""

AT_LEAST = 2 * K
"""People that a commune must lose beyond what is usual before somebody is sent there."""


class Sort(StrEnum):
    REASON = "reason"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Something that people are stuck at: a reason they chose at a step, or an error of VNeID, wherever they
    met it. `before` None: there is nothing to compare with. `since`: the first week it was published of.
    """

    sort: Sort
    flow: str
    step: str
    what: str
    people: int
    before: int | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A step with those who left there and never returned, of those who reached it."""

    flow: str
    step: str
    lost: int
    reached: int
    lost_before: int = 0
    reached_before: int = 0


def hurdles(now: Mapping[str, Figures], then: Mapping[str, Figures] | None) -> list[Hurdle]:
    counts, before = _stuck(now), _stuck(then or {})
    found = [
        Hurdle(*key, people, None if then is None else before[key])
        for key, people in counts.items()
        if people
    ]
    return sorted(found, key=lambda one: (-one.people, one.sort, one.flow, one.step, one.what))


def sure(found: Iterable[Hurdle]) -> list[Hurdle]:
    """Those that more than a handful met, in their order."""
    return [one for one in found if one.people >= SURE]


def losses(now: Mapping[str, Figures], then: Mapping[str, Figures] | None) -> list[Loss]:
    """Most people first; those alone that more than a handful left."""
    found = []
    for flow, seen in now.items():
        was = (then or {}).get(flow, Figures())
        found += [
            Loss(flow, step, one.lost, one.reached, was.step(step).lost, was.step(step).reached)
            for step, one in seen.steps.items()
            if one.lost >= SURE
        ]
    return sorted(found, key=lambda one: (-one.lost, one.flow, one.step))


def added_up(seen: Iterable[Figures]) -> Figures:
    """The runs of several guides, or parts, as one."""
    runs: Counter[RunOutcome] = Counter()
    for one in seen:
        runs.update(one.runs)
    return Figures(dict(runs))


def errors_in(cells: Iterable[Counted]) -> set[str]:
    """Errors that anybody met, as far as is published."""
    met = (cell for cell in cells if cell.kind is Kind.SIGN and cell.number > 0)
    return {error_of(cell.what) for cell in met} - {""}


def runs_in(cells: Iterable[Counted]) -> Figures:
    """How runs ended, over all guides."""
    runs: Counter[RunOutcome] = Counter()
    for cell in cells:
        if cell.kind is Kind.RUN:
            runs[RunOutcome(cell.what)] += cell.number
    return Figures(dict(runs))


def first_seen(error: str, weekly: Mapping[int, Collection[str]], earlier: Collection[str]) -> int | None:
    """The first of these weeks in which an error was met; None when it is older, or nothing is known."""
    if error in earlier:
        return None
    return min((week for week, met in weekly.items() if error in met), default=None)


@dataclass(frozen=True, slots=True)
class Needing:
    """The part that loses the most people beyond what the others lose of theirs. Not `sure`: chance and
    rounding could explain it.
    """

    part: str
    figures: Figures
    elsewhere: Figures
    sure: bool


def most_needing(parts: Parts) -> Needing | None:
    """None when no part stands out; of those that do for sure the worst, if there are any."""
    return next(iter(in_need(parts)), None)


def in_need(parts: Parts) -> list[Needing]:
    """The parts that stand out, those that do for sure first, the worst first."""
    everything = [*parts.shown.values(), *([parts.rest] if parts.rest else [])]
    together = added_up(everything)
    found: list[tuple[bool, float, Needing]] = []
    for part, one in parts.shown.items():
        others = Figures(
            {outcome: count - one.runs.get(outcome, 0) for outcome, count in together.runs.items()}
        )
        if min(one.started, others.started) < MANY:
            continue
        beyond = one.lost - one.started * others.lost / others.started
        if beyond >= AT_LEAST:
            sure = _worse(one, others)
            found.append((sure, beyond, Needing(part, one, others, sure)))
    return [one for *_, one in sorted(found, key=lambda one: (not one[0], -one[1], one[2].part))]


def _worse(one: Figures, others: Figures) -> bool:
    return trend(of_lost(others.lost, others.started), of_lost(one.lost, one.started)) is Trend.UP


def _without(together: Figures, one: Figures) -> Figures:
    return Figures({outcome: count - one.runs.get(outcome, 0) for outcome, count in together.runs.items()})


def _stuck(seen: Mapping[str, Figures]) -> Counter[tuple[Sort, str, str, str]]:
    counts: Counter[tuple[Sort, str, str, str]] = Counter()
    for flow, figures in seen.items():
        for step, one in figures.steps.items():
            for reason, people in one.reasons.items():
                counts[Sort.REASON, flow, step, reason] += people
            for error, people in one.errors.items():
                counts[Sort.ERROR, "", "", error] += people
    return counts
