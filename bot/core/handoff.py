"""What happens when somebody at the desk acts: a turn of the conversation, or why not.

Each deed is pure and is run by the store under the lock of the conversation, on its newest state. So the
first claim wins, and nothing is said by whoever does not hold the conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core import rating
from bot.core.book import Book
from bot.core.events import Event, HumanSpoke, Move, TicketClosed, TicketMoved
from bot.core.handing import go_on_at
from bot.core.hearing import Word
from bot.core.message import Picture, Reply
from bot.core.session import State
from bot.core.ticket import (
    Closing,
    Helper,
    No,
    Refusal,
    Ticket,
    claimed,
    passed,
    renewed,
    returned,
    seen,
    taken_over,
)
from bot.core.timing import due_at, without_person
from bot.core.turn import Turn
from bot.core.voice import in_language, voice_of

Deed = Callable[[State], Turn | Refusal]
"""What somebody at the desk does to a conversation. Refused: nothing changes."""


def claim(book: Book, state: State, helper: Helper, now: int) -> Turn | Refusal:
    """Take a conversation from the queue; the resident is told who is there now."""
    return _changes_hands(book, state, helper, claimed, Move.CLAIMED, now)


def take_over(book: Book, state: State, helper: Helper, now: int) -> Turn | Refusal:
    """Ask a colleague for a conversation; take it when they did not say no. The turn of a question alone
    changes nothing but the wish.
    """
    return _changes_hands(book, state, helper, taken_over, Move.TAKEN_OVER, now)


def keep(book: Book, state: State, helper: Helper, now: int, *, kindly: bool = False) -> Turn | Refusal:
    """A sign of life of whoever holds it; `kindly`: by itself it does not answer a colleague's wish."""
    ticket = _open(state)
    if isinstance(ticket, Refusal):
        return ticket
    kept = seen(ticket, helper.id, now) if kindly else renewed(ticket, helper.id, now)
    return kept if isinstance(kept, Refusal) else _turn(book, replace(state, ticket=kept))


def speak(
    book: Book, state: State, helper: Helper, text: str, now: int, picture: Picture | None = None
) -> Turn | Refusal:
    """A person's words to the resident, under their name and with the way to report them."""
    kept = _held(state, helper, now)
    if isinstance(kept, Refusal):
        return kept
    spoken = replace(kept, spoke_at=now)
    beside = voice_of(book, state.contact).beside_person(helper.id)
    reply = Reply(text, shortcuts=beside, picture=picture, author=helper.name)
    return _turn(book, replace(state, ticket=spoken), (reply,), (HumanSpoke(spoken, helper.id),))


def give_back(
    book: Book, state: State, helper: Helper, now: int, move: Move = Move.RETURNED
) -> Turn | Refusal:
    """Back to the queue, at its old age."""
    ticket = _open(state)
    back = ticket if isinstance(ticket, Refusal) else returned(ticket, helper.id, now)
    if isinstance(back, Refusal):
        return back
    voice = voice_of(book, state.contact)
    line = "back_shift" if move is Move.SHIFT_ENDED else "back_in_queue"
    reply = voice.queued(voice.line(line, dieu=helper.name), walked=state.session is not None)
    after = replace(without_person(state, now), ticket=back)
    return _turn(book, after, (reply,), (TicketMoved(back, move, now, helper.id),))


def hand_to(book: Book, state: State, helper: Helper, to: Helper, now: int) -> Turn | Refusal:
    """Into a colleague's hands."""
    ticket = _open(state)
    given = ticket if isinstance(ticket, Refusal) else passed(ticket, helper.id, to, now)
    if isinstance(given, Refusal):
        return given
    if to.id == helper.id:
        return _turn(book, replace(state, ticket=given))
    moved = TicketMoved(given, Move.PASSED, now, helper.id, to.id)
    return _arrival(book, replace(without_person(state, now), ticket=given), to, moved, instead=True)


