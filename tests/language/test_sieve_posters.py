"""What stands on a poster is let through, and nothing that a code could look like is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import Secret
from bot.language.sieve import sift
from bot.language.sieve_harmless import is_poster

CODES = st.integers(0, 99999).map(lambda number: f"{number:05}")
NUMBERS = st.integers(1, 999)


@given(CODES, NUMBERS)
def test_every_posters_code_gets_through_alone_and_with_its_word(code: str, number: int) -> None:
    for text in (f"{code}-{number}", f"XA {code}-{number}", f"dạ {code}-{number} ạ"):
        assert sift(text).found == (), text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "222913",
            "222-913",
            "22 29 13",
            "2229-13",
            "2-22913",
            "22291 3",
            "22291.3",
            "22291/3",
            "22291 - 3",
        ),
        *("22291-0", "22291-03", "22291-3344", "222911-3", "mã otp 22291-3", "otp: 22291-3", "mã là 22291-3"),
    ],
)
def test_a_code_in_any_other_form_is_hidden(text: str) -> None:
    assert sift(text).found, text
    assert not is_poster(text)


def test_six_digits_alone_are_still_a_code() -> None:
    """Negative control: what the exception must not widen to."""
    assert sift("222913").found == (Secret.OTP,)
