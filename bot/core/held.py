"""While a person has the conversation: the bot is silent but for what it is told to do, and for warnings.

Whatever is typed is for the person to read, "dừng" and "menu" too. Commands ("/xoa"), the two buttons below a
person's words, and an erasure that was begun work as ever.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import human
from bot.core.buttons import OptionButton, WordButton
from bot.core.events import Move, TicketMoved
from bot.core.hearing import Word
from bot.core.message import Kind, Reply
from bot.core.session import Option, Verb
from bot.core.talk import Talk
from bot.core.ticket import Holder, Ticket, accused, reported
from bot.core.voice import option_labels

REPORTED_WITHIN = 86400
"""Seconds after the help was over in which "người này lừa đảo" is about whoever helped."""

COMMANDS = frozenset({Word.STOP, Word.PRIVACY, Word.DATA, Word.ERASE})

ERASING = frozenset({Verb.ERASE, Verb.KEEP})

_STANDS_FOR = {
    Kind.PHOTO: "[ảnh]",
    Kind.VOICE: "[tin thoại]",
    Kind.STICKER: "[hình dán]",
    Kind.LOCATION: "[vị trí]",
    Kind.CONTACT: "[danh thiếp]",
    Kind.UNSUPPORTED: "[tin mà ứng dụng không cho đọc]",
    Kind.OTHER: "[tệp]",
}


def written(kind: Kind, text: str = "") -> str:
    """What a person who reads along sees of a message: that something came, though nobody opens it."""
    return " ".join(part for part in (_STANDS_FOR.get(kind, ""), text) if part)


def by_report(talk: Talk) -> bool:
    """Somebody who helped asked for what nobody may ask for. It works before and after it is over, too."""
    if talk.word is not Word.REPORT:
        return False
    pressed = talk.button.about if isinstance(talk.button, WordButton) else 0
    if talk.ticket is not None and talk.ticket.helpers and not _is_of_before(talk, talk.ticket, pressed):
        _report(talk, talk.ticket, accused(talk.ticket, pressed))
    elif talk.helped is not None and (talk.message.button or _is_fresh(talk, talk.helped)):
        _report_late(talk, talk.helped, accused(talk.helped, pressed))
    elif talk.message.button or talk.text.startswith("/"):
        _say_urgently(talk, talk.line("report_nobody"))
    else:
        return False
    return True


def by_person(talk: Talk) -> bool:
    """Whether a person owns the conversation. The words are kept for them to read."""
    ticket = talk.ticket
    if ticket is None:
        return False
    talk.ticket = ticket = replace(ticket, heard_at=talk.now)
    holder = ticket.holder
    if talk.word is Word.ALONE:
        human.alone(talk)
        return True
    if holder is None:
        return False
    talk.walk.session, talk.walk.lead = talk.state.session, ""
    if talk.message.found:
        talk.say(Reply(talk.warning, shortcuts=talk.voice.beside_person(holder.id)))
    if talk.word in COMMANDS and (talk.message.button or talk.text.startswith("/")):
        return False
    erasing = _erasing(talk)
    if erasing is not None:
        return _erase_or_keep(talk, erasing, holder)
    if talk.message.button and not holder.told:
        talk.ticket = replace(ticket, holder=replace(holder, told=True))
        _say_beside(talk, talk.line("person_here", dieu=holder.name), holder)
    return True


def beside_person(talk: Talk) -> None:
    """Below what a command led to stand the buttons that do something now, not those of the guide."""
    holder = talk.ticket.holder if talk.ticket is not None else None
    if holder is not None and talk.keep:
        beside = talk.voice.beside_person(holder.id)
        talk.walk.replies = [replace(reply, shortcuts=beside) for reply in talk.walk.replies]


def goes_on(talk: Talk) -> str:
    """Stopping the guide does not end a request for a human: that, and how to end it."""
    return talk.line("human_goes_on") if talk.ticket is not None else ""


def words(talk: Talk) -> tuple[Word, ...]:
    return (Word.ALONE,) if talk.ticket is not None else ()


def _erasing(talk: Talk) -> Option | None:
    """The answer to whether everything is to be erased, if that was asked and this answers it."""
    asked = talk.state.options
    if not any(option.verb in ERASING for option in asked):
        return None
    if isinstance(talk.button, OptionButton):
        valid = talk.button.asked == talk.state.asked and 1 <= talk.button.number <= len(asked)
        return asked[talk.button.number - 1] if valid else None
    number = talk.book.hearing.pick(talk.text, option_labels(asked)) if talk.text else None
    if number is None:
        talk.let_go()  # what is said next is for the person
        return None
    return asked[number]


def _erase_or_keep(talk: Talk, chosen: Option, holder: Holder) -> bool:
    if chosen.verb is Verb.ERASE:
        human.erase(talk)
    else:
        talk.offers.clear()
        _say_beside(talk, talk.line("kept_beside_person", dieu=holder.name), holder)
    return True


def _report(talk: Talk, ticket: Ticket, who: int) -> None:
    """Away from them at once and for good; whoever else has the conversation keeps it."""
    talk.offers.clear()
    before = ticket.holder
    talk.ticket = ticket = replace(reported(ticket, who, talk.now), heard_at=talk.now)
    to = ticket.holder.id if ticket.holder else 0
    talk.walk.events.append(TicketMoved(ticket, Move.REPORTED, talk.now, who, to))
    if ticket.holder is None and before is not None and talk.session is not None:
        talk.walk.session = talk.session.rested(before.since, talk.now, talk.desk.downtime)
    _say_reported(talk, ticket)


def _say_reported(talk: Talk, ticket: Ticket) -> None:
    if ticket.holder is not None:
        text = f"{talk.line('person_reported')} {talk.line('reported_still', dieu=ticket.holder.name)}"
        _say_beside(talk, text, ticket.holder)
        return
    text = f"{talk.line('person_reported')} {talk.line('reported_waiting')}"
    _say_urgently(talk, text, Word.ALONE)


def _is_of_before(talk: Talk, ticket: Ticket, named: int) -> bool:
    """Whether a button is older than the ticket: whoever has it now is not the one who is meant."""
    return talk.helped is not None and named in talk.helped.helpers and named not in ticket.helpers


def _report_late(talk: Talk, helped: Ticket, who: int) -> None:
    """It is over, but they may have given something away, and the next one must not be the same."""
    talk.offers.clear()
    talk.let_go()
    again = who in helped.barred
    talk.helped = reported(helped, who, talk.now)
    talk.rate_until = 0
    if not again:
        talk.walk.events.append(TicketMoved(talk.helped, Move.REPORTED, talk.now, who))
    if talk.ticket is None:
        _say_urgently(talk, talk.line("person_reported"), Word.HUMAN)
        return
    talk.ticket = replace(reported(talk.ticket, who, talk.now), heard_at=talk.now)
    _say_reported(talk, talk.ticket)


def _is_fresh(talk: Talk, helped: Ticket) -> bool:
    ended = helped.holder.until if helped.holder else helped.heard_at
    return talk.now < max(ended, helped.heard_at, helped.spoke_at) + REPORTED_WITHIN


def _say_urgently(talk: Talk, text: str, *words: Word) -> None:
    """Alone and whole: no step of a guide follows."""
    lead, talk.walk.lead = talk.walk.lead, ""
    if talk.session is not None:
        talk.walk.session = replace(talk.session, paused=True)
        words = (*words, Word.RESUME)
    talk.say(Reply(_joined(lead, text), shortcuts=talk.voice.shortcuts(*words, Word.MENU)))


def _say_beside(talk: Talk, text: str, holder: Holder) -> None:
    talk.say(Reply(text, shortcuts=talk.voice.beside_person(holder.id)))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
