"""Short sentences, everyday words, one action a step, three minutes aloud; and no false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from shelf import FILES, REPOSITORY, Deaf, Shelf

from bot.content import aloud, library, plain
from bot.content.actions import Kind, acts, counted
from bot.content.aloud import MINUTES, SYLLABLES_A_MINUTE, Heard, main_way, syllables_of
from bot.content.library import read
from bot.content.problems import Problem
from bot.content.prose import sentences, syllables, without_labels, without_quotations
from bot.content.wordlist import read_wordlist
from bot.core.flow import Flow, Handoff

GUIDE = "flows/kich-hoat.yaml"
SAY = "{{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt»."
MORE = "Cứ từ từ ạ."


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path)


def told(shelf: Shelf, words: str) -> list[str]:
    """What is wrong when the guide says this after its one action."""
    shelf.write(GUIDE, FILES[GUIDE].replace(MORE, words))
    return [problem.message for problem in shelf.read().problems]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Một câu. Hai câu! Ba câu? Bốn…", ["Một câu.", "Hai câu!", "Ba câu?", "Bốn…"]),
        ("**Dừng lại.** Gọi em ạ.", ["**Dừng lại.**", "Gọi em ạ."]),
        ("Bấm «Xong. Đóng» rồi chờ.", ["Bấm «Xong. Đóng» rồi chờ."]),
        ("Ghi “Chờ. Đang xử lý.” là chờ.", ["Ghi “Chờ. Đang xử lý.” là chờ."]),
        ("Mang theo:\n\n• Thẻ\n• Máy", ["Mang theo:", "• Thẻ", "• Máy"]),
        ("1. Gọi ngân hàng.\n2. Gọi **113**.", ["1. Gọi ngân hàng.", "2. Gọi **113**."]),
        ("Vào vneid.gov.vn bản 2.1.14 ạ.", ["Vào vneid.gov.vn bản 2.1.14 ạ."]),
        ("Đổi xong (chờ lâu.) Rồi thôi.", ["Đổi xong (chờ lâu.)", "Rồi thôi."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(words: str, parts: list[str]) -> None:
    assert [sentence.strip() for sentence in sentences(words)] == parts


def test_nothing_is_lost_between_sentences() -> None:
    words = "1. Một câu. **Hai.** «a. b»\n\n• Ba “c! d” bốn…  Năm"
    assert "".join(sentences(words)) == words


@pytest.mark.parametrize("words", ["1. Gọi 113.", "Làm luôn:\n      **3)** Gọi **113**."])
def test_a_numbered_line_would_be_taken_for_a_choice(shelf: Shelf, words: str) -> None:
    assert any("dễ lẫn với số để chọn" in message for message in told(shelf, words))


@pytest.mark.parametrize(
    "words", ["- Gọi ngân hàng.\n- Gọi **113**.", "Gọi\n1900 0368 ạ.", "Chờ 2. Rồi thôi."]
)
def test_other_numbers_are_no_choices(shelf: Shelf, words: str) -> None:
    assert not any("số để chọn" in message for message in told(shelf, words))


def test_syllables_and_quotations() -> None:
    assert syllables("Bác mở **VNeID** – bấm «Kích hoạt», 1900 0368 ạ.") == 9
    assert without_labels("a «b c» “d” e") == "a «___» “d” e"
    assert without_quotations("a «b c» “d” e") == "a «___» “_” e"


@pytest.mark.parametrize(
    "words",
    [
        "Cứ từ từ đọc kỹ, " * 5,  # twenty-five syllables
        "Không vội đâu ạ. " + "Cứ từ từ, đọc kỹ từng chữ một rồi hãy trả lời em ạ. " * 2,
        "Máy báo «thiết bị mới» ạ.",
        "Máy báo “hệ thống bận” ạ.",
        "Đó là OTP (mã gửi về tin nhắn) ạ.",
        "Đó là mã trong tin nhắn (gọi là OTP) ạ.",
        "Bật **máy ảnh** (camera) ạ.",
        "Lấy **camera** (máy ảnh) ra ạ.",
        "Đó là thẻ căn cước công dân ạ.",
        "Việc ấy gọi là điều chỉnh thông tin dân cư ạ.",
        "Đó là mã OTP ạ.",
    ],
)
def test_what_is_plain_enough(shelf: Shelf, words: str) -> None:
    assert told(shelf, words) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("Cứ từ từ đọc kỹ, " * 5 + "ạ", "câu dài 26 tiếng, tối đa 25"),
        ("Đó là hệ thống ạ.", '"hệ thống" là lời giấy tờ, khó hiểu'),
        ("Đó là HỆ  THỐNG ạ.", '"HỆ THỐNG" là lời giấy tờ, khó hiểu'),
        ("Đó là thiết bị «mới» ạ.", '"thiết bị" là lời giấy tờ, khó hiểu'),
        ("Bác là công dân ạ.", '"công dân" là lời giấy tờ, khó hiểu'),
        ("Đó là mã (gọi là OTP đấy) ạ.", '"OTP" là lời giấy tờ, khó hiểu'),
    ],
)
def test_what_is_not(shelf: Shelf, words: str, message: str) -> None:
    assert told(shelf, words) == [message]


def test_choices_and_questions_are_in_the_residents_own_words(shelf: Shelf) -> None:
    shelf.write(GUIDE, FILES[GUIDE].replace("label: Đã bấm", "label: Thiết bị báo lỗi"))
    shelf.write("faq/chung.yaml", FILES["faq/chung.yaml"].replace("Làm có mất", "Đăng ký trực tuyến có mất"))
    assert shelf.read().problems == ()


def test_the_list_of_official_words_keeps_its_own_rules() -> None:
    problems: list[Problem] = []
    listed = read_wordlist(REPOSITORY, "locales/vi/official.txt", problems)
    assert problems == []
    assert listed is not None
    assert len(listed.instead) >= 100
    for phrase, better in listed.instead.items():
        assert not list(listed.search(without_quotations(better.split('"')[0]))), phrase
        assert better != phrase


@pytest.mark.parametrize("line", ["=> làm", "+", "# chỉ có ghi chú"])
def test_a_list_with_nothing_in_a_line(shelf: Shelf, line: str) -> None:
    shelf.write("locales/vi/official.txt", f"{line}\n")
    (problem,) = shelf.read().problems
    assert str(problem).startswith("locales/vi/official.txt:1:1: lỗi: mỗi dòng phải có một cụm từ")


ONE_ACTION: tuple[str, ...] = (
    "Bác mở VNeID, bấm «Kích hoạt».",
    "Bác mở **VNeID**. Ở màn hình đăng nhập, bấm dòng «Quên mật khẩu».",
    "Bác mở VNeID, vào phần Cài đặt, rồi bấm «Đổi số».",
    "Ô thứ nhất, bác gõ 12 số. Ô thứ hai, gõ số điện thoại. Xong bấm «Gửi yêu cầu».",
    "Bác gõ 6 số, gõ lại lần nữa, rồi bấm «Xác nhận».",
    "Bác đọc, đánh dấu vào ô đồng ý, rồi bấm «Xác nhận chia sẻ».",
    "Bác bấm «Tiếp tục», rồi úp thẻ vào lưng máy.",
    "Bấm «Kích hoạt». Nếu không thấy thì bấm «Thử lại», rồi bấm «Xong».",
    "Bấm «Kích hoạt». Đừng bấm «Huỷ», đừng bấm «Xoá».",
    "Bấm «Kích hoạt», hoặc nút «Bắt đầu» ở màn hình đăng nhập.",
    "Bấm «Kích hoạt». Bác sẽ thấy «Xong», rồi thấy «Đóng».",
    "Bấm xong sẽ thấy hai ô để gõ số. Bấm «Gửi».",
    "Chữ hoa thì bấm mũi tên. Dấu @ thì bấm phím **123**. Gõ chữ không dấu.",
    "Bác chỉ gõ trong VNeID, chỉ bấm «Gửi» một lần, chỉ quét thẻ của mình.",
    "Máy hỏi thì bấm «Cho phép». Chưa được thì bấm «Thử lại».",
    "Không thấy ô nhập mã, bác chọn câu thứ hai. Bấm «Gửi».",
    "Tắt máy rồi bật lại, mở VNeID, bấm «Đăng nhập».",
    "VNeID mở sẵn tài khoản rồi. Bác bấm «Tiếp tục».",
    "Lần sau, khi máy hỏi, bác bấm «Cho phép». Bấm «Tiếp tục».",
    "Bác đăng nhập, rồi bấm «Thủ tục hành chính».",
)
MORE_ACTIONS: tuple[str, ...] = (
    "Bấm «Kích hoạt». Sau đó bấm «Tiếp tục».",
    "Bấm «Kích hoạt». Xong thì bấm «Tiếp tục».",
    "Bác mở VNeID, bấm «Cá nhân». Chọn «Đổi mật khẩu».",
    "Bác vào «Cá nhân», chọn «Quản lý thiết bị», rồi bấm «Hủy liên kết».",
    "Bác bấm kính lúp, gõ chữ VNeID rồi bấm tìm.",
    "Bấm «Kích hoạt»; gõ 12 số; quét thẻ.",
    "Bấm «A» rồi bấm «B» sau đó bấm «C».",
    "Bác gõ 12 số và bấm «Gửi yêu cầu», rồi gõ mã.",
    "Kéo xuống dưới, bấm «Sửa», gõ số mới.",
    "Bác quét thẻ. Nhập mã. Bấm «Xong».",
    "Chạm vào ô trống, điền họ tên, nhấn «Lưu».",
    "Gạt nút sang phải. Bấm «Lưu». Bấm «Đóng».",
)


@pytest.mark.parametrize("words", ONE_ACTION)
def test_one_action(shelf: Shelf, words: str) -> None:
    assert told_alone(shelf, words) == []


@pytest.mark.parametrize("words", MORE_ACTIONS)
def test_more_than_one_action(shelf: Shelf, words: str) -> None:
    (message,) = told_alone(shelf, words)
    assert message.startswith("bước này có ")


def told_alone(shelf: Shelf, words: str) -> list[str]:
    """Of the actions alone; the buttons have no picture here."""
    shelf.write(GUIDE, FILES[GUIDE].replace(SAY, words).replace(MORE, ""))
    return [problem.message for problem in shelf.read().problems if "không có hình" not in problem.message]


def test_acts_in_their_order() -> None:
    found = acts("Bác mở **VNeID**, gõ 12 số. Rồi bấm «Gửi».")
    assert [(act.kind, act.words, act.sentence) for act in found] == [
        (Kind.OPEN, "mở **VNeID**", 0),
        (Kind.TYPE, "gõ 12 số.", 0),
        (Kind.PRESS, "bấm «Gửi».", 1),
    ]
    assert [act.kind for act in counted(found)] == [Kind.TYPE, Kind.PRESS]
    assert [act.kind for act in counted(acts("Bác mở VNeID ạ."))] == [Kind.OPEN]


LONG = """\
title: Dài
goal: Tới nơi
reviewed: "2026-11-01"
start: a
steps:
  a:
    title: A
    say: |
      {words}
    choices: [{{label: Kẹt, stuck: ket, next: x}}, {{label: Đã làm, next: b, set: {{duong: "dai"}}}}]
  b:
    title: B
    say: |
      {words}
    choices: [{{label: Đã làm, next: re}}, {{label: Cách khác, next: x, set: {{duong: "ngan"}}}}]
  re: {{branch: [{{answer: duong, is: "ngan", next: x}}, {{answer: duong, is: "dai", next: c}}], else: x}}
  c: {{title: C, call: phu, next: d}}
  d:
    title: D
    say: |
      {words}
    next: e
  x: {{title: X, say: Chịu ạ., next: e}}
  e: {{title: E, say: Xong ạ., end: completed}}
