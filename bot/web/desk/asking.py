"""What the resident asked last, as the lines of a conversation tell it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from bot.app.ports import Line


def last_words(lines: Sequence[Line]) -> str:
    """What the resident wrote since anybody answered, or wrote last before that."""
    since = list(takewhile(lambda line: line.mine, reversed(lines)))[::-1]
    latest = since or [line for line in lines if line.mine][-1:]
    return "\n".join(line.reply.text for line in latest)
