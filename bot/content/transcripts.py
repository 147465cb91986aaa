"""Conversations that people can read: played against a book, recorded in the terminal, kept as tests.

A transcript is a list of turns. People write what the resident does (`user`, `press`, `wait`, `sends`) and
what volunteers do (`desk`), and when VNeID is down (`outage`: "otp", later "over"); what the bot says, what
happened and what is remembered afterwards is filled in by playing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

import yaml

from bot.app.ports import Sieve
from bot.content.deeds import deed_of, refused
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.core.dialogue import respond
from bot.core.events import (
    AnswerGiven,
    ConsentGiven,
    DataRequested,
    ErasureRequested,
    Event,
    HelpRated,
    HomeVisitAgreed,
    HomeVisitCalledOff,
    HomeVisitDone,
    HomeVisitRequested,
    HumanRequested,
    HumanSpoke,
    NotUnderstood,
    OutageTold,
    RunStarted,
    RunTurned,
    SecretMasked,
    StepEntered,
    StepLeft,
    StuckSeen,
    TicketClosed,
    TicketMoved,
    TicketOpened,
)
from bot.core.message import Address, Incoming, Kind, Reply, numbered
from bot.core.outage import Downtime, Outage, Reason
from bot.core.outage_over import GRACE, by_day
from bot.core.session import Session, State
from bot.core.ticket import Refusal
from bot.core.timing import wake
from bot.core.turn import Turn

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
NEVER = 1 << 40
START = 1_795_000_000
"""When played conversations begin: a day in November 2026."""


@dataclass(slots=True)
class Player:
    """Plays one conversation; `state` and `now` move on with every turn."""

    book: Book
    sieve: Sieve
    now: int = START
    state: State | None = None
    last: tuple[Reply, ...] = ()
    turns: list[dict[str, Any]] = field(default_factory=list)
    due_at: int = 0
    desk: Desk = NOBODY

    def play(self, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries with the bot's side filled in, each turn after those of earlier calls."""
        for entry in entries:
            if "wait" in entry:
                self.wait(str(entry["wait"]))
            elif "press" in entry:
                self.press(int(entry["press"]), str(entry.get("label", "")))
            elif "desk" in entry:
                self.deed(str(entry["desk"]))
            elif "outage" in entry:
                self.outage(str(entry["outage"]))
            else:
                kind = Kind(entry.get("sends", Kind.TEXT))
                self.say(str(entry.get("user", "")), kind)
        return self.turns

    def say(self, text: str, kind: Kind = Kind.TEXT) -> Turn:
        """The resident writes, or sends something else than text."""
        sifted = self.sieve(text)
        sent = {} if kind is Kind.TEXT else {"sends": str(kind)}
        asked = sent | ({"user": sifted.text} if sifted.text or kind is Kind.TEXT else {})
        return self._turn(asked, Incoming(ADDRESS, "", sifted.text, kind=kind, found=sifted.found))

    def press(self, number: int, label: str = "") -> Turn:
        """The resident presses button `number` (from 1) of the bot's last message; 0 is one of the small ones
        below it, found by its label.
        """
        small = (choice for choice in self.last[-1].shortcuts if choice.label == label)
        choice = self.last[-1].choices[number - 1] if number else next(small)
        return self._turn(
            {"press": number, "label": choice.label}, Incoming(ADDRESS, "", button=choice.token)
        )

    def wait(self, time: str) -> None:
        """Time passes; timers that become due meanwhile are woken."""
        until = self.now + int(time[:-1]) * UNITS[time[-1]]
        entry: dict[str, Any] = {"wait": time}
        while self.state is not None and 0 < self.due_at <= until:
            self.now = max(self.now, self.due_at)
            turn = wake(self.book, self.state, self.now, self.desk)
            if turn is None:
                break
            happened = _bot(turn)
            entry = {
                "wait": time,
                **_lists(entry, happened),
                "then": happened["then"],
            }
            self._take(turn)
        self.now = until
        self.turns.append(entry)

    def deed(self, said: str) -> Turn | Refusal:
        """Somebody at the desk does something; see `bot.content.deeds`."""
        self.now += 10
        entry: dict[str, Any] = {"desk": said}
        assert self.state is not None  # noqa: S101 - the desk sees only people of whom something is kept
        turn = deed_of(self.book, said, self.now, f"{len(self.turns):016x}")(self.state)
        if isinstance(turn, Refusal):
            self.turns.append(entry | {"refused": refused(turn)})
        else:
            self.turns.append(entry | _bot(turn))
            self._take(turn)
        return turn

    def outage(self, said: str, earlier: int = 0) -> None:
        """VNeID is down for this reason, since `earlier` seconds ago; "over": it works again, and who may
        have to hear of it is woken.
        """
        before = self.desk.downtime.outages
        if said == "over":
            outages = (*before[:-1], replace(before[-1], ended_at=self.now))
            self.due_at = min(by_day(self.now + GRACE), self.due_at or NEVER)
        else:
            new = Outage(len(before) + 1, self.now - earlier, 0, Reason(said), self.now)
            outages = (*before, new)
        self.desk = replace(self.desk, downtime=Downtime(outages))
        self.turns.append({"outage": said})

    def _turn(self, asked: dict[str, Any], message: Incoming) -> Turn:
        keyed = replace(
            message,
            key=f"{len(self.turns)}",
            seed=f"{len(self.turns):016x}",
            shown=self.last[-1].choices if self.state is None and self.last else (),
            shown_at=self.now,
        )
        self.now += 10
        turn = respond(self.book, self.state, keyed, self.now, self.desk)
        self.turns.append(asked | _bot(turn))
        self._take(turn)
        return turn

    def _take(self, turn: Turn) -> None:
        self.state, self.due_at = turn.state, turn.due_at
        if turn.replies:
            self.last = turn.replies