"""
FIFTY = "Cứ từ từ nhé bác. " * 10


def long_guide(shelf: Shelf, words: str) -> tuple[Flow | None, list[Problem]]:
    shelf.write("flows/dai.yaml", LONG.format(words=words.strip()))
    shelf.write("flows/_menu.yaml", "groups:\n  - {title: Tất cả, flows: [phu, kich-hoat, dai]}\n")
    result = shelf.read()
    return (result.book.flows["dai"] if result.book else None), list(result.problems)


def test_the_main_way_takes_the_first_choice_that_is_not_stuck(shelf: Shelf) -> None:
    flow, problems = long_guide(shelf, FIFTY)
    assert problems == []
    assert flow is not None
    way = main_way(flow)
    assert [(heard.step, heard.label) for heard in way] == [
        ("a", "Đã làm"),
        ("b", "Đã làm"),
        ("d", ""),
        ("e", ""),
    ]
    assert syllables_of(way) == 3 * 50 + 2 + 2


def test_a_way_round_ends(shelf: Shelf) -> None:
    text = FILES["flows/phu.yaml"].replace(
        "label: Đã mở, next: xong", "label: Đã mở, next: kho}\n      - {label: Thôi, next: xong"
    )
    shelf.write("flows/phu.yaml", text)
    book = shelf.read().book
    assert book is not None
    assert [heard.step for heard in main_way(book.flows["phu"])] == ["kho"]


def test_a_guide_that_takes_more_than_three_minutes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aloud, "_MOST", 153)
    _, problems = long_guide(shelf, FIFTY)
    (problem,) = problems
    assert str(problem) == (
        "flows/dai.yaml:6:3: lỗi: đọc to đường chính hết 154 tiếng, tối đa 153 (3 phút)"
        " (rút ngắn bước dài nhất: a (50), b (50), d (50))"
    )
    monkeypatch.setattr(aloud, "_MOST", 154)
    assert long_guide(shelf, FIFTY)[1] == []


def test_three_minutes_at_the_slow_end() -> None:
    assert MINUTES * SYLLABLES_A_MINUTE == 450
    assert syllables_of((Heard("a", "Một hai ba", "Đã bấm"), Heard("b", "Bốn", "Đã bấm"))) == 6


def test_every_guide_of_this_repository_is_heard_in_three_minutes_and_leads_to_people() -> None:
    book = read(REPOSITORY, Deaf(), organisation="", web_address="").book
    assert book is not None
    for flow in book.flows.values():
        assert syllables_of(main_way(flow)) <= MINUTES * SYLLABLES_A_MINUTE
        assert any(isinstance(step, Handoff) for step in flow.steps.values()), flow.id


def _nothing(*_: object) -> Iterator[Problem]:
    return iter(())


CONTROLS: Mapping[str, str] = {
    "_breath": "Cứ từ từ đọc kỹ, " * 6,
    "_official": "Đó là hệ thống ạ.",
    "_actions": "Rồi bấm «Kích hoạt».",
}


@pytest.mark.parametrize(("check", "words"), CONTROLS.items(), ids=CONTROLS.keys())
def test_control_without_its_check_it_passes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, check: str, words: str
) -> None:
    assert len(told(shelf, words)) == 1
    monkeypatch.setattr(plain, check, _nothing)
    assert told(shelf, words) == []


def test_control_without_its_check_a_long_guide_passes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aloud, "_MOST", 100)
    assert len(long_guide(shelf, FIFTY)[1]) == 1
    ignore: Callable[..., None] = lambda *_: None  # noqa: E731 - one line for a stand-in
    monkeypatch.setattr(library, "check_aloud", ignore)
    assert long_guide(shelf, FIFTY)[1] == []
