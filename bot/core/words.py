"""Words that work everywhere: stop, privacy, back, repeat, skip, menu, human, another language."""

from __future__ import annotations

from dataclasses import replace

from bot.core import held, home_asking, human, privacy
from bot.core.choosing import speak, take_option
from bot.core.flow import Ask, Say, Step
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.session import Verb
from bot.core.talk import Talk
from bot.core.voice import LANGUAGES


def by_stop_or_privacy(talk: Talk) -> bool:
    match talk.word:
        case Word.STOP:
            if talk.session:
                talk.walk.session = replace(talk.session, paused=True)
            talk.offers.clear()
            text = _joined(talk.line("stopped"), held.goes_on(talk))
            talk.say(Reply(text, shortcuts=talk.voice.shortcuts(*held.words(talk), Word.RESUME, Word.MENU)))
        case Word.PRIVACY:
            talk.say(Reply(talk.line("privacy"), shortcuts=talk.voice.shortcuts(Word.MENU)))
        case Word.DATA:
            privacy.show(talk.walk, talk.state)
        case Word.ERASE:
            talk.offers.ask(talk.line("erase_sure"), privacy.erase_options(talk.voice))
        case _:
            return False
    return True


def by_universal_word(talk: Talk) -> bool:
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
            human.ask(talk, "asked")
        case Word.ALONE:
            human.alone(talk)
        case Word.VISIT:
            home_asking.show(talk)
        case Word.VISIT_OFF:
            home_asking.ask_off(talk)
        case Word.START if talk.session is None or _is_command(talk):
            _greet(talk)
        case Word.START:
            _start_over(talk)
        case Word.RESUME if talk.session:
            _resume(talk)
        case Word.RESUME:
            talk.offers.menu()
        case Word.VIETNAMESE | Word.ENGLISH as word if word in talk.voice.other_languages():
            speak(talk, LANGUAGES[word])
        case Word.VIETNAMESE | Word.ENGLISH:
            talk.offers.place_again(talk.line("repeat"))
        case _:
            return False
    return True


def _back(talk: Talk) -> None:
    if talk.session is None:
        talk.offers.menu()
        return
    talk.offers.clear()
    talk.awaken()
    talk.walk.lead = talk.line("gone_back")
    if not talk.walk.back():
        talk.offers.place_again(talk.line("first_step"))


def _skip(talk: Talk) -> None:
    if talk.session is None:
        talk.offers.menu()
        return
    talk.awaken()
    _, _, step = talk.voice.at(talk.walk.here)
    onward = _onward(step)
    if onward is None:
        talk.offers.place_again(talk.line("cannot_skip"))
        return
    talk.offers.clear()
    talk.walk.lead = talk.line("skipped")
    talk.walk.skip(onward)
    talk.after_step()


def _onward(step: Step) -> str | None:
    """Where a skipped step leads: its only way that is not stuck. A choice between ways has to be made."""
    match step:
        case Ask(next=following):
            return following
        case Say(ways=ways):
            onward = [way for way in ways if not way.stuck]
            return onward[0].next if len(onward) == 1 else None
        case _:
            return None


def _resume(talk: Talk) -> None:
    talk.offers.clear()
    session = talk.walk.here
    if session.is_open and not session.paused:
        talk.offers.place_again(talk.line("repeat"))
        return
    talk.walk.lead = talk.line("resumed")
    talk.walk.resume()
    talk.after_step()


def _is_command(talk: Talk) -> bool:
    """Whether it was asked for by "/start": a platform sends it whenever the chat is opened anew."""
    return talk.text.startswith("/")


def _greet(talk: Talk) -> None:
    """Say hello and where we were; nothing starts over by it, however often it comes."""
    if talk.session is not None:
        talk.walk.lead = _joined(talk.walk.lead, talk.line("hello"))
        talk.offers.go_on_or_again(talk.walk.here)
    elif any(option.verb is Verb.FORM and option.arg for option in talk.offers.options):
        talk.walk.lead = _joined(talk.walk.lead, talk.line("hello"))
        talk.offers.ask_form()
    else:
        talk.offers.greet(absent=False)


def _start_over(talk: Talk) -> None:
    """Ask before the place is given up; who was just asked has answered."""
    again = next((option for option in talk.state.options if option.verb is Verb.AGAIN), None)
    if again is not None:
        take_option(talk, again)
    else:
        talk.offers.go_on_or_again(talk.walk.here)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
