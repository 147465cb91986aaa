"""People of whom nothing is kept: first contact, consent, and guidance without it.

Nothing is remembered here, so what a button needs to know travels in the button.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from bot.core import privacy
from bot.core.book import Book
from bot.core.buttons import LONGEST_TOKEN, DoorButton, StepButton, WordButton, door_token, parse
from bot.core.contact import LOCALES, SOURCE, Consent, Contact, Purpose
from bot.core.events import ConsentGiven, Event, PictureSent, SecretMasked
from bot.core.faq import NOTHING_CLEAR
from bot.core.flow import Ask, Branch, End, Flow, Handoff, Say, Step, flow_of, main_exits
from bot.core.hearing import Decision, Word
from bot.core.message import Choice, Incoming, Kind, Reply
from bot.core.offers import guesses_in, unsure_of
from bot.core.quoting import quoted_error
from bot.core.sent import WITH_WORDS, is_left_unanswered, kind_of, sentence_for
from bot.core.session import State, Verb
from bot.core.talk import Talk
from bot.core.turn import Turn
from bot.core.voice import LANGUAGES, Voice, in_language, joined, voice_of

OPENED = "/start"
"""What chat apps send by themselves when somebody opens the bot: nothing has been read then, so it agrees to
nothing.
"""


def welcome(book: Book, flow: str = "", locale: str = SOURCE) -> Reply:
    """The first words to somebody; `flow` is what was asked for already."""
    voice = voice_of(book, Contact(locale))
    return in_language((_welcome(voice, flow),), voice.locale)[0]


def respond(book: Book, message: Incoming, now: int) -> Turn:
    """Answer somebody of whom nothing is kept, in the language of the button, the page or the words."""
    voice = voice_of(book, Contact(_language(book, message)))
    turn = _respond(book, voice, message, now)
    return turn if turn.state else replace(turn, replies=in_language(turn.replies, voice.locale))


def _language(book: Book, message: Incoming) -> str:
    match parse(message.button) if message.button else None:
        case DoorButton(locale=locale):
            return locale
        case WordButton(word=word) if word in LANGUAGES:
            return LANGUAGES[word]
        case _:
            pass
    text = privacy.without_masks(message)
    said = book.hearing.word(text) if text else None
    if said in LANGUAGES:
        return LANGUAGES[said]
    return message.locale or ("en" if text and book.hearing.is_english(text) else SOURCE)


def _welcome(voice: Voice, flow: str = "", lead: str = "") -> Reply:
    """What this is, what is kept, and two ways on, with the way to another language."""
    asked = [voice.line("heard_you", viec=voice.title(flow))] if voice.book.leads_to(flow) else []
    return Reply(
        text="\n\n".join(part for part in (lead, voice.line("welcome"), *asked) if part),
        choices=(
            Choice(voice.line("label_begin"), door_token(Verb.BEGIN, flow, voice.locale)),
            Choice(voice.line("label_read"), door_token(Verb.READ, flow, voice.locale)),
        ),
        shortcuts=tuple(
            Choice(voice.line(f"label_{word}"), door_token(Verb.SPEAK, flow, LANGUAGES[word]))
            for word in voice.other_languages()
        ),
    )


def _respond(book: Book, voice: Voice, message: Incoming, now: int) -> Turn:
    events: tuple[Event, ...] = (SecretMasked(message.found),) if message.found else ()
    lead = privacy.warning(voice, message.found) if message.found else ""
    match parse(message.button) if message.button else None:
        case DoorButton(verb=Verb.BEGIN, flow=flow):
            return _begin(book, voice, flow, message, now)
        case DoorButton(verb=Verb.READ, flow=flow):
            return Turn(None, _read(book, voice, flow))
        case DoorButton(flow=flow):
            return Turn(None, (_welcome(voice, _known(book, flow)),))
        case StepButton(flow=flow):
            return Turn(None, (_welcome(voice, _known(book, flow), voice.line("nothing_kept")),))
        case WordButton(word=word):
            return _word(book, voice, word, message, now)
        case _:
            pass
    kind = kind_of(message)
    if kind is Kind.PHOTO and not message.again:
        events = (*events, PictureSent("", ""))
    text = privacy.without_masks(message) if kind in WITH_WORDS else ""
    if kind is not Kind.TEXT:
        return Turn(None, _sent(book, voice, kind, message.again, text, lead), events)
    if not text:
        return Turn(None, (_welcome(voice, "", lead),), events)
    if text == OPENED:
        return Turn(None, (_welcome(voice),), events)
    said = book.hearing.word(text)
    if said is not None:
        return _word(book, voice, said, message, now)
    offered = _welcome(voice)
    number = book.hearing.pick(text, [(choice.label,) for choice in offered.choices])
    if number == 0:
        return _begin(book, voice, "", message, now)
    if number == 1:
        return Turn(None, _read(book, voice, ""))
    read = _by_content(book, voice, text, lead)
    return Turn(None, read or (_welcome(voice, "", _parts(lead, _unclear(book, voice, text))),), events)


def _sent(book: Book, voice: Voice, kind: Kind, again: int, text: str, lead: str) -> tuple[Reply, ...]:
    """Something beside words. The first of a kind is welcomed; an album must not give five welcomes.

    Words that came with it may be a question; they agree to nothing, for they were said about the picture.
    """
    if text:
        name = "photo_words" if kind is Kind.PHOTO else "other_words"
        read = _by_content(book, voice, text, _parts(lead, voice.line(name)))
        if read:
            return read
    if is_left_unanswered(kind, again, quick=True):
        return (Reply(lead),) if lead else ()
    line = voice.line(sentence_for(kind, again))
    match kind:
        case Kind.UNSUPPORTED:
            return (Reply(_parts(lead, line), link=voice.page()),)
        case Kind.EDITED:
            return (Reply(lead or line),)
        case _ if again:
            return (Reply(_parts(lead, line)),)
        case Kind.PHOTO:
            return (_welcome(voice, "", _parts(lead, line, voice.line("photo_type"))),)
        case _:
            return (_welcome(voice, "", _parts(lead, line)),)


def _word(book: Book, voice: Voice, word: Word, message: Incoming, now: int) -> Turn:
    match word:
        case Word.START if _is_command(message):
            return Turn(None, (_welcome(voice),))
        case Word.YES | Word.START | Word.RESUME:
            return _begin(book, voice, "", message, now)
        case Word.HUMAN:
            return Turn(None, (_welcome(voice, "", voice.line("human")),))
        case Word.PRIVACY:
            return Turn(None, (_welcome(voice, "", voice.line("privacy")),))
        case Word.DATA | Word.ERASE:
            return Turn(None, (Reply(voice.line("nothing_kept")),))
        case Word.MENU:
            return Turn(None, _read(book, voice, ""))
        case Word.STOP:
            return Turn(None, (Reply(voice.line("stopped")),))
        case _:
            return Turn(None, (_welcome(voice),))


def _is_command(message: Incoming) -> bool:
    """Such as "/start", which comes before anybody has read what is kept: only plain words agree to that."""
    return message.text.lstrip().startswith("/")


def _begin(book: Book, voice: Voice, flow: str, message: Incoming, now: int) -> Turn:
    """Consent is given: from here on the place is remembered."""
    words = voice.line("welcome")
    consent = Consent(Purpose.REMEMBER, now, f"{zlib.crc32(words.encode()):08x}")
    contact = Contact(voice.locale, consents=(consent,))
    talk = Talk(book, State(contact, wanted=_known(book, flow), heard_at=now), message, now)
    talk.offers.begin()
    talk.after_step()
    turn = talk.turn()
    return replace(turn, events=(ConsentGiven(Purpose.REMEMBER), *turn.events))


def _known(book: Book, flow: str) -> str:
    return flow if book.leads_to(flow) or guesses_in(flow) else ""


def _read(book: Book, voice: Voice, flow: str) -> tuple[Reply, ...]:
    """The whole guide in one go, or the list of guides; nothing is kept."""
    if book.leads_to(flow):
        return whole_guide(voice, flow_of(flow))
    choices = tuple(
        Choice(voice.title(guide.id), door_token(Verb.READ, guide.id, voice.locale))
        for guide in in_menu_order(book)
    )
    return (Reply(voice.line("read_which"), choices, link=voice.page()),)


def in_menu_order(book: Book) -> tuple[Flow, ...]:
    return tuple(book.flows[flow] for group in book.menu for flow in group.flows)


def whole_guide(voice: Voice, flow: str) -> tuple[Reply, ...]:
    """A guide's main way as text, in as many messages as it needs, and where to read all of it."""
    guide, title = voice.book.flows[flow], voice.title(flow)
    told = [step for step in _main_way(guide) if isinstance(step, (Say, Ask, Handoff, End))]
    numbered = [f"{number}. " + "\n".join(voice.body(step)) for number, step in enumerate(told, 1)]
    parts = [f"**{title}**", *numbered]
    replies = joined([Reply(part) for part in parts])
    last = Reply(
        voice.line("read_done", viec=title),
        (Choice(voice.line("label_begin"), door_token(Verb.BEGIN, flow, voice.locale)),),
        link=voice.page(flow),
    )
    return joined([*replies, last])


