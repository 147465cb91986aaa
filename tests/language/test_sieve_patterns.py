"""No pattern of the sieve can be made to run long by what somebody types."""

from __future__ import annotations

import re
import time

import pytest

from bot.language import sieve, sieve_codes, sieve_harmless, sieve_numbers, sieve_page

# How each pattern is used: these only ever look at one place.
ANCHORED = {
    "_UNIT",
    "_UNIT_OF_MONEY",
    "_CODE_AFTER",
    "_OTHER_CODE",
    "_FILLERS",
    "_POLITE",
    "_TONE",
    "_NO_PASSWORD",
    "_SMALL_WORD",
    "_DAY",
    "_DATE_OR_VERSION",
    "_EVEN",
    "_UNIFORM",
    "_YEARS",
    "_PLAIN_AMOUNT",
}
PATTERNS = {
    name: pattern
    for module in (sieve, sieve_codes, sieve_harmless, sieve_numbers, sieve_page)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}
MEGABYTE = 1_000_000
HOSTILE = [
    *(
        "9",
        "1 ",
        "111,",
        "o",
        "1 o ",
        "1 9 0 0 0 ",
        "0-1.",
        "  ",
        "@a",
        "a<",
        "|12345678|na",
        "mk ",
        "ma ",
        "khong a ",
    ),
]


def seconds(pattern: re.Pattern[str], text: str, *, anchored: bool) -> float:
    """The least of five measurements in processor time, so that a busy machine does not fail the test."""
    least = 1.0
    for _ in range(5):
        begun = time.process_time()
        (pattern.match if anchored else pattern.search)(text)
        least = min(least, time.process_time() - begun)
        if least < 0.05:
            break
    return least


def slow(patterns: dict[str, re.Pattern[str]], text: str) -> set[str]:
    """The patterns that need more than 50 ms, or six times a trivial one on a busy machine."""
    allowed = max(0.05, 6 * seconds(re.compile(r"(?<![a-z])~"), text, anchored=False))
    timed = {name: seconds(pattern, text, anchored=name in ANCHORED) for name, pattern in patterns.items()}
    return {name for name, taken in timed.items() if taken > allowed}


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_pattern_takes_long_over_a_megabyte(piece: str) -> None:
    assert len(PATTERNS) > 25
    assert slow(PATTERNS, (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE] + "!") == set()


def test_a_pattern_that_backtracks_is_caught() -> None:
    assert slow({"careless": re.compile(r"(\d+[\s.\-]?)+$")}, "9" * 20 + "!") == {"careless"}
