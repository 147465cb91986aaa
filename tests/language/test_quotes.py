"""A known text is recognised as people quote it: whole, cut short, mistyped, without diacritics."""

from __future__ import annotations

import pytest

from bot.language import quotes
from bot.language.quotes import quoted

KNOWN = (
    ("Không tìm thấy thiết bị kích hoạt",),
    ("Kết nối tới hệ thống thất bại", "không kết nối được tới hệ thống"),
    ("Mã OTP không đúng",),
    ("Mã OTP không đúng hoặc đã hết hạn",),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Không tìm thấy thiết bị kích hoạt", 0),
        ("nó báo khong tim thay thiet bi kich hoat là sao cháu", 0),
        ("app ghi ko tim thay thiêt bi kich hoạt", 0),
        ("khoong timf thaays thieets bij kichs hoatj", 0),
        ("không tìm thấy thiết bị kich hoatt", 0),
        ("tìm thấy thiết bị kích", 0),
        ("bác bị lỗi kết nối tới hệ thống thất bại", 1),
        ("mã otp không đúng", 2),
        ("máy nói mã otp không đúng hoặc đã hết hạn", 3),
    ],
)
def test_a_quotation_is_recognised(text: str, number: int) -> None:
    assert quoted(text, KNOWN) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kích hoạt",
        "thiết bị",
        "không tìm thấy",
        "mã otp",
        "tôi quên mật khẩu rồi",
        "hệ thống",
        "…",
        "\ud800",
        "đã tìm thấy thiết bị kích hoạt",
        "hệ thống không thất bại khi kết nối",
        "mã otp đã đúng hoặc chưa hết hạn",
    ],
)
def test_everyday_words_are_no_quotation(text: str) -> None:
    assert quoted(text, KNOWN) is None


def test_control_without_the_least_length_everyday_words_would_be_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotes, "_ENOUGH_LETTERS", 1)
    monkeypatch.setattr(quotes, "_ENOUGH_WORDS", 1)
    monkeypatch.setattr(quotes, "_ENOUGH_OF_IT", 0)
    assert quoted("thiết bị", KNOWN) == 0


def test_words_that_two_known_texts_share_decide_nothing() -> None:
    assert (
        quoted(
            "không kết nối được máy chủ",
            (("không kết nối được máy chủ a",), ("không kết nối được máy chủ b",)),
        )
        is None
    )


def test_control_without_regard_to_denials_the_opposite_would_be_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotes, "_DENYING", frozenset())
    assert quoted("đã tìm thấy thiết bị kích hoạt", KNOWN) == 0
