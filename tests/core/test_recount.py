"""Counters are what a recount of bare stays comes to, after every turn of residents, volunteers and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from bot.content.transcripts import START
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import Event, RunTurned
from bot.core.flow import Call, End, Ending, flow_of, waits
from bot.core.message import Incoming
from bot.core.offers import walk_of
from bot.core.recount import recount, standing_in
from bot.core.session import Outcome, State
from bot.core.tally import Tally
from bot.core.turn import Turn
from bot.core.visits import RUN_COLUMNS, VisitRow
from bot.core.voice import voice_of
from tests.core import test_ownership_machine as machine
from tests.core.ownership import House
from tests.core.test_sums import ACTS, History, check_sums


def check_recount(tally: Tally, state: State | None) -> None:
    counted = recount(sorted(tally.visits, key=attrgetter("run", "seq")), lasting(state))
    for what in ("runs", "steps", "arrows", "times"):
        assert _without_zeros(getattr(tally, what)) == _without_zeros(getattr(counted, what)), what


def lasting(state: State | None) -> Iterator[VisitRow]:
    for session in (*state.parked, *([state.session] if state.session else [])) if state else ():
        yield from standing_in(session, "web")


def _without_zeros(rows: dict[Any, list[int]]) -> dict[Any, list[int]]:
    return {key: row for key, row in rows.items() if any(row)}


@pytest.fixture(scope="module")
def books(small: Book, book: Book) -> tuple[Book, Book]:
    return small, book


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=40), st.booleans())
def test_counters_equal_a_recount(
    books: tuple[Book, Book], acts: list[tuple[str, object]], real: bool
) -> None:
    history = History(books[real])
    for act in acts:
        history.act(*act)
        check_recount(history.tally, history.state)


class Recounted(House):
    """A conversation that volunteers take part in."""

    def check(self) -> None:
        super().check()
        check_recount(self.tally, self.state)


def test_counters_equal_a_recount_whatever_volunteers_do(
    monkeypatch: pytest.MonkeyPatch, small: Book
) -> None:
    monkeypatch.setattr(machine, "House", Recounted)

    class Recounting(machine.Ownership):
        book = small

    run_state_machine_as_test(
        Recounting,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


def test_negative_control_a_run_that_is_turned_twice_is_seen(small: Book) -> None:
    class Twice(Tally):
        def add(self, events: Iterable[Event], channel: str) -> None:
            told = tuple(events)
            super().add((*told, *(event for event in told if isinstance(event, RunTurned))), channel)

    history = History(small)
    history.tally = Twice()
    history.say("tôi muốn kích hoạt vneid")
    history.wait("4d")
    with pytest.raises(AssertionError, match="runs"):
        check_recount(history.tally, history.state)


def test_negative_control_a_stay_that_was_lost_is_seen(small: Book) -> None:
    history = History(small)
    for text in ("tôi muốn kích hoạt vneid", "1", "quay lại"):
        history.say(text)
    check_recount(history.tally, history.state)
    del history.tally.visits[0]
    with pytest.raises(AssertionError):
        check_recount(history.tally, history.state)


def test_a_run_stays_where_it_began_when_somebody_goes_on_elsewhere(small: Book) -> None:
    class Moving(History):
        channel = "web"

        def _turn(self, asked: dict[str, Any], message: Incoming) -> Turn:
            there = replace(message.address, channel=self.channel)
            return super()._turn(asked, replace(message, address=there))

        def _take(self, turn: Turn) -> None:
            self.tally, kept = Tally(), self.tally
            super()._take(turn)
            kept.add(turn.events, self.channel)
            self.tally = kept

    history = Moving(small)
    history.say("tôi muốn kích hoạt vneid")
    history.channel = "telegram"
    history.say("1")
    assert {key.channel for key in history.tally.steps} == {"web"}
    check_recount(history.tally, history.state)
    history.wait("4d")
    assert {key.channel for key in history.tally.runs} == {"web"}
    assert any(row.outcome is Outcome.EXPIRED for row in history.tally.visits)


def test_what_happens_outside_ends_the_guides_that_waited_for_it(book: Book) -> None:
    def leads_outside(step: object) -> bool:
        return isinstance(step, End) and step.ending is Ending.WENT_OFFLINE and step.books is None

    caller, call, outside = next(
        (flow.id, call.id, step.id)
        for flow in book.flows.values()
        for call in flow.steps.values()
        if isinstance(call, Call)
        for step in book.flows[flow_of(call.entrance)].steps.values()
        if leads_outside(step)
    )
    walk = walk_of(book, Contact(), voice_of(book, Contact()), START, "seed", 0, None, "web")
    walk.start(f"{caller}/{call}")
    walk.skip(outside)
    tally = Tally()
    tally.add(walk.events, "web")
    assert sum(row[RUN_COLUMNS.index("went_offline")] for row in tally.runs.values()) == 2
    assert walk.session is None
    check_sums(tally)
    check_recount(tally, None)


def test_a_called_guide_in_which_a_human_was_needed_stays_so(book: Book) -> None:
    """Though somebody who helped lets them go on in the guide that called it."""
    caller, call = next(
        (flow, step) for flow in book.flows.values() for step in flow.steps.values() if isinstance(step, Call)
    )
    walk = walk_of(book, Contact(), voice_of(book, Contact()), START, "seed", 0, None, "web")
    walk.start(f"{caller.id}/{call.id}")
    walk.ask_human("asked")
    walk.stand_at(caller.id, next(id for id, step in caller.steps.items() if waits(step)))
    tally = Tally()
    tally.add(walk.events, "web")
    assert sum(row[RUN_COLUMNS.index("escalated")] for row in tally.runs.values()) == 1
    check_recount(tally, State(Contact(), walk.session))
