"""respond(): who answers a message. The order of precedence is decided here and nowhere else."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cached_property
from typing import assert_never

from bot.core import door, privacy
from bot.core.book import Book
from bot.core.buttons import (
    VERSION_SHOWN,
    Button,
    DoorButton,
    OptionButton,
    StepButton,
    Unknown,
    WordButton,
    parse,
)
from bot.core.contact import Contact
from bot.core.engine import Walk
from bot.core.events import AnswerGiven, HumanRequested, NotUnderstood, SecretMasked
from bot.core.flow import Ask, Branch, Call, End, Handoff, Say, Shape, Way
from bot.core.hearing import Decision, Verdict, Word
from bot.core.message import Incoming, Kind, Reply
from bot.core.offers import Offers, is_kept
from bot.core.sentences import SENTENCES
from bot.core.session import Option, Session, State, Verb
from bot.core.timing import due_at, is_absent
from bot.core.turn import Turn
from bot.core.voice import Voice, joined, labels, option_labels, voice_of

__all__ = ["SENTENCES", "Turn", "respond", "welcome", "welcome_back"]

welcome = door.welcome


def respond(book: Book, state: State | None, message: Incoming, now: int) -> Turn:
    """Decide who answers one message and what is said.

    `now` is in seconds since 1970 UTC. Pure: the same arguments give the same turn.
    """
    if state is None:
        return door.respond(book, message, now)
    talk = Talk(book, state, message, now)
    _answer(talk)
    return talk.turn()


def welcome_back(book: Book, state: State, now: int) -> Reply | None:
    """Where the person was, for a page that is opened after an absence; None when they were just here."""
    session = state.session
    if session is None or not is_absent(state, now):
        return None
    voice = voice_of(book, state.contact)
    return voice.step(session, voice.line("welcome_back", buoc=voice.where(session)))


def _answer(talk: Talk) -> None:
    """Who answers. The order of these lines is the order of precedence."""
    talk.warn_of_secrets()
    if (
        _stop_or_privacy(talk)
        or _universal_word(talk)
        or _choice(talk)
        or _other_than_text(talk)
        or _another_guide(talk)
        or _free_words(talk)
        or _question(talk)
        or _guesses(talk)
    ):
        talk.misses = 0
        return
    _not_understood(talk)


class Talk:
    """One message on its way to an answer: what is known, and what the turn has made of it so far."""

    def __init__(self, book: Book, state: State, message: Incoming, now: int) -> None:
        self.book = book
        self.state = state
        self.message = message
        self.now = now
        self.contact: Contact = state.contact
        self.voice: Voice = voice_of(book, state.contact)
        session = state.session if state.session and is_kept(book, state.session) else None
        self.walk = Walk(book, self.voice, now, message.seed, state.seq, session)
        if session is not state.session:
            self.walk.lead = self.voice.line("guide_changed")
        self.offers = Offers(self.walk, state)
        self.misses = state.misses
        self.keep = True

    @cached_property
    def button(self) -> Button | None:
        return parse(self.message.button) if self.message.button else None

    @cached_property
    def word(self) -> Word | None:
        if isinstance(self.button, WordButton):
            return self.button.word
        return self.book.hearing.word(self.message.text) if self.text else None

    @cached_property
    def verdict(self) -> Verdict:
        """What the message is about; asked only when nothing surer was found."""
        return self.book.hearing.verdict(self.text) if self.text else Verdict(Decision.UNCLEAR, ())

    @property
    def text(self) -> str:
        """What the person said beside the secrets that were masked."""
        return "" if self.message.button else privacy.without_masks(self.message)

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

    def warn_of_secrets(self) -> None:
        if self.message.found:
            self.walk.events.append(SecretMasked(self.message.found))
            self.walk.lead = privacy.warning(self.voice, self.message.found)

    def turn(self) -> Turn:
        events = tuple(self.walk.events)
        if not self.keep:
            return Turn(None, joined(self.walk.replies), events)
        replies, said, repeats = _varied(self)
        state = State(
            contact=self.contact,
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
        )
        return Turn(state, replies, events, due_at(self.book, state))


def _varied(talk: Talk) -> tuple[tuple[Reply, ...], int, int]:
    """The replies, never the same sentence as last time: a repeated one gets another beginning."""
    replies = joined(talk.walk.replies)
    if not replies:
        return (), talk.state.last_said, talk.state.repeats
    said = zlib.crc32(replies[0].text.encode())
    if said != talk.state.last_said:
        return replies, said, 0
    repeats = talk.state.repeats + 1
    again = talk.line(f"again_{(repeats - 1) % 3 + 1}")
    first = replace(replies[0], text=f"{again}\n\n{replies[0].text}")
    return (first, *replies[1:]), said, repeats


def _stop_or_privacy(talk: Talk) -> bool:
    match talk.word:
        case Word.STOP:
            if talk.session:
                talk.walk.session = replace(talk.session, paused=True)
            talk.offers.clear()
            talk.say(Reply(talk.line("stopped"), shortcuts=talk.voice.shortcuts(Word.RESUME, Word.MENU)))
        case Word.PRIVACY:
            talk.say(Reply(talk.line("privacy"), shortcuts=talk.voice.shortcuts(Word.MENU)))
        case Word.DATA:
            privacy.show(talk.walk, talk.state)
        case Word.ERASE:
            talk.offers.ask(talk.line("erase_sure"), privacy.erase_options(talk.voice))
        case _:
            return False
    return True


def _universal_word(talk: Talk) -> bool:
    match talk.word:
        case Word.BACK:
            _back(talk)
        case Word.REPEAT:
            talk.offers.place_again(talk.line("repeat"))
        case Word.SKIP:
            _skip(talk)
        case Word.MENU:
            talk.offers.menu()
        case Word.HUMAN:
            _human(talk, "asked")
        case Word.RESUME | Word.START if talk.session:
            _resume(talk)
        case Word.RESUME | Word.START:
            talk.offers.menu()
        case _:
            return False
    return True


def _back(talk: Talk) -> None:
    if talk.session is None:
        talk.offers.menu()
        return
    talk.offers.clear()
    _awaken(talk)
    talk.walk.lead = talk.line("gone_back")
    if not talk.walk.back():
        talk.offers.place_again(talk.line("first_step"))


def _skip(talk: Talk) -> None:
    if talk.session is None:
        talk.offers.menu()
        return
    _awaken(talk)
    _, _, step = talk.voice.at(talk.walk.here)
    onward = _onward(step)
    if onward is None:
        talk.offers.place_again(talk.line("cannot_skip"))
        return
    talk.offers.clear()
    talk.walk.lead = talk.line("skipped")
    talk.walk.skip(onward)
    _after_step(talk)


def _onward(step: object) -> str | None:
    """Where a skipped step leads: its only way that is not stuck, if there is just one."""
    match step:
        case Ask(next=following):
            return following
        case Say(ways=ways):
            onward = {way.next for way in ways if not way.stuck}
            return onward.pop() if len(onward) == 1 else None
        case _:
            return None


def _human(talk: Talk, reason: str) -> None:
    talk.offers.clear()
    lead, talk.walk.lead = talk.walk.lead, ""
    if talk.session is None:
        talk.walk.events.append(HumanRequested("", "", "", reason))
    elif talk.session.is_open:
        talk.walk.ask_human(reason)
    elif talk.word is Word.HUMAN:
        talk.walk.events.append(HumanRequested("", "", "", reason))
    text = "\n\n".join(part for part in (lead, talk.line("human")) if part)
    if talk.session is None:
        talk.say(Reply(text, shortcuts=talk.voice.shortcuts(Word.MENU)))
    else:
        talk.say(talk.voice.ways_on(talk.session, text))


def _resume(talk: Talk) -> None:
    talk.offers.clear()
    session = talk.walk.here
    if session.is_open and not session.paused:
        talk.offers.place_again(talk.line("repeat"))
        return
    talk.walk.lead = talk.line("resumed")
    talk.walk.resume()
    _after_step(talk)


def _choice(talk: Talk) -> bool:
    """A choice of what is waiting: by button, by number, by its words."""
    if talk.button is not None:
        _pressed(talk, talk.button)
        return True
    if not talk.text:
        return False
    options = talk.state.options
    if options:
        number = talk.book.hearing.pick(talk.text, option_labels(options))
        if number is not None:
            _take_option(talk, options[number])
            return True
    ways = talk.offers.ways()
    number = talk.book.hearing.pick(talk.text, labels(talk.voice, ways)) if ways else None
    if number is not None:
        _take_way(talk, ways[number])
        return True
    return _yes_or_stuck(talk, ways)


def _yes_or_stuck(talk: Talk, ways: tuple[Way, ...]) -> bool:
    """Say "xong rồi" and it is the one way forward, "không được" the one that is stuck, if just one is."""
    match talk.word:
        case Word.YES:
            if talk.state.options and talk.state.options[0].verb in _YES_MEANS:
                _take_option(talk, talk.state.options[0])
                return True
            fitting = [way for way in ways if not way.stuck]
        case Word.STUCK:
            fitting = [way for way in ways if way.stuck]
        case _:
            return False
    if len(fitting) == 1:
        _take_way(talk, fitting[0])
    elif talk.session and not talk.offers.options and fitting:
        talk.offers.place_again(talk.line("where_stuck" if talk.word is Word.STUCK else "which_one"))
    elif talk.word is Word.STUCK:
        _human(talk, "asked")
    else:
        talk.offers.place_again(talk.line("which_one"))
    return True


_YES_MEANS = frozenset({Verb.RESUME, Verb.START, Verb.ANSWER, Verb.BEGIN})


def _pressed(talk: Talk, button: Button) -> None:
    match button:
        case OptionButton(asked=asked, number=number):
            options = talk.state.options
            if asked == talk.state.asked and 1 <= number <= len(options):
                _take_option(talk, options[number - 1])
            else:
                _stale(talk)
        case StepButton():
            way = _way_of(talk, button)
            if way is None:
                _stale(talk)
            else:
                _take_way(talk, way)
        case DoorButton(flow=flow):
            if flow in talk.book.flows:
                talk.offers.start(flow)
            else:
                talk.offers.place_again(talk.line("repeat"))
        case WordButton() | Unknown():
            _stale(talk)
        case never:
            assert_never(never)


def _way_of(talk: Talk, button: StepButton) -> Way | None:
    """The way that a button means, if its step is where the person stands right now."""
    if talk.session is None:
        return None
    run = talk.session.top
    here = (run.flow, run.visit.step, run.version[:VERSION_SHOWN], run.visit.seq)
    if (button.flow, button.step, button.version, button.seq) != here:
        return None
    ways = talk.offers.ways()
    return ways[button.number - 1] if 1 <= button.number <= len(ways) else None


def _stale(talk: Talk) -> None:
    talk.offers.place_again(talk.line("stale"))


def _take_way(talk: Talk, way: Way) -> None:
    returning = is_absent(talk.state, talk.now)
    _awaken(talk)
    talk.offers.clear()
    if not talk.walk.lead:
        talk.walk.lead = talk.line(_lead_for(way, talk.walk.seq, returning=returning))
    talk.walk.answer(way)
    _after_step(talk)


def _lead_for(way: Way, seq: int, *, returning: bool) -> str:
    if returning:
        return "back_again"
    return f"{'unstick' if way.stuck else 'onward'}_{seq % 3 + 1}"


def _take_option(talk: Talk, option: Option) -> None:
    """What choosing one of the bot's own offers does."""
    talk.offers.clear()
    match option.verb:
        case Verb.FORM if option.arg:
            talk.call_them(option.arg)
            talk.walk.lead = talk.line("form_taken")
            talk.offers.after_form()
        case Verb.FORM:
            talk.offers.ask_form()
        case Verb.START | Verb.BEGIN:
            talk.offers.start(option.arg)
        case Verb.AGAIN:
            talk.offers.again(option.arg)
        case Verb.RESUME:
            talk.offers.resume(option.arg)
        case Verb.ANSWER:
            _give_answer(talk, option.arg)
        case Verb.STAY | Verb.KEEP:
            talk.offers.place_again(talk.line("stay"))
        case Verb.MENU | Verb.READ:
            talk.offers.menu(option.arg)
        case Verb.HUMAN:
            _human(talk, "asked")
        case Verb.NONE:
            talk.misses += 1
            talk.offers.none_of_these()
        case Verb.ERASE:
            privacy.erase(talk.walk)
            talk.keep = False
        case never:
            assert_never(never)
    _after_step(talk)


