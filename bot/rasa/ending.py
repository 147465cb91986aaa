"""How a turn left the person, in the few words that Rasa's flows and rules branch on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.events import HumanRequested, NotUnderstood, RunTurned
from bot.core.flow import flow_of
from bot.core.message import Reply
from bot.core.session import RunOutcome, State
from bot.core.turn import Turn


class Status(StrEnum):
    """The values of the slot `vneid_status`."""

    WAITING = "waiting"
    DONE = "done"
    WENT_OFFLINE = "went_offline"
    HANDED_OFF = "handed_off"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class End:
    """`guide` and `step` are where the person stands; empty where nothing is kept, or no guide is walked."""

    status: Status
    guide: str = ""
    step: str = ""
    understood: bool = True
    kept: bool = False


def end_of(turn: Turn) -> End:
    understood = not any(isinstance(event, NotUnderstood) and not event.meant for event in turn.events)
    if turn.state is None:
        asks = _asks(turn.replies)
        return End(Status.WAITING if asks else Status.DONE, understood=understood)
    guide, step = place_of(turn.state)
    return End(_status(turn, turn.state), guide, step, understood, kept=True)


def _status(turn: Turn, state: State) -> Status:
    if any(isinstance(event, HumanRequested) for event in turn.events):
        return Status.HANDED_OFF
    if state.options:
        return Status.WAITING
    if state.session is not None:
        return Status.PAUSED if state.session.paused else Status.WAITING
    turned = [event.now for event in turn.events if isinstance(event, RunTurned)]
    return Status.WENT_OFFLINE if RunOutcome.WENT_OFFLINE in turned[-1:] else Status.DONE


def place_of(state: State) -> tuple[str, str]:
    """The guide that was asked for, and the step of it, or of one that it called: "otp/ma-sai"."""
    if state.session is not None:
        top = state.session.top
        return state.session.runs[0].flow, f"{top.flow}/{top.visit.step}"
    return ("" if state.wanted.startswith("?") else flow_of(state.wanted)), ""


def _asks(replies: Sequence[Reply]) -> bool:
    """Whether somebody of whom nothing is kept was asked something. The one button under a whole guide that
    was read is an offer, not a question.
    """
    return bool(replies) and len(replies[-1].choices) > 1
