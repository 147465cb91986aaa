"""What can be wrong where a guide asks for a visit at home: each fault is named at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.flows import read_flow
from bot.content.problems import Problem
from bot.content.source import Document

FILE = "flows/hen-den-nha.yaml"
GUIDE = (Path(__file__).resolve().parents[2] / FILE).read_text("utf-8")
BOOKS = "home_visit: {hamlet: thon, landmark: moc, slot: buoi, days: ngay, need: can}"


def problems(text: str) -> list[Problem]:
    found: list[Problem] = []
    read_flow("hen-den-nha", "v", Document(FILE, text), None, "", found)
    return found


def test_the_guide_as_it_is_has_none() -> None:
    assert problems(GUIDE) == []


@pytest.mark.parametrize(
    ("was", "is_now", "message"),
    [
        ("slot: buoi, days", "slot: buoi, ⟦dais", 'không có mục "dais"'),
        ("hamlet: thon", "hamlet: ⟦thonn", 'chưa hỏi câu nào tên "thonn"'),
        ("landmark: moc", "landmark: ⟦buoi", 'chưa hỏi câu nào tên "buoi"'),
        ("slot: buoi", "slot: ⟦ngay", '"ngay" phải là câu chọn sẵn'),
        ("need: can}", "need: ⟦ai}", '"ai" phải là câu chọn sẵn'),
        (BOOKS, "home_visit: ⟦{landmark: moc, slot: buoi}", 'thiếu mục "hamlet"'),
        (BOOKS, "home_visit: ⟦tới", "chỗ này phải là các mục"),
    ],
)
def test_each_name_must_have_been_asked(was: str, is_now: str, message: str) -> None:
    _only(GUIDE.replace(was, is_now, 1), message)


def test_a_slot_is_one_that_the_team_knows() -> None:
    wrong = GUIDE.replace("set: {buoi: evening}", "set: {buoi: toi}")
    _only(wrong.replace("slot: buoi", "slot: ⟦buoi"), '"buoi" không được là "toi"')


def test_nobody_comes_to_the_booking_without_having_agreed() -> None:
    """Also by one way among several."""
    wrong = GUIDE.replace("next: khong-hen\n        also: [không", "next: hoi-xa\n        also: [không", 1)
    wrong = wrong.replace(
        "        next: cong-an\n        also: [làm mức", "        next: khong-hen\n        also: [làm mức"
    )
    assert wrong.count("next: hoi-xa") == 2
    _only(wrong.replace(BOOKS, "home_visit: ⟦" + BOOKS.removeprefix("home_visit: ")), "chưa xin phép")


def test_a_visit_needs_a_commune_and_ends_outside_the_chat() -> None:
    marked = GUIDE.replace(BOOKS, "home_visit: ⟦" + BOOKS.removeprefix("home_visit: "))
    _only(marked.replace("    shape: commune\n", ""), "chưa hỏi xã, phường")
    _only(
        marked.replace("need: can}\n    end: went_offline", "need: can}\n    end: completed"), "went_offline"
    )


def test_only_known_consents_and_cases_may_be_written() -> None:
    _only(GUIDE.replace("consent: home_visit", "consent: ⟦home-visit"), 'không có giá trị "home-visit"')
    _only(GUIDE.replace("home_visit: offered", "home_visit: ⟦offred"), 'không có giá trị "offred"')


def _only(text: str, message: str) -> None:
    line, column = next(
        (number, row.index("⟦") + 1) for number, row in enumerate(text.splitlines(), 1) if "⟦" in row
    )
    found = problems(text.replace("⟦", ""))
    assert len(found) == 1, [str(one) for one in found]
    assert message in found[0].message
    assert (found[0].line, found[0].column) == (line, column), str(found[0])
