"""What is told to whoever waits for a human: the place in the queue, the hours, that it takes long; and when.

The person at the other end may sit there for hours, so each thing is said once, and nothing is promised that
nobody keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from bot.core.book import Book
from bot.core.desk import Desk, Promise, clock, day
from bot.core.events import TicketClosed
from bot.core.flow import Ask, Say
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.session import LAST_CALL, State
from bot.core.ticket import Closing, News, Ticket
from bot.core.turn import Turn
from bot.core.voice import Voice, in_language, voice_of

LONG = 15 * 60
"""Seconds after which it is said that it takes long, and what else helps."""

GIVEN_UP = 3 * 86400
"""Seconds after which nobody is going to come any more, and it is better to say so."""

LOOK = 3600
"""Seconds between two looks at the hours, which people may change meanwhile."""


def offered(voice: Voice, promise: Promise) -> str:
    """What is said of the desk before they agree."""
    if not promise.open:
        there = _closed(voice, promise)
    elif not promise.on_duty:
        there = voice.line("human_absent")
    else:
        there = (
            voice.line("human_ahead", dieu=str(promise.ahead)) if promise.ahead else voice.line("human_there")
        )
    return f"{voice.line('human_offer')} {there}"


def opened(voice: Voice, promise: Promise, *, knows_where: bool) -> str:
    """Honestly, when they have agreed: where they stand, what comes next, what never to send."""
    if not promise.open:
        when = _closed(voice, promise)
    else:
        absent = "" if promise.on_duty else voice.line("human_absent")
        when = " ".join(part for part in (_place(voice, promise.ahead + 1), absent) if part)
    where = "" if knows_where or not promise.open else voice.line("human_where")
    return _joined(f"{voice.line('human_called')} {when}", voice.line("human_rules"), where)


def still(voice: Voice, ticket: Ticket, desk: Desk, now: int, turn: int) -> str:
    """The place by now, in words that change with each turn."""
    promise = desk.promise(ticket.commune, now)
    return _joined(
        voice.line(f"human_waiting_{1 + turn % 2}"),
        _closed(voice, promise) if promise.staffed and not promise.open else _place_of(voice, ticket, desk),
    )


def look_at(state: State, ticket: Ticket, desk: Desk, now: int) -> int:
    """When there may be something to say next. Who does not know the time looks at once."""
    if not now:
        return ticket.opened_at
    if _news(state, ticket, desk, now) is not None:
        return now
    return min(at for at in _moments(state, ticket, desk, now) if at > now)


def tell(book: Book, state: State, ticket: Ticket, desk: Desk, now: int) -> Turn | None:
    """What is to be said by now; None when nothing is. The caller knows when to look again."""
    news = _news(state, ticket, desk, now)
    if news is None:
        return None
    voice = voice_of(book, state.contact)
    promise = desk.promise(ticket.commune, now)
    match news:
        case News.GIVEN_UP:
            helped = ticket if ticket.claimed_at else state.helped
            after = replace(state, ticket=None, helped=helped, options=())
            words = (voice.line("human_gone"),) if state.may_be_written_to(now) else ()
            closed = TicketClosed(ticket, Closing.GONE, now)
            replies = tuple(_note(voice, after, text, Word.HUMAN) for text in words)
            return Turn(after, in_language(replies, voice.locale), (closed,))
        case News.CLOSED:
            told = replace(ticket, told_closed=True)
            text = _closed(voice, promise)
        case News.WINDOW:
            told = replace(ticket, told_window=True)
            text = voice.line("human_window")
        case News.LONG:
            told = replace(ticket, told_waiting=True)
            text = _joined(voice.line("human_long"), _place_of(voice, ticket, desk))
        case never:
            assert_never(never)
    after = replace(state, ticket=told)
    return Turn(after, in_language((_note(voice, after, text, Word.ALONE),), voice.locale))


def _news(state: State, ticket: Ticket, desk: Desk, now: int) -> News | None:
    """The one thing to be said now, the gravest first."""
    promise = desk.promise(ticket.commune, now)
    if now >= ticket.opened_at + GIVEN_UP:
        return News.GIVEN_UP
    if not state.may_be_written_to(now):
        return None
    if promise.staffed and not promise.open and not ticket.told_closed:
        return News.CLOSED
    if not ticket.told_window and state.window > LAST_CALL and now >= _last_call(state):
        return News.WINDOW
    closed = promise.staffed and not promise.open
    if not ticket.told_waiting and not closed and now >= _long(ticket):
        return News.LONG
    return None


def _moments(state: State, ticket: Ticket, desk: Desk, now: int) -> Iterator[int]:
    yield now + LOOK
    yield ticket.opened_at + GIVEN_UP
    yield _long(ticket)
    yield desk.hours_of(ticket.commune).next_change(now)
    if state.window:
        yield _last_call(state)


def _long(ticket: Ticket) -> int:
    return max(ticket.opened_at, ticket.waits_since) + LONG


def _last_call(state: State) -> int:
    return state.heard_at + state.window - LAST_CALL


def _note(voice: Voice, state: State, text: str, word: Word) -> Reply:
    """With the answers that are waiting, so that they stay in reach below the newest message."""
    session = state.session
    if state.options:
        return voice.options(text, state.options, state.asked, word, Word.MENU)
    if session is None or voice.book.edition(session.top.flow, session.top.version) is None:
        return Reply(text, shortcuts=voice.shortcuts(word, Word.MENU))
    if session.is_open and not session.paused and isinstance(voice.at(session)[2], (Say, Ask)):
        return replace(voice.step(session, text, shortly=True), shortcuts=voice.shortcuts(word, Word.MENU))
    return Reply(text, shortcuts=voice.shortcuts(Word.RESUME, word, Word.MENU))


def _closed(voice: Voice, promise: Promise) -> str:
    at = promise.opens_at
    return voice.line("human_closed", dieu=clock(at), buoc=day(at)) if at else voice.line("human_closed_long")


def _place_of(voice: Voice, ticket: Ticket, desk: Desk) -> str:
    ahead = desk.ahead_of(ticket.commune, ticket.opened_at)
    return "" if ahead is None else _place(voice, ahead + 1)


def _place(voice: Voice, place: int) -> str:
    return voice.line("human_place", dieu=str(place)) if place > 1 else voice.line("human_first")


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
