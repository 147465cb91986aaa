"""Where a contact is in a flow and what they answered.

Definitions are those of `docs/architecture.md` ("What is counted"): a run is one person, one guide, one
version, one start; a visit is one stay at one step; every visited step has exactly one outcome per run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.contact import Contact
from bot.core.home_visit import HomeVisit
from bot.core.message import Kind
from bot.core.outage import NO_OUTAGES, UNTOLD, Downtime, Told
from bot.core.ticket import Ticket

KEEP_RUN = 24 * 3600
"""A restart within this many seconds continues the run."""

LAST_CALL = 3600
"""Seconds before a platform closes its window to us: what would come later is said then."""


class Outcome(StrEnum):
    """How a stay at a step ended; `open` while it has not."""

    OPEN = "open"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    ESCALATED = "escalated"
    WENT_OFFLINE = "went_offline"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    OUTAGE = "outage"
    SUPERSEDED = "superseded"


class RunOutcome(StrEnum):
    """How a run ended. started = completed + went_offline + escalated + losses + open."""

    OPEN = "open"
    COMPLETED = "completed"
    WENT_OFFLINE = "went_offline"
    ESCALATED = "escalated"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    OUTAGE = "outage"
    SUPERSEDED = "superseded"


class How(StrEnum):
    """By what a person walked an arrow from one step to another."""

    CHOICE = "choice"
    STUCK = "stuck"
    SKIP = "skip"
    BACK = "back"
    ONWARD = "onward"
    RETURN = "return"
    HANDED = "handed"
    END = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a step for this run so far: its one outcome and the last way taken out of it.

    `times` is how often this run has been there.
    """

    outcome: Outcome
    to: str = ""
    how: str = ""
    reason: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay at one step. `seq` counts the visits of a conversation and never repeats."""

    seq: int
    step: str
    entered_at: int
    attempts: int = 0
    reminders: int = 0

    def felt(self, now: int, downtime: Downtime) -> Visit:
        """As long as it was felt: the time of an outage is nobody's."""
        if not downtime.outages:
            return self
        return replace(self, entered_at=now - downtime.felt(self.entered_at, now))

    def rested(self, since: int, now: int, downtime: Downtime) -> Visit:
        """Whatever was felt of it before then was felt just now."""
        felt = downtime.felt(self.entered_at, max(since, self.entered_at))
        return replace(self, entered_at=max(self.entered_at, downtime.before(now, felt)))


@dataclass(frozen=True, slots=True)
class Run:
    """One passage of a person through one guide. `path` are the steps behind, for "quay lại".

    `commune` is where it began, `phone` on which kind of phone, `poster` which poster led to it, `channel` on
    which they wrote (empty in runs older than that): all its numbers are booked there, whatever the person
    says later and wherever they go on. `signs` are those already seen of it, as
    "step:sign".
    """

    id: str
    flow: str
    version: str
    started_at: int
    visit: Visit
    outcome: RunOutcome = RunOutcome.OPEN
    answers: Mapping[str, str | int] = field(default_factory=dict)
    trail: Mapping[str, Mark] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    touched_at: int = 0
    commune: str = ""
    phone: str = ""
    poster: str = ""
    signs: tuple[str, ...] = ()
    channel: str = ""

    # Written out, since these two are made in every turn and `replace` takes four times as long.

    def arrived(self, visit: Visit, trail: Mapping[str, Mark], path: tuple[str, ...]) -> Run:
        return Run(
            self.id,
            self.flow,
            self.version,
            self.started_at,
            visit,
            self.outcome,
            self.answers,
            trail,
            path,
            visit.entered_at,
            self.commune,
            self.phone,
            self.poster,
            self.signs,
            self.channel,
        )

    def left(self, trail: Mapping[str, Mark], at: int) -> Run:
        return Run(
            self.id,
            self.flow,
            self.version,
            self.started_at,
            self.visit,
            self.outcome,
            self.answers,
            trail,
            self.path,
            at,
            self.commune,
            self.phone,
            self.poster,
            self.signs,
            self.channel,
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A stack of runs: the first was asked for, each further one was called by the one before.

    `paused` after "dừng" or "menu": the place is kept, nobody is reminded.
    """

    runs: tuple[Run, ...]
    paused: bool = False

    @property
    def top(self) -> Run:
        return self.runs[-1]

    def rested(self, since: int, now: int, downtime: Downtime = NO_OUTAGES) -> Session:
        """Its clocks stood still since then: nobody was waited for, and nobody was slow. An outage at the
        same time stops them once, not twice.
        """
        runs = (replace(run, visit=run.visit.rested(since, now, downtime)) for run in self.runs)
        return Session(tuple(runs), self.paused)

    @property
    def is_open(self) -> bool:
        """Whether the person stands at a step; not after it expired, was left or handed to a human."""
        return self.top.trail[self.top.visit.step].outcome is Outcome.OPEN


class Verb(StrEnum):
    """What choosing an offered option does."""

    BEGIN = "begin"
    READ = "read"
    SPEAK = "speak"
    FORM = "form"
    COMMUNE = "commune"
    START = "start"
    AGAIN = "again"
    ANSWER = "answer"
    RESUME = "resume"
    STAY = "stay"
    MENU = "menu"
    HUMAN = "human"
    ERASE = "erase"
    KEEP = "keep"
    NONE = "none"
    ERROR = "error"
    CALL = "call"
    ALONE = "alone"
    RATE = "rate"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to a question that the bot itself asked, outside any guide.

    `intent` is the guess it stands for: choosing it tells what the message before meant.
    """

    label: str
    verb: Verb
    arg: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """All that is kept of a conversation between two messages.

    `options` wait for an answer before the session does; `asked` is their number, drawn from `seq` like the
    numbers of visits. `wanted` is the guide to start once the first questions are over. `misses` counts
    messages not understood in a row; `last_said` and `repeats` keep the bot from repeating itself.
    `unsure` is the message, already sieved, that the offered guesses are about.
    `english_offered`: somebody who wrote English has been told once that the bot speaks it.
    `sent` is what the last message was, `in_row` how many of that kind came one after another.
    `naming` is the name of a commune that was said when many bear it: its province is asked for.
    `asks_team`: somebody asked when the mobile team comes, and the commune they name next is where.
    `window` is for how many seconds after `heard_at` we may write unasked; 0: for ever.
    `ticket` is the open request for a human, which also says who owns the conversation. `helped` is the last
    one that somebody took, as it was when it was closed: a late report is about it, and a rating, which may
    be asked for until `rate_until` when the guide ends that the person was given back to. `met` is the known
    error that was explained last in this guide.
    `home_visit` is the visit at home that was asked for last, until what it says has to go. `told` is what
    they have heard of outages of VNeID.
    """

    contact: Contact
    session: Session | None = None
    parked: tuple[Session, ...] = ()
    options: tuple[Option, ...] = ()
    asked: int = 0
    wanted: str = ""
    seq: int = 0
    misses: int = 0
    last_said: int = 0
    repeats: int = 0
    heard_at: int = 0
    unsure: str = ""
    english_offered: bool = False
    sent: Kind = Kind.TEXT
    in_row: int = 0
    naming: str = ""
    asks_team: bool = False
    window: int = 0
    ticket: Ticket | None = None
    helped: Ticket | None = None
    rate_until: int = 0
    met: str = ""
    home_visit: HomeVisit | None = None
    told: Told = UNTOLD

    def may_be_written_to(self, now: int) -> bool:
        """Whether the platform lets us write unasked."""
        return not self.window or now < self.heard_at + self.window