def _other_than_text(talk: Talk) -> bool:
    """Pictures, voice and the like are not fetched; a message that was all secrets was warned of."""
    if talk.message.kind is not Kind.TEXT:
        name = "photo_sent" if talk.message.kind is Kind.PHOTO else "media_sent"
        talk.offers.place_again(talk.line(name))
        return True
    if talk.message.found and not talk.text:
        lead, talk.walk.lead = talk.walk.lead, ""
        talk.offers.place_again(lead)
        return True
    return False


def _another_guide(talk: Talk) -> bool:
    """Another problem, clearly named: offer to switch, keep the place. Without a place: start."""
    if talk.verdict.decision is not Decision.ANSWER:
        return False
    intent = talk.verdict.guesses[0].intent
    ways = [way for way in talk.offers.ways() if intent in way.intents]
    if len(ways) == 1:
        _take_way(talk, ways[0])
        return True
    flow = talk.book.starts.get(intent)
    if flow is None or (intent in talk.book.answers and talk.session):
        return False
    talk.offers.propose(flow)
    return True


def _free_words(talk: Talk) -> bool:
    """The free words that an `ask` step waits for."""
    if talk.session is None or talk.state.options or not talk.text:
        return False
    run, _, step = talk.voice.at(talk.session)
    if not isinstance(step, Ask):
        return False
    value = _fitting(talk, step)
    if value is None:
        if talk.verdict.decision is Decision.ANSWER:
            return False
        attempts = replace(run.visit, attempts=run.visit.attempts + 1)
        top = replace(run, visit=attempts)
        talk.walk.session = replace(talk.session, runs=(*talk.session.runs[:-1], top))
        retry = step.retry(talk.voice.variables) if step.retry else talk.line("ask_again")
        talk.offers.place_again(retry)
        return True
    _awaken(talk)
    talk.walk.fill(step, value)
    _after_step(talk)
    return True


