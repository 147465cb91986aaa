"""Places, steps and options put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.core.book import Book
from bot.core.buttons import option_token, step_token, word_token
from bot.core.contact import SOURCE, Contact
from bot.core.faq import OUTSIDE, Answer, Credit, KnownError
from bot.core.flow import Ask, Flow, Say, Step, Text, Told, Variables, Way, flow_of
from bot.core.hearing import Verdict, Word
from bot.core.message import Choice, Picture, Reply
from bot.core.session import Option, Run, Session, Verb

DEFAULT_FORM = "bác"
WRITTEN = Variables()
LANGUAGES = {Word.VIETNAMESE: SOURCE, Word.ENGLISH: "en"}
"""The words that choose a language."""

LONGEST = 1500
"""Characters of one message; past that a text that goes on becomes a message of its own."""

CLIMB = 3
"""From this visit of the same step on, the bot says that the way goes round and offers a human."""


class Voice:
    """How the bot speaks in one language with one form of address. Remembers what it has said before."""

    def __init__(self, book: Book, variables: Variables) -> None:
        self.book = book
        self.variables = variables
        self.locale = variables.locale
        self._names = book.names.get(variables.locale, {})
        self._said: dict[str, str] = {}
        self._read: dict[int, str] = {}
        self._offered: dict[tuple[Word, ...], tuple[Choice, ...]] = {}

    def line(self, name: str, *, buoc: str = "", viec: str = "", dieu: str = "") -> str:
        """One of the bot's own sentences."""
        if buoc or viec or dieu:
            return self.book.wording[name](replace(self.variables, buoc=buoc, viec=viec, dieu=dieu))
        said = self._said.get(name)
        if said is None:
            said = self._said[name] = self.book.wording[name](self.variables)
        return said

    def read(self, text: Text) -> str:
        """An author's text in this voice. Texts live as long as the book, so their ids are theirs."""
        said = self._read.get(id(text))
        if said is None:
            said = self._read[id(text)] = text(self.variables).strip()
        return said

    def named(self, flow: str, title: str) -> str:
        """A title of a guide, or of one of its steps, in this language."""
        return self._names.get((flow, title), title)

    def step(self, session: Session, lead: str = "", *, shortly: bool = False) -> Reply:
        """The message of the step where the session stands, with all its ways; `shortly`: only its name."""
        run, _, step = self.at(session)
        if not isinstance(step, (Say, Ask)):
            return self.still_kept(session, lead)
        parts = [lead, f"**{self.place(session)}**", *([] if shortly else self.body(step))]
        choices = [
            Choice(self.read(way.label), step_token(run, number)) for number, way in enumerate(step.ways, 1)
        ]
        if goes_round(run):
            parts.insert(1, self.line("going_round"))
            choices.append(Choice(self.line("label_human"), word_token(Word.HUMAN)))
        return Reply(
            text=_paragraphs(parts),
            choices=tuple(choices),
            shortcuts=_beside(choices, self.shortcuts(Word.BACK, Word.HUMAN, Word.MENU)),
            picture=None if shortly else self._picture(run.flow, step),
        )

    def still_kept(self, session: Session, lead: str = "") -> Reply:
        """Where nothing waits, after a human was asked for: the place is kept, and two ways on."""
        return Reply(
            text=lead or self.line("escalated_still", buoc=self.where(session)),
            choices=self.shortcuts(Word.RESUME, Word.MENU),
        )

    def body(self, step: Told) -> list[str]:
        """A step's own words, with a caution when its sources are old."""
        caution = [self.line("dated")] if step.dated else []
        return [self.read(step.text), *caution]

    def answered(self, answer: Answer) -> str:
        return self.signed(self.read(answer.text), answer.credit, dated=answer.dated)

    def explained(self, error: KnownError) -> str:
        """What a known error means and what to do about it, under its name."""
        name = [f"**«{error.shown[0]}»**"] if error.shown else []
        words = _paragraphs([*name, self.read(error.meaning), self.read(error.todo)])
        return self.signed(words, error.credit, dated=error.dated)

    def refused(self, verdict: Verdict) -> str:
        """What to say to what is not ours: whose it may be, as far as that is known."""
        outside = (guess.intent for guess in verdict.guesses if guess.intent in OUTSIDE)
        answer = next((self.book.answers[intent] for intent in outside if intent in self.book.answers), None)
        return self.answered(answer) if answer else self.line("out_of_scope")

    def signed(self, words: str, credit: Credit, *, dated: bool) -> str:
        """An answer with a caution when its sources are old, where it comes from and when it was checked."""
        caution = [self.line("dated")] if dated else []
        return _paragraphs([words, *caution, self.credit(credit)])

    def credit(self, credit: Credit) -> str:
        if not credit.reviewed:
            return ""
        day = "/".join(reversed(credit.reviewed.split("-")))
        if credit.sources:
            return self.line("credit", dieu=credit.sources, buoc=day)
        return self.line("credit_own", buoc=day)

    def options(self, text: str, options: tuple[Option, ...], asked: int, *words: Word) -> Reply:
        """A question of the bot's own with its numbered answers; `words` are offered beside them."""
        choices = tuple(
            Choice(option.label, option_token(asked, number)) for number, option in enumerate(options, 1)
        )
        beside = _beside(choices, self.shortcuts(*(words or (Word.HUMAN, Word.MENU))))
        return Reply(text=text, choices=choices, shortcuts=beside)

    def shortcuts(self, *words: Word) -> tuple[Choice, ...]:
        offered = self._offered.get(words)
        if offered is None:
            offered = tuple(Choice(self.line(f"label_{word}"), word_token(word)) for word in words)
            self._offered[words] = offered
        return offered

    def beside_person(self, who: int) -> tuple[Choice, ...]:
        """What is offered below a person's words: to report them, and to be alone again."""
        report = Choice(self.line(f"label_{Word.REPORT}"), word_token(Word.REPORT, who))
        return (report, *self.shortcuts(Word.ALONE))

    def queued(self, text: str, *, walked: bool) -> Reply:
        """What somebody hears who waits for a person from here on: the guide can be walked meanwhile."""
        words = (Word.RESUME, Word.ALONE) if walked else (Word.ALONE, Word.MENU)
        return Reply(text, shortcuts=self.shortcuts(*words))

    def other_languages(self) -> tuple[Word, ...]:
        """What can be said to hear another language than this one."""
        return tuple(
            word
            for word, locale in LANGUAGES.items()
            if locale != self.locale and (locale == SOURCE or locale in self.book.names)
        )

    def place(self, session: Session) -> str:
        """The place in words, so that everybody hears it: "Bước 3/7: Nhập mã trong tin nhắn"."""
        return self._place(session, self._title(session))

    def where(self, session: Session) -> str:
        """The place inside a sentence: "bước 4/7: nhập mã trong tin nhắn"."""
        place = self._place(session, _lowered(self._title(session)))
        return place if len(session.runs) > 1 else _lowered(place)

    def at(self, session: Session) -> tuple[Run, Flow, Step]:
        run = session.top
        flow = self.book.editions[run.flow, run.version]
        return run, flow, flow.steps[run.visit.step]

    def page(self, flow: str = "") -> str:
        """Where to read a guide, or to see all of them; empty when there are no pages."""
        if not self.book.web_address:
            return ""
        address = f"{self.book.web_address}/guide/{flow}".rstrip("/")
        return address if self.locale == SOURCE else f"{address}?lang={self.locale}"

    def title(self, entrance: str) -> str:
        flow = flow_of(entrance)
        return self.named(flow, self.book.flows[flow].title)

    def _title(self, session: Session) -> str:
        run, _, step = self.at(session)
        return self.named(run.flow, getattr(step, "title", ""))

    def _picture(self, flow: str, step: Say | Ask) -> Picture | None:
        if not isinstance(step, Say) or step.picture is None or self.locale == SOURCE:
            return step.picture if isinstance(step, Say) else None
        return replace(step.picture, alt=self.named(flow, step.picture.alt))

    def _place(self, session: Session, title: str) -> str:
        run, flow, step = self.at(session)
        behind = [earlier for earlier in run.path if flow.places[earlier].number]
        if flow.places[step.id].number:
            place = f"{self.line('word_step')} {_counted(flow, step.id, len(behind) + 1)}: {title}"
        elif behind:
            place = self.line("helping", buoc=_counted(flow, behind[-1], len(behind)), viec=title)
        else:
            place = title
        return f"{self.named(flow.id, flow.title)} · {place}" if len(session.runs) > 1 else place


