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


ENDLESS = 1.0
"""Seconds of processor time. A linear pattern needs a hundredth of it for a megabyte; one that is not, hours.
So the machine's speed and its other work make no difference to the outcome."""


def endless(patterns: dict[str, re.Pattern[str]], text: str) -> set[str]:
    return {name for name, pattern in patterns.items() if _seconds(name, pattern, text) > ENDLESS}


def _seconds(name: str, pattern: re.Pattern[str], text: str) -> float:
    begun = time.process_time()
    (pattern.match if name in ANCHORED else pattern.search)(text)
    return time.process_time() - begun


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_pattern_takes_long_over_a_megabyte(piece: str) -> None:
    assert len(PATTERNS) > 25
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE] + "!"
    assert endless(PATTERNS, text) == set()


def test_a_pattern_that_backtracks_is_caught() -> None:
    assert endless({"careless": re.compile(r"(\d+[\s.\-]?)+$")}, "9" * 25 + "!") == {"careless"}
