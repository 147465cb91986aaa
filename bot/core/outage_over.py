"""That an outage is over: when somebody is to hear it, and what the bot says then without being asked."""

from __future__ import annotations

from dataclasses import replace

from bot.core.book import Book
from bot.core.flow import Ask, Say
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.outage import Downtime, Outage
from bot.core.session import State
from bot.core.turn import Turn
from bot.core.visits import VIET_NAM
from bot.core.voice import Voice, in_language, voice_of

DAY = 86400

GRACE = 60
"""Seconds after the end before anybody hears of it: a slip of the finger can be taken back, and every process
knows by then.
"""

BETWEEN = 3600
"""Seconds between two announcements of an end to one person, at least."""

STALE = DAY
"""Seconds after which the end is no news any more."""

QUIET = (21 * 3600, 7 * 3600)
"""From when to when nobody is written to unasked, in seconds of Viet Nam's day."""


def by_day(at: int) -> int:
    """The first moment from then on at which people may be written to unasked."""
    begins, ends = QUIET
    second = (at + VIET_NAM) % DAY
    if second >= begins:
        return at - second + DAY + ends
    return at - second + ends if second < ends else at


def unheard(state: State, downtime: Downtime) -> Outage | None:
    """The last outage that is over and whose end they do not know, though they were told of it or wrote
    during it in the middle of a guide. None while another one lasts.
    """
    if downtime.current is not None:
        return None
    for outage in reversed(downtime.outages):
        if outage.id <= state.told.over:
            return None
        if outage.id == state.told.id or _met(state, outage):
            return outage
    return None


def over_due(state: State, downtime: Downtime, now: int) -> int:
    """When they are to hear that it is over; 0: not at all, or not before they write. `now` 0: unknown."""
    outage = unheard(state, downtime)
    if outage is None:
        return 0
    told = state.told.over_at + BETWEEN if state.told.over_at else 0
    at = by_day(max(outage.ended_at + GRACE, told, now))
    return at if at <= outage.ended_at + STALE and state.may_be_written_to(at) else 0


def announce(book: Book, state: State, downtime: Downtime, now: int) -> Turn | None:
    """Say that it is over, with the step they stand on; None when that is not due."""
    due = over_due(state, downtime, now)
    outage = unheard(state, downtime)
    if not due or now < due or outage is None:
        return None
    voice = voice_of(book, state.contact)
    after = replace(state, told=replace(state.told, over=outage.id, over_at=now))
    reply = _with_place(voice, state, over(voice, outage))
    return Turn(after, in_language((reply,), voice.locale))


def over(voice: Voice, outage: Outage) -> str:
    return f"{voice.line(f'outage_over_{outage.reason}')} {voice.line('outage_kept')}"


def _met(state: State, outage: Outage) -> bool:
    session = state.session
    walks = session is not None and session.is_open and not session.paused
    return walks and outage.lasts_at(state.heard_at)


def _with_place(voice: Voice, state: State, text: str) -> Reply:
    """With the answers that are waiting; who has put the guide aside is only told how to go on."""
    session = state.session
    if state.options:
        return voice.options(text, state.options, state.asked, Word.HUMAN, Word.MENU)
    if session is None or voice.book.edition(session.top.flow, session.top.version) is None:
        return Reply(text, shortcuts=voice.shortcuts(Word.HUMAN, Word.MENU))
    if session.is_open and not session.paused and isinstance(voice.at(session)[2], (Say, Ask)):
        return voice.step(session, text)
    return Reply(text, shortcuts=voice.shortcuts(Word.RESUME, Word.HUMAN, Word.MENU))
