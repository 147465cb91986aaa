"""Faults of the phrases are told with their place; good ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import Shelf

from bot.content.phrases import check_phrases
from bot.content.problems import Severity
from bot.language.lessons import study

GOOD = {
    "activate-how": "kích hoạt sao\n",
    "activate-error": "kích hoạt lỗi\n",
    "install-how": "cài sao\n",
    "fee": "mất phí không\n",
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf.at(tmp_path)
    for intent, lines in GOOD.items():
        shelf.write(f"faq/phrases/{intent}.txt", lines)
    return shelf


def told(shelf: Shelf) -> list[str]:
    lesson = study(shelf.root / "faq" / "phrases")
    problems = check_phrases(shelf.root, lesson.files)
    assert {problem.severity for problem in problems} <= {Severity.ERROR}
    return [str(problem) for problem in problems]


def test_good_phrases_have_no_fault(shelf: Shelf) -> None:
    assert told(shelf) == []
    shelf.write("faq/phrases/fee.txt", "\ufeffmất phí không\r\n\r\nphí bao nhiêu\r\n" + "á" * 300)
    assert told(shelf) == []
    shelf.write("faq/phrases/fee.txt", "mất phí không\nmat phi khong\n")  # one file may repeat itself
    assert told(shelf) == []


@pytest.mark.parametrize(
    ("file", "content", "place", "says"),
    [
        ("fee", "", "fee.txt:1:1:", "chưa có câu nào"),
        ("fee", "\n  \n", "fee.txt:1:1:", "chưa có câu nào"),
        ("fee", "mất phí không\n" + "phí " * 100, "fee.txt:2:301:", "400 chữ cái, tối đa 300"),
        ("fee", "phí?\nCai  sao!\n", "install-how.txt:1:1:", '"cài sao" cũng nằm ở faq/phrases/fee.txt:2'),
        ("fee", "phí?\nmã OTP của tôi là 482913\n", "fee.txt:2:1:", "che đi trước khi lưu"),
        ("fee", "số cccd 079203001234\n", "fee.txt:1:1:", "che đi trước khi lưu"),
        ("fee", "phí?\n😡😡\n", "fee.txt:2:1:", "không có chữ nào"),
        ("fees", "lệ phí?\n", "fees.txt:1:1:", 'ý bạn là "fee"?'),
        ("fee", b"ph\xed?\n", "fee.txt:1:3:", "UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_place(
    shelf: Shelf, file: str, content: str | bytes, place: str, says: str
) -> None:
    shelf.write(f"faq/phrases/{file}.txt", content)
    [problem] = told(shelf)
    assert problem.startswith(f"faq/phrases/{place} lỗi: ")
    assert says in problem


def test_a_secret_is_not_repeated(shelf: Shelf) -> None:
    shelf.write("faq/phrases/fee.txt", "số cccd 079203001234\n")
    assert "079203001234" not in "".join(told(shelf))


def test_without_topics_any_name_will_do(shelf: Shelf) -> None:
    shelf.write("faq/phrases/fees.txt", "lệ phí?\n")
    assert len(told(shelf)) == 1
    (shelf.root / "faq/topics.yaml").unlink()
    assert told(shelf) == []
