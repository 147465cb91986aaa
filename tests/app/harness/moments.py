"""When a message was heard and what chance gave it, read off its key: so that a history can be replayed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from bot.app.conversation import Answer
from bot.app.ports import Kept
from bot.core.message import Incoming
from bot.core.session import State
from bot.core.turn import Turn

START = 1_795_000_000
BETWEEN = 400
PAUSE = 7 * 3600
"""Every fortieth message comes after a longer silence, so that the bot says where we were."""


def key_of(resident: str, number: int) -> str:
    return f"{resident}-{number:05}"


def moment_of(message: Incoming) -> tuple[Incoming, int]:
    """The message with its own seed, and its own time. What follows a slash in a key is not looked at."""
    key = message.key.partition("/")[0]
    seed = hashlib.blake2b(key.encode(), digest_size=8)
    number = int(key.rpartition("-")[2])
    now = START + number * BETWEEN + seed.digest()[0] + (number // 40) * PAUSE
    return replace(message, seed=seed.hexdigest()), now


def by_moments(answer: Answer) -> Answer:
    """The bot's own way to answer, with time and chance taken from the message."""

    def answered(state: State | None, message: Incoming, _: int, kept: Callable[[], Kept]) -> Turn:
        seeded, now = moment_of(message)
        return answer(state, seeded, now, kept)

    return answered