def _counted(flow: Flow, step: str, number: int) -> str:
    """Such as "3/7": the steps as this person walked them, and the longest way still ahead."""
    place = flow.places[step]
    return f"{number}/{number + place.total - place.number}"


def goes_round(run: Run) -> bool:
    """Whether this run has come to its step so often that the way itself does not help."""
    return run.trail[run.visit.step].times >= CLIMB


def voice_of(book: Book, contact: Contact) -> Voice:
    locale = contact.locale if contact.locale in book.names else SOURCE
    return _voice(book, locale, contact.xung_ho or DEFAULT_FORM)


@lru_cache(maxsize=64)
def _voice(book: Book, locale: str, form: str) -> Voice:
    return Voice(book, Variables(form, book.organisation, book.web_address, locale=locale))


def labels(voice: Voice, ways: tuple[Way, ...]) -> list[tuple[str, ...]]:
    """What may be typed for each way: its label, as it was written too, and the author's other wordings."""
    return [tuple(dict.fromkeys((voice.read(way.label), source_of(way.label), *way.also))) for way in ways]


def source_of(text: Text) -> str:
    """An author's text as it was written, for what must not depend on the reader's language."""
    return text(WRITTEN)


def option_labels(options: tuple[Option, ...]) -> list[tuple[str, ...]]:
    return [
        (option.label, *HEARD_AS.get(option.arg, ())) if option.verb is Verb.FORM else (option.label,)
        for option in options
    ]


