"""Weekly sums are what the counters add up to, whatever changed since they were last looked at."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from store_people import NOW, change, look, said, take, telegram, walk

from bot.app.insights import part_runs
from bot.app.ports import StoreDown
from bot.core.publishing import Cell
from bot.core.session import Outcome, RunOutcome
from bot.core.tally import Tally
from bot.core.visits import (
    OF_GUIDES,
    ArrowKey,
    CellKey,
    HelpKey,
    HelpTimeKey,
    HomeKey,
    Kind,
    RunKey,
    SignKey,
    StepKey,
    TimeKey,
    View,
    day_of,
    first_day,
    way_of,
    week_of,
)
from bot.core.weeks import Weeks
from bot.store import summing
from bot.store.insight_tables import COUNTERS, summed_guides, touched, weekly_counts
from bot.store.insight_tables import part_runs as part_runs_table
from bot.store.open import SqlStore
from bot.store.weekly import SqlWeeklyCounts

PROVINCES = {"22291": "66", "22300": "66", "00070": "01"}
WEEK = week_of(day_of(NOW))
EVER = Weeks(0, WEEK + 9)
BY_PLACE = {View.PROVINCE, View.COMMUNE}
NOT_BY_PLACE = {Kind.STAY, Kind.STAY_WAY, Kind.TIME}

days = st.integers(first_day(WEEK - 1) - 1, first_day(WEEK + 1) + 1)
names = st.sampled_from(["mot", "hai"])
places = st.sampled_from(["", "22291", "22300", "99999"])
channels = st.sampled_from(["web", "zalo_oa"])
guides = st.tuples(
    days, st.sampled_from(["kich-hoat", "otp"]), st.sampled_from(["v1", "v2"]), channels, places
)


def keyed(
    make: Callable[[Any], Any], *parts: st.SearchStrategy[Any], width: int, least: int = -1
) -> st.SearchStrategy[Any]:
    """A few rows of changes to a table of counters; of runs there are never less than none."""
    key = st.tuples(*parts).map(lambda found: make([one for part in found for one in part]))
    return st.dictionaries(key, st.lists(st.integers(least, 3), min_size=width, max_size=width), max_size=5)


def one(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(part)


tallies = st.builds(
    Tally,
    runs=keyed(RunKey._make, guides, width=9, least=0),
    steps=keyed(StepKey._make, guides, one(names), width=20),
    arrows=keyed(
        ArrowKey._make,
        guides,
        st.tuples(names, names, st.just("stuck"), st.sampled_from(["", "sai"])),
        width=2,
    ),
    times=keyed(TimeKey._make, guides, st.tuples(names, st.integers(0, 3)), width=1),
    helps=keyed(
        HelpKey._make,
        st.tuples(days, channels, places, st.sampled_from(["", "otp"]), names),
        st.tuples(st.sampled_from(["asked", "step"]), st.sampled_from(["solved", "gone"]), names, names),
        width=7,
    ),
    help_times=keyed(
        HelpTimeKey._make,
        st.tuples(days, channels, places, st.just("otp"), st.sampled_from(["waited", "helped"])),
        one(st.integers(0, 3)),
        width=1,
    ),
    homes=keyed(HomeKey._make, st.tuples(days, channels, places), width=3),
    signs=keyed(SignKey._make, guides, st.tuples(names, st.just("picture")), width=2),
    cells=keyed(
        CellKey._make,
        st.tuples(days, st.sampled_from(["phone", "poster"]), names, st.just("otp")),
        st.sampled_from([("run", "", "completed"), ("run", "", "expired"), ("way", "mot", "hai stuck")]),
        width=1,
        least=0,
    ),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def one_store(request: pytest.FixtureRequest) -> SqlStore:
    """One store for all examples: what the sums are grows and shrinks."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    store: SqlStore = request.getfixturevalue(name)
    return store


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=tallies, after=tallies, vanished=st.booleans(), moved=st.booleans())
def test_sums_are_what_the_counters_add_up_to(
    one_store: SqlStore, before: Tally, after: Tally, vanished: bool, moved: bool
) -> None:
    asyncio.run(compare(one_store, before, after, vanished, moved))


async def compare(store: SqlStore, before: Tally, after: Tally, vanished: bool, moved: bool) -> None:
    """Sum up what was counted, and again when more was, or less stands there, or a commune moved."""
    await change(store, *(f"DELETE FROM {table.name}" for table in (*ALL, *SUMS)))  # noqa: S608
    await counted(store, BEGUN)
    await counted(store, before)
    await SqlWeeklyCounts(store.backing, PROVINCES).bring_up_to_date(NOW)
    assert await stands(store) == await expected(store, PROVINCES)
    await counted(store, after)
    if vanished:
        again = "INSERT INTO touched (week, slot) SELECT DISTINCT week, 0 FROM summed_guides"
        await change(store, *(f"DELETE FROM {table.name}" for table in ALL[::2]), again)  # noqa: S608
    provinces = {**PROVINCES, "22300": "01"} if moved else PROVINCES
    await SqlWeeklyCounts(store.backing, provinces).bring_up_to_date(NOW + 1)
    assert await stands(store) == await expected(store, provinces)
    await compare_parts(store, provinces)


