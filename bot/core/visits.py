"""Visits and outcomes → counters. What is counted, and the sums that must hold.

Definitions (binding; the same in `docs/architecture.md`):

* reached(step) counts persons: each run once, however often it comes by. Visits are counted beside it.
* Each reached step of a run has exactly one outcome at any time, so reached = Σ persons by outcome; and
  visits = Σ visits by outcome.
* Every arrow walked is counted, so Σ arrows out of a step = answered + skipped, for persons (the last way
  each took) and for visits (every way).
* started = Σ runs by outcome, `open` included.

All numbers of a run are booked on the day it started (Viet Nam time) and in the commune it started in, so
every sum holds for every period and every place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2
from typing import NamedTuple

from bot.core.events import Event, RunStarted, RunTurned, StepEntered, StepLeft, TicketClosed
from bot.core.session import Mark, Outcome, Run, RunOutcome

VIET_NAM = 7 * 3600
"""Viet Nam's clock is seven hours ahead of UTC, all year."""

RUN_COLUMNS = ("started", *(str(outcome) for outcome in RunOutcome))
STEP_COLUMNS = (
    "reached",
    "visits",
    *(f"persons_{outcome}" for outcome in Outcome),
    *(f"visits_{outcome}" for outcome in Outcome),
)
ARROW_COLUMNS = ("persons", "visits")
TIME_COLUMNS = ("visits",)
HELP_COLUMNS = ("tickets", "claimed", "waited", "helped", "rated_1", "rated_2", "rated_3")

_RUN = {name: index for index, name in enumerate(RUN_COLUMNS)}
_PERSONS = {outcome: STEP_COLUMNS.index(f"persons_{outcome}") for outcome in Outcome}
_VISITS = {outcome: STEP_COLUMNS.index(f"visits_{outcome}") for outcome in Outcome}
_WALKED = frozenset({Outcome.ANSWERED, Outcome.SKIPPED})


class RunKey(NamedTuple):
    """`day` is the number of days since 1970-01-01, Viet Nam time, of the run's start."""

    day: int
    flow: str
    version: str
    channel: str
    commune: str


class StepKey(NamedTuple):
    day: int
    flow: str
    version: str
    channel: str
    commune: str
    step: str


class ArrowKey(NamedTuple):
    day: int
    flow: str
    version: str
    channel: str
    commune: str
    step: str
    to: str
    how: str
    reason: str


class TimeKey(NamedTuple):
    day: int
    flow: str
    version: str
    channel: str
    commune: str
    step: str
    bucket: int


class HelpKey(NamedTuple):
    """What became of requests for a human that were opened on `day`. `step` is where the person stood,
    `closed_step` and `error` what it was about, as whoever closed it chose ("kich-hoat/nhap-so").
    """

    day: int
    channel: str
    commune: str
    flow: str
    step: str
    reason: str
    closing: str
    closed_step: str
    error: str


class VisitRow(NamedTuple):
    """A finished stay, without a person: `run` is random and kept nowhere else but in the session."""

    run: str
    seq: int
    day: int
    flow: str
    version: str
    channel: str
    commune: str
    step: str
    entered_at: int
    left_at: int
    outcome: str
    to: str
    how: str
    reason: str
    attempts: int
    reminders: int


