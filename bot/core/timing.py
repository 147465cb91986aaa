"""Windows of steps, reminders and absences: what time alone changes."""

from __future__ import annotations

from dataclasses import replace

from bot.core import home_visit, waiting
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.core.engine import Walk
from bot.core.events import Event, Move, TicketClosed, TicketMoved
from bot.core.flow import Ask, Say
from bot.core.home_news import overdue
from bot.core.message import Reply
from bot.core.outage import LOOK, NO_OUTAGES, Downtime
from bot.core.outage_over import BETWEEN, announce, over_due
from bot.core.session import LAST_CALL, Outcome, Session, State
from bot.core.ticket import Closing, expired
from bot.core.turn import Turn
from bot.core.voice import in_language, voice_of

ABSENT = 6 * 3600
"""After so many seconds of silence the bot says where we were before going on."""


def is_absent(state: State, now: int) -> bool:
    """Whether the person comes back to a place rather than going on."""
    session = state.session
    if session is None:
        return False
    left = (session.paused or not session.is_open) and state.ticket is None  # who waits for a human is here
    return left or now - state.heard_at >= ABSENT


def due_at(book: Book, state: State, desk: Desk = NOBODY, now: int = 0) -> int:
    """When a lease, the queue, the step's reminder or its window is due; 0 when nothing waits.

    `now` 0: who asks does not know the hours of the desk, so somebody who does has to look at once.
    """
    ticket = state.ticket
    if ticket is not None and ticket.holder is not None:
        return ticket.holder.until  # no step's clock runs while a person has the conversation
    in_queue = waiting.look_at(state, ticket, desk, now) if ticket is not None else 0
    times = (
        _due_at_step(book, state, desk.downtime, now),
        in_queue,
        home_visit.due_at(state.home_visit),
        over_due(state, desk.downtime, now),
    )
    return min((time for time in times if time), default=0)


def _due_at_step(book: Book, state: State, downtime: Downtime, now: int) -> int:
    """While VNeID is down nobody is reminded and nothing ends: then it is only when to look again."""
    window = _window(book, state.session)
    if window is None or state.session is None:
        return 0
    visit = state.session.top.visit
    remind, expire = window
    end = downtime.end(visit.entered_at, expire, now).at
    if remind and not visit.reminders and not state.session.paused:
        at = _while_we_may_write(state, downtime.end(visit.entered_at, min(remind, expire), now).at)
        if at > visit.entered_at and not downtime.lasts_at(at):
            return min(_not_now(state, downtime, at, now), end)
    return end


def _not_now(state: State, downtime: Downtime, at: int, now: int) -> int:
    """A reminder waits while VNeID is down, and an hour once it was said that it works again."""
    if downtime.current is not None:
        return max(at, now + LOOK)
    return max(at, state.told.over_at + BETWEEN) if state.told.over_at else at


def _while_we_may_write(state: State, at: int) -> int:
    """Not after the platform stops us; 0 when there is no good moment before that."""
    if not state.window:
        return at
    last = state.heard_at + state.window - LAST_CALL
    return min(at, last) if last > state.heard_at else 0


def wake(book: Book, state: State, now: int, desk: Desk = NOBODY) -> Turn | None:
    """The turn of a timer. It looks at the place anew: one that finds another visit does nothing."""
    turn = _woken(book, state, now, desk)
    if turn is None or turn.state is None:
        return turn
    return replace(turn, due_at=due_at(book, turn.state, desk, now))


def _woken(book: Book, state: State, now: int, desk: Desk) -> Turn | None:
    ticket = state.ticket
    if ticket is not None and ticket.holder is not None:
        return lapse(book, state, now, desk) or Turn(state)
    told = waiting.tell(book, state, ticket, desk, now) if ticket is not None else None
    if told is not None:
        return told
    change = overdue(book, state, now)
    if change is not None:
        return Turn(*change)
    announced = announce(book, state, desk.downtime, now)
    if announced is not None:
        return announced
    due = _due_at_step(book, state, desk.downtime, now)
    if not due or now < due:
        return Turn(state) if due or ticket is not None or state.home_visit is not None else None
    session = state.session
    window = _window(book, session)
    assert session is not None  # noqa: S101 - something is due
    assert window is not None  # noqa: S101 - something is due
    end = desk.downtime.end(session.top.visit.entered_at, window[1], now)
    if now < end.at:
        return _remind(book, state, session, now)
    walk = Walk(book, voice_of(book, state.contact), now, "", state.seq, session, downtime=desk.downtime)
    walk.close(Outcome.OUTAGE if end.taken or _met_it(state, session, desk.downtime) else Outcome.EXPIRED)
    return Turn(replace(state, session=walk.session), events=tuple(walk.events))


def lapse(book: Book, state: State, now: int, desk: Desk = NOBODY) -> Turn | None:
    """The lease is over: back to the queue, and the resident is told why. None when it is not over."""
    ticket = state.ticket
    back = expired(ticket, now) if ticket is not None else None
    if ticket is None or ticket.holder is None or back is None:
        return None
    voice = voice_of(book, state.contact)
    after = replace(without_person(state, now, desk.downtime), ticket=back, options=())
    reply = voice.queued(voice.line("back_lapsed", dieu=ticket.holder.name), walked=after.session is not None)
    moved = TicketMoved(back, Move.EXPIRED, now, ticket.holder.id)
    return Turn(after, in_language((reply,), voice.locale), (moved,), due_at(book, after, desk, now))


def without_person(state: State, now: int, downtime: Downtime = NO_OUTAGES) -> State:
    """Whoever had the conversation no longer has it: the clocks of the guide go on from where they stood."""
    holder = state.ticket.holder if state.ticket is not None else None
    if holder is None or state.session is None:
        return state
    return replace(state, session=state.session.rested(holder.since, now, downtime))


def unreachable(book: Book, state: State, now: int) -> Turn | None:
    """The channel says that the person blocked us or is gone: nobody waits for them any more."""
    ticket, session = state.ticket, state.session
    events: tuple[Event, ...] = ()
    if session is not None and session.is_open:
        walk = Walk(book, voice_of(book, state.contact), now, "", state.seq, session)
        walk.close(Outcome.BLOCKED)
        session, events = walk.session, tuple(walk.events)
    if ticket is not None:
        events = (*events, TicketClosed(ticket, Closing.GONE, now))
    return Turn(replace(state, session=session, ticket=None), events=events) if events else None


def _met_it(state: State, session: Session, downtime: Downtime) -> bool:
    """Whether they came to this step, or wrote at it, while VNeID was down, and never came back."""
    entered_at = session.top.visit.entered_at
    return downtime.lasts_at(entered_at) or (state.told.id > 0 and state.told.at >= entered_at)


def _remind(book: Book, state: State, session: Session, now: int) -> Turn:
    run = session.top
    reminded = replace(run, visit=replace(run.visit, reminders=run.visit.reminders + 1))
    session = replace(session, runs=(*session.runs[:-1], reminded))
    after = replace(state, session=session)
    if not state.may_be_written_to(now):
        return Turn(after)  # we slept through it, and the platform would refuse it now
    voice = voice_of(book, state.contact)
    reply: Reply = voice.step(session, voice.line("reminder"))
    return Turn(after, in_language((reply,), voice.locale))


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
