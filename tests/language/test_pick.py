from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.pick import pick

BUTTON = [["Đã bấm", "bấm rồi", "vào được rồi"], ["Không thấy nút này"], ["Máy báo lỗi khác"]]
LEVEL = [["Mức 2"], ["Mức 1"], ["Chưa biết mức mấy"]]
CODE = [["Không nhận được mã OTP"], ["Mã OTP báo sai"], ["Hết lượt gửi mã"]]
DONE = [["Được rồi"], ["Chưa được"]]

NUMBERS = [
    ("1", 0),
    (" 1. ", 0),
    ("2)", 1),
    ("số 2", 1),
    ("so hai", 1),
    ("hai", 1),
    ("ba", 2),
    ("cái thứ 2", 1),
    ("cái thứ hai ạ", 1),
    ("thứ nhất", 0),
    ("chọn 3", 2),
    ("chon3", 2),
    ("câu 1", 0),
    ("số2", 1),
    ("２", 1),
    ("②", 1),
    ("2️⃣", 1),
    ("bấm số 3 nhé", 2),
    ("0", None),
    ("4", None),
    ("99999999999999999999", None),
    ("bà", None),
    ("1 hoặc 2", None),
    ("1 2", None),
    ("số mấy", None),
    ("2 ngày rồi chưa thấy gì hết cháu ơi", None),
]


@pytest.mark.parametrize(("text", "index"), NUMBERS)
def test_pick_by_number(text: str, index: int | None) -> None:
    assert pick(text, BUTTON) == index


LABELS = [
    ("đã bấm", BUTTON, 0),
    ("da bam", BUTTON, 0),
    ("ĐÃ BẤM RỒI Ạ", BUTTON, 0),
    ("tôi đã bấm rồi ạ", BUTTON, 0),
    ("đã bám", BUTTON, 0),
    ("khong thay nut nay", BUTTON, 1),
    ("ko thấy nút", BUTTON, 1),
    ("khôgn thaáy nút", BUTTON, 1),
    ("nó báo lỗi khác", BUTTON, 2),
    ("bao looix khac", BUTTON, 2),
    ("2. Không thấy nút này", BUTTON, 1),
    ("mức 2", LEVEL, 0),
    ("m1", LEVEL, 1),
    ("mức một", LEVEL, 1),
    ("2", LEVEL, 1),
    ("không biết mức mấy", LEVEL, 2),
    ("sai", CODE, 1),
    ("hết lượt", CODE, 2),
    ("k nhan dc ma", CODE, 0),
    ("chưa", DONE, 1),
    ("chưa đc", DONE, 1),
    ("được", DONE, 0),
    ("rồi", DONE, 0),
]


@pytest.mark.parametrize(("text", "labels", "index"), LABELS)
def test_pick_by_label(text: str, labels: list[list[str]], index: int) -> None:
    assert pick(text, labels) == index


NONE_OF_THEM = [
    ("2. Đã bấm", BUTTON),  # the number and the label disagree
    ("thấy nút rồi", BUTTON),  # looks like "Không thấy nút này", says the opposite
    ("chưa bấm", BUTTON),
    ("không", BUTTON),
    ("otp", CODE),
    ("mã", CODE),
    ("tôi bấm vào nút kích hoạt mà nó không hiện gì cả", BUTTON),
    ("ông nhà tôi hỏi là máy có báo lỗi gì khác nữa thì đi đâu", BUTTON),
    ("thời tiết hôm nay", BUTTON),
    ("mức", LEVEL),
    ("", BUTTON),
    ("...", BUTTON),
    ("đã bấm", []),
    ("đã bấm", [[], []]),
    ("x" * 5000, BUTTON),
]


@pytest.mark.parametrize(("text", "labels"), NONE_OF_THEM)
def test_pick_none(text: str, labels: list[list[str]]) -> None:
    assert pick(text, labels) is None


def test_two_options_with_the_same_wording_cannot_be_told_apart() -> None:
    assert pick("khác", [["Khác"], ["khac"]]) is None
    assert pick("khác", [["Khác"], ["Không"]]) == 0


@given(st.text(), st.lists(st.lists(st.text(max_size=30), max_size=3), max_size=4))
def test_any_text_and_labels(text: str, labels: list[list[str]]) -> None:
    picked = pick(text, labels)
    assert picked is None or 0 <= picked < len(labels)


@given(st.integers(1, 9), st.sampled_from(["{}", "{}.", "số {}", "chọn {} ạ", "cái {}", "câu {} nhé"]))
def test_a_number_in_range_is_always_heard(number: int, form: str) -> None:
    labels = [[f"Việc {name}"] for name in "ABCDEFGHI"]
    assert pick(form.format(number), labels) == number - 1
