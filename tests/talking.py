"""Short words for tests that talk."""

from __future__ import annotations

from bot.content.transcripts import Player
from bot.core.message import Reply
from bot.core.session import State
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
