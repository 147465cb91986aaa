"""What is counted, by which keys, and the sums that must hold. `tally.py` adds it up.

Definitions (binding; the same in `docs/architecture.md`):

* reached(step) counts persons: each run once, however often it comes by. Visits are counted beside it.
* Each reached step of a run has exactly one outcome at any time, so reached = Σ persons by outcome; and
  visits = Σ visits by outcome.
* Every arrow walked is counted, so Σ arrows out of a step = answered + skipped, for persons (the last way
  each took) and for visits (every way).
* started = Σ runs by outcome, `open` included.

All numbers of a run are booked on the day it started (Viet Nam time), in the commune and on the channel it
started, so every sum holds for every period, place and channel.
"""

from __future__ import annotations

from enum import StrEnum
from math import log2
from typing import NamedTuple

from bot.core.events import TicketClosed
from bot.core.session import Outcome, Run, RunOutcome

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
HELP_TIME_COLUMNS = ("tickets",)
HOME_COLUMNS = ("requested", "done", "called_off")
SIGN_COLUMNS = ("persons", "times")
CELL_COLUMNS = ("persons",)


class Clock(StrEnum):
    """Times that are measured apart: until a person came, and with that person. Those with the bot are
    measured step by step, in `TimeKey`.
    """

    WAITED = "waited"
    HELPED = "helped"


class View(StrEnum):
    """From where one looks at a guide's numbers: at all of them, or at the parts of one kind. No number is
    about two kinds at once.
    """

    ALL = "all"
    PROVINCE = "province"
    COMMUNE = "commune"
    CHANNEL = "channel"
    VERSION = "version"
    PHONE = "phone"
    POSTER = "poster"


class Kind(StrEnum):
    """What a cell of a view counts, and what its `what` says then.

    RUN: persons, how their run ended. STEP: persons at a step, how their stay ended, if they did not go on.
    WAY: persons that went on, by which way (`way_of`). STAY, STAY_WAY: the same of all stays. TIME: stays by
    the bucket of how long they took. SIGN: persons that showed a sign of being stuck. TICKET: requests for a
    human by what came of them, REASON: by why they were made. RATING: what was said of the help, from 1 to 3.
    WAITED, HELPED: requests by the bucket of how long it took. HOME: visits at home by what came of them.
    """

    RUN = "run"
    STEP = "step"
    WAY = "way"
    STAY = "stay"
    STAY_WAY = "stay_way"
    TIME = "time"
    SIGN = "sign"
    TICKET = "ticket"
    REASON = "reason"
    RATING = "rating"
    WAITED = "waited"
    HELPED = "helped"
    HOME = "home"


OF_GUIDES = frozenset({Kind.RUN, Kind.STEP, Kind.WAY, Kind.STAY, Kind.STAY_WAY, Kind.TIME, Kind.SIGN})
"""Kinds that are about guides; the others are about people who help."""


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


class HelpTimeKey(NamedTuple):
    """How long help took that was asked for on `day`."""

    day: int
    channel: str
    commune: str
    flow: str
    clock: str
    bucket: int


class HomeKey(NamedTuple):
    """Visits at home, by the day they were asked for."""

    day: int
    channel: str
    commune: str


class SignKey(NamedTuple):
    """Signs of being stuck (`sticking.py`). `persons` counts a run once for each sign and step."""

    day: int
    flow: str
    version: str
    channel: str
    commune: str
    step: str
    sign: str


class CellKey(NamedTuple):
    """What is counted for the parts of one view alone: for kinds of phones, and for posters."""

    day: int
    view: str
    part: str
    flow: str
    kind: str
    step: str
    what: str


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


def week_of(day: int) -> int:
    """Weeks since the one that began on Monday 1969-12-29; `day` as of `day_of`."""
    return (day + 3) // 7


def first_day(week: int) -> int:
    """The Monday of a week."""
    return week * 7 - 3


def bucket_of(seconds: int) -> int:
    """Durations are counted in steps of a factor of √2, fine enough for a median in words."""
    return round(2 * log2(1 + max(0, seconds)))


def seconds_of(bucket: int) -> float:
    """The middle of a bucket, in seconds."""
    return float(2 ** (bucket / 2) - 1)


def run_key(run: Run, channel: str) -> RunKey:
    """Where a run is booked; `channel` is for those that do not say on which they began."""
    return RunKey(day_of(run.started_at), run.flow, run.version, run.channel or channel, run.commune)


def step_key(run: Run, step: str, channel: str) -> StepKey:
    return StepKey(*run_key(run, channel), step)


def way_of(to: str, how: str, reason: str) -> str:
    """An arrow as the `what` of a cell; ids hold no spaces."""
    return f"{to} {how} {reason}".rstrip()


def arrow_of(what: str) -> tuple[str, str, str]:
    """To which step, how, and for which reason."""
    to, how, reason = (*what.split(" ", 2), "", "")[:3]
    return to, how, reason
