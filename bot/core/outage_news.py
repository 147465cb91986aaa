"""What residents hear of an outage of VNeID when they write: that it is not them, once, before anything else.

Urgent answers stand alone: who is being cheated need not hear of it, and will with the next word. While a
person has the conversation the bot is silent about this, too.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.book import Book
from bot.core.desk import Desk, clock, day
from bot.core.events import AnswerGiven, Event, HumanRequested, OutageTold
from bot.core.message import Incoming, Reply
from bot.core.outage import Downtime, Outage, Told
from bot.core.outage_over import over, unheard
from bot.core.privacy import without_masks
from bot.core.sent import WITH_WORDS
from bot.core.talk import Talk
from bot.core.ticket import Reason
from bot.core.turn import Turn
from bot.core.visits import day_of
from bot.core.voice import Voice, in_language

SLACK = 5
"""Seconds after an announcement in which another process may not have known of it yet."""


def first(talk: Talk) -> tuple[Reply, ...]:
    """What is said before the answer, and noted as said."""
    held = talk.ticket is not None and talk.ticket.holder is not None
    if held or not talk.keep or not talk.walk.replies or _is_urgent(talk.book, talk.walk.events):
        return ()
    downtime, told = talk.desk.downtime, talk.state.told
    outage = downtime.current
    if outage is not None and outage.id != told.id:
        talk.told = heard(told, downtime, outage, talk.now)
        talk.walk.events.append(OutageTold(outage.id))
        return (Reply(_told(talk.voice, outage, talk.now, _stands(talk), _promised(talk))),)
    ended = unheard(talk.state, downtime)
    if ended is None or ended.id != told.id:
        return ()
    talk.told = replace(told, over=ended.id, over_at=talk.now)
    return (Reply(over(talk.voice, ended)),)


def to_guest(voice: Voice, desk: Desk, message: Incoming, turn: Turn, now: int) -> Turn:
    """The same for people of whom nothing is kept: what was on their screen since then began with it. Who
    has just pressed «Bắt đầu» there has heard it.
    """
    outage = desk.downtime.current
    if outage is None or not turn.replies or _alarms(voice, message):
        return turn
    if turn.state is not None:
        told = heard(turn.state.told, desk.downtime, outage, now)
        events = (*turn.events, OutageTold(outage.id))
        turn = replace(turn, state=replace(turn.state, told=told), events=events)
    if message.shown_at >= outage.said_at + SLACK:
        return turn
    promise = "outage_will_not_tell" if turn.state is None else "outage_will_tell"
    said = _told(voice, outage, now, (), voice.line(promise))
    return replace(turn, replies=(*in_language((Reply(said),), voice.locale), *turn.replies))


def heard(told: Told, downtime: Downtime, outage: Outage, now: int) -> Told:
    """Whoever hears of this one need not hear of the end of those before."""
    before = max((one.id for one in downtime.outages if one.ended_at), default=told.over)
    return Told(outage.id, now, max(told.over, before), told.over_at)


def _told(voice: Voice, outage: Outage, now: int, stands: tuple[str, ...], promise: str) -> str:
    since = clock(outage.started_at)
    if day_of(outage.started_at) != day_of(now):
        since = f"{since}, {day(outage.started_at)}"
    what = f"{voice.line(f'outage_{outage.reason}')} {voice.line('outage_not_you', dieu=since)}"
    return "\n\n".join((what, *stands, f"{promise} {voice.line('outage_meanwhile')}"))


def _stands(talk: Talk) -> tuple[str, ...]:
    """For who is in the middle of a guide, before or after this answer."""
    walks = talk.session is not None and talk.session.is_open
    return (talk.line("outage_waits"),) if walks else ()


def _promised(talk: Talk) -> str:
    """How they will hear that it is over, as far as the platform allows."""
    if not talk.message.window:
        return talk.line("outage_will_tell")
    return talk.line("outage_will_tell_within", dieu=str(talk.message.window // 3600))


def _alarms(voice: Voice, message: Incoming) -> bool:
    """Whether a stranger's words are answered with what cannot wait."""
    text = without_masks(message) if message.kind in WITH_WORDS and not message.button else ""
    guesses = voice.book.hearing.verdict(text, (), voice.locale).guesses if text else ()
    answer = voice.book.answers.get(guesses[0].intent) if guesses else None
    return answer is not None and answer.urgent


def _is_urgent(book: Book, events: tuple[Event, ...] | list[Event]) -> bool:
    for event in events:
        if isinstance(event, HumanRequested) and event.reason == Reason.DISTRESS:
            return True
        if isinstance(event, AnswerGiven) and book.answers[event.intent].urgent:
            return True
    return False
