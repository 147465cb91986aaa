"""The questions that `bot stats` and the organisers' pages ask of the counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.flow import Flow
from bot.core.session import Outcome, RunOutcome
from bot.core.tally import Tally
from bot.core.visits import RUN_COLUMNS, STEP_COLUMNS, seconds_of


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way that was walked, by persons (the last way of each) and by visits (every time)."""

    to: str
    how: str
    reason: str
    persons: int
    visits: int


@dataclass(frozen=True, slots=True)
class StepFigures:
    """`outcomes` are persons and add up to `reached`; `median_seconds` is None when nobody left it."""

    step: str
    title: str
    reached: int
    visits: int
    outcomes: dict[str, int]
    visit_outcomes: dict[str, int]
    arrows: tuple[Arrow, ...]
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """`runs` are persons by how their run ended and add up to `started`."""

    flow: str
    title: str
    started: int
    runs: dict[str, int]
    steps: tuple[StepFigures, ...]


def funnel(flow: Flow, tally: Tally) -> Funnel:
    """All versions, channels and communes of a flow together; steps in the order of the guide."""
    runs = _added(tally.runs.values(), len(RUN_COLUMNS))
    by_name = dict(zip(RUN_COLUMNS, runs, strict=True))
    walked = {key.step for key in tally.steps}
    order = [step for step in flow.steps if step in walked] + sorted(walked - set(flow.steps))
    return Funnel(
        flow=flow.id,
        title=flow.title,
        started=by_name.pop("started"),
        runs={str(outcome): by_name[outcome] for outcome in RunOutcome},
        steps=tuple(_figures(flow, tally, step) for step in order),
    )


def _figures(flow: Flow, tally: Tally, step: str) -> StepFigures:
    rows = (row for key, row in tally.steps.items() if key.step == step)
    by_name = dict(zip(STEP_COLUMNS, _added(rows, len(STEP_COLUMNS)), strict=True))
    return StepFigures(
        step=step,
        title=getattr(flow.steps.get(step), "title", ""),
        reached=by_name["reached"],
        visits=by_name["visits"],
        outcomes={str(outcome): by_name[f"persons_{outcome}"] for outcome in Outcome},
        visit_outcomes={str(outcome): by_name[f"visits_{outcome}"] for outcome in Outcome},
        arrows=_arrows(tally, step),
        median_seconds=_median(tally, step),
    )


def _arrows(tally: Tally, step: str) -> tuple[Arrow, ...]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for key, row in tally.arrows.items():
        if key.step == step:
            numbers = found.setdefault((key.to, key.how, key.reason), [0, 0])
            numbers[0] += row[0]
            numbers[1] += row[1]
    arrows = (Arrow(*way, persons, visits) for way, (persons, visits) in found.items())
    return tuple(sorted(arrows, key=lambda arrow: (-arrow.visits, arrow.to)))


def _median(tally: Tally, step: str) -> float | None:
    """The median of answered and skipped stays, in seconds, within a factor of √2."""
    buckets: dict[int, int] = {}
    for key, row in tally.times.items():
        if key.step == step:
            buckets[key.bucket] = buckets.get(key.bucket, 0) + row[0]
    half = sum(buckets.values()) / 2
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= half:
            return round(seconds_of(bucket), 1)
    return None


def _added(rows: Iterable[list[int]], width: int) -> list[int]:
    total = [0] * width
    for row in rows:
        for index, number in enumerate(row):
            total[index] += number
    return total