def _fitting(talk: Talk, step: Ask) -> str | int | None:
    match step.shape:
        case Shape.NUMBER:
            number = talk.book.hearing.number(talk.text)
            return number if number is not None and step.least <= number <= step.most else None
        case Shape.TEXT:
            text = talk.text.strip()
            return text if step.least <= len(text) <= step.most else None
        case never:
            assert_never(never)


def _question(talk: Talk) -> bool:
    """A question that an answer exists for: answered on the spot, the place is kept."""
    verdict = talk.verdict
    if verdict.decision is Decision.HANDOFF:
        intent = verdict.guesses[0].intent
        if intent in talk.book.answers and intent != "talk-to-human":
            _give_answer(talk, intent)
        else:
            _human(talk, "asked")
        return True
    if verdict.decision is Decision.OUT_OF_SCOPE:
        talk.offers.place_again(talk.line("out_of_scope"))
        return True
    if verdict.decision is not Decision.ANSWER:
        return False
    intent = verdict.guesses[0].intent
    if intent == "greeting":
        talk.offers.greet(is_absent(talk.state, talk.now))
        return True
    if intent not in talk.book.answers:
        talk.offers.place_again(talk.line("no_content"))
        return True
    _give_answer(talk, intent)
    return True


def _give_answer(talk: Talk, intent: str) -> None:
    answer = talk.book.answers[intent]
    flow, step = "", ""
    if talk.session:
        flow, step = talk.session.top.flow, talk.session.top.visit.step
    talk.walk.events.append(AnswerGiven(intent, flow, step))
    text = answer.text(talk.voice.variables).strip()
    if answer.dated:
        text = f"{text}\n\n{talk.line('dated')}"
    talk.offers.answered(text, answer.flow)


