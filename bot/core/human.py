"""The resident's side of a hand-off: asking for a human, agreeing, waiting, being heard, calling it off."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace

from bot.core.contact import Consent, Purpose
from bot.core.desk import clock
from bot.core.events import (
    ConsentGiven,
    HelpRated,
    HumanRequested,
    Move,
    TicketClosed,
    TicketMoved,
    TicketOpened,
)
from bot.core.hearing import Word
from bot.core.message import Kind, Reply
from bot.core.session import Option, Verb
from bot.core.talk import Talk
from bot.core.ticket import Closing, Reason, Ticket, reported

WITHOUT_WORDS = {
    Kind.PHOTO: "[ảnh]",
    Kind.VOICE: "[tin thoại]",
    Kind.STICKER: "[hình dán]",
    Kind.LOCATION: "[vị trí]",
    Kind.CONTACT: "[danh thiếp]",
}


def ask(talk: Talk, reason: str) -> None:
    """Somebody needs a human: say what there is, and ask in one tap whether one may read along."""
    talk.offers.clear()
    lead, talk.walk.lead = talk.walk.lead, ""
    _leave_the_guide(talk, reason)
    if talk.ticket is not None:
        _still_waiting(talk, lead)
    elif not talk.desk.promise(talk.contact.commune, talk.now).staffed:
        _nobody(talk, lead)
    elif _agreed(talk):
        call(talk, reason, lead)
    else:
        text = _joined(lead, talk.line("human_ask"))
        talk.offers.ask(
            text,
            (
                Option(talk.line("label_call"), Verb.CALL, reason),
                Option(talk.line("label_alone"), Verb.ALONE),
            ),
            Word.MENU,
        )


def call(talk: Talk, reason: str, lead: str = "") -> None:
    """They agree: open a ticket and say honestly what happens next."""
    if not _agreed(talk):
        # CRC and not the words: which words were agreed to must be seen, not kept
        consent = Consent(Purpose.VOLUNTEER, talk.now, f"{zlib.crc32(talk.line('human_ask').encode()):08x}")
        talk.contact = replace(talk.contact, consents=(*talk.contact.consents, consent))
        talk.walk.events.append(ConsentGiven(Purpose.VOLUNTEER))
    if talk.ticket is not None:
        _still_waiting(talk, lead)
        return
    run = talk.session.top if talk.session else None
    talk.ticket = Ticket(
        key=hashlib.blake2b(f"ticket.{talk.message.seed}".encode(), digest_size=9).hexdigest(),
        reason=Reason(reason),
        opened_at=talk.now,
        flow=run.flow if run else "",
        version=run.version if run else "",
        step=run.visit.step if run else "",
        commune=talk.contact.commune,
    )
    talk.walk.events.append(TicketOpened(talk.ticket))
    talk.offers.ask(_joined(lead, _opened(talk)), _meanwhile(talk), Word.MENU)


def alone(talk: Talk) -> None:
    """They do not want a human, or no longer."""
    talk.offers.clear()
    if talk.ticket is not None:
        talk.walk.events.append(TicketClosed(talk.ticket, Closing.WITHDRAWN, talk.now))
        talk.ticket = None
        talk.offers.place_again(talk.line("human_off"))
    elif talk.session is not None:
        talk.offers.resume()
    else:
        talk.offers.menu()


def rate(talk: Talk, arg: str) -> None:
    """How it was with a human: asked once, after one has helped."""
    key, _, score = arg.partition(".")
    talk.walk.events.append(HelpRated(key, int(score)))
    talk.offers.place_again(talk.line("rated"))


def by_person(talk: Talk) -> bool:
    """Whether a person owns the conversation: then the bot is silent, but for what it is asked by command
    and for the warning about a secret. The words are kept for the person to read.
    """
    ticket = talk.ticket
    if ticket is None:
        return False
    talk.ticket = ticket = replace(ticket, heard_at=talk.now)
    if talk.word is Word.REPORT:
        _report(talk, ticket)
        return True
    if talk.word is Word.ALONE:
        alone(talk)
        return True
    if ticket.holder is None:
        return False
    if talk.word in {Word.DATA, Word.ERASE, Word.PRIVACY} and (talk.message.button or _is_command(talk)):
        return False
    if any(option.verb in {Verb.ERASE, Verb.KEEP} for option in talk.state.options):
        return False
    if talk.message.found:
        talk.say(Reply(talk.warning, shortcuts=talk.voice.shortcuts(Word.REPORT, Word.ALONE)))
    talk.walk.lead = ""
    return True


def written(kind: Kind) -> str:
    """What stands for a message without words, for a person who reads along."""
    return {Kind.TEXT: "", Kind.EDITED: "", Kind.LEFT: ""}.get(kind, WITHOUT_WORDS.get(kind, "[tệp]"))


def _report(talk: Talk, ticket: Ticket) -> None:
    """Somebody at the desk asked for what nobody may ask: away from them at once."""
    talk.offers.clear()
    holder = ticket.holder
    talk.ticket = reported(ticket)
    if holder is not None:
        talk.walk.events.append(TicketMoved(talk.ticket, Move.REPORTED, talk.now, holder.id))
    talk.offers.ask(talk.line("person_reported"), _meanwhile(talk), Word.MENU)


def _leave_the_guide(talk: Talk, reason: str) -> None:
    if talk.session is None:
        talk.walk.events.append(HumanRequested("", "", "", reason))
    elif talk.session.is_open:
        talk.walk.ask_human(reason)
    elif talk.word is Word.HUMAN:
        talk.walk.events.append(HumanRequested("", "", "", reason))


def _nobody(talk: Talk, lead: str) -> None:
    text = _joined(lead, talk.line("human"))
    if talk.session is None:
        talk.say(Reply(text, shortcuts=talk.voice.shortcuts(Word.MENU)))
    else:
        talk.offers.go_on_or_menu(text)


def _still_waiting(talk: Talk, lead: str) -> None:
    talk.offers.ask(_joined(lead, talk.line("human_waiting")), _meanwhile(talk), Word.MENU)


def _opened(talk: Talk) -> str:
    promise = talk.desk.promise(talk.contact.commune, talk.now)
    if promise.open:
        when = talk.line("human_place", dieu=str(promise.ahead + 1))
    else:
        when = talk.line("human_closed", dieu=clock(promise.opens_at) if promise.opens_at else "")
    return _joined(talk.line("human_called"), when, talk.line("human_rules"))


def _meanwhile(talk: Talk) -> tuple[Option, ...]:
    """What can be done while one waits."""
    going_on = (Option(talk.line("label_resume"), Verb.RESUME),) if talk.session else ()
    return (*going_on, Option(talk.line("label_off"), Verb.ALONE))


def _agreed(talk: Talk) -> bool:
    return any(consent.purpose is Purpose.VOLUNTEER for consent in talk.contact.consents)


def _is_command(talk: Talk) -> bool:
    return talk.text.startswith("/")


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
