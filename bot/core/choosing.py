"""A choice of what is waiting: by button, by number, by its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from bot.core import home_asking, human, rating
from bot.core.buttons import (
    VERSION_SHOWN,
    Button,
    DoorButton,
    OptionButton,
    StepButton,
    Unknown,
    WordButton,
)
from bot.core.events import NotUnderstood
from bot.core.faq import KnownError
from bot.core.flow import Way
from bot.core.hearing import Decision, Word
from bot.core.session import Option, Verb
from bot.core.talk import Talk
from bot.core.timing import is_absent
from bot.core.voice import goes_round, labels, option_labels, source_of
from bot.core.whereabouts import take_commune

YES_MEANS = frozenset({Verb.RESUME, Verb.START, Verb.ANSWER, Verb.BEGIN})
"""Offers that a plain "vâng" takes; an erasure is not among them."""


def by_button_or_label(talk: Talk) -> bool:
    """What the screen itself says: a pressed button, or a label word for word.

    It comes before universal words, for "Quay lại đăng nhập" may be a label and "máy tính" sounds like one.
    """
    if talk.button is not None and not isinstance(talk.button, WordButton):
        _pressed(talk, talk.button)
        return True
    return _by_wording(talk, talk.book.hearing.same)


def by_choice(talk: Talk) -> bool:
    """A choice of what is waiting: by number, by its words with typos."""
    return _by_wording(talk, talk.book.hearing.pick) or _yes_or_stuck(talk, talk.offers.ways())


def _by_wording(talk: Talk, find: Callable[[str, list[tuple[str, ...]]], int | None]) -> bool:
    """The bot's own question first, then the ways of the step."""
    if not talk.text:
        return False
    options = talk.state.options
    number = find(talk.text, option_labels(options)) if options else None
    if number is not None and not _names_a_problem(talk, options[number]):
        take_option(talk, options[number])
        return True
    ways = talk.offers.ways()
    heard = labels(talk.voice, ways)
    if talk.session and ways and goes_round(talk.session.top):
        heard.append((talk.line("label_human"),))
    number = find(talk.text, heard) if heard else None
    if number is None:
        return False
    if number < len(ways):
        take_way(talk, ways[number])
    else:
        human.ask(talk, "loop")
    return True


def _names_a_problem(talk: Talk, option: Option) -> bool:
    """Whether "quét chip", which is like the name of a group of the menu, says which guide is wanted."""
    if option.verb is not Verb.MENU or talk.book.hearing.number(talk.text) is not None:
        return False
    exact = talk.book.hearing.same(talk.text, option_labels(talk.state.options)) is not None
    return not exact and talk.verdict.decision is Decision.ANSWER and talk.verdict.sure


def _yes_or_stuck(talk: Talk, ways: tuple[Way, ...]) -> bool:
    """Say "xong rồi" and it is the one way forward, "không được" the one that is stuck, if just one is."""
    match talk.word:
        case Word.YES:
            if talk.state.options and talk.state.options[0].verb in YES_MEANS:
                take_option(talk, talk.state.options[0])
                return True
            fitting = [way for way in ways if not way.stuck]
        case Word.STUCK:
            fitting = [way for way in ways if way.stuck]
        case _:
            return False
    if len(fitting) == 1:
        take_way(talk, fitting[0])
    elif talk.session and fitting and (not talk.offers.options or _asks_for_an_error(talk)):
        talk.offers.place_again(talk.line("where_stuck" if talk.word is Word.STUCK else "which_one"))
    elif talk.word is Word.STUCK:
        human.ask(talk, "asked")
    else:
        talk.offers.place_again(talk.line("which_one"))
    return True


def _asks_for_an_error(talk: Talk) -> bool:
    return any(option.verb is Verb.ERROR for option in talk.offers.options)


