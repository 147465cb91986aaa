"""The resident's side of a visit at home: agreeing to it, asking how it stands, calling it off."""

from __future__ import annotations

import zlib
from dataclasses import replace

from bot.core import home_news
from bot.core.buttons import OptionButton
from bot.core.contact import Consent, Purpose
from bot.core.events import ConsentGiven, HomeVisitCalledOff, HomeVisitRequested
from bot.core.flow import Ask, End
from bot.core.hearing import Word
from bot.core.home_visit import Declined, HomeVisit, Stage, Why, called_off
from bot.core.message import Reply
from bot.core.session import Option, Verb
from bot.core.talk import Talk

YES = "yes"
NO = "no"
OFF = "off"
KEEP = "keep"


def by_answer(talk: Talk) -> bool:
    """Whether they agree to what a volunteer wrote down for them: heard also while that volunteer has the
    conversation, for it is what they were just asked.
    """
    visit = talk.walk.home_visit
    if visit is None or visit.stage is not Stage.OFFERED:
        return False
    answer = _answer(talk, visit)
    if not answer:
        return False
    if talk.ticket is not None:
        talk.ticket = replace(talk.ticket, heard_at=talk.now)
    talk.offers.clear()
    choose(talk, answer)
    return True


def choose(talk: Talk, answer: str) -> None:
    """What they said to a question about their visit."""
    visit = talk.walk.home_visit
    if visit is None:
        _show_none(talk)
    elif answer == YES and visit.stage is Stage.OFFERED:
        _accept(talk, visit)
    elif answer == NO and visit.stage is Stage.OFFERED:
        talk.walk.home_visit = None
        _say(talk, Reply(talk.line("visit_not_passed_on")))
    elif answer == OFF:
        _call_off(talk, visit)
    else:
        show(talk)


def show(talk: Talk) -> None:
    """How it stands. The place in a guide is kept."""
    visit = talk.walk.home_visit
    if visit is None or visit.stage is Stage.OFFERED:
        _show_none(talk)
    else:
        _say(talk, home_news.standing(talk.voice, visit))


def ask_off(talk: Talk) -> None:
    visit = talk.walk.home_visit
    if visit is None or not visit.is_open:
        show(talk)
        return
    options = (
        Option(talk.line("label_visit_off"), Verb.VISIT, OFF),
        Option(talk.line("label_visit_keep"), Verb.VISIT, KEEP),
    )
    talk.offers.ask(talk.line("visit_off_sure", viec=visit.spoken), options, Word.MENU)


def tell(talk: Talk) -> None:
    """What could not be told when it happened, before anything else."""
    visit = talk.walk.home_visit
    if visit is not None and visit.untold:
        talk.walk.home_visit = told = replace(visit, untold=False)
        talk.say(home_news.news(talk.voice, talk.state, told, talk.now))


def kindly(talk: Talk) -> None:
    """Who sends a number where only a place is asked for hears that none is needed."""
    if not talk.message.found or talk.session is None:
        return
    _, flow, step = talk.voice.at(talk.session)
    books = [step.books for step in flow.steps.values() if isinstance(step, End) and step.books]
    wanted = {name for one in books for name in (one.hamlet, one.landmark, one.days)}
    if isinstance(step, Ask) and step.answer in wanted:
        talk.walk.lead = f"{talk.walk.lead}\n\n{talk.line('visit_no_number')}".strip()


def _answer(talk: Talk, visit: HomeVisit) -> str:
    button, labels = talk.button, (("label_visit_yes",), ("label_visit_no",))
    if isinstance(button, OptionButton):
        return {1: YES, 2: NO}.get(button.number, "") if button.asked == visit.asked else ""
    if talk.state.asked != visit.asked or not talk.state.options or not talk.text:
        return ""
    if talk.word is Word.YES:
        return YES
    number = talk.book.hearing.pick(talk.text, [(talk.line(name),) for (name,) in labels])
    return "" if number is None else (YES, NO)[number]


def _accept(talk: Talk, visit: HomeVisit) -> None:
    # CRC and not the words: which words were agreed to must be seen, not kept
    consent = Consent(Purpose.HOME_VISIT, talk.now, f"{zlib.crc32(talk.line('visit_offer').encode()):08x}")
    talk.walk.consents = (*talk.walk.consents, consent)
    made = replace(visit, stage=Stage.REQUESTED, changed_at=talk.now)
    talk.walk.home_visit = made
    talk.walk.events += [ConsentGiven(Purpose.HOME_VISIT), HomeVisitRequested(made)]
    _say(talk, Reply(talk.line("visit_asked", viec=made.spoken)))


def _call_off(talk: Talk, visit: HomeVisit) -> None:
    off = called_off(visit, visit.revision, Why.RESIDENT, talk.now)
    if isinstance(off, Declined):
        show(talk)
        return
    talk.walk.home_visit = off
    talk.walk.events.append(HomeVisitCalledOff(off))
    _say(talk, Reply(talk.line("visit_off_own", viec=off.spoken), shortcuts=talk.voice.shortcuts(Word.MENU)))


def _show_none(talk: Talk) -> None:
    _say(talk, Reply(talk.line("visit_none"), shortcuts=talk.voice.shortcuts(Word.HUMAN, Word.MENU)))


def _say(talk: Talk, reply: Reply) -> None:
    """Said in the name of whoever has the conversation, for then the bot itself is silent."""
    lead, talk.walk.lead = talk.walk.lead, ""
    holder = talk.ticket.holder if talk.ticket else None
    text = f"{lead}\n\n{reply.text}".strip()
    talk.say(replace(reply, text=text, author=holder.name if holder else ""))