def _main_way(guide: Flow) -> list[Step]:
    """The steps of somebody who is never stuck and always takes the first way."""
    way: dict[str, Step] = {}
    id = guide.start
    while id and id not in way:
        step = way[id] = guide.steps[id]
        onward = (step.otherwise,) if isinstance(step, Branch) else main_exits(step)
        id = onward[0] if onward else ""
    return list(way.values())


def _by_content(book: Book, voice: Voice, text: str, lead: str) -> tuple[Reply, ...]:
    """Help first, ask for consent after: an answer needs nothing to be kept. Empty when not understood."""
    verdict = book.hearing.verdict(text, (), voice.locale)
    error = quoted_error(book, text, verdict)
    if error is not None:
        return joined([Reply(_parts(lead, voice.explained(error))), _welcome(voice, error.flow)])
    intents = [guess.intent for guess in verdict.guesses]
    match verdict.decision:
        case Decision.ANSWER | Decision.HANDOFF:
            named = intents[:1] if verdict.second is None else [intents[0], verdict.second.intent]
            return _answers(book, voice, named, lead)
        case Decision.CHOOSE:
            return (_guesses(book, voice, intents, lead),)
        case Decision.OUT_OF_SCOPE:
            return (_welcome(voice, "", _parts(lead, voice.refused(verdict))),)
        case _:
            return ()


