"""Answers to what is not new words: pictures, voices, stickers, places, contacts, edits, what is hidden.

Nothing is ever fetched, and the place is kept. Words that come with a picture are read like any others.
An edited message changes nothing: what it said before was answered and may have led on since, so its new
words would be taken for an answer to another question. Secrets in it are masked and warned of all the same.
"""

from __future__ import annotations

from typing import assert_never

from bot.core.flow import Ask, Say
from bot.core.hearing import Word
from bot.core.likely import likely_errors
from bot.core.message import Kind, Reply
from bot.core.sent import is_left_unanswered, sentence_for
from bot.core.session import Option, Verb
from bot.core.sticking import PICTURE
from bot.core.talk import Talk

QUICK = 20
"""Seconds within which messages of a kind belong together: nobody writes so fast."""


def by_sending(talk: Talk) -> bool:
    """Answer what came without words that are to be read."""
    if talk.kind is Kind.TEXT:
        return False
    if talk.kind is Kind.PHOTO and not talk.again:
        talk.note_stuck(PICTURE)
    if talk.text and not _only_says_that_it_fails(talk):
        if not talk.again:
            name = "photo_words" if talk.kind is Kind.PHOTO else "other_words"
            talk.walk.lead = _joined(talk.walk.lead, talk.line(name))
        return False
    _answer(talk)
    return True


def by_what_came_with_it(talk: Talk) -> bool:
    """Words that say nothing without their picture ("nó ra thế này"): the answer is that to the picture."""
    if talk.kind is Kind.TEXT:
        return False
    talk.walk.lead = talk.warning
    _answer(talk)
    return True


def _only_says_that_it_fails(talk: Talk) -> bool:
    """Whether the words are "báo lỗi rồi" and the step does not tell which error that can be."""
    return talk.word is Word.STUCK and len([way for way in talk.offers.ways() if way.stuck]) != 1


def _answer(talk: Talk) -> None:
    quick = talk.now - talk.state.heard_at <= QUICK
    if is_left_unanswered(talk.kind, talk.again, quick=quick):
        if talk.walk.lead:
            talk.place_shortly("")
        return
    line = talk.line(sentence_for(talk.kind, talk.again))
    match talk.kind:
        case Kind.PHOTO if not talk.again:
            _which_error(talk, line)
        case Kind.PHOTO:
            _say(talk, line)
        case Kind.UNSUPPORTED:
            _say(talk, line, talk.voice.page())
        case Kind.EDITED if talk.message.found:
            talk.place_shortly("")
        case Kind.STICKER:
            talk.place_shortly(line)
        case Kind.EDITED | Kind.VOICE | Kind.LOCATION | Kind.CONTACT | Kind.OTHER:
            if talk.again:
                talk.place_shortly(line)
            else:
                talk.offers.place_again(line)
        case Kind.TEXT | Kind.LEFT:
            pass
        case never:
            assert_never(never)


def _which_error(talk: Talk, line: str) -> None:
    """An error on the screen is chosen from those that are likely here, or typed.

    A question of the bot's own that is waiting goes on waiting.
    """
    session = talk.session
    if talk.offers.options or session is None:
        text = _joined(line, talk.line("photo_type"))
        if talk.offers.options:
            talk.offers.place_again(text)
        else:
            _say(talk, text)
        return
    _, flow, step = talk.voice.at(session)
    named = likely_errors(talk.book, flow, talk.offers.ways()) if isinstance(step, (Say, Ask)) else ()
    if not named:
        talk.offers.place_again(_joined(line, talk.line("photo_type")))
        return
    options = [Option(talk.voice.read(error.name), Verb.ERROR, error.id) for error in named if error.name]
    other = Option(talk.line("label_other_error"), Verb.ERROR)
    talk.offers.ask(_joined(line, talk.line("photo_which")), (*options, other, talk.offers.stay()))


def _say(talk: Talk, line: str, link: str = "") -> None:
    lead, talk.walk.lead = talk.walk.lead, ""
    shortcuts = talk.voice.shortcuts(Word.HUMAN, Word.MENU)
    talk.say(Reply(_joined(lead, line), shortcuts=shortcuts, link=link))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
