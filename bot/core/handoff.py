"""What happens when somebody at the desk acts: a turn of the conversation, or why not.

Each deed is pure and is run by the store under the lock of the conversation, on its newest state. So the
first claim wins, and nothing is said by whoever does not hold the conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.book import Book
from bot.core.engine import Walk
from bot.core.events import HumanSpoke, Move, TicketClosed, TicketMoved
from bot.core.flow import waits
from bot.core.hearing import Word
from bot.core.message import Picture, Reply
from bot.core.session import Option, State, Verb
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
from bot.core.timing import due_at
from bot.core.turn import Turn
from bot.core.voice import Voice, in_language, voice_of

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
    return kept if isinstance(kept, Refusal) else _turn(book, state, kept)


def speak(
    book: Book, state: State, helper: Helper, text: str, now: int, picture: Picture | None = None
) -> Turn | Refusal:
    """A person's words to the resident, under their name and with the way to report them."""
    ticket = _open(state)
    kept = ticket if isinstance(ticket, Refusal) else renewed(ticket, helper.id, now)
    if isinstance(kept, Refusal):
        return kept
    spoken = replace(kept, spoke_at=now)
    voice = voice_of(book, state.contact)
    beside = voice.shortcuts(Word.REPORT, Word.ALONE)
    reply = Reply(text, shortcuts=beside, picture=picture, author=helper.name)
    return _turn(book, state, spoken, (reply,), HumanSpoke(spoken, helper.id))


def give_back(
    book: Book, state: State, helper: Helper, now: int, move: Move = Move.RETURNED
) -> Turn | Refusal:
    """Back to the queue, at its old age."""
    ticket = _open(state)
    back = ticket if isinstance(ticket, Refusal) else returned(ticket, helper.id, now)
    if isinstance(back, Refusal):
        return back
    voice = voice_of(book, state.contact)
    reply = Reply(voice.line("back_in_queue", dieu=helper.name), shortcuts=voice.shortcuts(Word.ALONE))
    return _turn(book, state, back, (reply,), TicketMoved(back, move, now, helper.id))


def hand_to(book: Book, state: State, helper: Helper, to: Helper, now: int) -> Turn | Refusal:
    """Into a colleague's hands."""
    ticket = _open(state)
    given = ticket if isinstance(ticket, Refusal) else passed(ticket, helper.id, to, now)
    if isinstance(given, Refusal):
        return given
    voice = voice_of(book, state.contact)
    reply = Reply(voice.line("helper_here", dieu=to.name), shortcuts=voice.shortcuts(Word.REPORT, Word.ALONE))
    return _turn(book, state, given, (reply,), TicketMoved(given, Move.PASSED, now, helper.id, to.id))


def hand_back(book: Book, state: State, helper: Helper, step: str, now: int, seed: str) -> Turn | Refusal:
    """Back to the guide at a step ("kich-hoat/nhap-so"; the place where it stood: empty); the bot says who
    handed over. Another guide than the one that is walked begins anew.
    """
    ticket = _held(state, helper, now)
    if isinstance(ticket, Refusal):
        return ticket
    voice = voice_of(book, state.contact)
    walk = Walk(book, voice, now, seed, state.seq, state.session, commune=state.contact.commune)
    walk.lead = voice.line("handed_back", dieu=helper.name)
    if not _go_on_at(walk, step):
        return Refusal(No.NO_SUCH_STEP)
    closed = TicketClosed(ticket, Closing.HANDED_BACK, now, helper.id, step or _place(ticket), ticket.error)
    after = replace(state, session=walk.session, seq=walk.seq, options=(), ticket=None)
    return Turn(after, in_language(walk.replies, voice.locale), (*walk.events, closed), due_at(book, after))


def close(
    book: Book, state: State, helper: Helper, closing: Closing, step: str, error: str, now: int
) -> Turn | Refusal:
    """Done: the bot answers again from here on and asks whether it helped."""
    ticket = _held(state, helper, now)
    if isinstance(ticket, Refusal):
        return ticket
    voice = voice_of(book, state.contact)
    options = tuple(
        Option(voice.line(f"label_rate_{score}"), Verb.RATE, f"{ticket.key}.{score}") for score in (3, 2, 1)
    )
    seq = state.seq + 1
    reply = voice.options(voice.line("helper_done", dieu=helper.name), options, seq, Word.RESUME, Word.MENU)
    closed = TicketClosed(ticket, closing, now, helper.id, step, error)
    after = replace(state, options=options, asked=seq, seq=seq, ticket=None)
    return Turn(after, in_language((reply,), voice.locale), (closed,), due_at(book, after))


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
    after = change(ticket, helper, now)
    if isinstance(after, Refusal):
        return after
    before = ticket.holder.id if ticket.holder else 0
    if after.holder is None or after.holder.id != helper.id or before == helper.id:
        return _turn(book, state, after)
    voice = voice_of(book, state.contact)
    reply = Reply(
        voice.line("helper_here", dieu=helper.name), shortcuts=voice.shortcuts(Word.REPORT, Word.ALONE)
    )
    return _turn(book, state, after, (reply,), TicketMoved(after, move, now, before, helper.id))


def _open(state: State) -> Ticket | Refusal:
    return state.ticket if state.ticket is not None else Refusal(No.CLOSED)


def _held(state: State, helper: Helper, now: int) -> Ticket | Refusal:
    ticket = _open(state)
    return ticket if isinstance(ticket, Refusal) else renewed(ticket, helper.id, now)


def _turn(
    book: Book,
    state: State,
    ticket: Ticket,
    replies: tuple[Reply, ...] = (),
    event: TicketMoved | HumanSpoke | None = None,
) -> Turn:
    voice: Voice = voice_of(book, state.contact)
    after = replace(state, ticket=ticket, options=() if replies else state.options)
    events = () if event is None else (event,)
    return Turn(after, in_language(replies, voice.locale), events, due_at(book, after))


def _go_on_at(walk: Walk, step: str) -> bool:
    """Stand at a step of the guide that was walked, or where it stood; False when there is no such place."""
    flow, _, wanted = step.partition("/")
    session = walk.session
    if not step:
        if session is None:
            return False
        walk.resume()
        return True
    if session is None or session.runs[0].flow != flow:
        if walk.book.leads_to(step) is None:
            return False
        walk.start(step)
        return True
    edition = walk.book.edition(flow, session.runs[0].version)
    if edition is None or wanted not in edition.steps or not waits(edition.steps[wanted]):
        return False
    walk.stand_at(wanted)
    return True


def _place(ticket: Ticket) -> str:
    return f"{ticket.flow}/{ticket.step}" if ticket.flow else ""
