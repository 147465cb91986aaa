"""People of whom nothing is kept: first contact, consent, and guidance without it.

Nothing is remembered here, so what a button needs to know travels in the button.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import partial
from typing import assert_never

from bot.core import human, mobile_team, outage_news, privacy
from bot.core.book import Book
from bot.core.buttons import (
    LONGEST_TOKEN,
    Button,
    DoorButton,
    OptionButton,
    StepButton,
    Unknown,
    WordButton,
    door_token,
    parse,
)
from bot.core.contact import LOCALES, PHONES, SOURCE, Consent, Contact, Purpose
from bot.core.desk import NOBODY, Desk
from bot.core.events import ConsentGiven, Event, SecretMasked, StuckSeen
from bot.core.faq import NOTHING_CLEAR, TO_A_HUMAN
from bot.core.guest import Guest
from bot.core.hearing import Decision, Word
from bot.core.message import Choice, Incoming, Kind, Reply
from bot.core.places import MOST_OFFERED, Named, commune_of, hung, real, real_poster
from bot.core.quoting import quoted_error
from bot.core.reading import read
from bot.core.sent import WITH_WORDS, is_left_unanswered, kind_of, sentence_for
from bot.core.session import State, Verb
from bot.core.sticking import PICTURE
from bot.core.talk import Talk
from bot.core.turn import Turn
from bot.core.voice import LANGUAGES, in_language, joined, voice_of
from bot.core.wanted import A_HUMAN, guesses_in, unsure_of

AGREEING = frozenset({Word.YES, Word.START, Word.RESUME})
"""Words that agree to what was read, and to nothing when nothing was: a first "vâng" or "bắt đầu", or the
command that chat apps send by themselves when somebody opens the bot.
"""


def welcome(book: Book, flow: str = "", locale: str = SOURCE, commune: str = "") -> Reply:
    """The first words to somebody; `flow` is what was asked for already, `commune` the code of a poster."""
    voice = voice_of(book, Contact(locale))
    poster = real_poster(book.places, commune)
    guest = Guest(voice, commune_of(poster), poster)
    return in_language((_welcome(guest, flow),), voice.locale)[0]


def respond(book: Book, message: Incoming, now: int, desk: Desk = NOBODY) -> Turn:
    """Answer somebody of whom nothing is kept, in the language of the button, the page or the words."""
    message = _pressing(book, message)
    voice = voice_of(book, Contact(_language(book, message)))
    commune, poster = _place(book, message, desk)
    guest = Guest(voice, commune, poster, _is_welcomed(message, voice.locale), desk, now)
    turn = outage_news.to_guest(voice, desk, message, _respond(guest, message, now), now)
    return turn if turn.state else replace(turn, replies=in_language(turn.replies, voice.locale))


def _pressing(book: Book, message: Incoming) -> Incoming:
    """A number, a label or a "vâng" as the button on the screen that it stands for, if it does."""
    text = privacy.without_masks(message)
    if message.button or message.kind is not Kind.TEXT or not message.shown or text.startswith("/"):
        return message
    said = book.hearing.word(text) if text else None
    if not text or (said is not None and said not in AGREEING):
        return message
    number = book.hearing.pick(text, [(choice.label,) for choice in message.shown])
    if number is None and said is not None:
        number = _begins(message.shown)
    return message if number is None else replace(message, text="", button=message.shown[number].token)


def _begins(shown: tuple[Choice, ...]) -> int | None:
    """Which of the choices is «Bắt đầu»."""
    for number, choice in enumerate(shown):
        button = parse(choice.token)
        if isinstance(button, DoorButton) and button.verb is Verb.BEGIN:
            return number
    return None


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


def _place(book: Book, message: Incoming, desk: Desk) -> tuple[str, str]:
    """The commune, and the poster that told it or led here. What the button carries was said or seen last."""
    button = parse(message.button) if message.button else None
    carried = button.commune if isinstance(button, DoorButton) else ""
    led = hung(real_poster(book.places, message.commune), desk.posters)
    if real(book.places, carried):
        return carried, led
    poster = hung(real_poster(book.places, carried), desk.posters) or led
    return commune_of(poster), poster


def _is_welcomed(message: Incoming, locale: str) -> bool:
    """Whether the two ways on that every welcome ends with are on the screen, in this language."""
    buttons = [parse(choice.token) for choice in message.shown]
    doors = [button for button in buttons if isinstance(button, DoorButton) and button.locale == locale]
    return {Verb.BEGIN, Verb.READ} <= {door.verb for door in doors}


def _welcome(guest: Guest, flow: str = "", lead: str = "") -> Reply:
    """What this is, what is kept, and two ways on, with the way to another language.

    Who has just read it is told shortly what the two ways mean.
    """
    commune = guest.book.places.commune(guest.commune) if guest.commune else None
    asked = [guest.line("heard_you", viec=guest.voice.title(flow))] if guest.book.leads_to(flow) else []
    there = [guest.line("commune_carried", dieu=commune.spoken)] if commune else []
    told = [lead, guest.line("welcome"), *asked, *there]
    if guest.welcomed:
        news = [part for part in (lead, *asked, *there) if part] or [guest.line("hello")]
        told = [*news, guest.line("welcome_again")]
    return Reply(
        text=_parts(*told),
        choices=(
            Choice(guest.line("label_begin"), guest.token(Verb.BEGIN, flow)),
            Choice(guest.line("label_read"), guest.token(Verb.READ, flow)),
        ),
        shortcuts=tuple(
            Choice(guest.line(f"label_{word}"), guest.token(Verb.SPEAK, flow, LANGUAGES[word]))
            for word in guest.voice.other_languages()
        ),
    )


def _respond(guest: Guest, message: Incoming, now: int) -> Turn:
    book = guest.book
    events: tuple[Event, ...] = (SecretMasked(message.found),) if message.found else ()
    lead = privacy.warning(guest.voice, message.found) if message.found else ""
    button = parse(message.button) if message.button else None
    if button is not None and not isinstance(button, Unknown):
        return _pressed(guest, button, message, now)
    kind = kind_of(message)
    if kind is Kind.PHOTO and not message.again:
        events = (*events, StuckSeen(PICTURE, None, ""))
    text = privacy.without_masks(message) if kind in WITH_WORDS else ""
    if kind is not Kind.TEXT:
        return Turn(None, _sent(guest, kind, message.again, text, lead), events)
    if not text:
        return Turn(None, (_welcome(guest, "", lead),), events)
    said = book.hearing.word(text)
    if said is not None:
        return _word(guest, said)
    named = book.places.named(text)
    if named is not None:
        return Turn(None, (_placed(guest, named),), events)
    answer = _by_content(guest, text, lead)
    return Turn(None, answer or (_welcome(guest, "", _parts(lead, _unclear(guest, text))),), events)


def _pressed(guest: Guest, button: Button, message: Incoming, now: int) -> Turn:
    match button:
        case DoorButton(verb=Verb.BEGIN, flow=flow):
            return _begin(guest, flow, message, now)
        case DoorButton(verb=Verb.READ, flow=flow):
            return Turn(None, read(guest, flow))
        case DoorButton(flow=flow):
            return Turn(None, (_welcome(guest, _known(guest.book, flow)),))
        case StepButton(flow=flow):
            return Turn(None, (_welcome(guest, _known(guest.book, flow), guest.line("nothing_kept")),))
        case WordButton(word=word):
            return _word(guest, word)
        case OptionButton() | Unknown():
            return Turn(None, (_welcome(guest),))
        case never:
            assert_never(never)


def _sent(guest: Guest, kind: Kind, again: int, text: str, lead: str) -> tuple[Reply, ...]:
    """Something beside words. The first of a kind is welcomed; an album must not give five welcomes.

    Words that came with it may be a question; they agree to nothing, for they were said about the picture.
    """
    if text:
        name = "photo_words" if kind is Kind.PHOTO else "other_words"
        answer = _by_content(guest, text, _parts(lead, guest.line(name)))
        if answer:
            return answer
    if is_left_unanswered(kind, again, quick=True):
        return (Reply(lead),) if lead else ()
    line = guest.line(sentence_for(kind, again))
    match kind:
        case Kind.UNSUPPORTED:
            return (Reply(_parts(lead, line), link=guest.voice.page()),)
        case Kind.EDITED:
            return (Reply(lead or line),)
        case _ if again:
            return (Reply(_parts(lead, line)),)
        case Kind.PHOTO:
            return (_welcome(guest, "", _parts(lead, line, guest.line("photo_type"))),)
        case _:
            return (_welcome(guest, "", _parts(lead, line)),)


def _word(guest: Guest, word: Word) -> Turn:
    match word:
        case Word.HUMAN:
            return Turn(None, (_human(guest),))
        case Word.PRIVACY:
            return Turn(None, (_welcome(guest, "", guest.line("privacy")),))
        case Word.DATA | Word.ERASE:
            return Turn(None, (Reply(guest.line("nothing_kept")),))
        case Word.MENU:
            return Turn(None, read(guest, ""))
        case Word.STOP:
            return Turn(None, (Reply(guest.line("stopped")),))
        case _:
            return Turn(None, (_welcome(replace(guest, welcomed=False)),))


def _human(guest: Guest, lead: str = "") -> Reply:
    """Who is to be answered here has to be known again: so a human comes after «Bắt đầu», not before."""
    if guest.desk.promise(guest.commune, 0).staffed:
        return _welcome(guest, A_HUMAN, _parts(lead, guest.line("human_guest")))
    return _welcome(guest, "", _parts(lead, guest.line("human")))


def _placed(guest: Guest, named: Named) -> Reply:
    """Where somebody is, told before anything is kept: the buttons carry it on."""
    match named.communes:
        case ():
            return _welcome(guest, "", guest.line("commune_unknown"))
        case (commune,) if named.sure:
            poster = hung(named.poster, guest.desk.posters) or guest.poster
            there = replace(guest, commune=commune.code, poster=poster)
            return _welcome(there, "", mobile_team.news(guest.voice, guest.desk, commune.code, guest.now))
        case communes if len(communes) <= MOST_OFFERED:
            token = partial(door_token, Verb.SPEAK, "", guest.voice.locale)
            places = tuple(Choice(commune.label, token(commune.code)) for commune in communes)
            return Reply(guest.line("commune_several"), places)
        case _:
            return _welcome(guest, "", guest.line("commune_common"))


def _begin(guest: Guest, flow: str, message: Incoming, now: int) -> Turn:
    """Consent is given: from here on the place is remembered."""
    book, voice = guest.book, guest.voice
    words = guest.line("welcome")
    consent = Consent(Purpose.REMEMBER, now, f"{zlib.crc32(words.encode()):08x}")
    phone = message.phone if message.phone in PHONES else ""
    contact = Contact(
        voice.locale, commune=guest.commune, consents=(consent,), poster=guest.poster, phone=phone
    )
    talk = Talk(book, State(contact, wanted=_known(book, flow), heard_at=now), message, now, guest.desk)
    commune = book.places.commune(guest.commune) if guest.commune else None
    if commune is not None:
        talk.walk.lead = talk.line("commune_taken", dieu=commune.spoken)
    talk.offers.begin()
    talk.after_step()
    human.last_of_all(talk)
    turn = talk.turn()
    return replace(turn, events=(ConsentGiven(Purpose.REMEMBER), *turn.events))


def _known(book: Book, flow: str) -> str:
    return flow if book.leads_to(flow) or guesses_in(flow) else ""


def _by_content(guest: Guest, text: str, lead: str) -> tuple[Reply, ...]:
    """Help first, ask for consent after: an answer needs nothing to be kept. Empty when not understood."""
    book = guest.book
    verdict = book.hearing.verdict(text, (), guest.voice.locale)
    error = quoted_error(book, text, verdict)
    if error is not None:
        return joined([Reply(_parts(lead, guest.voice.explained(error))), _welcome(guest, error.flow)])
    intents = [guess.intent for guess in verdict.guesses]
    match verdict.decision:
        case Decision.ANSWER | Decision.HANDOFF:
            named = intents[:1] if verdict.second is None else [intents[0], verdict.second.intent]
            return _answers(guest, named, lead)
        case Decision.CHOOSE:
            return (_guesses(guest, intents, lead),)
        case Decision.OUT_OF_SCOPE:
            return (_welcome(guest, "", _parts(lead, guest.voice.refused(verdict))),)
        case _:
            return ()


def _unclear(guest: Guest, text: str) -> str:
    """What to ask back; empty for a text that is no question either ("xin chào")."""
    book = guest.book
    guesses = book.hearing.verdict(text, (), guest.voice.locale).guesses
    if not guesses or guesses[0].intent != NOTHING_CLEAR or NOTHING_CLEAR not in book.answers:
        return ""
    return guest.voice.answered(book.answers[NOTHING_CLEAR])


def _answers(guest: Guest, intents: list[str], lead: str) -> tuple[Reply, ...]:
    """What answers there are; a guide that one of them is for starts after the two first questions."""
    book = guest.book
    answers = [book.answers[intent] for intent in intents if intent in book.answers and intent != "greeting"]
    if intents == [TO_A_HUMAN] and guest.desk.promise(guest.commune, 0).staffed:
        return (_human(guest, lead),)
    if len(intents) == 1 and intents[0] in book.starts:
        return (_welcome(guest, book.starts[intents[0]], lead),)
    texts = [
        text
        for answer in answers
        for text in (
            mobile_team.before(guest.voice, answer, guest.desk, guest.commune, guest.now),
            guest.voice.answered(answer),
        )
    ]
    entrances = [book.starts.get(intent, "") for intent in intents] + [answer.flow for answer in answers]
    wanted = next((entrance for entrance in entrances if entrance), "")
    if not texts:
        return (_welcome(guest, wanted, lead),)
    return joined([Reply(_parts(lead, *texts)), _welcome(guest, wanted)])


def _guesses(guest: Guest, intents: list[str], lead: str) -> Reply:
    """What it may be about; the question comes back after the two first ones."""
    known = [intent for intent in intents if intent in guest.book.answers]
    while known and len(door_token(Verb.BEGIN, unsure_of(known), LOCALES[-1])) > LONGEST_TOKEN:
        known.pop()
    if not known:
        return _welcome(guest, "", lead)
    listed = "\n".join(f"- {guest.voice.read(guest.book.answers[intent].question)}" for intent in known)
    return _welcome(guest, unsure_of(known), _parts(lead, guest.line("guesses_later"), listed))


def _parts(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
