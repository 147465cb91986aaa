"""A recount of the store finds every counter right, or says which is not, and sets it right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_people import NOW, change, look, said, take, telegram, walk

from bot.core.tally import Tally
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks
from bot.store.open import SqlStore
from bot.store.recounting import SqlRecounting
from bot.store.weekly import SqlWeeklyCounts

DAY = 86400
WORDS = ["tiếp", "tiếp", "bỏ", "lùi", "hết"]
HISTORY = [[(0, "tiếp", False), (1, "tiếp", True)], [(0, "tiếp", True)], [(0, "lùi", False), (1, "bỏ", True)]]

flows = (f"recounted-{number}" for number in count())
turns = st.lists(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(WORDS), st.booleans()),
        max_size=4,
        unique_by=lambda event: event[0],
    ),
    max_size=8,
)


async def live(store: SqlStore, flow: str, history: Iterable[list[tuple[int, str, bool]]]) -> None:
    """Let people walk; some messages come twice, some twice in one batch."""
    for turn, batch in enumerate(history):
        messages = [said(telegram(f"{flow}-{person}"), str(turn), word) for person, word, _ in batch]
        twice = [message for message, (_, _, again) in zip(messages, batch, strict=True) if again]
        await take(store, *messages, *twice, respond=walk(flow))
        await take(store, *twice[::-1], respond=walk(flow))


async def missing(store: SqlStore, flow: str) -> Tally:
    recounting = SqlRecounting(store.backing)
    return await recounting.differing(flow, await recounting.lasting(), NOW)


async def summed(store: SqlStore, flow: str) -> dict[tuple[str, str, str], int]:
    """The weekly sums over everything: kind, step, what."""
    counts = SqlWeeklyCounts(store.backing, {})
    await counts.bring_up_to_date(NOW)
    totals = await counts.totals(View.ALL, Weeks(0, 9999), flow=flow)
    return {(total.cell.kind, total.cell.step, total.cell.what): total.through for total in totals}


async def compare(store: SqlStore, history: Iterable[list[tuple[int, str, bool]]]) -> None:
    flow = next(flows)
    await live(store, flow, history)
    assert await missing(store, flow) == Tally()
    sums = await summed(store, flow)
    counted = await store.counts(flow)
    assert sum(number for (kind, _, _), number in sums.items() if kind == Kind.RUN) == sum(
        row[0] for row in counted.runs.values()
    )
    assert sum(number for (kind, _, _), number in sums.items() if kind in {Kind.STEP, Kind.WAY}) == sum(
        row[0] for row in counted.steps.values()
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def one_store(request: pytest.FixtureRequest) -> SqlStore:
    """One store for all examples: each has people and a guide of its own."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    store: SqlStore = request.getfixturevalue(name)
    return store


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=turns)
def test_a_recount_finds_counters_and_sums_right(
    one_store: SqlStore, history: list[list[tuple[int, str, bool]]]
) -> None:
    asyncio.run(compare(one_store, history))


async def test_a_counter_off_by_one_is_found_and_set_right(store: SqlStore) -> None:
    """The negative control: something adds one that nobody walked."""
    await live(store, "thu", HISTORY)
    before, sums = await store.counts("thu"), await summed(store, "thu")
    await change(
        store,
        "UPDATE step_counts SET visits = visits + 1 WHERE step = 'mot'",
        "DELETE FROM run_counts",
        "DELETE FROM arrow_counts",
        "UPDATE time_counts SET visits = visits + 2",
    )
    found = await missing(store, "thu")
    assert all((found.runs, found.steps, found.arrows, found.times))
    recounting = SqlRecounting(store.backing)
    await recounting.repair(found, NOW)
    assert await missing(store, "thu") == Tally()
    after = await store.counts("thu")
    assert (after.runs, after.steps, after.arrows, after.times) == (
        before.runs,
        before.steps,
        before.arrows,
        before.times,
    )
    await recounting.sum_up_again()
    assert await summed(store, "thu") == sums


async def test_a_trigger_that_adds_one_is_found(sqlite_store: SqlStore) -> None:
    await change(sqlite_store, "CREATE TRIGGER more AFTER INSERT ON visits BEGIN "
                 "UPDATE step_counts SET visits_open = visits_open + 1; END")  # fmt: skip
    await live(sqlite_store, "thu", HISTORY)
    assert (await missing(sqlite_store, "thu")).steps


async def test_who_is_forgotten_in_the_middle_is_counted_as_gone(store: SqlStore) -> None:
    await live(store, "thu", HISTORY)
    await store.purge(NOW + 31 * DAY)
    assert await look(store, "SELECT id FROM conversations") == []
    ((open_now, expired),) = await look(store, "SELECT sum(open), sum(expired) FROM run_counts")
    assert (open_now, expired) == (0, 2)
    assert await missing(store, "thu") == Tally()


async def test_whose_place_is_given_up_for_another_one_is_counted_as_gone(store: SqlStore) -> None:
    """They typed the code of another phone: what was here goes."""
    await live(store, "thu", [[(0, "tiếp", False), (1, "tiếp", False)]])
    assert await store.save_code(telegram("thu-0"), "123456", NOW, NOW + 600)
    assert await store.join("123456", telegram("thu-1"), NOW)
    ((open_now, expired),) = await look(store, "SELECT sum(open), sum(expired) FROM run_counts")
    assert (open_now, expired) == (1, 1)
    assert await missing(store, "thu") == Tally()


async def test_days_whose_stays_may_be_deleted_are_left_alone(store: SqlStore) -> None:
    await live(store, "thu", HISTORY)
    later = NOW + 440 * DAY
    await store.purge(NOW + 31 * DAY)
    await store.purge(later)
    assert await look(store, "SELECT id FROM visits") == []
    recounting = SqlRecounting(store.backing)
    assert await recounting.differing("thu", [], later) == Tally()
    assert (await recounting.differing("thu", [], NOW)).runs
