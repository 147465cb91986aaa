"""Right files become the objects that they describe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from shelf import GUIDE, REPOSITORY, Deaf, Shelf

from bot.content.facts import Facts, Source, credited
from bot.content.flows import read_edition
from bot.content.library import read
from bot.content.locales import read_words
from bot.content.problems import Severity
from bot.core.faq import Credit
from bot.core.flow import (
    DEFAULT_WINDOW,
    HOUR,
    Ask,
    Branch,
    Call,
    Case,
    End,
    Ending,
    Flow,
    Handoff,
    Place,
    Say,
    Shape,
    Variables,
)
from bot.core.message import Picture

BAC = Variables("bác")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path)


@pytest.fixture
def flow(shelf: Shelf) -> Flow:
    book = shelf.read().book
    assert book is not None
    return book.flows["kich-hoat"]


def test_good_files_have_no_problem(shelf: Shelf) -> None:
    library = shelf.read()
    assert [str(problem) for problem in library.problems] == []
    assert library.book is not None


def test_a_step_that_waits(flow: Flow) -> None:
    step = flow.step("mo-app")
    assert isinstance(step, Say)
    assert step.text(BAC) == "Bác mở **VNeID**, rồi bấm «Kích hoạt».\nCứ từ từ ạ."
    assert step.text(replace(BAC, xung_ho="chị")).startswith("Chị mở **VNeID**")
    assert (step.window, step.remind) == (HOUR, 600)
    assert step.picture == Picture(
        "vneid-start", "Kích hoạt", "Nút Kích hoạt được khoanh", "kich-hoat/mo-app"
    )
    assert step.sources == ("F1", "F2")
    assert step.dated
    assert [way.label(BAC) for way in step.ways] == ["Đã bấm", "Không thấy nút", "Tôi dùng iPhone"]
    assert step.ways[0].also == ("bấm rồi", "vào rồi")
    assert (step.ways[1].stuck, step.ways[1].intents) == ("khong-thay-nut", ("activate-error",))
    assert step.ways[2].sets == (("may", "iphone"),)


def test_the_other_kinds(flow: Flow) -> None:
    on, ask, branch = flow.step("tim-nut"), flow.step("hoi-tuoi"), flow.step("re-nhanh")
    assert isinstance(on, Say)
    assert (on.next, on.ways, on.window, on.dated) == ("mo-app", (), DEFAULT_WINDOW, False)
    assert isinstance(ask, Ask)
    assert (ask.answer, ask.shape, ask.least, ask.most, ask.next) == (
        *("tuoi", Shape.NUMBER, 1, 120, "re-nhanh"),
    )
    assert ask.retry is not None
    assert branch == Branch(
        "re-nhanh",
        (Case("tuoi", "below", 14, "goi-nguoi"), Case("may", "is", "iphone", "goi-phu")),
        "goi-phu",
    )
    assert flow.step("goi-phu") == Call("goi-phu", "Cài ứng dụng", "phu", "xong")
    handoff, end = flow.step("goi-nguoi"), flow.step("xong")
    assert isinstance(handoff, Handoff)
    assert handoff.next == "xong"
    assert isinstance(end, End)
    assert end.ending is Ending.COMPLETED


def test_the_guide_itself(flow: Flow) -> None:
    assert flow.title == "Kích hoạt tài khoản"
    assert flow.intents == {"activate-how": flow.start, "activate-error": flow.start}
    assert flow.sources == ("F1", "F2", "N5")
    assert flow.version == hashlib.sha256(GUIDE.encode()).hexdigest()[:12]


def test_places_count_waiting_steps_on_the_main_way(flow: Flow) -> None:
    assert flow.places["mo-app"] == Place(1, 2)
    assert flow.places["hoi-tuoi"] == Place(2, 2)
    assert flow.places["tim-nut"] == Place(0, 0)
    assert flow.places["xong"] == Place(0, 0)


FORKED = """\
title: Ngã ba
goal: Tới nơi
reviewed: "2026-11-01"
start: a
steps:
  a:
    title: A
    say: A ạ.
    choices: [{label: Trái, next: b}, {label: Phải, next: d}, {label: Chịu, stuck: chiu, next: x}]
  b: {title: B, say: B ạ., choices: [{label: Tiếp, next: c}, {label: Về, next: a}]}
  c: {title: C, say: C ạ., choices: [{label: Tiếp, next: d}]}
  d: {title: D, say: D ạ., choices: [{label: Tiếp, next: e}]}
  x: {title: X, say: X ạ., choices: [{label: Tiếp, next: y}]}
  y: {title: Y, say: Y ạ., choices: [{label: Tiếp, next: d}]}
  e: {title: E, say: Xong ạ., end: completed}
