"""One message on its way to an answer: what is known, and what the turn has made of it so far."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cached_property
from typing import assert_never

from bot.core import mobile_team, privacy
from bot.core.book import Book
from bot.core.buttons import Button, WordButton, parse
from bot.core.contact import PHONES, Contact
from bot.core.desk import NOBODY, Desk
from bot.core.events import AnswerGiven, HumanRequested, SecretMasked, StuckSeen
from bot.core.faq import Answer, KnownError
from bot.core.flow import Ask, Branch, Call, End, Handoff, Say
from bot.core.hearing import Decision, Verdict, Word
from bot.core.message import Incoming, Kind, Reply
from bot.core.offers import Offers, is_kept, walk_of
from bot.core.places import hung, led_by_poster
from bot.core.sent import WITH_WORDS, kind_of
from bot.core.session import Option, Session, State
from bot.core.sticking import error_sign
from bot.core.timing import due_at
from bot.core.turn import Turn
from bot.core.voice import Voice, in_language, joined, voice_of

ROW = 600
"""Within so many seconds things of one kind come in a row: an album, a voice message after the other."""


class Talk:
    """Lives for one turn; what it holds besides is immutable."""

    def __init__(self, book: Book, state: State, message: Incoming, now: int, desk: Desk = NOBODY) -> None:
        self.book = book
        self.state = state
        self.message = message
        self.now = now
        self.desk = desk
        self.ticket = state.ticket
        self.helped = state.helped
        self.rate_until = state.rate_until
        self.met = state.met
        self.told = state.told
        self.contact: Contact = _led(book, state.contact, message, desk)
        self.voice: Voice = voice_of(book, state.contact)
        session = state.session if state.session and is_kept(book, state.session) else None
        channel = message.address.channel
        self.walk = walk_of(book, self.contact, self.voice, now, message.seed, state.seq, session, channel)
        self.walk.home_visit = state.home_visit
        self.walk.downtime = desk.downtime
        self.walk.offers_visits = desk.promise(self.contact.commune, now).staffed
        if session is not state.session:
            self.walk.lead = self.voice.line("guide_changed")
        self.offers = Offers(self.walk, state)
        self.misses = state.misses
        self.unsure = ""
        self.naming = ""
        self.asks_team = False
        self.keep = True
        self.calling = ""
        """Why a human is needed after what was said; the question whether to call one comes last."""
        self.alone = 0
        """How many of the replies are to stand alone: an urgent answer is read whole, then comes the rest."""
        self.urgent: tuple[Option, ...] | None = None
        """Somebody may be in danger and was answered; a human is offered beside these."""
        self.ended = False
        """The guide is over; what comes next is said last."""
        self.button: Button | None = parse(message.button) if message.button else None
        self.kind = kind_of(message)
        in_row = state.sent is self.kind and now - state.heard_at < ROW
        self.again = state.in_row if in_row else 0
        """How many of the kind came just before this one."""

    @cached_property
    def word(self) -> Word | None:
        if isinstance(self.button, WordButton):
            return self.button.word
        return self.book.hearing.word(self.message.text) if self.text else None

    @cached_property
    def verdict(self) -> Verdict:
        """What the message is about at the waiting step; asked only when nothing surer was found."""
        if not self.text:
            return Verdict(Decision.UNCLEAR, ())
        expected = {intent for way in self.offers.ways() for intent in way.intents}
        return self.book.hearing.verdict(self.text, expected, self.voice.locale)

    @property
    def text(self) -> str:
        """What the person said beside the secrets that were masked."""
        if self.message.button or self.kind not in WITH_WORDS:
            return ""
        return privacy.without_masks(self.message)

    @property
    def session(self) -> Session | None:
        return self.walk.session

    def say(self, reply: Reply) -> None:
        self.walk.replies.append(reply)

    def line(self, name: str, *, buoc: str = "", viec: str = "", dieu: str = "") -> str:
        return self.voice.line(name, buoc=buoc, viec=viec, dieu=dieu)

    def call_them(self, form: str) -> None:
        """Use another form of address from this sentence on."""
        self.contact = replace(self.contact, xung_ho=form)
        self.voice = voice_of(self.book, self.contact)
        self.walk.voice = self.voice

    def speak(self, locale: str) -> None:
        """Use another language from this sentence on."""
        self.contact = replace(self.contact, locale=locale)
        self.voice = voice_of(self.book, self.contact)
        self.walk.voice = self.voice

    def live_in(self, commune: str, poster: str = "") -> None:
        """Book what begins from here on in another commune, and under the poster whose code they typed."""
        poster = hung(poster, self.desk.posters) or self.contact.poster
        self.contact = replace(self.contact, commune=commune, poster=poster)
        self.walk.commune, self.walk.poster = commune, poster
        if self.ticket is not None:
            self.ticket = replace(self.ticket, commune=commune)

    def warn_of_secrets(self) -> None:
        if self.message.found:
            self.walk.events.append(SecretMasked(self.message.found))
            self.walk.lead = self.warning

    @property
    def warning(self) -> str:
        return privacy.warning(self.voice, self.message.found) if self.message.found else ""

    def place_shortly(self, lead: str) -> None:
        """Say something and then only the name of where we are, with the answers that are waiting."""
        walk = self.walk
        lead, walk.lead = "\n\n".join(part for part in (walk.lead, lead) if part), ""
        if self.session is None and not self.offers.options:
            self.say(Reply(lead, shortcuts=self.voice.shortcuts(Word.HUMAN, Word.MENU)))
        elif self.offers.options or not isinstance(self.voice.at(walk.here)[2], (Say, Ask)):
            self.offers.place_again(lead)
        else:
            self.say(self.voice.step(walk.here, lead, shortly=True))

    @property
    def place(self) -> tuple[str, str]:
        """The guide and step where the person stands; empty outside a guide."""
        return (self.session.top.flow, self.session.top.visit.step) if self.session else ("", "")

    def give_answer(self, intent: str, *, human: bool = False, others: tuple[str, ...] = ()) -> None:
        """Answer a question; with `human` a person is asked for as well, and the guide waits.

        `others` are intents that may be meant instead, when the answer is not sure to be the right one.
        """
        answer = self.book.answers[intent]
        self.walk.events.append(AnswerGiven(intent, *self.place))
        if human:
            self._call_in_distress()
        text = self._beside(answer, self.voice.answered(answer))
        urgent = human or answer.urgent
        if urgent and self.can_call:
            self._alarmed(text, self.offers.onward([answer.flow]))
        else:
            self.offers.answered(text, answer.flow, urgent=urgent, others=others)

    def give_both(self, intents: tuple[str, ...], *, human: bool) -> None:
        """Two problems in one message: both are answered, in the order given."""
        parts = [self.line("two_problems")]
        urgent = human
        for intent in intents:
            answer = self.book.answers.get(intent)
            if answer is None:
                parts.append(self.line("heard_you", viec=self.voice.title(self.book.starts[intent])))
                continue
            self.walk.events.append(AnswerGiven(intent, *self.place))
            words = self._beside(answer, self.voice.read(answer.text))
            parts.append(f"**{self.voice.read(answer.question)}**\n{words}")
            urgent = urgent or answer.urgent
        if human:
            self._call_in_distress()
        if urgent and self.can_call:
            self._alarmed("\n\n".join(parts), self.offers.onward(map(self.offers.guide_for, intents)))
        else:
            self.offers.answered_both("\n\n".join(parts), intents, urgent=urgent)

    def _beside(self, answer: Answer, words: str) -> str:
        """An answer after what is known of the mobile team, if it is about that."""
        commune = self.contact.commune
        if mobile_team.asks_where(answer, self.desk, commune, self.now):
            self.asks_team = True
        team = mobile_team.before(self.voice, answer, self.desk, commune, self.now)
        return "\n\n".join(part for part in (team, words) if part)

    def meet(self, error: str) -> None:
        """A known error is what they are stuck at; who helps sees it."""
        self.met = error
        if self.ticket is not None:
            self.ticket = replace(self.ticket, error=error)

    def note_stuck(self, sign: str) -> None:
        """A sign that somebody is stuck was seen, in a guide or outside any."""
        if self.walk.session is None:
            self.walk.events.append(StuckSeen(sign, None, ""))
        else:
            self.walk.note_stuck(sign)

    def let_go(self) -> None:
        """The bot's own question is not waited for any more: what was said is no answer to it."""
        self.state = replace(self.state, options=())
        self.offers.clear()

    def explain(self, error: KnownError) -> None:
        """Say what a quoted error means and what to do; the place is kept."""
        self.note_stuck(error_sign(error.id))
        self.offers.explained(self.voice.explained(error), error.flow)

    @property
    def can_call(self) -> bool:
        """Whether a request for a human would be seen by one, or is."""
        if self.ticket is not None:
            return True
        return not self.message.crowded and self.desk.promise(self.contact.commune, self.now).staffed

    def _alarmed(self, text: str, onward: tuple[Option, ...]) -> None:
        """An urgent answer stands alone and whole; the guide waits until the person asks for it."""
        walk = self.walk
        lead, walk.lead = walk.lead, ""
        self.offers.clear()
        if walk.session is not None:
            walk.session = replace(walk.session, paused=True)
        self.say(Reply("\n\n".join(part for part in (lead, text) if part)))
        self.alone = len(walk.replies)
        self.urgent = onward

    def _call_in_distress(self) -> None:
        if self.session and self.session.is_open:
            self.walk.ask_human("distress")
        else:
            self.walk.events.append(HumanRequested("", "", "", "distress"))

    def awaken(self) -> None:
        """Stand at the step again if the visit was over (expired, left, handed to a human)."""
        session = self.walk.here
        if not session.is_open or session.paused:
            self.walk.reopen()

    def after_step(self) -> None:
        """What follows a step: after a hand-off the honest word about humans, after an end the next thing."""
        session = self.session
        if self.offers.calls:
            self.calling = "asked"
        if session is None:
            self.ended = self.state.session is not None and not self.offers.options and self.keep
            return
        step = self.voice.at(session)[2]
        match step:
            case Handoff() if not session.is_open and not self.offers.options:
                self.calling = "step"
            case Say() | Ask() | Branch() | Call() | Handoff() | End():
                pass
            case never:
                assert_never(never)

    def turn(self) -> Turn:
        events = tuple(self.walk.events)
        if not self.keep:
            return Turn(None, in_language(joined(self.walk.replies), self.voice.locale), events)
        contact = self._told_phone()
        if self.walk.consents:
            contact = replace(contact, consents=(*contact.consents, *self.walk.consents))
        replies, said, repeats = _varied(self)
        replies, offered = _with_english(self, replies)
        state = State(
            contact=contact,
            session=self.session,
            parked=self.offers.parked,
            options=self.offers.options,
            asked=self.offers.asked,
            wanted=self.offers.wanted,
            seq=self.walk.seq,
            misses=self.misses,
            last_said=said,
            repeats=repeats,
            heard_at=self.now,
            unsure=self.unsure,
            english_offered=offered,
            sent=self.kind,
            in_row=0 if self.kind is Kind.TEXT else self.again + 1,
            naming=self.naming,
            asks_team=self.asks_team,
            window=self.message.window,
            ticket=self.ticket,
            helped=self.helped,
            rate_until=self.rate_until,
            met=self.met if self._is_in_the_same_guide() else "",
            home_visit=self.walk.home_visit,
            told=self.told,
        )
        due = due_at(self.book, state, self.desk, self.now)
        return Turn(state, in_language(replies, self.voice.locale), events, due)

    def _told_phone(self) -> Contact:
        """A guide that asks which kind of phone it is tells it for those that follow."""
        answers = self.session.top.answers.values() if self.session else ()
        phone = next((answer for answer in answers if answer in PHONES), "")
        known = not phone or phone == self.contact.phone
        return self.contact if known else replace(self.contact, phone=str(phone))

    def _is_in_the_same_guide(self) -> bool:
        before = self.state.session
        if before is None or self.session is None:
            return before is self.session
        return before.runs[0].flow == self.session.runs[0].flow


