"""What a message led to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events import Event
from bot.core.message import Reply
from bot.core.session import State


@dataclass(frozen=True, slots=True)
class Turn:
    """The state to keep (None: keep nothing), what to say, what happened.

    `due_at` is when the conversation wants to be woken without a message, in seconds since 1970; 0: never.
    """

    state: State | None
    replies: tuple[Reply, ...] = ()
    events: tuple[Event, ...] = ()
    due_at: int = 0
