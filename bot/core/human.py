"""The resident's side of a hand-off: asking for a human, agreeing, waiting, calling it off."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace

from bot.core import privacy, rating, waiting
from bot.core.contact import Consent, Purpose
from bot.core.events import ConsentGiven, HumanRequested, TicketClosed, TicketOpened
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.session import Option, Verb
from bot.core.talk import Talk
from bot.core.ticket import Closing, Reason, Ticket

OFFERED = frozenset({Reason.UNCLEAR, Reason.DISTRESS})
"""Reasons for which the bot offers a human by itself: the guide is left only when that is agreed to."""


def ask(talk: Talk, reason: str) -> None:
    """Somebody needs a human: say what there is, and ask in one tap whether one may read along."""
    talk.offers.clear()
    if talk.ticket is not None:
        _still_waiting(talk)
        return
    lead = _lead(talk)
    _leave_the_guide(talk, reason)
    if not talk.can_call:
        _nobody(talk, lead)
    elif _agreed(talk):
        call(talk, reason, lead)
    else:
        _ask_to_agree(talk, reason, lead)


def call(talk: Talk, reason: str, lead: str = "") -> None:
    """They agree: open a ticket and say honestly what happens next."""
    if talk.ticket is not None:
        _still_waiting(talk)
        return
    if not talk.can_call:
        _nobody(talk, lead)
        return
    if not _agreed(talk):
        words = _words_agreed_to(talk)
        # CRC and not the words: which words were agreed to must be seen, not kept
        consent = Consent(Purpose.VOLUNTEER, talk.now, f"{zlib.crc32(words.encode()):08x}")
        talk.contact = replace(talk.contact, consents=(*talk.contact.consents, consent))
        talk.walk.events.append(ConsentGiven(Purpose.VOLUNTEER))
    if reason in OFFERED and talk.session is not None and talk.session.is_open:
        talk.walk.ask_human(reason)
    talk.ticket = _ticket(talk, Reason(reason))
    talk.rate_until = 0
    talk.walk.events.append(TicketOpened(talk.ticket))
    promise = talk.desk.promise(talk.contact.commune, talk.now)
    if not promise.open:
        talk.ticket = replace(talk.ticket, told_closed=True)
    told = waiting.opened(talk.voice, promise, knows_where=bool(talk.contact.commune))
    talk.offers.ask(_joined(lead, told), _meanwhile(talk), Word.MENU)


def alone(talk: Talk) -> None:
    """They do not want a human, or no longer. Whoever read along may do so no more."""
    talk.offers.clear()
    ticket, talk.ticket = talk.ticket, None
    if ticket is None:
        _go_on(talk, "" if _was_asked(talk) else talk.line("human_none"))
        return
    talk.walk.events.append(TicketClosed(ticket, Closing.WITHDRAWN, talk.now))
    kept = tuple(consent for consent in talk.contact.consents if consent.purpose is not Purpose.VOLUNTEER)
    talk.contact = replace(talk.contact, consents=kept)
    if ticket.claimed_at:
        talk.helped = ticket
    if ticket.holder is not None and talk.session is not None:
        talk.walk.session = talk.session.rested(ticket.holder.since, talk.now, talk.desk.downtime)
    _go_on(talk, talk.line("human_off"))


def erase(talk: Talk) -> None:
    """Everything goes, and with it the request; the counters keep what became of both."""
    if talk.ticket is not None:
        talk.walk.events.append(TicketClosed(talk.ticket, Closing.WITHDRAWN, talk.now))
        talk.ticket = None
    privacy.erase(talk.walk)
    talk.keep = False


def not_understood(talk: Talk, times: int) -> None:
    """From the second time on with a human, in one tap where there is one."""
    if talk.ticket is not None:
        talk.offers.place_again(talk.line("unclear_waiting"))
    elif times > 1 and talk.can_call:
        talk.offers.clear()
        lead = _joined(_lead(talk), talk.line(f"unclear_human_{1 + times % 2}"))
        _ask_to_agree(talk, Reason.UNCLEAR, lead)
    else:
        talk.offers.not_understood(times)


def last_of_all(talk: Talk) -> None:
    """What the answer left to be asked about humans: it comes after everything else."""
    if talk.calling:
        ask(talk, talk.calling)
    elif talk.urgent is not None:
        _after_alarm(talk, talk.urgent)
    elif talk.ended:
        _after_guide(talk)


def _after_alarm(talk: Talk, onward: tuple[Option, ...]) -> None:
    requested = any(isinstance(event, HumanRequested) for event in talk.walk.events)
    if talk.ticket is not None:
        _still_waiting(talk)
    elif requested and _agreed(talk):
        call(talk, Reason.DISTRESS)
    else:
        _ask_to_agree(talk, Reason.DISTRESS, "", onward)


def _after_guide(talk: Talk) -> None:
    """The guide is over: is a human still needed, how was the one who gave it back, or what comes next."""
    if talk.ticket is not None:
        options = (
            Option(talk.line("label_still"), Verb.HUMAN),
            Option(talk.line("label_off"), Verb.ALONE),
        )
        talk.offers.ask(_joined(_lead(talk), talk.line("human_still_needed")), options, Word.MENU)
    elif talk.helped is not None and talk.now < talk.rate_until:
        rating.ask(talk, talk.helped)
    else:
        talk.offers.what_next()


def _ask_to_agree(talk: Talk, reason: str, lead: str, also: tuple[Option, ...] = ()) -> None:
    promise = talk.desk.promise(talk.contact.commune, talk.now)
    text = _joined(lead, waiting.offered(talk.voice, promise), _words_agreed_to(talk))
    options = (
        Option(talk.line("label_call"), Verb.CALL, str(reason)),
        *also[:1],
        Option(talk.line("label_decline"), Verb.ALONE),
    )
    talk.offers.ask(text, options, Word.MENU)


def _words_agreed_to(talk: Talk) -> str:
    return talk.line("human_ask")


def _agreed(talk: Talk) -> bool:
    return any(consent.purpose is Purpose.VOLUNTEER for consent in talk.contact.consents)


def _ticket(talk: Talk, reason: Reason) -> Ticket:
    run = talk.session.top if talk.session else None
    return Ticket(
        key=hashlib.blake2b(f"ticket.{talk.message.seed}".encode(), digest_size=9).hexdigest(),
        reason=reason,
        opened_at=talk.now,
        flow=run.flow if run else "",
        version=run.version if run else "",
        step=run.visit.step if run else "",
        error=talk.met,
        commune=talk.contact.commune,
        barred=talk.helped.barred if talk.helped else (),
    )


def _leave_the_guide(talk: Talk, reason: str) -> None:
    if talk.session is None:
        talk.walk.events.append(HumanRequested("", "", "", reason))
    elif talk.session.is_open:
        talk.walk.ask_human(reason)
    elif talk.word is Word.HUMAN:
        talk.walk.events.append(HumanRequested("", "", "", reason))


def _nobody(talk: Talk, lead: str) -> None:
    text = _joined(lead, talk.line("human_crowded" if talk.message.crowded else "human"))
    if talk.session is None:
        talk.say(Reply(text, shortcuts=talk.voice.shortcuts(Word.MENU)))
    else:
        talk.offers.go_on_or_menu(text)


def _still_waiting(talk: Talk) -> None:
    """Where they are in the queue by now, never in the same words twice."""
    if talk.ticket is not None:
        told = waiting.still(talk.voice, talk.ticket, talk.desk, talk.now, talk.walk.seq)
        talk.offers.ask(_joined(_lead(talk), told), _meanwhile(talk), Word.MENU)


def _meanwhile(talk: Talk) -> tuple[Option, ...]:
    """What can be done while one waits."""
    going_on = (Option(talk.line("label_resume"), Verb.RESUME),) if talk.session else ()
    return (*going_on, Option(talk.line("label_off"), Verb.ALONE))


def _was_asked(talk: Talk) -> bool:
    return any(option.verb is Verb.ALONE for option in talk.state.options)


def _go_on(talk: Talk, lead: str) -> None:
    """Back to the guide; after an alarm it waits until the person asks for it."""
    lead = _joined(_lead(talk), lead)
    if talk.session is None:
        talk.walk.lead = lead
        talk.offers.menu()
    elif talk.session.paused:
        talk.offers.go_on_or_menu(_joined(lead, talk.line("back_to_place")))
    else:
        talk.walk.lead = lead
        talk.offers.resume()


def _lead(talk: Talk) -> str:
    lead, talk.walk.lead = talk.walk.lead, ""
    return lead


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
