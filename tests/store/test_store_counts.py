"""Counters say what a recount of all visits says, whatever happened and however it was grouped."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_people import NOW, change, look, said, take, telegram, walk

from bot.core.session import Outcome, RunOutcome
from bot.core.tally import Tally
from bot.core.visits import (
    ARROW_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    TimeKey,
    VisitRow,
    bucket_of,
)
from bot.store.open import SqlStore
from bot.store.tables import visits

flows = (f"guide-{number}" for number in count())

histories = st.lists(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["tiếp", "tiếp", "bỏ", "lùi", "hết"]), st.booleans()),
        max_size=6,
        unique_by=lambda event: event[0],
    ),
    max_size=12,
)


async def live(store: SqlStore, flow: str, history: list[list[tuple[int, str, bool]]]) -> list[VisitRow]:
    """Let people walk, some messages delivered twice; returns their finished and open visits."""
    for turn, batch in enumerate(history):
        messages = [said(telegram(f"{flow}-{person}"), str(turn), word) for person, word, _ in batch]
        twice = [message for message, (_, _, again) in zip(messages, batch, strict=True) if again]
        await take(store, *messages, *twice, respond=walk(flow))
        await take(store, *twice[::-1], respond=walk(flow))
    columns = ", ".join(f'"{name}"' for name in VisitRow._fields)
    rows = [VisitRow(*row) for row in await look(store, f"SELECT {columns} FROM {visits.name}")]  # noqa: S608
    seen = [row for row in rows if row.flow == flow]
    for person in range(4):
        state = await store.state(telegram(f"{flow}-{person}"))
        if state is not None and state.session is not None:
            run, visit = state.session.top, state.session.top.visit
            row = (run.id, visit.seq, 20833, flow, "v1", "telegram", "", visit.step, visit.entered_at, 0)
            seen.append(VisitRow(*row, Outcome.OPEN, "", "", "", 0, 0))
    return seen


def recount(seen: list[VisitRow]) -> Tally:
    """Everything from the visits alone, without the arithmetic that is under test."""
    tally = Tally()
    last = {(row.run, row.step): row for row in sorted(seen, key=lambda row: row.seq)}
    stays = Counter((row[2:8], row.outcome) for row in seen)
    people = Counter((row[2:8], row.outcome) for row in last.values())
    for place in {row[2:8] for row in seen}:
        mine = {f"visits_{outcome}": stays[place, outcome] for outcome in Outcome}
        mine |= {f"persons_{outcome}": people[place, outcome] for outcome in Outcome}
        mine |= {"visits": sum(row[2:8] == place for row in seen)}
        mine |= {"reached": sum(row[2:8] == place for row in last.values())}
        tally.steps[place] = [mine[name] for name in STEP_COLUMNS]  # type: ignore[index]
    walked = [row for row in seen if row.outcome in {Outcome.ANSWERED, Outcome.SKIPPED}]
    for row in walked:
        arrow: Any = (*row[2:8], row.to, row.how, row.reason)
        tally.arrows.setdefault(arrow, [0] * len(ARROW_COLUMNS))[1] += 1
        tally.arrows[arrow][0] += last[row.run, row.step] is row
        time = TimeKey(*row[2:8], bucket_of(row.left_at - row.entered_at))
        tally.times.setdefault(time, [0])[0] += 1
    runs = {row.run for row in seen}
    over = {row.run for row in seen if row.to == "xong"}
    if runs:
        ends = {"started": len(runs), RunOutcome.COMPLETED: len(over), RunOutcome.OPEN: len(runs - over)}
        key: Any = (20833, seen[0].flow, "v1", "telegram", "")
        tally.runs[key] = [ends.get(name, 0) for name in RUN_COLUMNS]
    return tally


async def compare(store: SqlStore, history: list[list[tuple[int, str, bool]]]) -> None:
    flow = next(flows)
    expected = recount(await live(store, flow, history))
    counted = await store.counts(flow)
    assert counted.runs == expected.runs
    assert counted.steps == expected.steps
    assert counted.arrows == expected.arrows
    assert counted.times == expected.times


@pytest.fixture(params=["sqlite", "postgresql"])
def one_store(request: pytest.FixtureRequest) -> SqlStore:
    """One store for all examples: each has people and a guide of its own."""
    store: SqlStore = request.getfixturevalue(
        f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_store"
    )
    return store


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_counters_equal_a_recount(one_store: SqlStore, history: list[list[tuple[int, str, bool]]]) -> None:
    asyncio.run(compare(one_store, history))


HISTORY = [[(0, "tiếp", False), (1, "tiếp", True)], [(0, "tiếp", True)], [(0, "lùi", False), (1, "bỏ", True)]]


def test_negative_control_a_counter_off_by_one_is_seen(sqlite_store: SqlStore) -> None:
    asyncio.run(compare(sqlite_store, HISTORY))
    asyncio.run(change(sqlite_store, "CREATE TRIGGER more AFTER INSERT ON visits BEGIN "
                       "UPDATE step_counts SET visits = visits + 1; END"))  # fmt: skip
    with pytest.raises(AssertionError):
        asyncio.run(compare(sqlite_store, HISTORY))


def test_negative_control_without_the_dedupe_key_counts_are_wrong(sqlite_store: SqlStore) -> None:
    """A store that forgets its keys lets a repeated message take effect twice."""

    async def forgetful() -> int:
        messages = [said(telegram("9"), "k", "tiếp")]
        await take(sqlite_store, *messages, respond=walk("quen"))
        await change(sqlite_store, "DELETE FROM inbox")
        await take(sqlite_store, *messages, respond=walk("quen"))
        return len((await sqlite_store.counts("quen")).steps)

    assert asyncio.run(forgetful()) == 2
    assert NOW // 86400 == 20833
