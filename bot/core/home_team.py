"""What somebody of the team does about a visit at home: a turn of the conversation, or why not.

Run by the store under the lock of the conversation, on its newest state. `revision` is what they had before
their eyes: two who change the same visit at the same moment do not undo each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core import home_visit
from bot.core.book import Book
from bot.core.events import HomeVisitAgreed, HomeVisitCalledOff, HomeVisitDone
from bot.core.home_news import Change, place, told
from bot.core.home_visit import (
    LONGEST,
    Declined,
    HomeVisit,
    Meeting,
    Not,
    Stage,
    Why,
    Wish,
    evening_before,
    is_plain,
)
from bot.core.session import Option, State, Verb
from bot.core.ticket import Closing, Helper, Refusal, renewed
from bot.core.timing import due_at
from bot.core.turn import Turn
from bot.core.voice import in_language, voice_of

Deed = Callable[[State], Turn | Declined]


def offer(
    book: Book, state: State, helper: Helper, ticket: str, wish: Wish, now: int, seed: str
) -> Turn | Declined:
    """Write a visit down for the resident of a conversation that the helper has, and ask whether it may be
    passed on. Nobody of the team sees it before they agree.
    """
    if state.ticket is None or state.ticket.key != ticket:
        return Declined(Not.NOT_YOURS)
    kept = renewed(state.ticket, helper.id, now)
    if isinstance(kept, Refusal):
        return Declined(Not.NOT_YOURS)
    if state.home_visit is not None and state.home_visit.is_open:
        return Declined(Not.OPEN)
    words = (wish.hamlet, wish.landmark, wish.days)
    if not wish.hamlet or not all(is_plain(one, LONGEST) for one in words if one):
        return Declined(Not.TOLD_BADLY)
    voice = voice_of(book, state.contact)
    seq = state.seq + 1
    commune = state.contact.commune or kept.commune
    visit = home_visit.requested(wish, commune, now, seed, flow=kept.flow, step=kept.step, by=helper.id)
    visit = replace(visit, asked=seq)
    options = (
        Option(voice.line("label_visit_yes"), Verb.VISIT, "yes"),
        Option(voice.line("label_visit_no"), Verb.VISIT, "no"),
    )
    text = voice.line("visit_offer", dieu=place(voice, visit))
    asked = voice.options(text, options, seq)
    reply = replace(asked, author=helper.name, shortcuts=voice.beside_person(helper.id))
    after = replace(
        state,
        home_visit=visit,
        ticket=replace(kept, spoke_at=now),
        options=options,
        asked=seq,
        seq=seq,
    )
    return Turn(after, in_language((reply,), voice.locale), (), due_at(book, after))


def agree(
    book: Book,
    state: State,
    helper: Helper,
    visit: tuple[str, int],
    plan: Meeting,
    now: int,
    seed: str,
) -> Turn | Declined:
    """`visit` is its key and the revision that was seen."""
    old = _of(state, visit[0])
    if isinstance(old, Declined):
        return old
    reachable = state.may_be_written_to(evening_before(plan.day))
    after = home_visit.agreed(old, visit[1], plan, now, seed, far=reachable)
    if isinstance(after, Declined):
        return after
    event = HomeVisitAgreed(after, helper.id, again=old.stage is Stage.AGREED)
    return _turn(book, told(book, state, after, event, now, author=helper.name))


def finish(
    book: Book,
    state: State,
    helper: Helper,
    visit: tuple[str, int],
    closing: Closing,
    step: str,
    error: str,
    now: int,
) -> Turn | Declined:
    old = _of(state, visit[0])
    if isinstance(old, Declined):
        return old
    after = home_visit.done(old, visit[1], closing, step, error, now)
    if isinstance(after, Declined):
        return after
    return _turn(book, told(book, state, after, HomeVisitDone(after, helper.id), now, author=helper.name))


def call_off(
    book: Book, state: State, helper: Helper, visit: tuple[str, int], why: Why, now: int
) -> Turn | Declined:
    old = _of(state, visit[0])
    if isinstance(old, Declined):
        return old
    after = home_visit.called_off(old, visit[1], why, now)
    if isinstance(after, Declined):
        return after
    event = HomeVisitCalledOff(after, helper.id)
    return _turn(book, told(book, state, after, event, now, author=helper.name))


def _of(state: State, key: str) -> HomeVisit | Declined:
    visit = state.home_visit
    return visit if visit is not None and visit.key == key else Declined(Not.OVER)


def _turn(book: Book, change: Change) -> Turn:
    state, replies, events = change
    return Turn(state, replies, events, due_at(book, state))
