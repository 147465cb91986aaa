"""People of whom nothing is kept: first contact, consent, and guidance without it.

Nothing is remembered here, so what a button needs to know travels in the button.
"""

from __future__ import annotations

import zlib

from bot.core import privacy
from bot.core.book import Book
from bot.core.buttons import LONGEST_TOKEN, DoorButton, StepButton, WordButton, door_token, parse
from bot.core.contact import Consent, Contact, Purpose
from bot.core.engine import Walk
from bot.core.events import ConsentGiven, SecretMasked
from bot.core.flow import Ask, Branch, End, Flow, Handoff, Say, Step, flow_of, main_exits
from bot.core.hearing import Decision, Word
from bot.core.message import Choice, Incoming, Kind, Reply
from bot.core.offers import Offers, guesses_in, unsure_of
from bot.core.session import State, Verb
from bot.core.turn import Turn
from bot.core.voice import Voice, joined, voice_of


def welcome(book: Book, flow: str = "", lead: str = "") -> Reply:
    """What this is, what is kept, and two ways on; `flow` is what was asked for already."""
    voice = voice_of(book, Contact())
    asked = [voice.line("heard_you", viec=voice.title(flow))] if book.leads_to(flow) else []
    return Reply(
        text="\n\n".join(part for part in (lead, voice.line("welcome"), *asked) if part),
        choices=(
            Choice(voice.line("label_begin"), door_token(Verb.BEGIN, flow)),
            Choice(voice.line("label_read"), door_token(Verb.READ, flow)),
        ),
    )


def respond(book: Book, message: Incoming, now: int) -> Turn:
    """Answer somebody of whom nothing is kept."""
    voice = voice_of(book, Contact())
    events = (SecretMasked(message.found),) if message.found else ()
    lead = privacy.warning(voice, message.found) if message.found else ""
    match parse(message.button) if message.button else None:
        case DoorButton(verb=Verb.BEGIN, flow=flow):
            return _begin(book, flow, message, now)
        case DoorButton(verb=Verb.READ, flow=flow):
            return Turn(None, _read(book, voice, flow))
        case StepButton(flow=flow):
            known = flow if book.leads_to(flow) else ""
            return Turn(None, (welcome(book, known, voice.line("nothing_kept")),))
        case WordButton(word=word):
            return _word(book, voice, word, message, now)
        case _:
            pass
    text = privacy.without_masks(message)
    if message.kind is not Kind.TEXT:
        lead = voice.line("photo_sent" if message.kind is Kind.PHOTO else "media_sent")
        return Turn(None, (welcome(book, "", lead),), events)
    if not text:
        return Turn(None, (welcome(book, "", lead),), events)
    said = book.hearing.word(text)
    if said is not None:
        return _word(book, voice, said, message, now)
    offered = welcome(book)
    number = book.hearing.pick(text, [(choice.label,) for choice in offered.choices])
    if number == 0:
        return _begin(book, "", message, now)
    if number == 1:
        return Turn(None, _read(book, voice, ""))
    return Turn(None, _by_content(book, voice, text, lead), events)


def _word(book: Book, voice: Voice, word: Word, message: Incoming, now: int) -> Turn:
    match word:
        case Word.YES | Word.START | Word.RESUME:
            return _begin(book, "", message, now)
        case Word.HUMAN:
            return Turn(None, (welcome(book, "", voice.line("human")),))
        case Word.PRIVACY:
            return Turn(None, (welcome(book, "", voice.line("privacy")),))
        case Word.DATA | Word.ERASE:
            return Turn(None, (Reply(voice.line("nothing_kept")),))
        case Word.MENU:
            return Turn(None, _read(book, voice, ""))
        case Word.STOP:
            return Turn(None, (Reply(voice.line("stopped")),))
        case _:
            return Turn(None, (welcome(book),))


