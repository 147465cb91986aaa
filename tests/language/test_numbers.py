from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numbers import LARGEST, the_number

ONE = [
    ("7", 7),
    ("bảy", 7),
    ("bay ngay", 7),
    ("hơn 10 ngày", 10),
    ("mười", 10),
    ("mười hai", 12),
    ("muoi lam", 15),
    ("mười lăm ngày rồi", 15),
    ("hai mươi", 20),
    ("hai mươi mốt", 21),
    ("hai muoi mot", 21),
    ("hai mươi tư", 24),
    ("bảy mươi lăm", 75),
    ("sáu mươi tám tuổi", 68),
    ("tôi 68t", 68),
    ("một trăm", 100),
    ("một trăm linh năm", 105),
    ("hai trăm hai mươi hai", 222),
    ("hai nghìn ba trăm bốn mươi", 2340),
    ("10.000", 10_000),
    ("2 nghìn", 2_000),
    ("một triệu", 1_000_000),
    ("năm", 5),
    ("2 năm", 2),
    ("sau 7 ngày", 7),
    ("sau bay ngay", 7),
    ("ba tháng", 3),
    ("lần thứ tư", 4),
    ("٧", 7),
    ("７", 7),
]
NONE_OR_SEVERAL = [
    "",
    "không biết",
    "7-10 ngày",
    "hai ba ngày",
    "thứ hai tôi đi 3 lần",
    "một vài ngày",
    "ba tháng rưỡi",
    "2,5",
    "bà",
    "từ hôm đó",
    "bay gio",
    "tam tru",
    "9" * 30,
]


@pytest.mark.parametrize(("text", "number"), ONE)
def test_the_number(text: str, number: int) -> None:
    assert the_number(text) == number


@pytest.mark.parametrize("text", NONE_OR_SEVERAL)
def test_no_one_number(text: str) -> None:
    assert the_number(text) is None


TENS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


@given(st.integers(1, 99))
def test_numbers_in_words_up_to_99(number: int) -> None:
    tens, units = divmod(number, 10)
    words = [] if tens == 0 else ["mười"] if tens == 1 else [TENS[tens], "mươi"]
    if units:
        spoken = {1: "mốt"} if tens > 1 else {}
        words.append("lăm" if units == 5 and tens else spoken.get(units, TENS[units]))
    assert the_number(" ".join(words)) == number


@given(st.text())
def test_any_text_has_a_number_or_none(text: str) -> None:
    number = the_number(text)
    assert number is None or 0 <= number < LARGEST
