"""A resident, three volunteers and a clock on the pure core, with all that must hold after every turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from bot.content.deeds import DESKS
from bot.content.transcripts import ADDRESS, START
from bot.core import dialogue, handoff, timing
from bot.core.book import Book
from bot.core.buttons import OptionButton, WordButton, parse
from bot.core.desk import Desk
from bot.core.events import (
    Event,
    HelpRated,
    Move,
    StepLeft,
    TicketClosed,
    TicketMoved,
    TicketOpened,
)
from bot.core.handing import steps_to_go_on
from bot.core.hearing import Word
from bot.core.held import COMMANDS
from bot.core.message import Incoming, Kind
from bot.core.outage import Downtime, Outage
from bot.core.outage_over import GRACE, by_day
from bot.core.session import State, Verb
from bot.core.tally import Tally
from bot.core.ticket import Bot, Closing, Helper, Owner, Person, Queue, Refusal, owner_of
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.core.test_sums import check_sums

HELPERS = (Helper(1, "Lan"), Helper(2, "Minh"), Helper(3, "Hoa", leads=True))


@dataclass
class House:
    """One conversation. Every turn goes through `_take`, which checks it against a plain model of its own."""

    book: Book
    now: int = START
    state: State | None = None
    desk: Desk = DESKS["there"]
    due_at: int = 0
    window: int = 0
    turns: int = 0
    tokens: list[str] = field(default_factory=list)
    owner: int | None = None
    """By the events alone: None the bot, 0 the queue, else who."""

    opened: dict[str, int] = field(default_factory=dict)
    closed: Counter[str] = field(default_factory=Counter)
    rated: Counter[str] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)

    # --- what people do

    def begin(self, far: int, by: Helper) -> None:
        """Agree to be remembered; then further: into the queue, into the guide meanwhile, to somebody."""
        self.press("!begin.")
        self.press("", first=True)
        if far > 0:
            for text in ("tôi muốn kích hoạt vneid", "gặp người", "1"):
                self.say(text)
        if far > 1:
            self.say("làm tiếp")
        if far > 2:
            self.claim(by)

    def who(self, number: int) -> Helper:
        """Mostly whoever has the conversation."""
        owner = self._owner()
        held = [helper for helper in HELPERS if isinstance(owner, Person) and helper.id == owner.id]
        return held[0] if held and number >= len(HELPERS) else HELPERS[number % len(HELPERS)]

    def say(self, text: str) -> None:
        sifted = sift(text)
        self._hear(Incoming(ADDRESS, "", sifted.text, found=sifted.found))

    def press(self, token: str, *, first: bool = False) -> None:
        self._hear(Incoming(ADDRESS, "", button=self.tokens[0] if first else token))

    def send(self, kind: Kind) -> None:
        self._hear(Incoming(ADDRESS, "", kind=kind))

    def block(self) -> None:
        before = owner_of(self.state.ticket if self.state else None)
        turn = dialogue.respond(
            self.book, self.state, Incoming(ADDRESS, "", kind=Kind.LEFT), self.now, self.desk
        )
        self._take(turn, before, told=False)

    def claim(self, helper: Helper) -> None:
        owner = self._owner()
        turn = self._deed(lambda state: handoff.claim(self.book, state, helper, self.now))
        if isinstance(owner, Person) and owner.id != helper.id and owner.until > self.now:
            assert turn is None or isinstance(turn, Refusal), "claimed from under somebody's hands"

    def take_over(self, helper: Helper) -> None:
        self._deed(lambda state: handoff.take_over(self.book, state, helper, self.now))

    def keep(self, helper: Helper) -> None:
        self._only_by_owner(helper, lambda state: handoff.keep(self.book, state, helper, self.now))

    def speak(self, helper: Helper) -> None:
        self._only_by_owner(
            helper, lambda state: handoff.speak(self.book, state, helper, "Bác mở máy lên nhé.", self.now)
        )

    def give_back(self, helper: Helper, move: Move) -> None:
        self._only_by_owner(helper, lambda state: handoff.give_back(self.book, state, helper, self.now, move))

    def hand_to(self, helper: Helper, to: Helper) -> None:
        self._only_by_owner(helper, lambda state: handoff.hand_to(self.book, state, helper, to, self.now))

    def hand_back(self, helper: Helper, flow: str, number: int) -> None:
        if self.state is None:
            return
        steps = steps_to_go_on(self.book, self.state, flow)
        step = f"{flow}/{steps[number % len(steps)]}" if steps else ""
        turn = self._only_by_owner(
            helper,
            lambda state: handoff.hand_back(self.book, state, helper, step, self.now, f"{self.turns:016x}"),
        )
        if isinstance(turn, Turn) and steps:
            assert turn.state is not None
            assert turn.state.session is not None
            assert f"{turn.state.session.top.flow}/{turn.state.session.top.visit.step}" == step
            assert turn.state.session.is_open
            assert f"**{helper.name}**" in turn.replies[0].text

    def close(self, helper: Helper, closing: Closing) -> None:
        self._only_by_owner(
            helper, lambda state: handoff.close(self.book, state, helper, closing, "", "", self.now)
        )

    def outage(self) -> None:
        """VNeID goes down, or works again: whoever may have to hear of that is woken."""
        outages = self.desk.downtime.outages
        if self.desk.downtime.current is None:
            outages = (*outages, Outage(len(outages) + 1, self.now, said_at=self.now))
        else:
            outages = (*outages[:-1], replace(outages[-1], ended_at=self.now))
            self.due_at = min(self.due_at or self.now + GRACE, by_day(self.now + GRACE))
        self.desk = replace(self.desk, downtime=Downtime(outages))

    def wait(self, seconds: int) -> None:
        until = self.now + seconds
        while self.state is not None and 0 < self.due_at <= until:
            self.now = max(self.now, self.due_at)
            before, was = self._owner(), self.state
            turn = timing.wake(self.book, self.state, self.now, self.desk)
            if turn is None:
                break
            assert turn.state != was or turn.due_at > self.now, "a timer that leads nowhere"
            if isinstance(before, Person) and self._after(turn) == before.id:
                assert not turn.replies, "a timer that talks over a person"
            if self.desk.downtime.current is not None:
                left = any(isinstance(event, StepLeft) for event in turn.events)
                assert not left, "a window that is over while VNeID is down"
                assert visits_reminded(turn.state) == visits_reminded(was), "reminded while VNeID is down"
            self._take(turn, before, told=was.may_be_written_to(self.now))
        self.now = until

    # --- how it is run

    def _hear(self, message: Incoming) -> None:
        self.turns += 1
        self.now += 3
        message = replace(message, key=str(self.turns), seed=f"{self.turns:016x}", window=self.window)
        before, was = self._owner(), self.state
        turn = dialogue.respond(self.book, self.state, message, self.now, self.desk)
        lively = isinstance(before, Person) and before.until > self.now
        if lively and turn.state is not None and self._after(turn) == _id(before):
            assert not turn.replies or self._may_answer(message, was), [reply.text for reply in turn.replies]
        assert not any(reply.author for reply in turn.replies)
        self._take(turn, before, told=True)

    def _may_answer(self, message: Incoming, state: State | None) -> bool:
        """What the bot may say while a person has the conversation."""
        assert state is not None
        assert state.ticket is not None
        assert state.ticket.holder is not None
        button = parse(message.button) if message.button else None
        word = button.word if isinstance(button, WordButton) else self.book.hearing.word(message.text)
        if message.found or word is Word.REPORT:
            return True
        if word in COMMANDS and (message.button or message.text.startswith("/")):
            return True
        erasing = any(option.verb is Verb.KEEP for option in state.options)
        if erasing and (message.text in {"1", "2"} or isinstance(button, OptionButton)):
            return True
        return bool(message.button) and not state.ticket.holder.told

    def _only_by_owner(self, helper: Helper, deed: handoff.Deed) -> Turn | Refusal | None:
        owner = self._owner()
        turn = self._deed(deed)
        if not (isinstance(owner, Person) and owner.id == helper.id and owner.until > self.now):
            assert turn is None or isinstance(turn, Refusal), "done by somebody who does not have it"
        return turn

    def _deed(self, deed: handoff.Deed) -> Turn | Refusal | None:
        if self.state is None:
            return None
        self.turns += 1
        self.now += 1
        before = self._owner()
        turn = deed(self.state)
        if not isinstance(turn, Refusal):
            for reply in turn.replies:
                assert reply.author in {"", next((one.name for one in HELPERS if one.id == _id(before)), "")}
            if self._after(turn) == _id(before):
                assert all(reply.author for reply in turn.replies), "the bot talks over a person"
            self._take(turn, before, told=True)
        return turn

    def _take(self, turn: Turn, before: Owner, *, told: bool) -> None:
        self.state, self.due_at = turn.state, turn.due_at
        for reply in turn.replies:
            self.tokens = [choice.token for choice in (*reply.choices, *reply.shortcuts)] + self.tokens[:40]
        for event in turn.events:
            self._note(event)
        self.tally.add(turn.events, "web")
        after = self._owner()
        assert self.owner == _id(after), "the events tell another story than the state"
        if _id(before) != _id(after) and told and not (turn.state is None and not turn.replies):
            assert turn.replies, "a change of hands that the resident is not told"
        self.check()

    def _note(self, event: Event) -> None:
        match event:
            case TicketOpened(ticket=ticket):
                assert self.owner is None, "a second ticket"
                self.opened[ticket.key] = ticket.opened_at
                self.owner = 0
            case TicketMoved(ticket=ticket, to=to) if self.closed[ticket.key] == 0:
                self.owner = to
            case TicketClosed(ticket=ticket):
                self.closed[ticket.key] += 1
                self.owner = None
            case HelpRated(ticket=key):
                self.rated[key] += 1
            case _:
                pass

    # --- what must hold

    def check(self) -> None:
        ticket = self.state.ticket if self.state else None
        assert all(count == 1 for count in self.closed.values()), "closed more than once"
        assert set(self.opened) == set(self.closed) | ({ticket.key} if ticket else set()), "lost or made up"
        assert all(count == 1 for count in self.rated.values()), "rated more than once"
        if ticket is not None:
            assert ticket.opened_at == self.opened[ticket.key], "its age changed"
            assert ticket.holder is None or ticket.holder.id not in ticket.barred
            assert self.due_at > 0, "nobody would notice"
        check_sums(self.tally)

    def check_ways_out(self) -> None:
        """From everywhere a word leads on: from a person, out of the queue, to the guides, to a human."""
        if self.state is None:
            return
        state = self.state
        if state.ticket is not None:
            turn = self._try(state, "=alone")
            assert turn.state is not None
            assert turn.state.ticket is None
            assert turn.replies
            state = turn.state
        menu, human = self._try(state, "=menu"), self._try(state, "=human")
        assert menu.replies[-1].choices
        assert human.replies
        assert human.state is not None
        promise = self.desk.promise("", self.now)
        assert not promise.staffed or human.state.ticket or human.state.options[0].verb is Verb.CALL

    def _try(self, state: State, token: str) -> Turn:
        message = Incoming(ADDRESS, "try", button=token, seed="t" * 16)
        return dialogue.respond(self.book, state, message, self.now + 1, self.desk)

    def _owner(self) -> Owner:
        return owner_of(self.state.ticket if self.state else None)

    def _after(self, turn: Turn) -> int | None:
        return _id(owner_of(turn.state.ticket if turn.state else None))


def visits_reminded(state: State | None) -> int:
    session = state.session if state else None
    return sum(run.visit.reminders for run in session.runs) if session else 0


def _id(owner: Owner) -> int | None:
    match owner:
        case Bot():
            return None
        case Queue():
            return 0
        case Person(id=id):
            return id