def hand_back(book: Book, state: State, helper: Helper, step: str, now: int, seed: str) -> Turn | Refusal:
    """Back to the guide at a step ("kich-hoat/nhap-so"; the place where it stood: empty); the bot says who
    handed over. A guide that is over, or another one than is walked, begins anew there.
    """
    ticket = _held(state, helper, now)
    if isinstance(ticket, Refusal):
        return ticket
    voice = voice_of(book, state.contact)
    gone = go_on_at(
        book, without_person(state, now), ticket, step, voice.line("handed_back", dieu=helper.name), now, seed
    )
    if gone is None:
        return Refusal(No.NO_SUCH_STEP)
    walk, offers = gone
    unrated = rating.is_due(ticket, Closing.HANDED_BACK)
    if walk.session is None and not offers.options and unrated:
        offers.ask(voice.line("rate_ask"), rating.options(voice, ticket), Word.MENU)
        unrated = False
    closed = TicketClosed(ticket, Closing.HANDED_BACK, now, helper.id, step or _place(ticket), ticket.error)
    after = replace(
        state,
        session=walk.session,
        parked=offers.parked,
        options=offers.options,
        asked=offers.asked,
        seq=walk.seq,
        misses=0,
        ticket=None,
        helped=ticket,
        rate_until=now + rating.WITHIN if unrated else 0,
    )
    return _turn(book, after, tuple(walk.replies), (*walk.events, closed), clear=False)


def close(
    book: Book, state: State, helper: Helper, closing: Closing, step: str, error: str, now: int
) -> Turn | Refusal:
    """Done: the bot answers again from here on, and asks once whether it helped if somebody did help."""
    ticket = _held(state, helper, now)
    if isinstance(ticket, Refusal):
        return ticket
    voice = voice_of(book, state.contact)
    closed = TicketClosed(ticket, closing, now, helper.id, step, error)
    after = replace(without_person(state, now), ticket=None, helped=ticket, misses=0)
    done = voice.line("helper_done", dieu=helper.name)
    words = (Word.RESUME, Word.MENU) if after.session is not None else (Word.MENU,)
    if not rating.is_due(ticket, closing):
        reply = Reply(done, shortcuts=voice.shortcuts(*words))
        return _turn(book, after, (reply,), (closed,))
    options, seq = rating.options(voice, ticket), state.seq + 1
    reply = voice.options(f"{done} {voice.line('rate_ask')}", options, seq, *words)
    after = replace(after, options=options, asked=seq, seq=seq)
    return _turn(book, after, (reply,), (closed,), clear=False)


def _changes_hands(
    book: Book,
    state: State,
    helper: Helper,
    change: Callable[[Ticket, Helper, int], Ticket | Refusal],
    move: Move,
    now: int,
) -> Turn | Refusal:
    ticket = _open(state)
    if isinstance(ticket, Refusal):
        return ticket
    given = change(ticket, helper, now)
    if isinstance(given, Refusal):
        return given
    before = ticket.holder.id if ticket.holder else 0
    if given.holder is None or given.holder.id != helper.id or before == helper.id:
        return _turn(book, replace(state, ticket=given))
    moved = TicketMoved(given, move, now, before, helper.id)
    return _arrival(
        book, replace(without_person(state, now), ticket=given), helper, moved, instead=bool(before)
    )


def _arrival(book: Book, state: State, helper: Helper, moved: TicketMoved, *, instead: bool) -> Turn:
    """Somebody is there now, in the place of somebody else or as the first: the resident hears who."""
    voice = voice_of(book, state.contact)
    line = voice.line("helper_instead" if instead else "helper_here", dieu=helper.name)
    return _turn(book, state, (Reply(line, shortcuts=voice.beside_person(helper.id)),), (moved,))


def _open(state: State) -> Ticket | Refusal:
    return state.ticket if state.ticket is not None else Refusal(No.CLOSED)


def _held(state: State, helper: Helper, now: int) -> Ticket | Refusal:
    ticket = _open(state)
    return ticket if isinstance(ticket, Refusal) else renewed(ticket, helper.id, now)


def _turn(
    book: Book,
    state: State,
    replies: tuple[Reply, ...] = (),
    events: tuple[Event, ...] = (),
    *,
    clear: bool = True,
) -> Turn:
    """`clear`: what the bot asked before is not waited for any more once something new was said."""
    after = replace(state, options=()) if replies and clear else state
    locale = voice_of(book, state.contact).locale
    return Turn(after, in_language(replies, locale), events, due_at(book, after))


def _place(ticket: Ticket) -> str:
    return f"{ticket.flow}/{ticket.step}" if ticket.flow else ""
