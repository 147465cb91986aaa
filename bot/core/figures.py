"""The numbers of a guide as pages show them. Sums are made here, from published cells, so they always hold:

reached = Σ outcomes; ways out = answered + skipped; started = Σ runs by outcome; visits = Σ stays by outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.core.events import LOST
from bot.core.session import How, Outcome, RunOutcome
from bot.core.sticking import error_of, reason_of
from bot.core.visits import Kind, arrow_of

LOST_RUNS = frozenset({RunOutcome.EXPIRED, RunOutcome.BLOCKED, RunOutcome.SUPERSEDED})
"""How a run ends that is a drop-off; `open` is never a loss, an outage is nobody's."""


class Counted(NamedTuple):
    """A published cell of one part: the number of people, or of stays."""

    kind: Kind
    step: str
    what: str
    number: int


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow out of a step, by persons (the last way of each) and by stays (every time). `to` is a step, or
    how the guide ended; `reason` says what they were stuck at.
    """

    to: str
    how: How
    reason: str
    persons: int
    stays: int


@dataclass(frozen=True, slots=True)
class StepFigures:
    """`outcomes` are persons, `stays` visits by outcome, both without zeros. `signs` are persons by what
    showed that they were stuck (`sticking.py`); one person may show several.
    """

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    stays: Mapping[Outcome, int] = field(default_factory=dict)
    ways: tuple[Way, ...] = ()
    signs: Mapping[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """Persons that came here, each once."""
        return sum(self.outcomes.values())

    @property
    def visits(self) -> int:
        return sum(self.stays.values())

    @property
    def lost(self) -> int:
        """Persons who left here and never returned."""
        return sum(count for outcome, count in self.outcomes.items() if outcome in LOST)

    @property
    def reasons(self) -> dict[str, int]:
        """Persons by what they said they were stuck at, whatever they did then."""
        return {reason_of(sign): count for sign, count in self.signs.items() if reason_of(sign)}

    @property
    def errors(self) -> dict[str, int]:
        """Persons by the known error that they read off their screen."""
        return {error_of(sign): count for sign, count in self.signs.items() if error_of(sign)}


@dataclass(frozen=True, slots=True)
class Figures:
    """One guide, seen from one part of a view, in some weeks. `runs` are persons by how their run ended."""

    runs: Mapping[RunOutcome, int] = field(default_factory=dict)
    steps: Mapping[str, StepFigures] = field(default_factory=dict)

    @property
    def started(self) -> int:
        return sum(self.runs.values())

    @property
    def lost(self) -> int:
        return sum(count for outcome, count in self.runs.items() if outcome in LOST_RUNS)

    def step(self, step: str) -> StepFigures:
        return self.steps.get(step, _NOTHING)


_NOTHING = StepFigures()


def figures(cells: Iterable[Counted]) -> Figures:
    """Add up the published cells of one part; those about help and times belong elsewhere."""
    runs: dict[RunOutcome, int] = {}
    by_step: defaultdict[str, list[Counted]] = defaultdict(list)
    for cell in cells:
        if cell.kind is Kind.RUN and cell.number:
            runs[RunOutcome(cell.what)] = cell.number
        elif cell.number:
            by_step[cell.step].append(cell)
    return Figures(runs, {step: _step(found) for step, found in by_step.items()})


def _step(cells: Iterable[Counted]) -> StepFigures:
    outcomes: defaultdict[Outcome, int] = defaultdict(int)
    stays: defaultdict[Outcome, int] = defaultdict(int)
    signs: dict[str, int] = {}
    ways: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, _, what, count in cells:
        match kind:
            case Kind.STEP:
                outcomes[Outcome(what)] += count
            case Kind.STAY:
                stays[Outcome(what)] += count
            case Kind.WAY:
                ways[what][0] += count
                outcomes[_walked(what)] += count
            case Kind.STAY_WAY:
                ways[what][1] += count
                stays[_walked(what)] += count
            case Kind.SIGN:
                signs[what] = count
            case _:
                pass
    walked = (Way(*_parts(what), *counts) for what, counts in ways.items())
    ordered = sorted(walked, key=lambda way: (-way.persons, -way.stays, way.to, way.how, way.reason))
    return StepFigures(dict(outcomes), dict(stays), tuple(ordered), signs)


def _parts(what: str) -> tuple[str, How, str]:
    to, how, reason = arrow_of(what)
    return to, How(how), reason


def _walked(what: str) -> Outcome:
    """Whoever walked an arrow answered, unless the step was skipped."""
    return Outcome.SKIPPED if arrow_of(what)[1] == How.SKIP else Outcome.ANSWERED
