"""What a resident hears of their visit at home, and what time alone does to it."""

from __future__ import annotations

from dataclasses import replace

from bot.core import home_visit
from bot.core.book import Book
from bot.core.events import Event, HomeVisitCalledOff
from bot.core.hearing import Word
from bot.core.home_visit import (
    Declined,
    HomeVisit,
    Meeting,
    Slot,
    Stage,
    Why,
    date_of,
    evening_before,
    weekday,
)
from bot.core.message import Reply
from bot.core.session import State
from bot.core.ticket import Closing
from bot.core.voice import Voice, in_language, voice_of

Change = tuple[State, tuple[Reply, ...], tuple[Event, ...]]
"""The state after something happened to the visit, what is said of it, what it was."""


def overdue(book: Book, state: State, now: int) -> Change | None:
    """What is due of the visit; None when nothing is."""
    visit = state.home_visit
    due = home_visit.due_at(visit)
    if visit is None or not due or now < due:
        return None
    match visit.stage:
        case Stage.AGREED if not visit.reminded and visit.meeting is not None:
            return _reminded(book, state, visit, visit.meeting, now)
        case Stage.AGREED:
            return _given_up(book, state, visit, Why.NO_WORD, now)
        case Stage.REQUESTED:
            return _given_up(book, state, visit, Why.UNANSWERED, now)
        case _:
            return replace(state, home_visit=None), (), ()


def told(book: Book, state: State, visit: HomeVisit, event: Event, now: int, *, author: str = "") -> Change:
    """A change that the resident did not make: said at once where the platform lets us, else when they
    write next. While a person has the conversation it is said in that person's name.
    """
    if not state.may_be_written_to(now):
        return replace(state, home_visit=replace(visit, untold=True)), (), (event,)
    voice = voice_of(book, state.contact)
    after = replace(state, home_visit=visit, options=())
    held = state.ticket is not None and state.ticket.holder is not None
    reply = news(voice, after, visit, now)
    replies = in_language((replace(reply, author=author) if held else reply,), voice.locale)
    return after, replies, (event,)


def news(voice: Voice, state: State, visit: HomeVisit, now: int) -> Reply:
    """What the last change of the visit means for the resident."""
    match visit.stage:
        case Stage.AGREED if visit.meeting is not None:
            again = visit.revision > 2
            first = voice.line(
                "visit_changed" if again else "visit_agreed",
                viec=visit.spoken,
                buoc=when(voice, visit.meeting),
            )
            evening = evening_before(visit.meeting.day)
            reminds = not visit.reminded and state.may_be_written_to(evening) and now < evening
            parts = [first, *_who(voice, visit.meeting), voice.line("visit_rules")]
            parts += [voice.line("visit_will_remind")] if reminds else []
            return Reply("\n\n".join(parts), shortcuts=voice.shortcuts(Word.VISIT, Word.VISIT_OFF))
        case Stage.DONE:
            thanks = voice.line("visit_done", viec=visit.spoken)
            onward = voice.line(f"visit_next_{visit.closing or Closing.SOLVED}")
            return Reply(f"{thanks}\n\n{onward}", shortcuts=voice.shortcuts(Word.HUMAN, Word.MENU))
        case Stage.CALLED_OFF:
            why = voice.line(f"visit_why_{visit.why or Why.NOBODY}")
            parts = [voice.line("visit_off", viec=visit.spoken, dieu=why)]
            parts += [] if visit.why in {Why.RESIDENT, Why.SOLVED} else [voice.line("visit_instead")]
            return Reply("\n\n".join(parts), shortcuts=voice.shortcuts(Word.HUMAN, Word.MENU))
        case _:
            return standing(voice, visit)


def standing(voice: Voice, visit: HomeVisit) -> Reply:
    """How it stands, for a resident who asks."""
    off = voice.shortcuts(Word.VISIT_OFF, Word.MENU)
    if visit.stage is Stage.REQUESTED:
        return Reply(voice.line("visit_waiting", viec=visit.spoken, dieu=place(voice, visit)), shortcuts=off)
    if visit.stage is Stage.AGREED and visit.meeting is not None:
        first = voice.line("visit_stands", viec=visit.spoken, buoc=when(voice, visit.meeting))
        text = "\n\n".join((first, *_who(voice, visit.meeting), voice.line("visit_rules")))
        return Reply(text, shortcuts=off)
    stage = voice.line(f"visit_stage_{visit.stage}")
    return Reply(
        voice.line("visit_over", viec=visit.spoken, dieu=stage), shortcuts=voice.shortcuts(Word.MENU)
    )


def kept(voice: Voice, visit: HomeVisit) -> str:
    """The line about it among all that is kept of somebody."""
    stage = voice.line(f"visit_stage_{visit.stage}")
    return voice.line("data_visit", viec=visit.spoken, buoc=stage, dieu=place(voice, visit))


def place(voice: Voice, visit: HomeVisit) -> str:
    """Where and when it was asked for, in a line."""
    wish = visit.wish
    slot = voice.line(f"visit_slot_{wish.slot}") if wish.slot in set(Slot) else ""
    return ", ".join(part for part in (wish.hamlet, wish.landmark, slot, wish.days) if part)


def when(voice: Voice, meeting: Meeting) -> str:
    return voice.line(
        "visit_when",
        buoc=voice.line(f"visit_slot_{meeting.slot}"),
        viec=voice.line(f"weekday_{weekday(meeting.day)}"),
        dieu=date_of(meeting.day),
    )


def _who(voice: Voice, meeting: Meeting) -> tuple[str, ...]:
    signs = ", ".join(voice.line(f"visit_sign_{sign}") for sign in meeting.signs)
    lines = (voice.line("visit_who", dieu=meeting.who), voice.line("visit_signs", dieu=signs))
    return "\n".join(lines), voice.line("visit_word", dieu=meeting.word)


def _reminded(book: Book, state: State, visit: HomeVisit, meeting: Meeting, now: int) -> Change:
    after = replace(state, home_visit=replace(visit, reminded=True))
    if not state.may_be_written_to(now) or home_visit.today(now) > meeting.day:
        return after, (), ()
    voice = voice_of(book, state.contact)
    first = voice.line("visit_reminder", viec=visit.spoken, buoc=when(voice, meeting))
    text = "\n\n".join((first, *_who(voice, meeting), voice.line("visit_rules")))
    reply = Reply(text, shortcuts=voice.shortcuts(Word.VISIT_OFF))
    return after, in_language((reply,), voice.locale), ()


def _given_up(book: Book, state: State, visit: HomeVisit, why: Why, now: int) -> Change | None:
    off = home_visit.called_off(visit, visit.revision, why, now)
    return None if isinstance(off, Declined) else told(book, state, off, HomeVisitCalledOff(off), now)
