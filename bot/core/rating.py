"""How it was with a human: asked once, after one has helped, and never again for the same help."""

from __future__ import annotations

from bot.core.events import HelpRated
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.session import Option, Verb
from bot.core.talk import Talk
from bot.core.ticket import Closing, Ticket
from bot.core.voice import Voice, option_labels

WITHIN = 3 * 86400
"""Seconds in which a guide that a person gave back may end and the question still makes sense."""

NO_HELP = frozenset({Closing.GONE, Closing.WITHDRAWN})


def is_due(ticket: Ticket, closing: Closing) -> bool:
    """Whether there is anything to rate: somebody wrote to them and did not merely find nobody there."""
    return ticket.spoke_at > 0 and closing not in NO_HELP


def options(voice: Voice, ticket: Ticket) -> tuple[Option, ...]:
    return tuple(
        Option(voice.line(f"label_rate_{score}"), Verb.RATE, f"{ticket.key}.{score}") for score in (3, 2, 1)
    )


def ask(talk: Talk, ticket: Ticket) -> None:
    talk.rate_until = 0
    talk.offers.ask(talk.line("rate_ask"), options(talk.voice, ticket), Word.MENU)


def by_rating(talk: Talk) -> bool:
    """An answer to that question; whatever else is said ends it, and is answered like anything."""
    if not is_asked(talk.state.options) or talk.message.button:
        return False
    chosen = _chosen(talk)
    if chosen is None:
        talk.let_go()
        return False
    rate(talk, chosen.arg)
    return True


def rate(talk: Talk, arg: str) -> None:
    talk.offers.clear()
    key, _, score = arg.partition(".")
    talk.walk.events.append(HelpRated(key, int(score)))
    thanks = talk.line("rated" if int(score) > 1 else "rated_low")
    if talk.session is not None:
        talk.offers.place_again(thanks)
    elif talk.offers.parked:
        talk.walk.lead = thanks
        talk.offers.what_next()
    else:
        talk.say(Reply(thanks, shortcuts=talk.voice.shortcuts(Word.HUMAN, Word.MENU)))


def is_asked(waiting: tuple[Option, ...]) -> bool:
    return bool(waiting) and waiting[0].verb is Verb.RATE


def _chosen(talk: Talk) -> Option | None:
    asked = talk.state.options
    if not talk.text:
        return None
    number = talk.book.hearing.pick(talk.text, option_labels(asked))
    if number is not None:
        return asked[number]
    match talk.word:
        case Word.YES:
            return asked[0]
        case Word.STUCK:
            return asked[-1]
        case _:
            return None
