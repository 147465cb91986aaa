"""The sums of "What is counted" hold after every turn of every history, and agree with a plain recount."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.statistics import funnel
from bot.content.transcripts import Player
from bot.core.book import Book
from bot.core.events import Event, RunStarted, RunTurned, StepEntered, StepLeft, StuckSeen
from bot.core.message import Incoming, Kind
from bot.core.session import Outcome, RunOutcome
from bot.core.tally import Tally
from bot.core.turn import Turn
from bot.core.visits import (
    ARROW_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    View,
    bucket_of,
    seconds_of,
    way_of,
)
from bot.core.visits import (
    Kind as Of,
)
from bot.language.sieve import sift

TYPED = (
    *("1", "2", "3", "4", "7", "300", "xong", "không được", "xyz qwk"),
    *("xa 22291", "phường hòa xuân, đà nẵng", "XA 99999", "xã tân phú", "đồng nai"),
    *(
        "quay lại",
        "nhắc lại",
        "bỏ qua",
        "menu",
        "gặp người",
        "dừng",
        "làm tiếp",
        "bắt đầu",
        "/riengtu",
        "/dulieu",
    ),
    *("tôi muốn kích hoạt vneid", "quên mật khẩu rồi", "tổng đài số mấy", "chào cháu", "giá lúa hôm nay"),
)

ACTS = st.one_of(
    st.tuples(st.just("press"), st.integers(1, 4)),
    st.tuples(st.just("press"), st.just(1)),
    st.tuples(st.just("say"), st.sampled_from(TYPED)),
    st.tuples(st.just("wait"), st.sampled_from(["30m", "7h", "2d", "4d"])),
    st.tuples(st.just("photo"), st.just("")),
    st.tuples(st.just("poster"), st.sampled_from(["22291", "20314", "99999"])),
    st.tuples(st.just("outage"), st.sampled_from(["login", "over"])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, max_size=40), st.booleans())
def test_the_sums_hold_after_every_turn(
    books: tuple[Book, Book], acts: list[tuple[str, object]], real: bool
) -> None:
    history = History(books[real])
    for act in acts:
        history.act(*act)
        check_sums(history.tally)
    check_places(history)
    check_phones(history.tally)
    check_signs(history)
    check_recount(history)


@pytest.fixture(scope="module")
def books(small: Book, book: Book) -> tuple[Book, Book]:
    return small, book


class History(Player):
    """A conversation whose events are folded as the store does it, and kept for a recount."""

    def __init__(self, book: Book) -> None:
        super().__init__(book, sift)
        self.tally = Tally()
        self.poster = ""
        self.events: list[Event] = []
        for text in ("xin chào", "1", "1"):
            self.say(text)

    def act(self, what: str, how: object) -> None:
        if what == "press":
            choices = self.last[-1].choices
            if choices and choices[min(int(str(how)), len(choices)) - 1].label != "Xóa hết":
                self.press(min(int(str(how)), len(choices)))
        elif what == "wait":
            self.wait(str(how))
        elif what == "poster":
            self.poster = str(how)
        elif what == "outage":
            if (self.desk.downtime.current is None) is (how != "over"):
                self.outage(str(how))
        elif what == "photo":
            self.say("", Kind.PHOTO)
        else:
            self.say(str(how))

    def _turn(self, asked: dict[str, Any], message: Incoming) -> Turn:
        return super()._turn(asked, replace(message, commune=self.poster, phone="android"))

    def _take(self, turn: Turn) -> None:
        super()._take(turn)
        self.events += turn.events
        self.tally.add(turn.events, "web")


def check_sums(tally: Tally) -> None:
    for row in tally.runs.values():
        by_name = dict(zip(RUN_COLUMNS, row, strict=True))
        assert by_name["started"] == sum(by_name[outcome] for outcome in RunOutcome)
        assert min(row) >= 0
    for key, row in tally.steps.items():
        by_name = dict(zip(STEP_COLUMNS, row, strict=True))
        assert min(row) >= 0, (key, by_name)
        assert by_name["reached"] == sum(by_name[f"persons_{outcome}"] for outcome in Outcome)
        assert by_name["visits"] == sum(by_name[f"visits_{outcome}"] for outcome in Outcome)
        arrows = [numbers for arrow, numbers in tally.arrows.items() if arrow[:6] == key]
        for index, unit in enumerate(ARROW_COLUMNS):
            walked = by_name[f"{unit}_answered"] + by_name[f"{unit}_skipped"]
            assert sum(numbers[index] for numbers in arrows) == walked, (key, unit)


def check_places(history: History) -> None:
    """A run is counted where it began, wherever the person says to be later; that is one place only."""
    began = {event.run.id: event.run.commune for event in history.events if isinstance(event, RunStarted)}
    for row in history.tally.visits:
        assert row.commune == began[row.run]
    assert {key.commune for key in history.tally.runs} == set(began.values())


def check_phones(tally: Tally) -> None:
    """All these people have a known phone, so what is counted for phones is what is counted at all."""
    on_phone: Counter[tuple[str, str, str, str]] = Counter()
    for key, (count,) in tally.cells.items():
        if key.view == View.POSTER:
            assert key.kind == Of.RUN
            continue
        assert key.view == View.PHONE
        on_phone[key.flow, key.kind, key.step, key.what] += count
    at_all: Counter[tuple[str, str, str, str]] = Counter()
    for run, row in tally.runs.items():
        for outcome in RunOutcome:
            at_all[run.flow, Of.RUN, "", outcome] += row[RUN_COLUMNS.index(outcome)]
    for step, row in tally.steps.items():
        for left in set(Outcome) - {Outcome.ANSWERED, Outcome.SKIPPED}:
            at_all[step.flow, Of.STEP, step.step, left] += row[STEP_COLUMNS.index(f"persons_{left}")]
    for arrow, (persons, _) in tally.arrows.items():
        at_all[arrow.flow, Of.WAY, arrow.step, way_of(arrow.to, arrow.how, arrow.reason)] += persons
    assert +on_phone == +at_all


def check_signs(history: History) -> None:
    """A run counts once for each sign at a step, however often it shows it."""
    seen = [event for event in history.events if isinstance(event, StuckSeen) and event.run is not None]
    times = Counter((event.run.flow, event.step, event.sign) for event in seen if event.run)
    persons = {(event.run.id, event.run.flow, event.step, event.sign) for event in seen if event.run}
    counted: Counter[tuple[str, str, str]] = Counter()
    people: Counter[tuple[str, str, str]] = Counter()
    for key, (once, often) in history.tally.signs.items():
        people[key.flow, key.step, key.sign] += once
        counted[key.flow, key.step, key.sign] += often
    assert counted == times
    assert people == Counter((flow, step, sign) for _, flow, step, sign in persons)


def check_recount(history: History) -> None:
    """From the bare facts: each run's last word on each step, and how many visits ended how."""
    last: dict[tuple[str, str, str], Outcome] = {}
    ends: Counter[tuple[str, str, Outcome]] = Counter()
    runs: dict[str, tuple[str, RunOutcome]] = {}
    for event in history.events:
        match event:
            case RunStarted(run=run):
                runs[run.id] = (run.flow, RunOutcome.OPEN)
            case RunTurned(run=run, now=now):
                runs[run.id] = (run.flow, now)
            case StepEntered(run=run, visit=visit):
                last[run.id, run.flow, visit.step] = Outcome.OPEN
                ends[run.flow, visit.step, Outcome.OPEN] += 1
            case StepLeft(run=run, visit=visit, mark=mark):
                last[run.id, run.flow, visit.step] = mark.outcome
                ends[run.flow, visit.step, Outcome.OPEN] -= 1
                ends[run.flow, visit.step, mark.outcome] += 1
            case _:
                pass
    persons = Counter((flow, step, outcome) for (_, flow, step), outcome in last.items())
    for flow in history.book.flows.values():
        figures = funnel(flow, _only(history.tally, flow.id))
        assert figures.runs == _counted(outcome for id, outcome in runs.values() if id == flow.id)
        for step in figures.steps:
            for outcome in Outcome:
                assert step.outcomes[outcome] == persons[flow.id, step.step, outcome]
                assert step.visit_outcomes[outcome] == ends[flow.id, step.step, outcome]
    assert len(history.tally.visits) == sum(isinstance(event, StepLeft) for event in history.events)


