"""Near-duplicates come together, whatever order they come in; other things stay apart."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import alike as module
from bot.language.alike import alike

OTP = [
    "không nhận được mã OTP",
    "k nhan dc ma otp",
    "em không nhận được mã otp ạ",
    "hông nhận đc mã OTP giúp với",
]
OTHERS = [
    "quên mật khẩu rồi",
    "máy báo không tìm thấy thẻ",
    "không được",
    "được không",
    "mã otp",
    "gặp cán bộ",
]
NOISE = [f"câu chuyện số {number} của riêng tôi về cái cây trong vườn nhà" for number in range(3)]


def wordings(texts: list[str], places: list[str] | None = None) -> set[frozenset[str]]:
    found = alike(texts, places or [""] * len(texts))
    assert sorted(index for group in found for index in group) == list(range(len(texts)))
    return {frozenset(texts[index] for index in group) for group in found}


def test_one_thing_said_in_many_ways_is_one_group() -> None:
    found = wordings([*OTP, *OTHERS])
    assert frozenset(OTP) in found
    assert {frozenset([text]) for text in OTHERS} < found


def test_negative_control_compared_letter_by_letter_they_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "reading", str.lower)
    assert frozenset(OTP) not in wordings([*OTP, *OTHERS])


def test_a_word_that_is_none_is_read_as_the_one_that_is_meant() -> None:
    often = [f"passport {what}" for what in ("xanh", "tím", "hỏng", "rách", "cũ")]
    pair = {"máy đọc passport lỗi", "máy đọc passpoort lỗi"}
    assert any(pair <= group for group in wordings([*often, *pair]))
    assert not any(pair <= group for group in wordings(sorted(pair)))


def test_places_are_never_mixed() -> None:
    texts = ["quên mật khẩu"] * 4
    found = alike(texts, ["a", "b", "a", "b"])
    assert sorted(map(sorted, found)) == [[0, 2], [1, 3]]


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from([*OTP, *OTHERS, *NOISE]), max_size=40))
def test_the_order_makes_no_difference(chance: random.Random, texts: list[str]) -> None:
    shuffled = texts.copy()
    chance.shuffle(shuffled)

    def said(texts: list[str]) -> list[list[str]]:
        return sorted([texts[index] for index in group] for group in alike(texts, [""] * len(texts)))

    assert said(texts) == said(shuffled)


def test_the_most_typical_comes_first() -> None:
    texts = ["không nhận được mã otp luôn", *["không nhận được mã otp"] * 3, "mã otp không nhận được"]
    [group] = alike(texts, [""] * len(texts))
    assert texts[group[0]] == "không nhận được mã otp"


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_text_has_its_group(texts: list[str]) -> None:
    found = alike(texts, [""] * len(texts))
    assert sorted(index for group in found for index in group) == list(range(len(texts)))


def test_a_group_does_not_grow_along_a_chain() -> None:
    """Each step is near its neighbour; the ends have nothing in common."""
    words = ["sáng", "trưa", "chiều", "tối", "khuya", "sớm", "muộn", "nắng", "mưa", "gió", "bão", "lụt"]
    chain = [" ".join(words[start : start + 6]) for start in range(7)]
    together = next(group for group in wordings(chain) if chain[0] in group)
    assert chain[-1] not in together


def test_many_messages_take_a_moment() -> None:
    """As many comparisons a message whatever their number: twice the messages, not four times the work."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    words = [first + last for first in "bcdghlmntv" for last in ("a", "an", "e", "i", "o", "u")]
    many = [" ".join(chance.choices(words, k=8)) for _ in range(4000)]

    def seconds(texts: list[str]) -> float:
        began = process_time()
        alike(texts, [""] * len(texts))
        return process_time() - began

    assert seconds(many) < 6 * seconds(many[:1000]) + 1
