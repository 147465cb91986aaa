"""Pass a message on to the guide that is walked, or begin the one that the assistant names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.platform import Raw
from bot.app.ports import StoreDown
from bot.core import privacy
from bot.core.book import Book
from bot.core.buttons import DoorButton, door_token, is_token, parse, word_token
from bot.core.contact import SOURCE, Contact
from bot.core.hearing import Word
from bot.core.message import Address, Reply
from bot.core.session import State, Verb
from bot.core.voice import option_labels, voice_of
from bot.rasa.ending import End, Status, place_of
from bot.rasa.opened import Bot
from bot.rasa.said import Said, uttered
from bot.rasa.told import FORM, Told, words_of

CHANNEL = "rasa"


@dataclass(frozen=True, slots=True)
class Passed:
    """What a message is to the dialogue: words, a button, or both."""

    text: str = ""
    button: str = ""


async def walk(bot: Bot, told: Told) -> Said:
    """Raises StoreDown."""
    state = await bot.store.state(address_of(told))
    return await pass_on(bot, told, passed(bot.book, told, state), state, "walk")


async def hand_off(bot: Bot, told: Told) -> Said:
    """The same as "gặp người". Raises StoreDown."""
    state = await bot.store.state(address_of(told))
    human = Passed(
        "" if is_token(told.text) else words_of(bot.book.hearing, told.text), word_token(Word.HUMAN)
    )
    said = await pass_on(bot, told, human, state, "hand off")
    handed = said.slots["vneid_status"] == Status.HANDED_OFF
    return Said(said.uttered, said.slots, "action_human_handoff" if handed else "")


async def kept_of(bot: Bot, told: Told) -> State | None:
    """What is kept of the person, where it can be done without: None also while the database is away."""
    try:
        return await bot.store.state(address_of(told))
    except StoreDown:
        return None


def is_for_dialogue(book: Book, told: Told, state: State | None) -> bool:
    """Whether a message that no guide waits for is a choice offered before, or a word that always works."""
    if told.slots.get("vneid_question"):
        return False
    if is_token(told.text) or _by_number(book, told, state):
        return True
    options = option_labels(state.options) if state else []
    if options and book.hearing.pick(told.text, options) is not None:
        return True
    if book.places.named(told.text) is not None:
        return True
    word = book.hearing.word(told.text)
    return bool(options) if word is Word.YES else word not in {None, Word.HUMAN, Word.STUCK}


async def pass_on(bot: Bot, told: Told, message: Passed, state: State | None, errand: str) -> Said:
    """One turn of the dialogue; a call that is made again gets the answer of the first time."""
    key = f"{told.key}.{errand}" if told.key else bot.draw()
    raw = Raw(address_of(told), key, message.text, message.button, commune=_commune(told))
    taken = await bot.inbox.receive(raw)
    replies = [line.reply for line in taken.lines if not line.mine]
    end = bot.turns.end(key) or _end_by(await bot.store.state(address_of(told)))
    if taken.repeated and told.repeated:
        replies = []  # not made again, but a second action after the same message
    elif state is None and message.button:
        replies = [*_warning(bot, message.text), *replies]
    return Said(
        uttered(replies, bot.pictures, bot.web_address),
        slots_of(end),
        FORM if end.status is Status.WAITING and told.loop != FORM else "",
    )


def _commune(told: Told) -> str:
    """What the form heard, to be believed like a poster: where it is counted, if there is such a commune."""
    code = told.slots.get("vneid_commune")
    return code if isinstance(code, str) else ""


def address_of(told: Told) -> Address:
    return Address(CHANNEL, told.sender)


def passed(book: Book, told: Told, state: State | None) -> Passed:
    """What the person's message means here.

    A button is what it says. Whoever is not in a guide begins the one that the assistant names by its slot or
    intent; everything else is the dialogue's to understand.
    """
    if is_token(told.text):
        return Passed(button=_pressed(told.text, state))
    words = words_of(book.hearing, told.text)
    chosen = _by_number(book, told, state)
    if chosen:
        return Passed(words, chosen)
    entrance = _to_begin(book, told, state)
    if entrance:
        locale = "en" if "en" in book.names and book.hearing.is_english(words) else SOURCE
        return Passed(words, door_token(Verb.SPEAK if state is None else Verb.BEGIN, entrance, locale))
    return Passed(words) if words else Passed(button=word_token(Word.REPEAT))


def _by_number(book: Book, told: Told, state: State | None) -> str:
    """The button that "1" means to somebody of whom nothing is kept: Rasa knows what was offered."""
    if state is not None or not told.text or not told.offered:
        return ""
    at = book.hearing.pick(told.text, [(choice.label,) for choice in told.offered])
    return "" if at is None else told.offered[at].token


def _pressed(token: str, state: State | None) -> str:
    """A guide offered below an answer begins for those who agreed before; others are asked first."""
    match parse(token):
        case DoorButton(verb=Verb.SPEAK, flow=flow, locale=locale, commune=commune) if flow and state:
            return door_token(Verb.BEGIN, flow, locale, commune)
        case _:
            return token


def _to_begin(book: Book, told: Told, state: State | None) -> str:
    """The entrance that the assistant wants to be begun; empty when the message is for what is going on."""
    waiting = told.slots.get("vneid_status") == Status.WAITING
    named = told.slots.get("vneid_guide")
    if isinstance(named, str) and named and book.leads_to(named):
        begun = waiting if state is None else _stands_in(named, state)
        return "" if begun else named
    return "" if waiting else entrance_for(book, told.intent)


def _stands_in(entrance: str, state: State) -> bool:
    guide = entrance.partition("/")[0]
    runs = state.session.runs if state.session else ()
    return guide == place_of(state)[0] or any(run.flow == guide for run in runs)


def entrance_for(book: Book, intent: str) -> str:
    """The guide for an assistant's intent that is called like one of ours, or like the guide itself."""
    name = intent.replace("_", "-").removeprefix("vneid-")
    return name if name in book.flows else book.starts.get(name, "")


def slots_of(end: End) -> dict[str, str | bool | None]:
    """Only words of our own: never anything that was typed."""
    walked = end.status in {Status.WAITING, Status.PAUSED, Status.HANDED_OFF}
    slots: dict[str, str | bool | None] = {
        "vneid_status": end.status.value,
        "vneid_step": (end.step or None) if walked else None,
        "vneid_understood": end.understood,
        "vneid_message": None,
        "return_value": end.status.value,
    }
    if end.kept or not walked:
        slots["vneid_guide"] = (end.guide or None) if walked else None
    return slots


def _end_by(state: State | None) -> End:
    """As well as it can be told after a restart, when a call is made again."""
    if state is None:
        return End(Status.WAITING)
    guide, step = place_of(state)
    if state.session is not None and not state.session.is_open:
        return End(Status.HANDED_OFF, guide, step, kept=True)
    return End(Status.WAITING if state.session or state.options else Status.DONE, guide, step, kept=True)


def _warning(bot: Bot, text: str) -> list[Reply]:
    """A button of somebody of whom nothing is kept hides the words beside it, but not a secret in them."""
    found = bot.sieve(text).found if text else ()
    return [Reply(privacy.warning(voice_of(bot.book, Contact()), found))] if found else []
