"""A copy of what is kept of somebody, in words they can read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.app.ports import Kept, Line
from bot.core import home_news
from bot.core.book import Book
from bot.core.message import Reply
from bot.core.session import State
from bot.core.visits import VIET_NAM
from bot.core.voice import in_language, voice_of

SHOWN = 40
"""Lines shown in the chat itself."""

ROOM = 1500
"""Characters of one message."""

LONGEST = 200
"""Characters of a line that are shown."""


def earlier_visits(book: Book, state: State | None, kept: Kept) -> tuple[Reply, ...]:
    """Visits at home before the last one, which the bot tells of itself."""
    last = state.home_visit.key if state is not None and state.home_visit is not None else ""
    earlier = [visit for visit in kept.home_visits if visit.key != last]
    if not earlier or state is None:
        return ()
    voice = voice_of(book, state.contact)
    lines = "\n".join(home_news.kept(voice, visit) for visit in earlier)
    return in_language((Reply(lines),), voice.locale)


def copy_of(kept: Kept) -> tuple[Reply, ...]:
    """The kept lines, newest last, in as many messages as they need."""
    lines = [_line(line) for line in kept.lines[-SHOWN:]]
    messages: list[str] = []
    for line in lines:
        if messages and len(messages[-1]) + len(line) < ROOM:
            messages[-1] += "\n" + line
        else:
            messages.append(line)
    return tuple(Reply(text) for text in messages)


def _line(line: Line) -> str:
    at = datetime.fromtimestamp(line.at, UTC) + timedelta(seconds=VIET_NAM)
    who = "→" if line.mine else "←"
    text = " ".join(line.reply.text.split())
    if len(text) > LONGEST:
        text = (text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]) + "…"
    return f"{at:%d/%m %H:%M} {who} {text}"
