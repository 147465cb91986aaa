"""Events → counters: what one turn changes in them.

A counter is never read before it is changed, and nothing here depends on what was counted before: whatever is
added up in whichever groups comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.events import (
    Event,
    HomeVisitCalledOff,
    HomeVisitDone,
    HomeVisitRequested,
    RunStarted,
    RunTurned,
    StepEntered,
    StepLeft,
    StuckSeen,
    TicketClosed,
)
from bot.core.home_visit import HomeVisit
from bot.core.session import Mark, Outcome, Run, RunOutcome
from bot.core.visits import (
    HELP_COLUMNS,
    HOME_COLUMNS,
    RUN_COLUMNS,
    SIGN_COLUMNS,
    STEP_COLUMNS,
    ArrowKey,
    CellKey,
    Clock,
    HelpKey,
    HelpTimeKey,
    HomeKey,
    Kind,
    RunKey,
    SignKey,
    StepKey,
    TimeKey,
    View,
    VisitRow,
    bucket_of,
    day_of,
    help_key,
    run_key,
    step_key,
    way_of,
    week_of,
)

_RUN = {name: index for index, name in enumerate(RUN_COLUMNS)}
_PERSONS = {outcome: STEP_COLUMNS.index(f"persons_{outcome}") for outcome in Outcome}
_VISITS = {outcome: STEP_COLUMNS.index(f"visits_{outcome}") for outcome in Outcome}
_WALKED = frozenset({Outcome.ANSWERED, Outcome.SKIPPED})


@dataclass(slots=True)
class Tally:
    """Changes of counters, added up over many turns before they are written. Values follow *_COLUMNS."""

    runs: dict[RunKey, list[int]] = field(default_factory=dict)
    steps: dict[StepKey, list[int]] = field(default_factory=dict)
    arrows: dict[ArrowKey, list[int]] = field(default_factory=dict)
    times: dict[TimeKey, list[int]] = field(default_factory=dict)
    helps: dict[HelpKey, list[int]] = field(default_factory=dict)
    help_times: dict[HelpTimeKey, list[int]] = field(default_factory=dict)
    homes: dict[HomeKey, list[int]] = field(default_factory=dict)
    signs: dict[SignKey, list[int]] = field(default_factory=dict)
    cells: dict[CellKey, list[int]] = field(default_factory=dict)
    visits: list[VisitRow] = field(default_factory=list)

    def add(self, events: Iterable[Event], channel: str) -> None:
        """Fold one turn's events in."""
        for event in events:
            match event:
                case RunStarted(run=run):
                    row = self._run(run, channel)
                    row[_RUN["started"]] += 1
                    row[_RUN[RunOutcome.OPEN]] += 1
                    self._count_run(run, RunOutcome.OPEN, 1)
                case RunTurned(run=run, was=was, now=now):
                    row = self._run(run, channel)
                    row[_RUN[was]] -= 1
                    row[_RUN[now]] += 1
                    self._count_run(run, was, -1)
                    self._count_run(run, now, 1)
                case StepEntered(run=run, visit=visit, before=before):
                    self._enter(run, step_key(run, visit.step, channel), before)
                case StepLeft():
                    self._leave(event, channel)
                case StuckSeen(run=Run() as run):
                    self._see(event, run, channel)
                case TicketClosed():
                    self._help(event, channel)
                case HomeVisitRequested(visit=visit):
                    self._visit_home(visit, channel, 0)
                case HomeVisitDone(visit=visit):
                    self._visit_home(visit, channel, 1)
                case HomeVisitCalledOff(visit=visit):
                    self._visit_home(visit, channel, 2)
                case _:
                    pass

    def changes(self) -> tuple[Mapping[Any, list[int]], ...]:
        """What is to be added to the counters: runs, steps, arrows, times, helps, help_times, homes, signs,
        cells, in this order.
        """
        return (
            self.runs,
            self.steps,
            self.arrows,
            self.times,
            self.helps,
            self.help_times,
            self.homes,
            self.signs,
            self.cells,
        )

    def weeks(self) -> set[int]:
        """The weeks in which something changes."""
        return {week_of(key.day) for changes in self.changes() for key in changes}

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
        if ticket.claimed_at:
            self._help_time(event, channel, Clock.WAITED, ticket.claimed_at - ticket.opened_at)
            self._help_time(event, channel, Clock.HELPED, event.at - ticket.claimed_at)

    def _help_time(self, event: TicketClosed, channel: str, clock: Clock, seconds: int) -> None:
        ticket = event.ticket
        day = day_of(ticket.opened_at)
        key = HelpTimeKey(day, channel, ticket.commune, ticket.flow, clock, bucket_of(seconds))
        self.help_times.setdefault(key, [0])[0] += 1

    def _visit_home(self, visit: HomeVisit, channel: str, column: int) -> None:
        key = HomeKey(day_of(visit.made_at), channel, visit.commune)
        self.homes.setdefault(key, [0] * len(HOME_COLUMNS))[column] += 1

    def _see(self, event: StuckSeen, run: Run, channel: str) -> None:
        key = SignKey(*step_key(run, event.step, channel), event.sign)
        row = self.signs.setdefault(key, [0] * len(SIGN_COLUMNS))
        row[0] += not event.again
        row[1] += 1

    def _count_run(self, run: Run, outcome: RunOutcome, change: int) -> None:
        """Of posters only runs are counted; of kinds of phones, steps and ways too."""
        if run.poster:
            self._cell(run, View.POSTER, run.poster, Kind.RUN, "", outcome, change)
        self._on_phone(run, Kind.RUN, "", outcome, change)

    def _on_phone(self, run: Run, kind: Kind, step: str, what: str, change: int) -> None:
        if run.phone:
            self._cell(run, View.PHONE, run.phone, kind, step, what, change)

    def _cell(self, run: Run, view: View, part: str, kind: Kind, step: str, what: str, change: int) -> None:
        key = CellKey(day_of(run.started_at), view, part, run.flow, kind, step, what)
        self.cells.setdefault(key, [0])[0] += change

    def _mark(self, run: Run, step: str, mark: Mark, change: int) -> None:
        """What a person made of a step, on their kind of phone."""
        if mark.outcome in _WALKED:
            self._on_phone(run, Kind.WAY, step, way_of(mark.to, mark.how, mark.reason), change)
        else:
            self._on_phone(run, Kind.STEP, step, mark.outcome, change)

    def _run(self, run: Run, channel: str) -> list[int]:
        return self.runs.setdefault(run_key(run, channel), [0] * len(RUN_COLUMNS))

    def _enter(self, run: Run, key: StepKey, before: Mark | None) -> None:
        row = self.steps.setdefault(key, [0] * len(STEP_COLUMNS))
        row[1] += 1
        row[_VISITS[Outcome.OPEN]] += 1
        row[_PERSONS[Outcome.OPEN]] += 1
        self._on_phone(run, Kind.STEP, key.step, Outcome.OPEN, 1)
        if before is None:
            row[0] += 1
        else:
            self._unmark(key, row, before)
            self._mark(run, key.step, before, -1)

    def _unmark(self, key: StepKey, row: list[int], mark: Mark) -> None:
        """The person is back at a step they had left: what they made of it then no longer counts."""
        row[_PERSONS[mark.outcome]] -= 1
        if mark.outcome in _WALKED:
            self._arrow(key, mark)[0] -= 1

    def _leave(self, event: StepLeft, channel: str) -> None:
        run, visit, mark = event.run, event.visit, event.mark
        key = step_key(run, visit.step, channel)
        row = self.steps.setdefault(key, [0] * len(STEP_COLUMNS))
        row[_VISITS[Outcome.OPEN]] -= 1
        row[_VISITS[mark.outcome]] += 1
        row[_PERSONS[Outcome.OPEN]] -= 1
        row[_PERSONS[mark.outcome]] += 1
        self._on_phone(run, Kind.STEP, key.step, Outcome.OPEN, -1)
        self._mark(run, key.step, mark, 1)
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
