"""When two shares differ, and when chance and rounding explain it."""

from __future__ import annotations

from random import Random

import pytest

from bot.core.comparing import Part, Trend, trend
from bot.core.publishing import K, by_tens


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (Part(320, 1060), Part(180, 1000), Trend.DOWN),
        (Part(180, 1000), Part(320, 1060), Trend.UP),
        (Part(300, 1000), Part(310, 1000), Trend.SAME),
        (Part(20, 40), Part(5, 400), Trend.UNKNOWN),
        (Part(10, 400), Part(0, 40), Trend.UNKNOWN),
        (Part(0, 60), Part(10, 60), Trend.SAME),
        (Part(0, 0), Part(0, 0), Trend.UNKNOWN),
        (Part(50_000, 100_000), Part(50_500, 100_000), Trend.SAME),  # sure, and of no use
    ],
)
def test_a_difference_is_told_only_when_it_is_one(before: Part, now: Part, expected: Trend) -> None:
    assert trend(before, now) is expected


@pytest.mark.parametrize("people", [60, 200, 1000])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_nothing_changed_is_rarely_called_a_change(people: int, share: float) -> None:
    """The same share twice, published by tens: called different once in a hundred times, or so."""
    chance = Random(people)  # noqa: S311 - people of a test

    def week() -> Part:
        lost = sum(chance.random() < share for _ in range(people))
        some, others = (_by_tens(count, chance) for count in (lost, people - lost))
        return Part(some, some + others, 1, 2)

    told = [trend(week(), week()) for _ in range(300)]
    assert sum(one in {Trend.UP, Trend.DOWN} for one in told) <= 300 * 0.03


def test_a_difference_that_is_there_is_told() -> None:
    chance = Random(7)  # noqa: S311 - people of a test

    def week(share: float) -> Part:
        return Part(sum(chance.random() < share for _ in range(1000)) // K * K, 1000, 1, 2)

    assert sum(trend(week(0.3), week(0.2)) is Trend.DOWN for _ in range(100)) > 90


def _by_tens(count: int, chance: Random) -> int:
    """A count as it is published that begins anywhere in a running total."""
    before = chance.randrange(100)
    return by_tens(before + count, chance.randrange(K)) - by_tens(before, chance.randrange(K))
