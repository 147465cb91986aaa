"""Run the steps of a flow until one waits.

A `Walk` collects what one turn does to a session: visits entered and left, arrows walked, texts said. It
lives for one turn only; sessions, runs and events are immutable.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field, replace
from typing import assert_never

from bot.core.book import Book
from bot.core.contact import Consent, Purpose
from bot.core.events import (
    ConsentGiven,
    Event,
    HomeVisitRequested,
    HumanRequested,
    RunStarted,
    RunTurned,
    StepEntered,
    StepLeft,
    StuckSeen,
)
from bot.core.flow import (
    Ask,
    Booking,
    Branch,
    Call,
    End,
    Ending,
    Flow,
    Handoff,
    Say,
    Shape,
    Step,
    Way,
    led_past,
    waits,
)
from bot.core.home_booking import not_asked, visits_are, wish_of
from bot.core.home_visit import HomeVisit, requested
from bot.core.message import Reply
from bot.core.outage import NO_OUTAGES, Downtime
from bot.core.session import How, Mark, Outcome, Run, RunOutcome, Session, Visit
from bot.core.sticking import reason_sign
from bot.core.voice import Voice

MAX_STEPS_PER_TURN = 100
"""A flow that goes on longer without asking anything is at fault; `check` refuses such loops."""


@dataclass(slots=True)
class Walk:
    """One turn on its way through a session.

    `lead` is said before the next words; `small_talk` only before a step that waits: nobody wants to hear
    "no worries" before being told to call the police. Runs that begin are booked in `commune`, on `channel`,
    with the kind of `phone` and the `poster` that led there. `consents` are of this turn. `offers_visits`:
    volunteers might come to the door. In `downtime` nobody is slow.
    """

    book: Book
    voice: Voice
    now: int
    seed: str
    seq: int
    session: Session | None = None
    lead: str = ""
    small_talk: str = ""
    commune: str = ""
    phone: str = ""
    poster: str = ""
    channel: str = ""
    home_visit: HomeVisit | None = None
    offers_visits: bool = False
    downtime: Downtime = NO_OUTAGES
    consents: tuple[Consent, ...] = ()
    replies: list[Reply] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def here(self) -> Session:
        assert self.session is not None  # noqa: S101 - callers have started or resumed one
        return self.session

    def start(self, entrance: str, earlier: Run | None = None) -> None:
        """Begin a guide; `earlier` is a run of it that is to go on under the same number."""
        self.session = None
        flow, _, step = entrance.partition("/")
        self._push(self.book.flows[flow], earlier, step)

    def answer(self, way: Way) -> None:
        """The person chose a way of the waiting step."""
        run = self.here.top
        if way.sets:
            self._top(replace(run, answers={**run.answers, **dict(way.sets)}))
        if way.consent is not None:
            self._agree(way.consent)
        if way.stuck:
            self.note_stuck(reason_sign(way.stuck))
        self._forward(way.next, Outcome.ANSWERED, How.STUCK if way.stuck else How.CHOICE, way.stuck)

    def fill(self, step: Ask, value: str | int) -> None:
        """The person gave the free words that an `ask` step wanted."""
        run = self.here.top
        self._top(replace(run, answers={**run.answers, step.answer: value}))
        self._forward(step.next, Outcome.ANSWERED, How.CHOICE, "")

    def skip(self, target: str) -> None:
        self._forward(target, Outcome.SKIPPED, How.SKIP, "")

    def back(self) -> bool:
        """One waiting step back, out of a called guide if need be; False at the very first step."""
        while True:
            run = self.here.top
            if run.path:
                target = run.path[-1]
                self._leave(Mark(Outcome.ANSWERED, target, How.BACK))
                self._enter(target, run.path[:-1])
                return True
            if not any(below.path for below in self.here.runs[:-1]):
                return False
            self._close_top(Outcome.SUPERSEDED)
            self.session = replace(self.here, runs=self.here.runs[:-1])

    def close(self, outcome: Outcome) -> None:
        """The person leaves all runs of the session where they stand."""
        runs = self.here.runs
        for depth in range(len(runs), 0, -1):
            self.session = replace(self.here, runs=runs[:depth])
            self._close_top(outcome)
            runs = (*runs[: depth - 1], self.here.top, *runs[depth:])
        self.session = replace(self.here, runs=runs)

    def leave_for(self, step: str) -> Run:
        """Walk to another entrance of the guide, its start unless `step` is given; the run goes on."""
        while len(self.here.runs) > 1:
            self._close_top(Outcome.SUPERSEDED)
            self.session = replace(self.here, runs=self.here.runs[:-1])
        run = self.here.top
        target = step or self.book.editions[run.flow, run.version].start
        self._leave(Mark(Outcome.ANSWERED, target, How.BACK))
        return self.here.top

    def reopen(self) -> None:
        """The person is back: every run of the session stands at its step again."""
        self.session = replace(self.here, runs=tuple(map(self._reopened, self.here.runs)), paused=False)

    def stand_at(self, flow: str, step: str) -> None:
        """Go on at another step of a guide that is walked, as somebody who helped has chosen.

        What was made of the step where it stood stays: that a human was needed there is not undone.
        """
        while self.here.top.flow != flow:
            self._close_top(Outcome.SUPERSEDED)
            self.session = replace(self.here, runs=self.here.runs[:-1])
        run = self.here.top
        if run.visit.step == step:
            self.reopen()
            self._say_step()
            return
        _, guide, standing = self.voice.at(self.here)
        path = (*run.path, run.visit.step) if waits(standing) else run.path
        path = (*path, *led_past(guide, path, step))
        self._leave(Mark(Outcome.ANSWERED, step, How.HANDED))
        self._turn_top(RunOutcome.OPEN)
        *below, run = self.here.runs
        self.session = Session((*map(self._reopened, below), run))
        self._enter(step, path[: path.index(step)] if step in path else path)

    def resume(self) -> None:
        """Go on where the person stood: the waiting step again, or what follows a hand-off."""
        self.reopen()
        _, _, step = self.voice.at(self.here)
        if waits(step):
            self._say_step()
        elif isinstance(step, Handoff):
            self._forward(step.next, Outcome.ANSWERED, How.ONWARD, "")
        else:
            self._enter_from(step)

    def _reopened(self, run: Run) -> Run:
        if run.trail[run.visit.step].outcome is Outcome.OPEN:
            return run
        turned = run
        if run.outcome is not RunOutcome.OPEN:
            turned = replace(run, outcome=RunOutcome.OPEN)
            self.events.append(RunTurned(turned, run.outcome, RunOutcome.OPEN))
        return self._arrived(turned, run.visit.step, run.path)

    def _push(self, flow: Flow, earlier: Run | None, step: str = "") -> None:
        step = step if step in flow.steps else flow.start  # an older guide may call one that is gone
        given = dict(flow.given.get(step, {}))
        if earlier is None:
            run = Run(
                self._run_id(),
                flow.id,
                flow.version,
                self.now,
                Visit(0, step, self.now),
                answers=given,
                touched_at=self.now,
                commune=self.commune,
                phone=self.phone,
                poster=self.poster,
                channel=self.session.runs[0].channel if self.session else self.channel,
            )
            self.events.append(RunStarted(run))
        else:
            run = replace(earlier, outcome=RunOutcome.OPEN, answers=given, path=())
            if earlier.outcome is not RunOutcome.OPEN:
                self.events.append(RunTurned(run, earlier.outcome, RunOutcome.OPEN))
        below = self.session.runs if self.session else ()
        self.session = Session((*below, run))
        self._enter(step, ())

    def _run_id(self) -> str:
        return hashlib.blake2b(f"{self.seed}.{self.seq}".encode(), digest_size=8).hexdigest()

    def _enter(self, id: str, path: tuple[str, ...]) -> None:
        """Arrive at a step, with `path` behind it, and go on until one waits."""
        self._top(self._arrived(self.here.top, id, path))
        _, _, step = self.voice.at(self.here)
        self._enter_from(step)

    def _enter_from(self, step: Step) -> None:
        for _ in range(MAX_STEPS_PER_TURN):
            match step:
                case Say(ways=()):
                    self.replies.append(Reply(text="\n\n".join(self._led(self.voice.body(step)))))
                    following = self._onward(step.next)
                case Ask(shape=Shape.COMMUNE) if self.commune:
                    following = self._onward(step.next)
                case Say() | Ask():
                    self._say_step()
                    return
                case Branch():
                    following = self._onward(self._case(step))
                case Call(entrance=entrance):
                    flow, _, start = entrance.partition("/")
                    self._push(self.book.flows[flow], None, start)
                    return
                case Handoff():
                    self.replies.append(Reply(text="\n\n".join(self._led(self.voice.body(step)))))
                    self.ask_human("step")
                    return
                case End(books=books) if missing := self._not_asked(books):
                    following = self._onward(missing)
                case End():
                    after = self._end(step)
                    if after is None:
                        return
                    following = after
                case never:
                    assert_never(never)
            self._top(self._arrived(self.here.top, following, self.here.top.path))
            step = self.voice.at(self.here)[2]
        self.lead = self.voice.line("flow_at_fault")
        self.ask_human("loop")

    def note_stuck(self, sign: str) -> None:
        """Count a sign that somebody is stuck; of one run at one step once as a person."""
        run = self.here.top
        step = run.visit.step
        mark = f"{step}:{sign}"
        self.events.append(StuckSeen(sign, run, step, mark in run.signs))
        if mark not in run.signs:
            self._top(replace(run, signs=(*run.signs, mark)))

    def ask_human(self, reason: str) -> None:
        """Leave the guide to a human; the place is kept."""
        run = self.here.top
        self.events.append(HumanRequested(run.flow, run.version, run.visit.step, reason))
        self.close(Outcome.ESCALATED)

    def _onward(self, target: str) -> str:
        self._leave(Mark(Outcome.ANSWERED, target, How.ONWARD))
        return target

    def _end(self, step: End) -> str | None:
        """Finish the top run; the step of the calling guide that follows, if it was called."""
        offline = step.ending is Ending.WENT_OFFLINE
        words = self._led(self.voice.body(step))
        if step.books is not None:
            words.append(self._book(step.books))
        if offline or len(self.here.runs) == 1:
            words.append(self.voice.credit(self.book.credits[self.here.top.flow]))
        self.replies.append(Reply(text="\n\n".join(words)))
        if offline:
            self._leave(Mark(Outcome.WENT_OFFLINE))
        else:
            self._leave(Mark(Outcome.ANSWERED, str(Ending.COMPLETED), How.END))
        self._turn_top(RunOutcome.WENT_OFFLINE if offline else RunOutcome.COMPLETED)
        below = self.here.runs[:-1]
        if offline and below:  # what happens outside the chat ends the guides that waited for it as well
            self.close(Outcome.WENT_OFFLINE)
        if offline or not below:
            self.session = None
            return None
        self.session = replace(self.here, runs=below)
        _, _, call = self.voice.at(self.here)
        assert isinstance(call, Call)  # noqa: S101 - a run below another one stands at its call
        self._leave(Mark(Outcome.ANSWERED, call.next, How.RETURN))
        return call.next

    def _agree(self, purpose: Purpose) -> None:
        """Consent to what the step says, once for each time it is asked."""
        run, _, step = self.voice.at(self.here)
        words = "\n".join(self.voice.body(step)) if isinstance(step, Say) else ""
        consent = Consent(purpose, self.now, f"{zlib.crc32(words.encode()):08x}")
        self.consents = (*self.consents, consent)
        self.events.append(ConsentGiven(purpose))
        self._top(replace(run, answers={**run.answers, str(purpose): consent.text}))

    def _not_asked(self, books: Booking | None) -> str:
        run, flow, _ = self.voice.at(self.here)
        return not_asked(run, flow, books)

    def _book(self, books: Booking) -> str:
        """Ask the team to come, and say under which number; who has a visit already keeps that."""
        visit = self.home_visit
        if visit is not None and visit.is_open:
            return self.voice.line("visit_already", viec=visit.spoken)
        run = self.here.top
        wish = wish_of(books, run.answers)
        visit = requested(wish, self.commune, self.now, self.seed, flow=run.flow, step=run.visit.step)
        self.home_visit = visit
        self.events.append(HomeVisitRequested(visit))
        return self.voice.line("visit_asked", viec=visit.spoken)

    def _case(self, step: Branch) -> str:
        answers = self.here.top.answers
        for case in step.cases:
            if case.test == "home_visit":
                if case.value == visits_are(self.home_visit, offered=self.offers_visits):
                    return case.next
            elif case.holds(answers.get(case.answer)):
                return case.next
        return step.otherwise

    def _forward(self, target: str, outcome: Outcome, how: How, reason: str) -> None:
        run = self.here.top
        path = run.path
        _, _, step = self.voice.at(self.here)
        if waits(step):
            path = (*path, step.id)
        if target in path:
            path = path[: path.index(target)]
        self._leave(Mark(outcome, target, how, reason))
        self._enter(target, path)

    def _say_step(self) -> None:
        lead = "\n\n".join(part for part in (self.lead, self.small_talk) if part)
        self.replies.append(self.voice.step(self.here, lead))
        self.lead = self.small_talk = ""

    def _led(self, parts: list[str]) -> list[str]:
        lead, self.lead = self.lead, ""
        return [lead, *parts] if lead else parts

    def _arrived(self, run: Run, id: str, path: tuple[str, ...]) -> Run:
        self.seq += 1
        visit = Visit(self.seq, id, self.now)
        before = run.trail.get(id)
        mark = Mark(Outcome.OPEN, times=before.times + 1 if before else 1)
        trail = {**run.trail, id: mark}
        arrived = run.arrived(visit, trail, path)
        self.events.append(StepEntered(arrived, visit, before))
        return arrived

    def _leave(self, mark: Mark) -> None:
        """Leave the top run's visit; a visit that is already over stays as it was."""
        run = self.here.top
        standing = run.trail[run.visit.step]
        if standing.outcome is not Outcome.OPEN:
            return
        mark = Mark(mark.outcome, mark.to, mark.how, mark.reason, standing.times)
        self.events.append(StepLeft(run, run.visit.felt(self.now, self.downtime), self.now, mark))
        self._top(run.left({**run.trail, run.visit.step: mark}, self.now))

    def _close_top(self, outcome: Outcome) -> None:
        if self.here.is_open:  # what was over already, with a human, ended as its last stay did
            self._leave(Mark(outcome))
            self._turn_top(RunOutcome(outcome))

    def _turn_top(self, outcome: RunOutcome) -> None:
        run = self.here.top
        if run.outcome is not outcome:
            turned = replace(run, outcome=outcome)
            self.events.append(RunTurned(turned, run.outcome, outcome))
            self._top(turned)

    def _top(self, run: Run) -> None:
        here = self.here
        self.session = Session((*here.runs[:-1], run), here.paused)
