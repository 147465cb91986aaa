"""What is published of any history: sums hold, weeks add up, nothing is closer to the truth than a ten."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from insight_world import CountsInMemory

from bot.app.insights import EVERYBODY, Group, Insights, Total
from bot.core.events import LOST
from bot.core.figures import Figures
from bot.core.publishing import SHOWN_FROM, Cell, K, by_tens, published
from bot.core.session import How, Outcome, RunOutcome
from bot.core.visits import Kind, View, way_of
from bot.core.weeks import Weeks, begins_at

FIRST, LAST = 2960, 2965
NOW = begins_at(LAST + 1)
FLOWS = ("kich-hoat", "otp")
STEPS = ("mo-app", "nhap-so", "otp")
COMMUNES = ("22291", "22285", "")
CHANNELS = ("web", "zalo_oa")
ENDED = {
    Outcome.OPEN: RunOutcome.OPEN,
    Outcome.EXPIRED: RunOutcome.EXPIRED,
    Outcome.BLOCKED: RunOutcome.BLOCKED,
    Outcome.SUPERSEDED: RunOutcome.SUPERSEDED,
    Outcome.ESCALATED: RunOutcome.ESCALATED,
    Outcome.OUTAGE: RunOutcome.OUTAGE,
    Outcome.WENT_OFFLINE: RunOutcome.WENT_OFFLINE,
}


@dataclass(frozen=True)
class Crowd:
    """So many people who did the same: came to step `last`, and that is how it ended (None: all was done)."""

    count: int
    week: int
    flow: str
    commune: str
    channel: str
    last: int
    outcome: Outcome | None
    skipped: bool = False
    loops: int = 0


crowds = st.lists(
    st.builds(
        Crowd,
        st.integers(1, 40) | st.integers(1, 3),
        st.integers(FIRST, LAST),
        st.sampled_from(FLOWS),
        st.sampled_from(COMMUNES),
        st.sampled_from(CHANNELS),
        st.integers(0, len(STEPS) - 1),
        st.none() | st.sampled_from(list(ENDED)),
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=12,
)


def counted(history: Iterable[Crowd], *, settled: bool = False) -> CountsInMemory:
    """The counters after a history; `settled`: who stood on a step has been lost since."""
    counts = CountsInMemory()
    for crowd in history:
        outcome = crowd.outcome
        if settled and outcome is Outcome.OPEN:
            outcome = Outcome.EXPIRED
        groups = ((View.ALL, ""), (View.COMMUNE, crowd.commune), (View.CHANNEL, crowd.channel))

        def add(kind: Kind, what: str, step: str = "", times: int = 1) -> None:
            counts.add(
                crowd.week,  # noqa: B023 - called at once
                kind,
                what,
                crowd.count * times,  # noqa: B023
                flow=crowd.flow,  # noqa: B023
                step=step,
                groups=groups,  # noqa: B023
            )

        reached = STEPS if outcome is None else STEPS[: crowd.last + 1]
        add(Kind.RUN, RunOutcome.COMPLETED if outcome is None else ENDED[outcome])
        for step, onward in zip(reached, (*reached[1:], "completed"), strict=True):
            if step == reached[-1] and outcome is not None:
                add(Kind.STEP, outcome, step)
                add(Kind.STAY, outcome, step)
                add(Kind.SIGN, "error:otp-limit", step)
            else:
                how = How.END if onward == "completed" else How.SKIP if crowd.skipped else How.CHOICE
                add(Kind.WAY, way_of(onward, how, ""), step)
                add(Kind.STAY_WAY, way_of(onward, how, ""), step, 1 + crowd.loops)
    return counts


def hold(one: Figures) -> None:
    """The sums of "What is counted", and that no number is closer than a ten."""
    assert one.started == sum(one.runs.values())
    numbers = list(one.runs.values())
    for step in one.steps.values():
        walked = {outcome: step.outcomes.get(outcome, 0) for outcome in (Outcome.ANSWERED, Outcome.SKIPPED)}
        assert step.reached == sum(step.outcomes.values())
        assert step.visits == sum(step.stays.values())
        assert sum(way.persons for way in step.ways) == sum(walked.values())
        assert sum(way.stays for way in step.ways) == sum(
            step.stays.get(outcome, 0) for outcome in (Outcome.ANSWERED, Outcome.SKIPPED)
        )
        assert step.lost == sum(step.outcomes.get(outcome, 0) for outcome in LOST)
        numbers += [*step.outcomes.values(), *step.stays.values(), *step.signs.values()]
        numbers += [number for way in step.ways for number in (way.persons, way.stays)]
    assert all(number >= 0 and number % K == 0 for number in numbers)


def told(one: Figures) -> Counter[tuple[str, ...]]:
    """All numbers by their places."""
    found: Counter[tuple[str, ...]] = Counter({("run", key): number for key, number in one.runs.items()})
    for id, step in one.steps.items():
        for name, numbers in (("outcome", step.outcomes), ("stay", step.stays), ("sign", step.signs)):
            found.update({(id, name, str(key)): number for key, number in numbers.items()})
        for way in step.ways:
            found[id, "way", way.to, way.how, way.reason] += way.persons
            found[id, "stay_way", way.to, way.how, way.reason] += way.stays
    return +found


many = settings(max_examples=1000, deadline=None)


@many
@given(crowds, st.booleans())
def test_sums_hold_wherever_they_are_shown(history: list[Crowd], settled: bool) -> None:
    counts = counted(history, settled=settled)
    insights = Insights(counts, lambda: NOW)

    async def look() -> None:
        weeks = Weeks(FIRST, LAST)
        for flow, one in (await insights.guides(weeks)).items():
            hold(one)
            seen = await insights.guide(flow, weeks)
            assert seen is not None
            assert told(seen.figures) == told(one)
        for view in (View.COMMUNE, View.CHANNEL):
            started = started_of(history, view)
            asked: tuple[str | None, ...] = (None, *FLOWS)
            for guide in asked:
                kinds = frozenset(Kind) - {Kind.TIME} if guide else (Kind.RUN,)
                parts = await insights.parts(view, weeks, guide, kinds=kinds)
                for part, figures in parts.shown.items():
                    hold(figures)
                    assert part
                    assert figures.started >= SHOWN_FROM
                    assert started[part, guide] > K
                others = {part for part, of in started if of == guide} - parts.shown.keys()
                if parts.rest is not None:
                    hold(parts.rest)
                    assert parts.rest.started >= SHOWN_FROM
                    assert sum(started[part, guide] for part in others) > K
                for part in others - {""} if guide else ():
                    assert guide is not None
                    assert await insights.guide(guide, weeks, Group(view, part)) is None

    asyncio.run(look())


def started_of(history: Iterable[Crowd], view: View) -> Mapping[tuple[str, str | None], int]:
    started: Counter[tuple[str, str | None]] = Counter()
    for crowd in history:
        part = crowd.commune if view is View.COMMUNE else crowd.channel
        started[part, crowd.flow] += crowd.count
        started[part, None] += crowd.count
    return started


@many
@given(crowds, st.integers(FIRST, LAST - 1))
def test_weeks_add_up(history: list[Crowd], middle: int) -> None:
    insights = Insights(counted(history), lambda: NOW)

    async def look() -> None:
        for flow in FLOWS:
            whole, early, late = [
                await insights.guide(flow, weeks, EVERYBODY)
                for weeks in (Weeks(FIRST, LAST), Weeks(FIRST, middle), Weeks(middle + 1, LAST))
            ]
            assert whole is not None
            assert early is not None
            assert late is not None
            assert told(whole.figures) == told(early.figures) + told(late.figures)

    asyncio.run(look())


@given(crowds, st.booleans())
def test_a_published_number_is_less_than_ten_from_the_truth(history: list[Crowd], settled: bool) -> None:
    counts = counted(history, settled=settled)

    async def totals() -> list[Total]:
        return [
            total
            for view in (View.ALL, View.COMMUNE, View.CHANNEL)
            for weeks in (Weeks(FIRST, LAST), Weeks(FIRST + 2, LAST - 1))
            for total in await counts.totals(view, weeks)
        ]

    for cell, before, through in asyncio.run(totals()):
        number = published(cell, before, through, counts.offset)
        assert number % K == 0
        assert abs(number - (through - before)) < K


@given(st.integers(0, 500), st.integers(0, 500))
def test_what_is_published_of_a_total_never_falls_while_it_rises(one: int, other: int) -> None:
    counts = CountsInMemory()
    cell = Cell(View.ALL, "", "kich-hoat", Kind.RUN, "", RunOutcome.COMPLETED)
    less, more = sorted((one, other))
    assert published(cell, less, more, counts.offset) >= 0
    assert by_tens(0, 9) == 0


def test_of_nobody_nothing_is_published() -> None:
    cell = Cell(View.ALL, "", "kich-hoat", Kind.RUN, "", RunOutcome.COMPLETED)
    assert all(published(cell, 0, 0, CountsInMemory(seed).offset) == 0 for seed in range(50))


def test_many_cells_of_one_person_each_are_not_a_part_by_themselves() -> None:
    """Negative control: added up from published cells alone there may seem to be enough of them."""
    seemed_enough = 0
    for seed in range(60):
        counts = CountsInMemory(seed)
        for outcome in RunOutcome:
            counts.add(LAST, Kind.RUN, outcome, 1, groups=((View.COMMUNE, "22291"),))
        cells = [Cell(View.COMMUNE, "22291", "kich-hoat", Kind.RUN, "", one) for one in RunOutcome]
        seemed_enough += sum(published(cell, 0, 1, counts.offset) for cell in cells) >= SHOWN_FROM
        insights = Insights(counts, lambda: NOW)
        group = Group(View.COMMUNE, "22291")
        assert asyncio.run(insights.guide("kich-hoat", Weeks(LAST, LAST), group)) is None
        assert not asyncio.run(insights.parts(View.COMMUNE, Weeks(LAST, LAST))).shown
        assert not asyncio.run(insights.guides(Weeks(LAST, LAST), group))
    assert seemed_enough


def test_help_in_a_part_is_told_from_twenty_on() -> None:
    counts = CountsInMemory()
    group = Group(View.COMMUNE, "22291")
    counts.add(LAST, Kind.TICKET, "helped", 6, groups=((View.COMMUNE, "22291"),))
    counts.add(LAST, Kind.REASON, "asked", 60, groups=((View.COMMUNE, "22291"),))
    found = asyncio.run(
        Insights(counts, lambda: NOW).helps(Weeks(LAST, LAST), (Kind.TICKET, Kind.REASON), group)
    )
    assert {one.kind for one in found} == {Kind.REASON}
