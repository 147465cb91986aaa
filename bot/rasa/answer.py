"""One answer to one question: no guide begins, nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import privacy
from bot.core.book import Book
from bot.core.buttons import door_token
from bot.core.contact import Contact
from bot.core.hearing import Decision, Hearing, Verdict, Word
from bot.core.message import Address, Choice, Incoming, Reply
from bot.core.quoting import quoted_error
from bot.core.session import State, Verb
from bot.core.voice import WRITTEN, Voice, joined, voice_of
from bot.rasa.opened import Bot
from bot.rasa.said import Said, uttered
from bot.rasa.sentences import NOT_UNDERSTOOD, WHICH_QUESTION
from bot.rasa.told import LONGEST, Host, Told, words_of

GREETING = "greeting"
HUMAN = "action_vneid_handoff"


@dataclass(frozen=True, slots=True)
class Answered:
    """`human`: a person is needed beside what is said, or instead of it."""

    reply: Reply | None
    understood: bool = True
    human: bool = False


def answer(bot: Bot, told: Told, host: Host, state: State | None) -> Said:
    voice = voice_of(bot.book, state.contact if state else Contact())
    sifted = bot.sieve(_question(bot.book.hearing, told))
    warning = privacy.warning(voice, sifted.found) if sifted.found else ""
    text = privacy.without_masks(Incoming(Address("", ""), "", sifted.text, found=sifted.found))
    answered = Answered(None) if warning and not text else _answered(bot.book, voice, text)
    follow = HUMAN if answered.human and HUMAN in host.actions else ""
    replies = [Reply(warning)] if warning else []
    if answered.reply is not None:
        replies.append(answered.reply)
    if answered.human and not follow:
        replies.append(Reply(voice.line("human")))
    return Said(
        uttered(joined(replies), bot.pictures, bot.web_address),
        {
            "vneid_understood": answered.understood,
            "vneid_question": None,
            "return_value": "answered" if answered.understood else "not_understood",
        },
        follow,
    )


def _question(hearing: Hearing, told: Told) -> str:
    asked = told.slots.get("vneid_question")
    return (
        asked[:LONGEST].strip() if isinstance(asked, str) and asked.strip() else words_of(hearing, told.text)
    )


def _answered(book: Book, voice: Voice, text: str) -> Answered:
    named = _named(book, text)
    if named:
        return Answered(_by_intents(book, voice, [named]))
    if not text:
        return Answered(Reply(WHICH_QUESTION))
    if book.hearing.word(text) is Word.HUMAN:
        return Answered(None, human=True)
    verdict = book.hearing.verdict(text, (), voice.locale)
    error = quoted_error(book, text, verdict)
    if error is not None:
        return Answered(Reply(voice.explained(error), _guides(book, voice, [error.flow])))
    return _by_verdict(book, voice, verdict)


def _by_verdict(book: Book, voice: Voice, verdict: Verdict) -> Answered:
    intents = [guess.intent for guess in verdict.guesses]
    match verdict.decision:
        case Decision.HANDOFF if intents[0] not in book.answers:
            return Answered(None, human=True)
        case Decision.ANSWER | Decision.HANDOFF:
            meant = intents[:1] + ([verdict.second.intent] if verdict.second else [])
            reply = _by_intents(book, voice, meant)
            return Answered(reply, human=verdict.decision is Decision.HANDOFF)
        case Decision.CHOOSE if offered := _meanings(book, voice, intents):
            return Answered(Reply(voice.line("guesses"), offered))
        case Decision.OUT_OF_SCOPE:
            return Answered(Reply(voice.line("out_of_scope")), understood=False)
        case _:
            return Answered(Reply(NOT_UNDERSTOOD, shortcuts=voice.shortcuts(Word.HUMAN)), understood=False)


def _named(book: Book, text: str) -> str:
    """The intent itself, or the very question that was offered as a button."""
    if text in book.answers:
        return text
    wordings = [(answer.question(WRITTEN),) for answer in book.answers.values()]
    at = book.hearing.same(text, wordings) if text else None
    return "" if at is None else list(book.answers)[at]


def _by_intents(book: Book, voice: Voice, intents: list[str]) -> Reply:
    """The answers, and the guides that belong to them as buttons."""
    if intents[0] == GREETING:
        return Reply(f"{voice.line('hello')} {WHICH_QUESTION}")
    answers = [book.answers[intent] for intent in intents if intent in book.answers]
    guides = [book.starts.get(intent, "") for intent in intents] + [answer.flow for answer in answers]
    offered = _guides(book, voice, guides)
    if answers:
        return Reply("\n\n".join(voice.answered(answer) for answer in answers), offered)
    if offered:
        return Reply(voice.line("heard_you", viec=offered[0].label), offered)
    return Reply(voice.line("no_content"))


def _guides(book: Book, voice: Voice, entrances: list[str]) -> tuple[Choice, ...]:
    """Pressed, it begins for those who agreed before and asks the others first."""
    known = dict.fromkeys(entrance for entrance in entrances if entrance and book.leads_to(entrance))
    titled = {voice.title(entrance): entrance for entrance in reversed(known)}
    return tuple(
        Choice(title, door_token(Verb.SPEAK, entrance, voice.locale))
        for title, entrance in reversed(titled.items())
    )


def _meanings(book: Book, voice: Voice, intents: list[str]) -> tuple[Choice, ...]:
    """The questions that may be meant; each is its own payload, and comes back to be answered."""
    answers = [book.answers[intent] for intent in intents if intent in book.answers]
    return tuple(Choice(voice.read(answer.question), answer.question(WRITTEN)) for answer in answers)
