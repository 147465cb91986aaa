"""Everything that can happen in a turn, as facts in the past tense.

Statistics are folds over these (`visits.py`); the application acts on some of them (a ticket, an erasure).
Only `NotUnderstood` holds a resident's words, as the sieve left them: they are what the bot learns from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.contact import Purpose
from bot.core.home_visit import HomeVisit
from bot.core.message import Secret
from bot.core.session import Mark, Outcome, Run, RunOutcome, Visit
from bot.core.ticket import Closing, Ticket


@dataclass(frozen=True, slots=True)
class RunStarted:
    run: Run


@dataclass(frozen=True, slots=True)
class RunTurned:
    """A run went from one outcome to another: ended, or was reopened when the person came back."""

    run: Run
    was: RunOutcome
    now: RunOutcome


@dataclass(frozen=True, slots=True)
class StepEntered:
    """`before` is what this run had made of the step earlier, if it had been there."""

    run: Run
    visit: Visit
    before: Mark | None


@dataclass(frozen=True, slots=True)
class StepLeft:
    """The stay is over. `mark` holds its outcome and, when answered or skipped, the arrow walked."""

    run: Run
    visit: Visit
    left_at: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    intent: str
    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class StuckSeen:
    """Something that people do who are stuck; `sign` says what (`sticking.py`), `step` where.

    Of people of whom nothing is kept, and outside any guide, there is no run. `again`: the same was seen of
    this run at this step before. A picture, or several in a row, is not opened; it mostly shows a screen.
    """

    sign: str
    run: Run | None
    step: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message whose meaning was not found, or only when the person picked it among guesses: `meant`.

    A refusal as out of scope is one too, so that a wrong one is seen.
    """

    flow: str
    step: str
    text: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class SecretMasked:
    kinds: tuple[Secret, ...]


@dataclass(frozen=True, slots=True)
class HumanRequested:
    """The guide was not enough. `reason` is a short id: asked, step, loop, unclear, distress."""

    flow: str
    version: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketOpened:
    ticket: Ticket


class Move(StrEnum):
    """How a ticket changed hands."""

    CLAIMED = "claimed"
    TAKEN_OVER = "taken_over"
    PASSED = "passed"
    RETURNED = "returned"
    SHIFT_ENDED = "shift_ended"
    EXPIRED = "expired"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class TicketMoved:
    """`by` is who held it before, `to` who holds it now; 0 is the queue."""

    ticket: Ticket
    move: Move
    at: int
    by: int = 0
    to: int = 0


@dataclass(frozen=True, slots=True)
class HumanSpoke:
    """A person's words were sent to the resident."""

    ticket: Ticket
    by: int


@dataclass(frozen=True, slots=True)
class TicketClosed:
    """`ticket` as it was last; `by` 0: the resident or the bot. `step` ("kich-hoat/nhap-so") and `error` are
    what it was about, as whoever closed it chose.
    """

    ticket: Ticket
    closing: Closing
    at: int
    by: int = 0
    step: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class HelpRated:
    """What the resident says of a person's help, from 1 (no) to 3 (yes). `ticket` is its key."""

    ticket: str
    score: int


@dataclass(frozen=True, slots=True)
class HomeVisitRequested:
    """The resident agreed to what the team is to know; `visit.made_by` wrote it down, 0: they themselves."""

    visit: HomeVisit


@dataclass(frozen=True, slots=True)
class HomeVisitAgreed:
    """Somebody of the team will come; `again`: on another day or others than was agreed before."""

    visit: HomeVisit
    by: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class HomeVisitDone:
    visit: HomeVisit
    by: int


@dataclass(frozen=True, slots=True)
class HomeVisitCalledOff:
    """`by` 0: the resident, or time; `visit.why` tells."""

    visit: HomeVisit
    by: int = 0


@dataclass(frozen=True, slots=True)
class OutageTold:
    """Somebody of whom something is kept heard for the first time that VNeID is down; the outage's id."""

    outage: int


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class DataRequested:
    """The resident wants to see all we keep of them; the application adds it to the replies."""


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """Everything of this conversation goes, in the same transaction."""


Event = (
    RunStarted
    | RunTurned
    | StepEntered
    | StepLeft
    | AnswerGiven
    | StuckSeen
    | NotUnderstood
    | SecretMasked
    | HumanRequested
    | TicketOpened
    | TicketMoved
    | HumanSpoke
    | TicketClosed
    | HelpRated
    | HomeVisitRequested
    | HomeVisitAgreed
    | HomeVisitDone
    | HomeVisitCalledOff
    | OutageTold
    | ConsentGiven
    | DataRequested
    | ErasureRequested
)

LOST = frozenset({Outcome.EXPIRED, Outcome.BLOCKED, Outcome.SUPERSEDED})
"""Outcomes that are a drop-off. `open` is never a loss."""
