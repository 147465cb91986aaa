"""What becomes of the places of somebody who is forgotten: nobody can answer there any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.events import Event, RunTurned, StepLeft
from bot.core.session import Mark, Outcome, RunOutcome, Session, State


def forgotten(state: State, now: int) -> Iterator[Event]:
    """Every stay that lasts ends unanswered, which the counters keep; nothing else does."""
    for session in (*state.parked, *([state.session] if state.session else [])):
        yield from _ended(session, now)


def _ended(session: Session, now: int) -> Iterator[Event]:
    for run in reversed(session.runs):
        standing = run.trail[run.visit.step]
        if standing.outcome is Outcome.OPEN:
            yield StepLeft(run, run.visit, now, Mark(Outcome.EXPIRED, times=standing.times))
            if run.outcome is not RunOutcome.EXPIRED:
                yield RunTurned(replace(run, outcome=RunOutcome.EXPIRED), run.outcome, RunOutcome.EXPIRED)