def _pressed(talk: Talk, button: Button) -> None:
    match button:
        case OptionButton(asked=asked, number=number):
            options = talk.state.options
            if asked == talk.state.asked and 1 <= number <= len(options):
                take_option(talk, options[number - 1])
            else:
                _stale(talk)
        case StepButton():
            way = _way_of(talk, button)
            if way is None:
                _stale(talk)
            else:
                take_way(talk, way)
        case DoorButton(verb=Verb.SPEAK, locale=locale):
            speak(talk, locale)
        case DoorButton(flow=flow):
            if talk.book.leads_to(flow):
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


def take_way(talk: Talk, way: Way) -> None:
    returning = is_absent(talk.state, talk.now)
    talk.awaken()
    talk.offers.clear()
    talk.walk.small_talk = talk.line(_small_talk(talk, way, returning=returning))
    talk.walk.answer(way)
    talk.after_step()


def meet_error(talk: Talk, error: KnownError) -> None:
    """Where the step has a way for it, that way; else what it means and what to do."""
    talk.meet(error.id)
    ways = [way for way in talk.offers.ways() if error.intent and error.intent in way.intents]
    if len(ways) == 1:
        take_way(talk, ways[0])
    else:
        talk.explain(error)


def _chosen_error(talk: Talk, id: str) -> None:
    error = next((error for error in talk.book.errors if error.id == id), None)
    if error is None:
        talk.place_shortly(talk.line("type_error"))
    else:
        meet_error(talk, error)


def _small_talk(talk: Talk, way: Way, *, returning: bool) -> str:
    """A word of welcome, comfort or praise; praise only for something that was done."""
    if returning:
        return "back_again"
    done = source_of(way.label).casefold().startswith("đã ")
    mood = "unstick" if way.stuck else "done" if done else "onward"
    return f"{mood}_{talk.walk.seq % 3 + 1}"


def speak(talk: Talk, locale: str) -> None:
    """Another language from this sentence on. The place is kept and said again; a question of the bot's own
    goes, for its answers are in the language it was asked in.
    """
    if talk.voice.locale == locale:
        talk.offers.place_again(talk.line("repeat"))
        return
    talk.speak(locale)
    talk.offers.clear()
    talk.walk.lead = talk.line("language_taken")
    if talk.session is not None and not talk.offers.wanted:
        talk.offers.place_again("")
    else:
        talk.offers.begin()
    talk.after_step()


def take_option(talk: Talk, option: Option) -> None:
    """What choosing one of the bot's own offers does."""
    talk.offers.clear()
    if talk.state.unsure and (option.intent or option.verb is Verb.NONE):
        talk.walk.events.append(NotUnderstood(*talk.place, talk.state.unsure, option.intent))
    match option.verb:
        case Verb.FORM if option.arg:
            talk.call_them(option.arg)
            talk.walk.lead = talk.line("form_taken")
            talk.offers.after_form()
        case Verb.FORM:
            talk.offers.ask_form()
        case Verb.COMMUNE if option.arg:
            take_commune(talk, option.arg)
        case Verb.COMMUNE:
            talk.offers.place_again(talk.line("commune_again"))
        case Verb.START | Verb.BEGIN:
            talk.offers.start(option.arg)
        case Verb.AGAIN:
            talk.offers.again(option.arg)
        case Verb.RESUME:
            talk.offers.resume(option.arg)
        case Verb.ANSWER:
            talk.give_answer(option.arg)
        case Verb.STAY | Verb.KEEP:
            talk.offers.place_again(talk.line("stay"))
        case Verb.MENU | Verb.READ:
            talk.offers.menu(option.arg)
        case Verb.SPEAK:
            speak(talk, option.arg)
        case Verb.HUMAN:
            human.ask(talk, "asked")
        case Verb.NONE:
            human.not_understood(talk, 2)
        case Verb.ERROR:
            _chosen_error(talk, option.arg)
        case Verb.CALL:
            human.call(talk, option.arg)
        case Verb.ALONE:
            human.alone(talk)
        case Verb.RATE:
            rating.rate(talk, option.arg)
        case Verb.VISIT:
            home_asking.choose(talk, option.arg)
        case Verb.ERASE:
            human.erase(talk)
        case never:
            assert_never(never)
    talk.after_step()
