"""What the bot itself offers outside the steps of a guide: menu, guesses, switching, coming back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.core.book import Book
from bot.core.contact import FORMS_OF_ADDRESS, SOURCE, Contact
from bot.core.engine import Walk
from bot.core.flow import Ask, Say, Way, flow_of
from bot.core.guessing import meanings, which
from bot.core.hearing import Word
from bot.core.message import Reply
from bot.core.session import (
    KEEP_RUN,
    Option,
    Outcome,
    Run,
    Session,
    State,
    Verb,
)
from bot.core.voice import Voice
from bot.core.wanted import A_HUMAN, guesses_in

PARKED = 5
"""Guides left in the middle that are remembered."""


class Offers:
    """The questions that the bot asks on its own account, and what it keeps aside meanwhile.

    `calls`: a human was wanted before the first questions, and they are over now.
    """

    def __init__(self, walk: Walk, state: State) -> None:
        self._walk = walk
        self.parked = state.parked
        self.options = state.options
        self.asked = state.asked
        self.wanted = state.wanted
        self.calls = False
        self._addressed = bool(state.contact.xung_ho)

    def clear(self) -> None:
        self.options = ()

    def ask(self, text: str, options: tuple[Option, ...], *words: Word) -> None:
        """Ask with numbered answers; they wait before those of the step do.

        `words` are offered too; where nothing is said, a human and the menu.
        """
        walk = self._walk
        walk.seq += 1
        self.options, self.asked = options, walk.seq
        lead, walk.lead = walk.lead, ""
        text = "\n\n".join(part for part in (lead, text) if part)
        walk.replies.append(walk.voice.options(text, options, self.asked, *words))

    def ways(self) -> tuple[Way, ...]:
        """The ways of the step where the session stands."""
        if self._walk.session is None:
            return ()
        step = self._walk.voice.at(self._walk.session)[2]
        return step.ways if isinstance(step, (Say, Ask)) else ()

    def place_again(self, lead: str) -> None:
        """Say something and then where we are, with the answers that are waiting."""
        walk = self._walk
        lead = "\n\n".join(part for part in (walk.lead, lead) if part)
        walk.lead = ""
        if self.options:
            walk.replies.append(walk.voice.options(lead, self.options, self.asked))
        elif walk.session is None:
            walk.lead = lead
            self.menu()
        elif isinstance(walk.voice.at(walk.session)[2], (Say, Ask)):
            walk.replies.append(walk.voice.step(walk.session, lead))
        else:
            self.go_on_or_menu(lead or walk.voice.still_kept(walk.session).text)

    def go_on_or_menu(self, text: str) -> None:
        """After a human was asked for: the guide can still be walked meanwhile."""
        self.ask(text, self._go_on_or_menu())

    def _go_on_or_menu(self) -> tuple[Option, Option]:
        voice = self._walk.voice
        return Option(voice.line("label_resume"), Verb.RESUME), Option(voice.line("label_menu"), Verb.MENU)

    def menu(self, group: str = "") -> None:
        """The guides by topic; a place that was being walked stays the first line."""
        walk, voice = self._walk, self._walk.voice
        options: list[Option] = []
        if walk.session is not None and not group:
            walk.session = replace(walk.session, paused=True)
            label = voice.line("label_resume_at", buoc=voice.where(walk.session))
            options.append(Option(label, Verb.RESUME))
        for index, entry in enumerate(walk.book.menu):
            if group and group != str(index):
                continue
            if group or len(entry.flows) == 1:
                options += [Option(voice.title(flow), Verb.START, flow) for flow in entry.flows]
            else:
                options.append(Option(voice.read(entry.title), Verb.MENU, str(index)))
        if group:
            self.ask(voice.line("menu_group"), tuple(options))
            return
        if voice.locale == SOURCE:
            options.append(Option(voice.line("label_form"), Verb.FORM))
        self.ask(voice.line("menu"), tuple(options), Word.HUMAN, *voice.other_languages())

    def ask_form(self) -> None:
        """How the person wants to be addressed."""
        self.ask(
            self._walk.voice.line("ask_form"),
            tuple(Option(form, Verb.FORM, form) for form in FORMS_OF_ADDRESS),
        )

    def begin(self) -> None:
        """What comes first: how to address the person, where the language asks for it."""
        if self._walk.voice.locale == SOURCE and not self._addressed:
            self.ask_form()
        else:
            self.after_form()

    def after_form(self) -> None:
        wanted, self.wanted = self.wanted, ""
        if self._walk.book.leads_to(wanted):
            self.start(wanted)
        elif wanted == A_HUMAN:
            self.calls = True
        elif self.guess(guesses_in(wanted)):
            pass
        elif self._walk.session is not None:
            self.resume()
        else:
            self.menu()

    def greet(self, absent: bool) -> None:
        """Somebody says hello: say where we were and how to go on, or what there is."""
        walk = self._walk
        if walk.session is None:
            walk.lead = walk.voice.line("hello")
            self.menu()
        elif absent:
            where = walk.voice.where(walk.session)
            self.ask(walk.voice.line("welcome_back", buoc=where), self._again_options(walk.session))
        else:
            self.place_again(walk.voice.line("hello"))

    def propose(self, entrance: str) -> None:
        """A guide that the person asked for in free words."""
        walk = self._walk
        session = walk.session
        flow, _, step = entrance.partition("/")
        if session is None:
            self.start(entrance)
        elif session.runs[0].flow == flow and step not in ("", session.top.visit.step):
            self.begin_at(entrance)
        elif any(run.flow == flow for run in session.runs):
            self.place_again(walk.voice.line("right_here", viec=walk.voice.title(flow)))
        else:
            title, here = walk.voice.title(flow), walk.voice.where(session)
            self.ask(
                walk.voice.line("switch", viec=title, buoc=here),
                (
                    Option(walk.voice.line("label_switch", viec=title), Verb.START, entrance),
                    Option(walk.voice.line("label_stay", buoc=here), Verb.STAY),
                ),
            )

    def start(self, entrance: str) -> None:
        """Begin a guide, or ask whether to go on where it was left.

        Who named one problem of it exactly is taken there at once.
        """
        walk = self._walk
        self.clear()
        if walk.book.leads_to(entrance) is None:
            self.menu()
            return
        left = self._left(flow_of(entrance))
        if left is None:
            self._put_aside()
            walk.start(entrance)
        elif entrance == left.runs[0].flow:
            self.go_on_or_again(left)
        else:
            self.begin_at(entrance)

    def go_on_or_again(self, left: Session) -> None:
        """Ask whether to go on with a guide or to begin it again."""
        voice = self._walk.voice
        self.ask(voice.line("left_before", buoc=voice.where(left)), self._again_options(left))

    def again(self, flow: str) -> None:
        """From the beginning."""
        self.clear()
        self._walk.lead = self._walk.voice.line("from_start")
        self.begin_at(flow)

    def begin_at(self, entrance: str) -> None:
        """A guide that was walked before, from an entrance; within a day it is still the same run."""
        walk = self._walk
        self.clear()
        flow, _, step = entrance.partition("/")
        left = self._left(flow)
        earlier = left.runs[0] if left else None
        if left is not None and left is walk.session:
            if left.is_open and self._continues(left.runs[0]):
                earlier = walk.leave_for(step)
                walk.session = None
            else:
                self._put_aside()
        elif walk.session is not None:
            self._put_aside()
        self.parked = tuple(session for session in self.parked if session.runs[0].flow != flow)
        walk.start(entrance, earlier if earlier and self._continues(earlier) else None)

    def resume(self, flow: str = "") -> None:
        """Go on where a guide was left: the current one, or one that was put aside."""
        walk = self._walk
        self.clear()
        left = self._left(flow) if flow else walk.session
        if left is None:
            self.menu()
            return
        if left is not walk.session:
            self.take_out(left)
        walk.lead = walk.lead or walk.voice.line("resumed")
        walk.resume()

    def take_out(self, left: Session) -> None:
        """Stand again in a guide that was put aside; the one that was walked takes its place there."""
        self.parked = tuple(session for session in self.parked if session is not left)
        self._put_aside()
        self._walk.session = left

    def answered(self, text: str, flow: str, *, urgent: bool, others: Iterable[str] = ()) -> None:
        """An answer is given in the middle of something: then back to the place, which was kept.

        After an urgent one the guide waits until the person asks for it. Outside a guide `others`, what may
        be meant instead, are offered.
        """
        walk, voice = self._walk, self._walk.voice
        self.clear()
        onward = self.onward([flow])
        if walk.session is not None and urgent:
            walk.session = replace(walk.session, paused=True)
            self.ask(text, (*onward, *self._go_on_or_menu()))
            return
        if walk.session is not None:
            self.place_again("\n\n".join((text, voice.line("back_to_place"))))
            return
        instead = meanings(walk, others)
        if instead:
            text = "\n\n".join((text, voice.line("not_sure")))
        if onward or instead:
            self.ask(text, (*onward, *instead, Option(voice.line("label_menu"), Verb.MENU)))
        else:
            walk.replies.append(Reply(_led(walk, text), shortcuts=voice.shortcuts(Word.HUMAN, Word.MENU)))

    def answered_both(self, text: str, intents: Iterable[str], *, urgent: bool) -> None:
        """Two answers in one message, and the guides for them."""
        walk = self._walk
        self.clear()
        onward = self.onward(map(self.guide_for, intents))
        if walk.session is None:
            self.ask(text, (*onward, Option(walk.voice.line("label_menu"), Verb.MENU)))
        elif urgent:
            walk.session = replace(walk.session, paused=True)
            self.ask(text, (*onward, *self._go_on_or_menu()))
        else:
            self.ask(text, (*onward, self.stay()))

    def explained(self, text: str, flow: str) -> None:
        """A quoted error is explained: the guide that mends it is offered, unless it is being walked."""
        walk = self._walk
        walked = {run.flow for run in walk.session.runs} if walk.session else set()
        if walk.session is None or not walk.book.leads_to(flow) or flow_of(flow) in walked:
            self.answered(text, flow, urgent=False)
            return
        label = walk.voice.line("label_switch", viec=walk.voice.title(flow))
        self.ask(text, (Option(label, Verb.START, flow), self.stay()))

    def onward(self, entrances: Iterable[str]) -> tuple[Option, ...]:
        """The guides behind these entrances, those that are there, each once."""
        walk = self._walk
        known = dict.fromkeys(entrance for entrance in entrances if walk.book.leads_to(entrance))
        return tuple(Option(walk.voice.title(entrance), Verb.START, entrance) for entrance in known)

    def guide_for(self, intent: str) -> str:
        """The entrance for an intent: its own, or the one its answer offers."""
        book = self._walk.book
        entrance = book.starts.get(intent) or (book.answers[intent].flow if intent in book.answers else "")
        return entrance if book.leads_to(entrance) else ""

    def stay(self) -> Option:
        voice = self._walk.voice
        return Option(voice.line("label_stay", buoc=voice.where(self._walk.here)), Verb.STAY)

    def guess(self, intents: Iterable[str]) -> bool:
        """Up to three guesses in plain words; False when there is nothing to offer."""
        voice = self._walk.voice
        offered = meanings(self._walk, intents)
        if not offered:
            return False
        if len(offered) == 1 and offered[0].verb is Verb.START:
            self.propose(offered[0].arg)
            return True
        none = Option(voice.line("label_none"), Verb.NONE)
        self.ask(which(self._walk, offered), (*offered, none))
        return True

    def not_understood(self, times: int) -> None:
        """Say so, in other words each time; from the second time on with the way to a human."""
        walk, voice = self._walk, self._walk.voice
        text = voice.line(f"unclear_{times}")
        if self.options or (walk.session is not None and walk.session.is_open):
            self.place_again(text)
        else:
            walk.lead = "\n\n".join(part for part in (walk.lead, text) if part)
            self.menu()

    def what_next(self) -> None:
        """A guide is over: what was put aside for it, or anything else."""
        walk, voice = self._walk, self._walk.voice
        if self.parked:
            left = self.parked[-1]
            flow = left.runs[0].flow
            self.ask(
                voice.line("left_open", viec=voice.title(flow), buoc=voice.where(left)),
                (
                    Option(voice.line("label_resume_at", buoc=voice.where(left)), Verb.RESUME, flow),
                    Option(voice.line("label_menu"), Verb.MENU),
                ),
            )
        else:
            text = _led(walk, voice.line("what_next"))
            walk.replies.append(Reply(text, shortcuts=voice.shortcuts(Word.MENU)))

    def _left(self, flow: str) -> Session | None:
        """The guide where it was left: the current session or one put aside."""
        sessions = (self._walk.session, *reversed(self.parked))
        known = (session for session in sessions if session and session.runs[0].flow == flow)
        return next((session for session in known if is_kept(self._walk.book, session)), None)

    def _put_aside(self) -> None:
        """Another guide begins: the person left this one, for now. What is left while VNeID is down is left
        because of that.
        """
        walk = self._walk
        if walk.session is None:
            return
        if walk.session.is_open:
            walk.close(Outcome.OUTAGE if walk.downtime.current else Outcome.SUPERSEDED)
        self.parked = (*self.parked, walk.here)[-PARKED:]
        walk.session = None

    def _continues(self, run: Run) -> bool:
        """Whether a new beginning is still the same run: the same version, within a day."""
        current = self._walk.book.flows[run.flow].version
        return run.version == current and self._walk.now - run.touched_at <= KEEP_RUN

    def _again_options(self, session: Session) -> tuple[Option, ...]:
        voice = self._walk.voice
        flow = session.runs[0].flow
        return (
            Option(voice.line("label_resume_at", buoc=voice.where(session)), Verb.RESUME, flow),
            Option(voice.line("label_again"), Verb.AGAIN, flow),
            Option(voice.line("label_other"), Verb.MENU),
        )


def is_kept(book: Book, session: Session) -> bool:
    """Whether every guide of the session is still there in the version it is pinned to."""
    return all(book.edition(run.flow, run.version) for run in session.runs)


def _led(walk: Walk, text: str) -> str:
    lead, walk.lead = walk.lead, ""
    return "\n\n".join(part for part in (lead, text) if part)


def walk_of(
    book: Book,
    contact: Contact,
    voice: Voice,
    now: int,
    seed: str,
    seq: int,
    session: Session | None,
    channel: str = "",
) -> Walk:
    """A turn's way through a session, whose new runs are booked where this person is."""
    walk = Walk(book, voice, now, seed, seq, session, channel=channel)
    walk.commune, walk.phone, walk.poster = contact.commune, contact.phone, contact.poster
    return walk