def _begin(book: Book, flow: str, message: Incoming, now: int) -> Turn:
    """Consent is given: from here on the place is remembered."""
    words = voice_of(book, Contact()).line("welcome")
    consent = Consent(Purpose.REMEMBER, now, f"{zlib.crc32(words.encode()):08x}")
    state = State(
        Contact(consents=(consent,)),
        wanted=flow if book.leads_to(flow) or guesses_in(flow) else "",
        heard_at=now,
    )
    voice = voice_of(book, state.contact)
    walk = Walk(book, voice, now, message.seed, 0)
    offers = Offers(walk, state)
    offers.ask_form()
    kept = State(
        contact=state.contact,
        options=offers.options,
        asked=offers.asked,
        wanted=state.wanted,
        seq=walk.seq,
        heard_at=now,
    )
    return Turn(kept, joined(walk.replies), (ConsentGiven(Purpose.REMEMBER),))


def _read(book: Book, voice: Voice, flow: str) -> tuple[Reply, ...]:
    """The whole guide in one go, or the list of guides; nothing is kept."""
    if book.leads_to(flow):
        return whole_guide(book, flow_of(flow))
    choices = tuple(Choice(guide.title, door_token(Verb.READ, guide.id)) for guide in in_menu_order(book))
    return (Reply(voice.line("read_which"), choices, link=_link(book, "")),)


def in_menu_order(book: Book) -> tuple[Flow, ...]:
    return tuple(book.flows[flow] for group in book.menu for flow in group.flows)


def whole_guide(book: Book, flow: str) -> tuple[Reply, ...]:
    """A guide's main way as text, in as many messages as it needs, and where to read all of it."""
    voice = voice_of(book, Contact())
    guide = book.flows[flow]
    told = [step for step in _main_way(guide) if isinstance(step, (Say, Ask, Handoff, End))]
    numbered = [f"{number}. " + "\n".join(voice.body(step)) for number, step in enumerate(told, 1)]
    parts = [f"**{guide.title}**", *numbered]
    replies = joined([Reply(part) for part in parts])
    last = Reply(
        voice.line("read_done", viec=guide.title),
        (Choice(voice.line("label_begin"), door_token(Verb.BEGIN, flow)),),
        link=_link(book, flow),
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
    """Help first, ask for consent after: an answer needs nothing to be kept."""
    quoted = book.hearing.quoted(text, [error.wordings for error in book.errors])
    if quoted is not None:
        error = book.errors[quoted]
        return joined([Reply(_parts(lead, voice.explained(error))), welcome(book, error.flow)])
    verdict = book.hearing.verdict(text)
    intents = [guess.intent for guess in verdict.guesses]
    match verdict.decision:
        case Decision.ANSWER | Decision.HANDOFF:
            named = intents[:1] if verdict.second is None else [intents[0], verdict.second.intent]
            return _answers(book, voice, named, lead)
        case Decision.CHOOSE:
            return (_guesses(book, voice, intents, lead),)
        case Decision.OUT_OF_SCOPE:
            return (welcome(book, "", _parts(lead, voice.line("out_of_scope"))),)
        case _:
            return (welcome(book, "", lead),)


def _answers(book: Book, voice: Voice, intents: list[str], lead: str) -> tuple[Reply, ...]:
    """What answers there are; a guide that one of them is for starts after the two first questions."""
    answers = [book.answers[intent] for intent in intents if intent in book.answers and intent != "greeting"]
    if len(intents) == 1 and intents[0] in book.starts:
        return (welcome(book, book.starts[intents[0]], lead),)
    texts = [voice.answered(answer) for answer in answers]
    entrances = [book.starts.get(intent, "") for intent in intents] + [answer.flow for answer in answers]
    wanted = next((entrance for entrance in entrances if entrance), "")
    if not texts:
        return (welcome(book, wanted, lead),)
    return joined([Reply(_parts(lead, *texts)), welcome(book, wanted)])


def _guesses(book: Book, voice: Voice, intents: list[str], lead: str) -> Reply:
    """What it may be about; the question comes back after the two first ones."""
    known = [intent for intent in intents if intent in book.answers]
    while known and len(door_token(Verb.BEGIN, unsure_of(known))) > LONGEST_TOKEN:
        known.pop()
    if not known:
        return welcome(book, "", lead)
    listed = "\n".join(f"- {voice.read(book.answers[intent].question)}" for intent in known)
    return welcome(book, unsure_of(known), _parts(lead, voice.line("guesses_later"), listed))


def _parts(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _link(book: Book, flow: str) -> str:
    return f"{book.web_address}/guide/{flow}".rstrip("/") if book.web_address else ""