async def compare_parts(store: SqlStore, provinces: dict[str, str]) -> None:
    """What is kept ready of runs by parts is what their cells come to, whichever weeks are asked for."""
    counts = SqlWeeklyCounts(store.backing, provinces)
    for view in (View.COMMUNE, View.POSTER):
        for weeks in (EVER, Weeks(WEEK, WEEK), Weeks(WEEK - 1, WEEK + 1)):
            plain = part_runs(await counts.totals(view, weeks, kinds=(Kind.RUN,)), counts.offset)
            assert sorted(await counts.runs_by_part(view, weeks), key=str) == sorted(plain, key=str)


ALL = [table for table, _ in COUNTERS]
SUMS = (weekly_counts, part_runs_table, summed_guides, touched)
BEGUN = Tally(
    runs={
        RunKey(first_day(week), flow, "v1", "web", ""): [1, 1, 0, 0, 0, 0, 0, 0, 0]
        for week in range(WEEK - 2, WEEK + 3)
        for flow in ("kich-hoat", "otp")
    }
)
"""Whoever is counted anywhere in a guide has begun it."""


async def counted(store: SqlStore, tally: Tally, now: int = NOW) -> None:
    def work(connection: Connection) -> None:
        store._database.ledger(connection).count(tally, now)

    await store._database.write(work)


async def stands(store: SqlStore) -> dict[tuple[Any, ...], int]:
    rows = await look(store, "SELECT view, part, flow, kind, step, what, week, count FROM weekly_counts")
    return {tuple(row[:-1]): row[-1] for row in rows}


async def expected(store: SqlStore, provinces: dict[str, str]) -> dict[tuple[Any, ...], int]:
    """The same by a plain loop over all counters."""
    found: Counter[tuple[Any, ...]] = Counter()
    for table, columns in COUNTERS:
        rows = await look(store, f"SELECT * FROM {table.name}")  # noqa: S608 - our own names
        of = [column.name for column in table.c]
        for row in rows:
            by_name = dict(zip(of, row, strict=True))
            for kind, step, what, count in cells(table.name, by_name, columns):
                for view, part in seen_from(table.name, by_name, provinces):
                    if view not in BY_PLACE or kind not in NOT_BY_PLACE:
                        key = (view, part, by_name.get("flow", ""), kind, step, what)
                        found[*key, week_of(by_name["day"])] += count
    return {key: count for key, count in found.items() if count}


def seen_from(table: str, row: dict[str, Any], provinces: dict[str, str]) -> Iterator[tuple[str, str]]:
    if table == "cell_counts":
        yield row["view"], row["part"]
        return
    yield View.ALL, ""
    yield View.PROVINCE, provinces.get(row["commune"], "")
    yield View.COMMUNE, row["commune"]
    yield View.CHANNEL, row["channel"]
    if "version" in row:
        yield View.VERSION, row["version"]


def cells(table: str, row: dict[str, Any], columns: tuple[str, ...]) -> Iterator[tuple[str, str, str, int]]:
    match table:
        case "run_counts":
            for ended in RunOutcome:
                yield Kind.RUN, "", ended, row[ended]
        case "step_counts":
            for outcome in Outcome:
                if outcome not in {Outcome.ANSWERED, Outcome.SKIPPED}:
                    yield Kind.STEP, row["step"], outcome, row[f"persons_{outcome}"]
                    yield Kind.STAY, row["step"], outcome, row[f"visits_{outcome}"]
        case "arrow_counts":
            what = way_of(row["to"], row["how"], row["reason"])
            yield Kind.WAY, row["step"], what, row["persons"]
            yield Kind.STAY_WAY, row["step"], what, row["visits"]
        case "time_counts":
            yield Kind.TIME, row["step"], str(row["bucket"]), row["visits"]
        case "sign_counts":
            yield Kind.SIGN, row["step"], row["sign"], row["persons"]
        case "help_counts":
            yield Kind.TICKET, row["step"], row["closing"], row["tickets"]
            yield Kind.REASON, row["step"], row["reason"], row["tickets"]
            for score in "123":
                yield Kind.RATING, row["step"], score, row[f"rated_{score}"]
        case "help_time_counts":
            yield row["clock"], "", str(row["bucket"]), row["tickets"]
        case "home_counts":
            for column in columns:
                yield Kind.HOME, "", column, row[column]
        case "cell_counts":
            yield row["kind"], row["step"], row["what"], row["persons"]
        case _:
            raise AssertionError(table)


async def walked(store: SqlStore, people: int = 3) -> SqlWeeklyCounts:
    """A few people walk the guide."""
    for turn, word in enumerate(("tiếp", "tiếp", "bỏ")):
        messages = (said(telegram(str(person)), str(turn), word) for person in range(people))
        await take(store, *messages, respond=walk("kich-hoat"))
    return SqlWeeklyCounts(store.backing, PROVINCES)