def _only(tally: Tally, flow: str) -> Tally:
    return Tally(
        {key: row for key, row in tally.runs.items() if key.flow == flow},
        {key: row for key, row in tally.steps.items() if key.flow == flow},
        {key: row for key, row in tally.arrows.items() if key.flow == flow},
        {key: row for key, row in tally.times.items() if key.flow == flow},
    )


def _counted(outcomes: Iterable[RunOutcome]) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int, {str(outcome): 0 for outcome in RunOutcome})
    for outcome in outcomes:
        found[outcome] += 1
    return dict(found)


def test_a_broken_fold_is_caught(small: Book) -> None:
    """The negative control: a fold that forgets to take back the first outcome of a revisited step."""

    class Forgetful(Tally):
        def _unmark(self, key: object, row: list[int], mark: object) -> None:
            pass

    history = History(small)
    history.tally = Forgetful()
    history.say("tôi muốn kích hoạt vneid")
    history.say("1")
    history.say("quay lại")
    with pytest.raises(AssertionError):
        check_sums(history.tally)


def test_the_commune_may_change_in_the_middle(small: Book) -> None:
    history = History(small)
    for text in ("xa 22291", "tôi muốn kích hoạt vneid", "xa 20314", "1", "quay lại"):
        history.say(text)
    check_sums(history.tally)
    check_places(history)
    assert history.state is not None
    assert history.state.contact.commune == "20314"
    assert {row.commune for row in history.tally.visits} == {"22291"}


