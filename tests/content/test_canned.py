"""Canned replies: many, short, harmless, and every fault in their file named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import MARK, Shelf

from bot import wiring
from bot.config import Settings
from bot.content.problems import Problem
from bot.core.book import Book
from bot.core.contact import FORMS_OF_ADDRESS
from bot.core.flow import Variables
from bot.language.guard import guarding

FILE = "faq/mau-tra-loi.yaml"
GOOD = """\
# What people at the desk say.
replies:
  chao:
    title: Chào
    text: Em chào {{ xung_ho }} ạ, em đang ở đây.
    words: [xin chào]
    reviewed: "2026-11-01"
  bam-nut:
    title: Bấm nút
    text: "{{ xung_ho|capitalize }} bấm «Kích hoạt» ạ."
    sources: [F1]
    intents: [activate-how]
    topics: [kich-hoat]
    steps: [kich-hoat/mo-app, phu]
    picture: {phone: vneid-start, highlight: "Kích hoạt", alt: "Nút Kích hoạt được khoanh"}
    tone: urgent
    reviewed: "2026-11-01"
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path)


@pytest.fixture(scope="module")
def book() -> Book:
    book = wiring.read_library(Settings(), wiring.Deaf()).book
    assert book is not None
    return book


def spoilt(shelf: Shelf, old: str, new: str) -> tuple[list[Problem], tuple[int, int]]:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    before = text[: text.index(MARK)]
    shelf.write(FILE, text.replace(MARK, ""))
    return list(shelf.read().problems), (before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_good_replies_are_read(shelf: Shelf) -> None:
    shelf.write(FILE, GOOD)
    library = shelf.read()
    assert library.problems == ()
    assert library.book is not None
    hello, press = library.book.canned
    assert hello.text(Variables("cô")) == "Em chào cô ạ, em đang ở đây."
    assert hello.words == ("xin chào",)
    assert (press.urgent, press.credit.reviewed, press.sources) == (True, "2026-11-01", ("F1",))
    assert press.picture is not None
    assert press.suits("kich-hoat/mo-app") == 2
    assert press.suits("phu/kho") == 1
    assert press.suits("kich-hoat/hoi-tuoi") == press.suits("") == hello.suits("phu/kho") == 0


def test_without_the_file_there_are_none(shelf: Shelf) -> None:
    book = shelf.read().book
    assert book is not None
    assert book.canned == ()


def test_they_are_not_translated(shelf: Shelf) -> None:
    """Volunteers read and write Vietnamese: nobody is asked for English words."""
    shelf.write(FILE, GOOD)
    shelf.write("locales/en/words.yaml", "{}\n")
    assert not [one for one in shelf.read().problems if "mau-tra-loi" in one.file]


FAULTS = [
    ("title: Bấm nút", f"title: {MARK}{'dài ' * 40}", "tối đa"),
    ("title: Bấm nút", f"{MARK}titel: Bấm nút", "không có mục"),
    ("  bam-nut:", f"  {MARK}Bam_Nut:", "không hợp lệ"),
    ("  bam-nut:\n    title: Bấm nút", f"  {MARK}bam-nut:\n    title: chào", "cũng có tên"),
    ("sources: [F1]", f"sources: [{MARK}F3]", "F3"),
    ("sources: [F1]", f"sources: [{MARK}F9]", "F9"),
    ("intents: [activate-how]", f"intents: [{MARK}activate-hwo]", "không có ý định"),
    ("topics: [kich-hoat]", f"topics: [{MARK}kich-hoat-x]", "không có chủ đề"),
    ("steps: [kich-hoat/mo-app, phu]", f"steps: [{MARK}kich-hoat/khong-co, phu]", "khong-co"),
    ("phone: vneid-start", f"phone: {MARK}vneid-stat", "không có màn hình"),
    ('highlight: "Kích hoạt"', f'highlight: {MARK}"Nút khác"', "không có chữ"),
    ("tone: urgent", f"tone: {MARK}gap", "không có giá trị"),
    ("Em chào {{ xung_ho }} ạ, em đang ở đây.", f"Bác bấm {MARK}«Gửi» ạ.", "nguồn"),
    ("Em chào {{ xung_ho }} ạ, em đang ở đây.", f"Bác {MARK}đọc mã OTP cho em ạ.", "bot không được nói"),
    (
        "Em chào {{ xung_ho }} ạ, em đang ở đây.",
        f"Bác {MARK}đọc giúp em 6 số vừa về ạ.",
        "bot không được xin",
    ),
    ("Em chào {{ xung_ho }} ạ, em đang ở đây.", f"Mời bác {MARK}truy cập trang ạ.", "khó hiểu"),
    ("Em chào {{ xung_ho }} ạ, em đang ở đây.", f"{MARK}{'Em chào bác ạ. ' * 30}", "chữ, tối đa 80"),
    ("Em chào {{ xung_ho }} ạ, em đang ở đây.", f"Bác vào {MARK}vneid.com ạ.", "địa chỉ lạ"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[fault[2] + fault[0][:9] for fault in FAULTS])
def test_a_fault_is_named_with_its_place(shelf: Shelf, old: str, new: str, message: str) -> None:
    problems, place = spoilt(shelf, old, new)
    found = [one for one in problems if message in f"{one.message} {one.hint}"]
    assert found, problems
    assert found[0].file == FILE
    assert (found[0].line, found[0].column) == place


# --- The replies that are there ----------------------------------------------------------------------


def test_there_are_about_forty(book: Book) -> None:
    assert 40 <= len(book.canned) <= 60


@pytest.mark.parametrize("form", FORMS_OF_ADDRESS)
def test_each_fits_every_channel_in_one_message(book: Book, form: str) -> None:
    assert max(len(reply.text(Variables(form))) for reply in book.canned) <= 1000


def test_the_safety_scripts_are_there(book: Book) -> None:
    urgent = {reply.id for reply in book.canned if reply.urgent}
    assert urgent == {"nghi-lua-dao", "da-bi-lua", "mat-may", "bi-de-doa"}


def test_no_two_say_the_same(book: Book) -> None:
    said = [reply.text(Variables()) for reply in book.canned]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("form", FORMS_OF_ADDRESS)
def test_none_would_be_held_back_from_a_volunteer(book: Book, form: str) -> None:
    """What is checked when somebody types it must let pass what we put into their mouth."""
    guard = guarding("")
    said = {reply.id: reply.text(Variables(form)) for reply in book.canned}
    assert {id: dangers for id, text in said.items() if (dangers := guard(text))} == {}


def test_negative_control_a_request_for_a_code_is_held_back() -> None:
    assert guarding("")("Bác đọc mã OTP cho em ạ")