async def test_totals_tell_what_was_before_and_through_the_weeks(store: SqlStore) -> None:
    counts = await walked(store)
    await counts.bring_up_to_date(NOW)
    cell = Cell(View.ALL, "", "kich-hoat", Kind.RUN, "", RunOutcome.OPEN)
    for weeks, before, through in ((Weeks(WEEK, WEEK), 0, 3), (Weeks(WEEK + 1, WEEK + 2), 3, 3)):
        assert (cell, before, through) in await counts.totals(View.ALL, weeks, flow="kich-hoat")
    assert await counts.totals(View.ALL, Weeks(0, WEEK - 1)) == []
    assert await counts.totals(View.ALL, EVER, flow="otp") == []
    assert await counts.span() == Weeks(WEEK, WEEK)


async def test_totals_are_of_the_parts_and_kinds_that_were_asked_for(store: SqlStore) -> None:
    key = (day_of(NOW), "otp", "v1", "web")
    await counted(store, Tally(runs={RunKey(*key, commune): [1] * 9 for commune in ("22291", "22300", "")}))
    counts = SqlWeeklyCounts(store.backing, PROVINCES)
    await counts.bring_up_to_date(NOW)

    async def parts(view: View, **asked: Any) -> list[str]:
        return sorted({total.cell.part for total in await counts.totals(view, EVER, **asked)})

    assert await parts(View.COMMUNE) == ["", "22291", "22300"]
    assert await parts(View.COMMUNE, parts=["22291", "00070"]) == ["22291"]
    assert await parts(View.COMMUNE, part="") == [""]
    assert await parts(View.PROVINCE) == ["", "66"]
    assert await parts(View.COMMUNE, kinds=OF_GUIDES - {Kind.RUN}) == []


async def test_what_did_not_change_is_left_alone(store: SqlStore) -> None:
    counts = await walked(store)
    assert await counts.summed_at() == 0
    assert await counts.bring_up_to_date(NOW)
    assert not await counts.bring_up_to_date(NOW + 1)
    assert await counts.summed_at() == NOW + 1


async def test_notes_of_changes_go_once_nothing_can_come_late(store: SqlStore) -> None:
    counts = await walked(store)
    await counts.bring_up_to_date(NOW)
    assert await look(store, "SELECT week FROM touched") == [(WEEK,)]
    await counts.bring_up_to_date(NOW + 2 * summing.LATE)
    assert await look(store, "SELECT week FROM touched") == []
    assert await stands(store) == await expected(store, PROVINCES)


async def test_a_transaction_that_commits_late_is_not_missed(store: SqlStore) -> None:
    """Its note says when it began, and stands there already."""
    counts = await walked(store)
    await counts.bring_up_to_date(NOW + 60)
    await counted(store, Tally(runs={RunKey(day_of(NOW), "otp", "v1", "web", ""): [1] * 9}), NOW)
    assert await counts.bring_up_to_date(NOW + 61)
    assert await stands(store) == await expected(store, PROVINCES)


async def test_what_was_interrupted_is_done_the_next_time(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = await walked(store)
    monkeypatch.setattr(summing, "AT_ONCE", 7)
    with monkeypatch.context() as patched:
        patched.setattr(store._database, "write", failing(store, after=3))
        with pytest.raises(StoreDown):
            await counts.bring_up_to_date(NOW)
    assert 0 < len(await stands(store)) < len(await expected(store, PROVINCES))
    await counts.bring_up_to_date(NOW + 1)
    assert await stands(store) == await expected(store, PROVINCES)


def failing(store: SqlStore, after: int) -> Any:
    write, left = store._database.write, iter(range(after))

    async def fail(work: Any) -> Any:
        if getattr(work, "func", None) is summing._set and next(left, None) is None:
            raise StoreDown("away")
        return await write(work)

    return fail


async def test_negative_control_a_sum_that_nobody_looked_at_again_is_seen(store: SqlStore) -> None:
    counts = await walked(store)
    await counts.bring_up_to_date(NOW)
    await change(store, "UPDATE run_counts SET open = open + 1", "DELETE FROM touched")
    await counts.bring_up_to_date(NOW + 1)
    assert await stands(store) != await expected(store, PROVINCES)


async def test_two_at_once_come_to_the_same(postgres_store: SqlStore) -> None:
    counts = await walked(postgres_store)
    await asyncio.gather(*(counts.bring_up_to_date(NOW + number) for number in range(3)))
    assert await stands(postgres_store) == await expected(postgres_store, PROVINCES)


async def test_after_an_upgrade_everything_is_summed_up(store: SqlStore) -> None:
    """The migration notes all weeks with slot 0."""
    counts = await walked(store)
    await change(store, "DELETE FROM touched", f"INSERT INTO touched (week, slot) VALUES ({WEEK}, 0)")  # noqa: S608
    assert await counts.bring_up_to_date(NOW)
    assert await look(store, "SELECT week FROM touched") == []
    assert await stands(store) == await expected(store, PROVINCES)