"""


def test_places_take_the_longest_way_and_ignore_ways_back(shelf: Shelf) -> None:
    shelf.write("flows/nga-ba.yaml", FORKED)
    shelf.write("flows/_menu.yaml", "groups:\n  - {title: Tất cả, flows: [phu, kich-hoat, nga-ba]}\n")
    book = shelf.read().book
    assert book is not None
    places = book.flows["nga-ba"].places
    assert [(id, place.number, place.total) for id, place in sorted(places.items()) if place.number] == [
        ("a", 1, 4),
        ("b", 2, 4),
        ("c", 3, 4),
        ("d", 4, 4),
    ]
    assert {places[id] for id in ("x", "y", "e")} == {Place(0, 0)}


def test_the_book(shelf: Shelf) -> None:
    library = shelf.read()
    book = library.book
    assert book is not None
    assert book.starts == {
        "activate-how": "kich-hoat",
        "activate-error": "kich-hoat",
        "install-how": "phu",
    }
    assert [(group.title(BAC), group.flows) for group in book.menu] == [
        ("Làm quen", ("phu",)),
        ("Tài khoản", ("kich-hoat",)),
    ]
    answer = book.answers["fee"]
    assert (answer.flow, answer.sources, answer.dated) == ("phu", ("N5",), False)
    assert (book.organisation, book.web_address) == ("Tổ số", "https://xa.vn")
    assert library.sources["kich-hoat"] == (book.flows["kich-hoat"].version, GUIDE)


@pytest.mark.parametrize("spelling", [GUIDE.replace("\n", "\r\n"), "\ufeff" + GUIDE])
def test_line_endings_and_a_byte_order_mark_do_not_make_a_new_version(shelf: Shelf, spelling: str) -> None:
    before = shelf.read().sources["kich-hoat"]
    shelf.write("flows/kich-hoat.yaml", spelling)
    library = shelf.read()
    assert library.sources["kich-hoat"] == before
    assert library.book is not None


def test_any_other_change_makes_a_new_version(shelf: Shelf) -> None:
    before = shelf.read().sources["kich-hoat"][0]
    shelf.write("flows/kich-hoat.yaml", GUIDE.replace("Cứ từ từ ạ", "Cứ thong thả ạ"))
    assert shelf.read().sources["kich-hoat"][0] != before


def test_what_a_version_changed_is_kept_with_it(shelf: Shelf) -> None:
    note = "Nói ngắn hơn, vì nhiều người dừng ở đây"
    shelf.write("flows/kich-hoat.yaml", f"change: {note}\n{GUIDE}")
    library = shelf.read([("kich-hoat", "0ld", GUIDE)])
    assert library.book is not None
    assert library.book.flows["kich-hoat"].change == note
    old = library.book.edition("kich-hoat", "0ld")
    assert old is not None
    assert old.change == ""
    read = read_edition("kich-hoat", "0ld", GUIDE)
    assert read is not None
    assert read.steps.keys() == old.steps.keys()
    assert read_edition("kich-hoat", "0ld", "steps: 1") is None


def test_letters_typed_on_a_mac_are_the_same_letters(shelf: Shelf) -> None:
    import unicodedata

    shelf.write("flows/kich-hoat.yaml", unicodedata.normalize("NFD", GUIDE))
    book = shelf.read().book
    assert book is not None
    assert book.flows["kich-hoat"].title == "Kích hoạt tài khoản"


def test_an_old_edition_is_kept_although_its_facts_and_words_would_not_pass_today(shelf: Shelf) -> None:
    old = GUIDE.replace("[F1, F2]", "[F3]").replace("Cứ từ từ ạ.", "Em cam kết.")
    book = shelf.read([("kich-hoat", "0ld", old)]).book
    assert book is not None
    kept = book.edition("kich-hoat", "0ld")
    assert kept is not None
    assert kept.version == "0ld"
    assert book.edition("kich-hoat", book.flows["kich-hoat"].version) is book.flows["kich-hoat"]


@pytest.mark.parametrize("old", ["", "a: [", GUIDE.replace("call: phu", "call: mat-roi"), "\0"])
def test_a_broken_old_edition_is_left_out_with_a_warning(shelf: Shelf, old: str) -> None:
    library = shelf.read([("kich-hoat", "0ld", old)])
    assert library.book is not None
    assert library.book.edition("kich-hoat", "0ld") is None
    (problem,) = library.problems
    assert problem.severity is Severity.WARNING
    assert str(problem).startswith("flows/kich-hoat.yaml@0ld:")
    assert ": lưu ý: bỏ qua bản cũ" in str(problem)


def test_universal_words(shelf: Shelf) -> None:
    words, problems = read_words(shelf.root)
    assert problems == ()
    assert words["yes"] == ("yes rồi", "yes ạ")


def test_intents_are_unknown_only_once_there_are_phrases(shelf: Shelf) -> None:
    for path in (shelf.root / "faq/phrases").iterdir():
        path.unlink()
    assert shelf.read().problems == ()


ALLOWED: Mapping[str, str] = {
    "a warning": "Đừng gửi mã OTP cho ai ạ.",
    "never": "Em không bao giờ đòi chuyển khoản.",
    "about swindlers": "Ai bảo chuyển khoản trước là lừa đảo ạ.",
    "an official address": "Xem thêm ở https://vneid.gov.vn ạ.",
    "an official number written otherwise": "Gọi 1900.0368 hoặc 19000368 ạ.",
    "the end of a host": "Trang thật có đuôi .gov.vn ạ.",
    "a button that says it": "Trong app có dòng «Tôi cam kết đúng».",
    "if not, another button": "Bấm «Kích hoạt». Nếu không thấy thì bấm «Thử lại».",
    "a button not to press": "Bấm «Kích hoạt». Đừng bấm «Huỷ».",
    "sixty words": "Cứ từ từ ạ. " * 15,
    "a date": "Từ 01/07/2024, 01.07.2024 và 28.9.2026 đã khác ạ.",
    "an amount": "Quà là 100.000 đồng ạ.",
    "ellipsis and version": "Bản 2.1.14… và v.v. ở TP.HCM ạ.",
}


@pytest.mark.parametrize("words", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_may_be_said(shelf: Shelf, words: str) -> None:
    shelf.write(
        "flows/kich-hoat.yaml",
        GUIDE.replace("Cứ từ từ ạ.", "").replace(
            "{{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt».", words
        ),
    )
    assert [str(problem) for problem in shelf.read().problems] == []


def test_the_files_of_this_repository_have_no_problem() -> None:
    library = read(REPOSITORY, Deaf(), organisation="Tổ số", web_address="https://xa.vn")
    untranslated = [problem for problem in library.problems if problem.file.startswith("locales/en/")]
    assert {problem.severity for problem in untranslated} <= {Severity.WARNING}
    assert [str(problem) for problem in library.problems if problem not in untranslated] == []
    assert library.book is not None


def test_an_intent_may_start_at_a_step_of_its_own(shelf: Shelf) -> None:
    mapping = "intents: {activate-how: mo-app, activate-error: tim-nut}"
    shelf.write("flows/kich-hoat.yaml", GUIDE.replace("intents: [activate-how, activate-error]", mapping))
    book = shelf.read().book
    assert book is not None
    assert book.starts["activate-how"] == "kich-hoat"
    assert book.starts["activate-error"] == "kich-hoat/tim-nut"


def test_known_errors(shelf: Shelf) -> None:
    book = shelf.read().book
    assert book is not None
    first, second = book.errors
    assert (first.id, first.office, first.flow) == ("E1", True, "kich-hoat/tim-nut")
    assert first.wordings == ("Không tìm thấy thiết bị kích hoạt", "ko tìm thấy thiết bị kích hoạt")
    assert first.credit == Credit("Công an 1/2026", "2026-11-01")
    assert (second.shown, second.credit.sources) == ((), "")


def test_topics(shelf: Shelf) -> None:
    book = shelf.read().book
    assert book is not None
    assert book.topics["activate-how"] is book.topics["activate-error"]
    assert book.topics["fee"].intents == ("install-how", "fee")


def test_official_sources_are_named_first_and_newer_before_older() -> None:
    sources = (
        Source("B", "Báo mới", "2026-10"),
        Source("A", "Công an tỉnh", "2022"),
        Source("A", "Công an xã", "2025-07-01"),
        Source("C", "Một trang", "2026-11"),
    )
    facts = Facts({}, {"F1": sources, "F2": (Source("A", "Công an tỉnh", "2026-07"),)})
    assert credited(["F1", "F2"], facts) == "Công an tỉnh 7/2026, Công an xã 7/2025"
    assert credited(["F1"], facts) == "Công an xã 7/2025, Công an tỉnh 2022"
    assert credited(["F9"], facts) == ""


def test_answers_that_every_way_to_a_step_sets_are_given_to_who_enters_there() -> None:
    book = read(REPOSITORY, Deaf(), organisation="", web_address="").book
    assert book is not None
    forgotten = book.flows["quen-mat-khau"].given
    assert forgotten["pc-mo"] == {"ma": "passcode"}
    assert "loai-ma" not in forgotten