def _guesses(talk: Talk) -> bool:
    """Not sure: up to three guesses in plain words, and "none of these"."""
    if talk.verdict.decision is not Decision.CHOOSE:
        return False
    return talk.offers.guess(guess.intent for guess in talk.verdict.guesses)


def _not_understood(talk: Talk) -> None:
    """Say so plainly, never twice in the same words; after the second time offer a human."""
    talk.misses += 1
    session = talk.session
    flow, step = (session.top.flow, session.top.visit.step) if session else ("", "")
    talk.walk.events.append(NotUnderstood(flow, step))
    if is_absent(talk.state, talk.now):
        talk.offers.greet(absent=True)
        return
    if session and session.is_open:
        run = session.top
        top = replace(run, visit=replace(run.visit, attempts=run.visit.attempts + 1))
        talk.walk.session = replace(session, runs=(*session.runs[:-1], top))
    talk.offers.not_understood(min(talk.misses, 3))


def _awaken(talk: Talk) -> None:
    """Stand at the step again if the visit was over (expired, left, handed to a human)."""
    session = talk.walk.here
    if not session.is_open or session.paused:
        talk.walk.reopen()


def _after_step(talk: Talk) -> None:
    """What follows a step: after a hand-off the honest word about humans, after an end the next thing."""
    session = talk.session
    if session is None:
        if talk.state.session is not None and not talk.offers.options and talk.keep:
            talk.offers.what_next()
        return
    step = talk.voice.at(session)[2]
    match step:
        case Handoff() if not session.is_open and not talk.offers.options:
            talk.say(talk.voice.ways_on(session, talk.line("human")))
        case Say() | Ask() | Branch() | Call() | Handoff() | End():
            pass
        case never:
            assert_never(never)
