"""Windows of steps, reminders and absences: what time alone changes."""

from __future__ import annotations

from dataclasses import replace

from bot.core import home_visit
from bot.core.book import Book
from bot.core.engine import Walk
from bot.core.events import Move, TicketMoved
from bot.core.flow import Ask, Say
from bot.core.hearing import Word
from bot.core.home_news import overdue
from bot.core.message import Reply
from bot.core.session import Outcome, Session, State
from bot.core.ticket import expired
from bot.core.turn import Turn
from bot.core.voice import in_language, voice_of

LAST_CALL = 3600
"""Seconds before a platform closes its window to us: a reminder that would come later comes then."""

ABSENT = 6 * 3600
"""After so many seconds of silence the bot says where we were before going on."""


def is_absent(state: State, now: int) -> bool:
    """Whether the person comes back to a place rather than going on."""
    session = state.session
    if session is None:
        return False
    return session.paused or not session.is_open or now - state.heard_at >= ABSENT


def due_at(book: Book, state: State) -> int:
    """When the step's reminder or its window is due; 0 when nothing waits."""
    if state.ticket is not None and state.ticket.holder is not None:
        return state.ticket.holder.until  # no step's clock runs while a person has the conversation
    times = (_step_due_at(book, state), home_visit.due_at(state.home_visit))
    return min((time for time in times if time), default=0)


def _step_due_at(book: Book, state: State) -> int:
    window = _window(book, state.session)
    if window is None or state.session is None:
        return 0
    visit = state.session.top.visit
    remind, expire = window
    if remind and not visit.reminders and not state.session.paused:
        at = _while_we_may_write(state, visit.entered_at + min(remind, expire))
        if at > visit.entered_at:
            return at
    return visit.entered_at + expire


def _while_we_may_write(state: State, at: int) -> int:
    """Not after the platform stops us; 0 when there is no good moment before that."""
    if not state.window:
        return at
    last = state.heard_at + state.window - LAST_CALL
    return min(at, last) if last > state.heard_at else 0


def wake(book: Book, state: State, now: int) -> Turn | None:
    """The turn of a timer. It looks at the place anew: one that finds another visit does nothing."""
    due = due_at(book, state)
    if not due:
        return None
    if now < due:
        return Turn(state, due_at=due)
    if state.ticket is not None and state.ticket.holder is not None:
        return lapse(book, state, now)
    change = overdue(book, state, now)
    if change is not None:
        after, replies, events = change
        return Turn(after, replies, events, due_at(book, after))
    session = state.session
    window = _window(book, session)
    assert session is not None  # noqa: S101 - something is due
    assert window is not None  # noqa: S101 - something is due
    if now < session.top.visit.entered_at + window[1]:
        return _remind(book, state, session, now)
    voice = voice_of(book, state.contact)
    walk = Walk(book, voice, now, "", state.seq, session)
    walk.close(Outcome.EXPIRED)
    return Turn(replace(state, session=walk.session), events=tuple(walk.events))


def lapse(book: Book, state: State, now: int) -> Turn | None:
    """The lease is over: back to the queue, and the resident is told why. None when it is not over."""
    back = expired(state.ticket, now) if state.ticket is not None else None
    if back is None or state.ticket is None or state.ticket.holder is None:
        return None
    voice = voice_of(book, state.contact)
    holder = state.ticket.holder
    reply = Reply(voice.line("back_in_queue", dieu=holder.name), shortcuts=voice.shortcuts(Word.ALONE))
    after = replace(state, ticket=back, options=())
    moved = TicketMoved(back, Move.EXPIRED, now, holder.id)
    return Turn(after, in_language((reply,), voice.locale), (moved,), due_at(book, after))


def unreachable(book: Book, state: State, now: int) -> Turn | None:
    """The channel says that the person blocked us or is gone."""
    if state.session is None or not state.session.is_open:
        return None
    walk = Walk(book, voice_of(book, state.contact), now, "", state.seq, state.session)
    walk.close(Outcome.BLOCKED)
    return Turn(replace(state, session=walk.session), events=tuple(walk.events))


def _remind(book: Book, state: State, session: Session, now: int) -> Turn:
    run = session.top
    reminded = replace(run, visit=replace(run.visit, reminders=run.visit.reminders + 1))
    session = replace(session, runs=(*session.runs[:-1], reminded))
    after = replace(state, session=session)
    due = due_at(book, after)
    if state.window and now >= state.heard_at + state.window:
        return Turn(after, due_at=due)  # we slept through it, and the platform would refuse it now
    voice = voice_of(book, state.contact)
    reply: Reply = voice.step(session, voice.line("reminder"))
    return Turn(after, in_language((reply,), voice.locale), due_at=due)


def _window(book: Book, session: Session | None) -> tuple[int, int] | None:
    """(seconds until the reminder or 0, seconds until the visit expires) of the waiting step."""
    if session is None or not session.is_open:
        return None
    run = session.top
    flow = book.edition(run.flow, run.version)
    step = flow.steps.get(run.visit.step) if flow else None
    if not isinstance(step, (Say, Ask)):
        return None
    return step.remind, step.window
