"""What one person and one network may ask: never more than the bucket gives, never locked out for long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.limits import Buckets, Crowd, Rate

RATE = Rate(burst=5, per_second=0.5)


def allowed(take: Callable[[str, int], int], gaps: list[int]) -> list[int]:
    """The moments at which something was let in."""
    now, let_in = 1000, []
    for gap in gaps:
        now += gap
        if take("a", now) == 0:
            let_in.append(now)
    return let_in


def keeps_the_rate(moments: list[int]) -> bool:
    """In every stretch of time at most the burst and what the rate adds."""
    return all(
        last - first + 1 <= RATE.burst + (moments[last] - moments[first]) * RATE.per_second + 1e-9
        for first in range(len(moments))
        for last in range(first, len(moments))
    )


gaps = st.lists(st.integers(min_value=0, max_value=20), max_size=60)


@given(gaps)
def test_never_more_than_the_rate(between: list[int]) -> None:
    assert keeps_the_rate(allowed(Buckets(RATE).take, between))


def test_a_counter_that_starts_anew_each_window_is_found_out() -> None:
    """Negative control: the usual fixed window lets twice the burst through at its edge."""
    seen: dict[int, int] = {}

    def take(_: str, now: int) -> int:
        seen[now // 10] = seen.get(now // 10, 0) + 1
        return 0 if seen[now // 10] <= RATE.burst else 1

    assert not keeps_the_rate(allowed(take, [9, *[0] * 9, 1, *[0] * 9]))


@given(gaps)
def test_who_waits_as_long_as_told_is_let_in(between: list[int]) -> None:
    buckets, now = Buckets(RATE), 1000
    for gap in between:
        now += gap
        wait = buckets.take("a", now)
        if wait:
            now += wait
            assert buckets.take("a", now) == 0


@given(st.lists(st.integers(min_value=-(10**9), max_value=10**9), max_size=30))
def test_a_clock_that_jumps_locks_nobody_out(jumps: list[int]) -> None:
    buckets, now = Buckets(RATE), 2 * 10**9
    for jump in jumps:
        now += jump
        assert buckets.take("a", now) <= RATE.burst / RATE.per_second


def test_persons_do_not_share_a_bucket() -> None:
    buckets = Buckets(RATE)
    for _ in range(9):
        buckets.take("a", 0)
    assert buckets.take("a", 0) > 0
    assert buckets.take("b", 0) == 0


def test_what_is_given_back_can_be_taken_again() -> None:
    buckets = Buckets(RATE)
    for _ in range(100):
        assert buckets.take("a", 0) == 0
        buckets.give_back("a")


def test_memory_is_bounded_and_the_quietest_is_forgotten() -> None:
    buckets = Buckets(RATE, remembered=10)
    for number in range(1000):
        buckets.take(str(number), 0)
        buckets.take("busy", 0)
    assert len(buckets._full_at) == 10
    assert buckets.take("busy", 0) > 0


@pytest.mark.parametrize("key", ["a", "b"])
def test_a_crowd_is_bounded_for_each_and_for_all(key: str) -> None:
    crowd = Crowd(each=2, all_together=3)
    assert [crowd.enter("a"), crowd.enter("a"), crowd.enter("a")] == [True, True, False]
    assert [crowd.enter("b"), crowd.enter("b")] == [True, False]
    crowd.leave("a")
    crowd.leave("b")
    assert crowd.enter(key)
