"""respond(): who answers a message. The order of precedence is decided here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core import door, held, home_asking, human, outage_news, rating
from bot.core.book import Book
from bot.core.choosing import by_button_or_label, by_choice, meet_error, take_way
from bot.core.desk import NOBODY, Desk
from bot.core.events import NotUnderstood
from bot.core.faq import NOTHING_CLEAR, TO_A_HUMAN
from bot.core.flow import Ask, Shape
from bot.core.hearing import Decision
from bot.core.media import by_sending, by_what_came_with_it
from bot.core.message import Incoming, Kind, Reply
from bot.core.quoting import quoted_error
from bot.core.sentences import SENTENCES
from bot.core.session import State
from bot.core.sticking import UNCLEAR
from bot.core.talk import Talk
from bot.core.timing import is_absent, lapse, unreachable
from bot.core.turn import Turn
from bot.core.voice import in_language, voice_of
from bot.core.whereabouts import by_commune
from bot.core.words import by_stop_or_privacy, by_universal_word

__all__ = ["SENTENCES", "Turn", "respond", "welcome", "welcome_back"]

COMPLAINT = "complaint-general"

welcome = door.welcome


def respond(book: Book, state: State | None, message: Incoming, now: int, desk: Desk = NOBODY) -> Turn:
    """Decide who answers one message and what is said.

    `now` is in seconds since 1970 UTC; `desk` is what may be promised of volunteers. Pure: the same arguments
    give the same turn.
    """
    if message.kind is Kind.LEFT:
        return Turn(state) if state is None else unreachable(book, state, now) or Turn(state)
    if state is None:
        return door.respond(book, message, now, desk)
    lapsed = lapse(book, state, now, desk)  # nobody has noticed yet that the person is away
    talk = Talk(book, lapsed.state or state if lapsed else state, message, now, desk)
    _answer(talk)
    held.beside_person(talk)
    human.last_of_all(talk)
    news = in_language(outage_news.first(talk), talk.voice.locale)
    turn = talk.turn()
    before = () if lapsed is None else lapsed.replies
    if lapsed is not None:
        turn = replace(turn, events=(*lapsed.events, *turn.events))
    return replace(turn, replies=(*news, *before, *turn.replies)) if news or before else turn


def welcome_back(book: Book, state: State, now: int) -> Reply | None:
    """Where the person was, for a page that is opened after an absence; None when they were just here."""
    session = state.session
    if session is None or not is_absent(state, now):
        return None
    voice = voice_of(book, state.contact)
    back = voice.step(session, voice.line("welcome_back", buoc=voice.where(session)))
    return in_language((back,), voice.locale)[0]


def _answer(talk: Talk) -> None:
    """Who answers. The order of these lines is the order of precedence."""
    talk.warn_of_secrets()
    if home_asking.by_answer(talk):
        return
    if held.by_report(talk) or held.by_person(talk):
        return
    if rating.by_rating(talk):
        talk.misses = 0
        return
    home_asking.tell(talk)
    home_asking.kindly(talk)
    if by_sending(talk):
        return
    if (
        by_button_or_label(talk)
        or by_stop_or_privacy(talk)
        or by_universal_word(talk)
        or by_choice(talk)
        or _nothing_but_secrets(talk)
        or _commune(talk)
        or _known_error(talk)
        or _two_problems(talk)
        or _another_guide(talk)
        or _free_words(talk)
        or _question(talk)
        or _guesses(talk)
    ):
        talk.misses = 0
        return
    if not by_what_came_with_it(talk):
        _not_understood(talk)


def _nothing_but_secrets(talk: Talk) -> bool:
    """A message that was all secrets was warned of."""
    if talk.message.found and not talk.text:
        lead, talk.walk.lead = talk.walk.lead, ""
        talk.offers.place_again(lead)
        return True
    return False


def _commune(talk: Talk) -> bool:
    """Where the person is, unless the step asks for words that this may be."""
    return not _fills(talk) and by_commune(talk)


def _fills(talk: Talk) -> bool:
    """Whether the message fits the free words that an `ask` step wants."""
    if talk.session is None or talk.state.options or not talk.text:
        return False
    step = talk.voice.at(talk.session)[2]
    return isinstance(step, Ask) and _fitting(talk, step) is not None


def _known_error(talk: Talk) -> bool:
    """What the screen shows, explained; where the step has a way for it, that way."""
    error = quoted_error(talk.book, talk.text, talk.verdict)
    if error is None:
        return False
    meet_error(talk, error)
    return True


def _two_problems(talk: Talk) -> bool:
    """A message that names two problems gets two answers; the matcher puts the urgent one first."""
    verdict = talk.verdict
    if verdict.second is None or verdict.decision not in {Decision.ANSWER, Decision.HANDOFF}:
        return False
    intents = (verdict.guesses[0].intent, verdict.second.intent)
    if not all(intent in talk.book.answers or intent in talk.book.starts for intent in intents):
        return False
    talk.give_both(intents, human=verdict.decision is Decision.HANDOFF)
    return True


def _another_guide(talk: Talk) -> bool:
    """Another problem, clearly named: offer to switch, keep the place. Without a place: start."""
    if talk.verdict.decision not in {Decision.ANSWER, Decision.HANDOFF}:
        return False
    intent = talk.verdict.guesses[0].intent
    ways = [way for way in talk.offers.ways() if intent in way.intents]
    if len(ways) == 1:
        take_way(talk, ways[0])
        return True
    entrance = talk.book.starts.get(intent)
    if talk.verdict.decision is Decision.HANDOFF:
        return False
    if entrance is None or (intent in talk.book.answers and talk.session):
        return False
    if not talk.verdict.sure and talk.session is None:
        return _guesses(talk)
    if talk.session is None:
        talk.walk.lead = _joined(talk.walk.lead, talk.line("heard_you", viec=talk.voice.title(entrance)))
    talk.offers.propose(entrance)
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
        retry = talk.voice.read(step.retry) if step.retry else talk.line("ask_again")
        talk.offers.place_again(retry)
        return True
    talk.awaken()
    talk.walk.fill(step, value)
    talk.after_step()
    return True


def _fitting(talk: Talk, step: Ask) -> str | int | None:
    match step.shape:
        case Shape.NUMBER:
            number = talk.book.hearing.number(talk.text)
            return number if number is not None and step.least <= number <= step.most else None
        case Shape.COMMUNE:
            return None  # what names one is heard before this, wherever the person stands
        case Shape.TEXT:
            text = talk.text.strip()
            return text if step.least <= len(text) <= step.most else None
        case never:
            assert_never(never)


def _question(talk: Talk) -> bool:
    """A question that an answer exists for: answered on the spot, the place is kept."""
    verdict = talk.verdict
    intent = verdict.guesses[0].intent if verdict.guesses else ""
    if verdict.decision is Decision.HANDOFF:
        if intent in talk.book.answers and intent != TO_A_HUMAN:
            talk.give_answer(intent, human=True)
        else:
            human.ask(talk, "asked")
        return True
    if verdict.decision is Decision.OUT_OF_SCOPE:
        talk.walk.events.append(NotUnderstood(*talk.place, talk.text))
        talk.offers.place_again(talk.voice.refused(verdict))
        return True
    if verdict.decision is not Decision.ANSWER:
        return False
    if intent == TO_A_HUMAN and not verdict.sure:
        return _guesses(talk)
    if intent == TO_A_HUMAN:
        human.ask(talk, "asked")
        return True
    if intent == "greeting":
        talk.offers.greet(is_absent(talk.state, talk.now))
        return True
    if intent not in talk.book.answers:
        talk.offers.place_again(talk.line("no_content"))
        return True
    others = () if verdict.sure else tuple(guess.intent for guess in verdict.guesses[1:])
    talk.give_answer(intent, others=others)
    return True


def _guesses(talk: Talk) -> bool:
    """Not sure: up to three guesses in plain words, and "none of these"."""
    if talk.verdict.decision is not Decision.CHOOSE and talk.verdict.sure:
        return False
    talk.unsure = talk.text
    return talk.offers.guess(guess.intent for guess in talk.verdict.guesses)


def _not_understood(talk: Talk) -> None:
    """Say so plainly, never twice in the same words; after the second time offer a human."""
    talk.misses += 1
    if talk.misses == 1 and _is(talk, COMPLAINT):
        # anger without a problem is answered once; who goes on being angry is offered a human
        talk.give_answer(COMPLAINT)
        return
    talk.walk.events.append(NotUnderstood(*talk.place, talk.text))
    talk.note_stuck(UNCLEAR)
    session = talk.session
    if talk.misses == 1 and session is None and _is(talk, NOTHING_CLEAR):
        talk.offers.place_again(talk.voice.answered(talk.book.answers[NOTHING_CLEAR]))
        return
    if is_absent(talk.state, talk.now):
        talk.offers.greet(absent=True)
        return
    if session and session.is_open:
        run = session.top
        top = replace(run, visit=replace(run.visit, attempts=run.visit.attempts + 1))
        talk.walk.session = replace(session, runs=(*session.runs[:-1], top))
    human.not_understood(talk, min(talk.misses, 3))


def _is(talk: Talk, intent: str) -> bool:
    """Whether the message is most likely that, and there are words for it."""
    guesses = talk.verdict.guesses
    return bool(guesses) and guesses[0].intent == intent and intent in talk.book.answers


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