@dataclass(slots=True)
class Tally:
    """Changes of counters, added up over many turns before they are written. Values follow *_COLUMNS."""

    runs: dict[RunKey, list[int]] = field(default_factory=dict)
    steps: dict[StepKey, list[int]] = field(default_factory=dict)
    arrows: dict[ArrowKey, list[int]] = field(default_factory=dict)
    times: dict[TimeKey, list[int]] = field(default_factory=dict)
    helps: dict[HelpKey, list[int]] = field(default_factory=dict)
    visits: list[VisitRow] = field(default_factory=list)

    def add(self, events: Iterable[Event], channel: str) -> None:
        """Fold one turn's events in."""
        for event in events:
            match event:
                case RunStarted(run=run):
                    row = self._run(run, channel)
                    row[_RUN["started"]] += 1
                    row[_RUN[RunOutcome.OPEN]] += 1
                case RunTurned(run=run, was=was, now=now):
                    row = self._run(run, channel)
                    row[_RUN[was]] -= 1
                    row[_RUN[now]] += 1
                case StepEntered(run=run, visit=visit, before=before):
                    self._enter(_step_key(run, visit.step, channel), before)
                case StepLeft():
                    self._leave(event, channel)
                case TicketClosed():
                    self._help(event, channel)
                case _:
                    pass

    def rate(self, key: HelpKey, score: int) -> None:
        """What somebody says of the help behind a ticket of this kind."""
        self.helps.setdefault(key, [0] * len(HELP_COLUMNS))[HELP_COLUMNS.index(f"rated_{score}")] += 1

    def _help(self, event: TicketClosed, channel: str) -> None:
        """Waiting for a human and being with one are clocks of their own, in seconds."""
        ticket = event.ticket
        row = self.helps.setdefault(help_key(event, channel), [0] * len(HELP_COLUMNS))
        row[0] += 1
        row[1] += ticket.claimed_at > 0
        row[2] += max(0, (ticket.claimed_at or event.at) - ticket.opened_at)
        row[3] += max(0, event.at - ticket.claimed_at) if ticket.claimed_at else 0

    def _run(self, run: Run, channel: str) -> list[int]:
        key = RunKey(day_of(run.started_at), run.flow, run.version, channel, run.commune)
        return self.runs.setdefault(key, [0] * len(RUN_COLUMNS))

    def _enter(self, key: StepKey, before: Mark | None) -> None:
        row = self.steps.setdefault(key, [0] * len(STEP_COLUMNS))
        row[1] += 1
        row[_VISITS[Outcome.OPEN]] += 1
        row[_PERSONS[Outcome.OPEN]] += 1
        if before is None:
            row[0] += 1
        else:
            self._unmark(key, row, before)

    def _unmark(self, key: StepKey, row: list[int], mark: Mark) -> None:
        """The person is back at a step they had left: what they made of it then no longer counts."""
        row[_PERSONS[mark.outcome]] -= 1
        if mark.outcome in _WALKED:
            self._arrow(key, mark)[0] -= 1

    def _leave(self, event: StepLeft, channel: str) -> None:
        run, visit, mark = event.run, event.visit, event.mark
        key = _step_key(run, visit.step, channel)
        row = self.steps.setdefault(key, [0] * len(STEP_COLUMNS))
        row[_VISITS[Outcome.OPEN]] -= 1
        row[_VISITS[mark.outcome]] += 1
        row[_PERSONS[Outcome.OPEN]] -= 1
        row[_PERSONS[mark.outcome]] += 1
        if mark.outcome in _WALKED:
            arrow = self._arrow(key, mark)
            arrow[0] += 1
            arrow[1] += 1
            seconds = event.left_at - visit.entered_at
            self.times.setdefault(TimeKey(*key, bucket_of(seconds)), [0])[0] += 1
        self.visits.append(
            VisitRow(
                run.id,
                visit.seq,
                *key,
                visit.entered_at,
                event.left_at,
                mark.outcome,
                mark.to,
                mark.how,
                mark.reason,
                visit.attempts,
                visit.reminders,
            )
        )

    def _arrow(self, key: StepKey, mark: Mark) -> list[int]:
        return self.arrows.setdefault(ArrowKey(*key, mark.to, mark.how, mark.reason), [0, 0])


def help_key(event: TicketClosed, channel: str) -> HelpKey:
    ticket = event.ticket
    return HelpKey(
        day_of(ticket.opened_at),
        channel,
        ticket.commune,
        ticket.flow,
        ticket.step,
        ticket.reason,
        event.closing,
        event.step,
        event.error,
    )


def day_of(at: int) -> int:
    """The day in Viet Nam, as days since 1970-01-01."""
    return (at + VIET_NAM) // 86400


def bucket_of(seconds: int) -> int:
    """Durations are counted in steps of a factor of √2, fine enough for a median in words."""
    return round(2 * log2(1 + max(0, seconds)))


def seconds_of(bucket: int) -> float:
    """The middle of a bucket, in seconds."""
    return float(2 ** (bucket / 2) - 1)


def _step_key(run: Run, step: str, channel: str) -> StepKey:
    return StepKey(day_of(run.started_at), run.flow, run.version, channel, run.commune, step)
