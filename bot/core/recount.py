"""Counters from bare facts: stays that are over, and where people stand. A second opinion on `tally.py`.

It knows nothing of turns, and shares nothing with the other but the names of keys. Every stay is in a row of
`visits` or, while it lasts, in a session. A run stands where its newest stay says: one that led on to another
step has been there since, one that ended the guide or was left ended the run in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import TypeVar

from bot.core.session import How, Outcome, Run, RunOutcome, Session
from bot.core.tally import Tally
from bot.core.visits import (
    ARROW_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    ArrowKey,
    RunKey,
    StepKey,
    TimeKey,
    VisitRow,
    bucket_of,
    run_key,
)

K = TypeVar("K", RunKey, StepKey, ArrowKey, TimeKey)

WALKED = frozenset({Outcome.ANSWERED, Outcome.SKIPPED})


@dataclass(slots=True)
class Recount:
    """Counters by their keys, as in `Tally`: what stays alone can tell."""

    runs: dict[RunKey, list[int]] = field(default_factory=dict)
    steps: dict[StepKey, list[int]] = field(default_factory=dict)
    arrows: dict[ArrowKey, list[int]] = field(default_factory=dict)
    times: dict[TimeKey, list[int]] = field(default_factory=dict)


def recount(over: Iterable[VisitRow], lasting: Iterable[VisitRow]) -> Recount:
    """`over` must come run by run. `lasting` are the stays of `standing_in`; a run may be in both."""
    counts = Recount()
    still = {stay.run: stay for stay in lasting}
    for run, stays in groupby(over, attrgetter("run")):
        _count(counts, list(_whole(stays, still.pop(run, None))))
    for stay in still.values():
        _count(counts, [stay])
    return counts


def differing(counted: Tally, told: Recount, since: int) -> Tally:
    """What would have to be added to counters so that they say what a recount does, from a day on."""
    return Tally(
        runs=_missing(counted.runs, told.runs, since),
        steps=_missing(counted.steps, told.steps, since),
        arrows=_missing(counted.arrows, told.arrows, since),
        times=_missing(counted.times, told.times, since),
    )


def _missing(counted: Mapping[K, list[int]], told: Mapping[K, list[int]], since: int) -> dict[K, list[int]]:
    """Nothing counted is as good as no row."""
    found = {}
    for key in counted.keys() | told.keys():
        here, there = counted.get(key, ()), told.get(key, ())
        change = [one - other for one, other in zip_longest(there, here, fillvalue=0)]
        if key.day >= since and any(change):
            found[key] = change
    return found


def standing_in(session: Session, channel: str) -> Iterator[VisitRow]:
    """The stays of a session that last, as they would be when they are over."""
    for run in session.runs:
        if run.trail[run.visit.step].outcome is Outcome.OPEN:
            yield _lasting(run, channel)


def _lasting(run: Run, channel: str) -> VisitRow:
    visit = run.visit
    key = run_key(run, channel)
    return VisitRow(
        run.id,
        visit.seq,
        *key,
        visit.step,
        visit.entered_at,
        0,
        Outcome.OPEN,
        "",
        "",
        "",
        visit.attempts,
        visit.reminders,
    )


def _whole(stays: Iterable[VisitRow], lasting: VisitRow | None) -> Iterator[VisitRow]:
    """The stays of a run in order. One that lasts is known by where the last one led to, even when nobody
    knows any more who stands there.
    """
    ordered = sorted(stays, key=attrgetter("seq"))
    yield from ordered
    last = ordered[-1]
    if lasting is not None and lasting.seq > last.seq:
        yield lasting
    elif last.outcome in WALKED and last.how != How.END:
        yield last._replace(seq=last.seq + 1, step=last.to, outcome=Outcome.OPEN, to="", how="", reason="")


def _count(counts: Recount, stays: list[VisitRow]) -> None:
    last_at = {stay.step: stay for stay in stays}
    for stay in stays:
        _count_stay(counts, stay, is_last=last_at[stay.step] is stay)
    run = counts.runs.setdefault(RunKey(*_place(stays[0])), [0] * len(RUN_COLUMNS))
    run[0] += 1
    run[RUN_COLUMNS.index(_ended(stays[-1]))] += 1


def _count_stay(counts: Recount, stay: VisitRow, *, is_last: bool) -> None:
    key = StepKey(*_place(stay), stay.step)
    step = counts.steps.setdefault(key, [0] * len(STEP_COLUMNS))
    step[_VISITS] += 1
    step[_STAYS[stay.outcome]] += 1
    step[_REACHED] += is_last
    step[_PERSONS[stay.outcome]] += is_last
    if stay.outcome in WALKED:
        arrow = ArrowKey(*key, stay.to, stay.how, stay.reason)
        walked = counts.arrows.setdefault(arrow, [0] * len(ARROW_COLUMNS))
        walked[0] += is_last
        walked[1] += 1
        time = TimeKey(*key, bucket_of(stay.left_at - stay.entered_at))
        counts.times.setdefault(time, [0])[0] += 1


_REACHED = STEP_COLUMNS.index("reached")
_VISITS = STEP_COLUMNS.index("visits")
_STAYS = {str(outcome): STEP_COLUMNS.index(f"visits_{outcome}") for outcome in Outcome}
_PERSONS = {str(outcome): STEP_COLUMNS.index(f"persons_{outcome}") for outcome in Outcome}


def _place(stay: VisitRow) -> tuple[int, str, str, str, str]:
    return stay.day, stay.flow, stay.version, stay.channel, stay.commune


def _ended(last: VisitRow) -> RunOutcome:
    """How a run stands whose newest stay this is."""
    if last.outcome in WALKED:
        return RunOutcome.COMPLETED
    return RunOutcome(last.outcome)
