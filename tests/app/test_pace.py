"""The pace of a platform: so many a second in all, and a pause between two to one person."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.app.pace import REMEMBERED, Pace

TINY = 1e-6


@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 0.5)), min_size=1, max_size=120),
)
def test_no_second_holds_too_many_and_no_person_is_hurried(
    per_second: int, asked: list[tuple[str, float]]
) -> None:
    pace = Pace(per_second)
    now = 0.0
    left: list[tuple[float, str]] = []
    for address, pause in asked:
        now += pause
        now += pace.after_last(
            address, now
        )  # whoever waits for a person waits before asking for a place among all
        left.append((now + pace.after_others(now), address))
        pace.wrote(address, 1.0, left[-1][0])
    times = [at for at, _ in left]
    assert times == sorted(times)
    for first, last in zip(times, times[per_second:], strict=False):
        assert last - first >= 1.0 - TINY
    for address in "abc":
        mine = [at for at, who in left if who == address]
        assert all(after - before >= 1.0 - TINY for before, after in pairwise(mine))


def test_a_person_waits_for_the_gap_and_others_do_not() -> None:
    pace = Pace(30)
    assert pace.after_last("an", 10.0) == 0.0
    pace.wrote("an", 1.0, 10.5)  # it took half a second to arrive
    assert pace.after_last("an", 10.75) == 0.75
    assert pace.after_last("an", 11.5) == 0.0
    assert pace.after_last("binh", 10.75) == 0.0


def test_without_a_limit_nobody_waits_and_nothing_is_remembered() -> None:
    pace = Pace(1e9)
    assert [pace.after_others(0.0) for _ in range(2000)] == [0.0] * 2000
    pace.wrote("an", 0.0, 0.0)
    assert not pace._next


def test_what_is_remembered_is_bounded() -> None:
    pace = Pace(1)
    for number in range(REMEMBERED + 10):
        pace.wrote(str(number), 1.0, 0.0)
    assert len(pace._next) == REMEMBERED