def test_a_fold_that_follows_the_person_is_caught(small: Book) -> None:
    """The negative control: what leaves a step is booked where the person is now."""

    class Following(Tally):
        def add(self, events: Iterable[Event], channel: str) -> None:
            super().add((_moved(event) for event in events), channel)

    def _moved(event: Event) -> Event:
        return (
            replace(event, run=replace(event.run, commune="20314")) if isinstance(event, StepLeft) else event
        )

    history = History(small)
    history.tally = Following()
    history.say("xa 22291")
    history.say("tôi muốn kích hoạt vneid")
    history.say("1")
    with pytest.raises(AssertionError):
        check_sums(history.tally)
    with pytest.raises(AssertionError):
        check_places(history)


def test_a_restart_within_a_day_is_the_same_run(small: Book) -> None:
    history = History(small)
    history.say("tôi muốn kích hoạt vneid")
    history.say("1")
    history.say("bắt đầu lại")
    history.say("làm lại từ đầu")
    figures = funnel(small.flows["thu"], _only(history.tally, "thu"))
    assert figures.started == 1
    assert figures.runs["open"] == 1
    chon = next(step for step in figures.steps if step.step == "chon")
    assert (chon.reached, chon.visits) == (1, 2)


def test_a_restart_after_a_day_is_another_run(small: Book) -> None:
    history = History(small)
    history.say("tôi muốn kích hoạt vneid")
    history.say("1")
    history.wait("2d")
    history.say("chào cháu")
    history.say("làm lại từ đầu")
    assert funnel(small.flows["thu"], _only(history.tally, "thu")).started == 2


def test_the_median_is_of_the_right_size() -> None:
    for seconds in (1, 10, 60, 600, 7200, 200_000):
        assert 0.8 <= (seconds_of(bucket_of(seconds)) + 1) / (seconds + 1) <= 1.25
