"""Short words for tests that talk."""

from __future__ import annotations

from bot.content.transcripts import Player
from bot.core.message import Reply
from bot.core.session import State
from bot.core.ticket import Refusal, Ticket
from bot.core.turn import Turn


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def state_of(player: Player) -> State:
    assert player.state is not None
    return player.state


def place(player: Player) -> str:
    session = state_of(player).session
    assert session is not None
    return f"{session.top.flow}/{session.top.visit.step}"


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def ticket_of(player: Player) -> Ticket:
    ticket = state_of(player).ticket
    assert ticket is not None
    return ticket


def happened(turn: Turn, kind: type) -> list[object]:
    return [event for event in turn.events if isinstance(event, kind)]


def told(turn: Turn | Refusal) -> str:
    assert isinstance(turn, Turn)
    return said(turn)