def _unclear(book: Book, voice: Voice, text: str) -> str:
    """What to ask back; empty for a text that is no question either ("xin chào")."""
    guesses = book.hearing.verdict(text, (), voice.locale).guesses
    if not guesses or guesses[0].intent != NOTHING_CLEAR or NOTHING_CLEAR not in book.answers:
        return ""
    return voice.answered(book.answers[NOTHING_CLEAR])


def _answers(book: Book, voice: Voice, intents: list[str], lead: str) -> tuple[Reply, ...]:
    """What answers there are; a guide that one of them is for starts after the two first questions."""
    answers = [book.answers[intent] for intent in intents if intent in book.answers and intent != "greeting"]
    if len(intents) == 1 and intents[0] in book.starts:
        return (_welcome(voice, book.starts[intents[0]], lead),)
    texts = [voice.answered(answer) for answer in answers]
    entrances = [book.starts.get(intent, "") for intent in intents] + [answer.flow for answer in answers]
    wanted = next((entrance for entrance in entrances if entrance), "")
    if not texts:
        return (_welcome(voice, wanted, lead),)
    return joined([Reply(_parts(lead, *texts)), _welcome(voice, wanted)])


def _guesses(book: Book, voice: Voice, intents: list[str], lead: str) -> Reply:
    """What it may be about; the question comes back after the two first ones."""
    known = [intent for intent in intents if intent in book.answers]
    while known and len(door_token(Verb.BEGIN, unsure_of(known), LOCALES[-1])) > LONGEST_TOKEN:
        known.pop()
    if not known:
        return _welcome(voice, "", lead)
    listed = "\n".join(f"- {voice.read(book.answers[intent].question)}" for intent in known)
    return _welcome(voice, unsure_of(known), _parts(lead, voice.line("guesses_later"), listed))


def _parts(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