def _led(book: Book, contact: Contact, message: Incoming, desk: Desk) -> Contact:
    """Somebody after what came with the message itself. A kind of phone that they said is surer."""
    if not contact.phone and message.phone in PHONES:
        contact = replace(contact, phone=message.phone)
    return led_by_poster(book.places, contact, message.commune, desk.posters)


def _with_english(talk: Talk, replies: tuple[Reply, ...]) -> tuple[tuple[Reply, ...], bool]:
    """To somebody who writes English and is answered in another language it is offered, once."""
    english = talk.voice.shortcuts(Word.ENGLISH)
    offered = talk.state.english_offered
    if offered or not replies or Word.ENGLISH not in talk.voice.other_languages():
        return replies, offered
    if not (talk.text and talk.book.hearing.is_english(talk.text)):
        return replies, offered
    last = replies[-1]
    shortcuts = tuple(dict.fromkeys((*last.shortcuts, *english)))
    return (*replies[:-1], replace(last, shortcuts=shortcuts)), True


def _varied(talk: Talk) -> tuple[tuple[Reply, ...], int, int]:
    """The replies, never the same sentence as last time: a repeated one gets another beginning."""
    said = talk.walk.replies
    replies = (*joined(said[: talk.alone]), *joined(said[talk.alone :]))
    if not replies:
        return (), talk.state.last_said, talk.state.repeats
    hash = zlib.crc32(replies[0].text.encode())
    if hash != talk.state.last_said:
        return replies, hash, 0
    repeats = talk.state.repeats + 1
    again = talk.line(f"again_{(repeats - 1) % 3 + 1}")
    first = replace(replies[0], text=f"{again}\n\n{replies[0].text}")
    return (first, *replies[1:]), hash, repeats