ADDRESS = Address("terminal", "transcript")


def dump(content: object) -> str:
    """A transcript file, with texts of several lines written as they are read."""
    text: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the library's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _bot(turn: Turn) -> dict[str, Any]:
    said: dict[str, Any] = {"bot": [_said(reply) for reply in turn.replies]} if turn.replies else {}
    happened = [line for event in turn.events for line in _event(event)]
    if happened:
        said["events"] = happened
    said["then"] = _state(turn.state)
    return said


def _lists(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What was said and what happened while time passed, all of it."""
    together = {name: [*before.get(name, ()), *now.get(name, ())] for name in ("bot", "events")}
    return {name: lines for name, lines in together.items() if lines}


def _said(reply: Reply) -> str:
    text = "\n".join(line.rstrip() for line in numbered(reply).splitlines())
    return f"{text}\n\n({reply.link})" if reply.link else text


def _event(event: Event) -> list[str]:
    match event:
        case RunStarted(run=run):
            return [f"started {run.flow}"]
        case RunTurned(run=run, was=was, now=now):
            return [f"{run.flow}: {was} → {now}"]
        case StepEntered(run=run, visit=visit):
            return [f"at {run.flow}/{visit.step}"]
        case StepLeft(run=run, visit=visit, mark=mark):
            way = " ".join(part for part in (mark.how, mark.to, mark.reason and f"({mark.reason})") if part)
            return [f"left {run.flow}/{visit.step}: {mark.outcome} {way}".rstrip()]
        case AnswerGiven(intent=intent):
            return [f"answered {intent}"]
        case HumanRequested(reason=reason):
            return [f"human requested: {reason}"]
        case TicketOpened(ticket=ticket):
            return [f"ticket opened: {ticket.reason}"]
        case TicketMoved(move=move):
            return [f"ticket {move}"]
        case HumanSpoke():
            return ["human spoke"]
        case TicketClosed(closing=closing):
            return [f"ticket closed: {closing}"]
        case HelpRated(score=score):
            return [f"help rated {score}"]
        case HomeVisitRequested(visit=visit):
            return [f"home visit requested: {visit.wish.hamlet}"]
        case HomeVisitAgreed(visit=visit):
            return [f"home visit agreed: {visit.meeting.who if visit.meeting else ''}"]
        case HomeVisitDone(visit=visit):
            return [f"home visit done: {visit.closing}"]
        case HomeVisitCalledOff(visit=visit):
            return [f"home visit called off: {visit.why}"]
        case OutageTold():
            return ["told of an outage"]
        case SecretMasked(kinds=kinds):
            return [f"masked {', '.join(kinds)}"]
        case ConsentGiven(purpose=purpose):
            return [f"consented: {purpose}"]
        case StuckSeen(sign=sign):
            return [f"stuck: {sign}"]
        case NotUnderstood(meant=""):
            return ["not understood"]
        case NotUnderstood(meant=meant):
            return [f"meant {meant}"]
        case DataRequested():
            return ["data requested"]
        case ErasureRequested():
            return ["erased"]
        case never:
            assert_never(never)


def _state(state: State | None) -> dict[str, Any] | str:
    """What is remembered, as far as a reader wants to see it."""
    if state is None:
        return "nothing is kept"
    shown: dict[str, Any] = {}
    if state.contact.commune:
        shown["commune"] = state.contact.commune
    if state.session is not None:
        shown["place"] = _place(state.session)
        if state.session.paused:
            shown["paused"] = True
        answers = {key: value for run in state.session.runs for key, value in run.answers.items()}
        if answers:
            shown["answers"] = answers
        if state.session.top.path:
            shown["behind"] = list(state.session.top.path)
    if state.parked:
        shown["put_aside"] = [_place(session) for session in state.parked]
    if state.options:
        shown["offered"] = [option.label for option in state.options]
    if state.misses:
        shown["misses"] = state.misses
    if state.ticket is not None:
        holder = state.ticket.holder
        shown["owner"] = holder.name if holder else "queue"
    return shown


def _place(session: Session) -> str:
    return " > ".join(
        f"{run.flow}/{run.visit.step} ({run.trail[run.visit.step].outcome})" for run in session.runs
    )