HEARD_AS = {
    "bác": ("ông", "bà", "cụ", "gọi bác", "ông bà"),
    "cô": ("dì", "gọi cô"),
    "chú": ("cậu", "gọi chú"),
    "anh": ("gọi anh",),
    "chị": ("gọi chị",),
    "bạn": ("em", "cháu", "mình", "tôi", "gọi bạn", "sao cũng được"),
}
"""What people call themselves, and the form of address that answers to it."""


def joined(replies: list[Reply]) -> tuple[Reply, ...]:
    """Texts that go on are said in one message with what follows, as long as it stays readable."""
    out: list[Reply] = []
    for reply in replies:
        before = out[-1] if out else None
        if before and not before.choices and len(before.text) + len(reply.text) < LONGEST:
            out[-1] = replace(reply, text=_paragraphs([before.text, reply.text]))
        else:
            out.append(reply)
    return tuple(out)


def in_language(replies: Iterable[Reply], locale: str) -> tuple[Reply, ...]:
    """The replies marked with the language they are in, which screen readers go by."""
    if locale == SOURCE:
        return tuple(replies)
    return tuple(replace(reply, locale=locale) for reply in replies)


def _beside(choices: Iterable[Choice], shortcuts: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The shortcuts that no choice says already: the same word twice looks like two things."""
    said = {choice.label for choice in choices}
    return tuple(shortcut for shortcut in shortcuts if shortcut.label not in said)


def _lowered(title: str) -> str:
    """Small first letter, but "VNeID" and "OTP" stay as they are."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title


def _paragraphs(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)
