"""The bot asks for no code, number, picture of papers, address or money, in whatever words."""

from __future__ import annotations

from pathlib import Path

import pytest
from phrasings import ASKED, ASKED_IN_ENGLISH, HARMLESS, HARMLESS_IN_ENGLISH
from shelf import FILES, Shelf

from bot.content import library, speech
from bot.content.asking import request

GUIDE = "flows/kich-hoat.yaml"
ANSWERS = "faq/chung.yaml"
QUESTION = "Năm nay {{ xung_ho }} bao nhiêu tuổi ạ?"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path)


def answered(shelf: Shelf, words: str) -> list[str]:
    """What is wrong when an answer says this."""
    shelf.write(
        ANSWERS,
        FILES[ANSWERS]
        .replace("Không mất phí ạ.", f'"{words}"')
        .replace(" Cần hỏi thêm thì gọi 1900 0368.", ""),
    )
    return [problem.message for problem in shelf.read().problems]


def asked(shelf: Shelf, words: str) -> list[str]:
    """What is wrong when a step asks this."""
    shelf.write(GUIDE, FILES[GUIDE].replace(QUESTION, f'"{words}"'))
    return [problem.message for problem in shelf.read().problems]


def test_the_tables_are_large() -> None:
    assert len(set(ASKED)) >= 60
    assert len(set(HARMLESS)) >= 40


@pytest.mark.parametrize("words", ASKED)
def test_a_request_is_caught(words: str) -> None:
    assert request(words, "vi")


@pytest.mark.parametrize("words", HARMLESS)
def test_what_only_looks_like_one_passes(words: str) -> None:
    assert request(words, "vi") == ""


@pytest.mark.parametrize("form", ["cô", "chú", "anh", "chị", "bạn"])
def test_every_form_of_address_is_asked_alike(form: str) -> None:
    spoken = [words.replace("bác", form).replace("Bác", form.capitalize()) for words in ASKED]
    assert [words for words in spoken if not request(words, "vi")] == []


@pytest.mark.parametrize("words", ASKED_IN_ENGLISH)
def test_a_request_in_english(words: str) -> None:
    assert request(words, "en")


@pytest.mark.parametrize("words", HARMLESS_IN_ENGLISH)
def test_what_only_looks_like_one_in_english(words: str) -> None:
    assert request(words, "en") == ""


@pytest.mark.parametrize("words", ASKED[::7])
def test_no_answer_may_ask(shelf: Shelf, words: str) -> None:
    messages = answered(shelf, words)
    assert [message.partition(" ")[0] for message in messages] == ["bot"]


@pytest.mark.parametrize("words", HARMLESS[::7])
def test_an_answer_may_warn(shelf: Shelf, words: str) -> None:
    assert [message for message in answered(shelf, words) if message.startswith("bot")] == []


@pytest.mark.parametrize(
    "words",
    [
        "Bác tên gì, họ tên đầy đủ ạ?",
        "Số căn cước của bác ạ?",
        "Bác nhập số điện thoại nhé?",
        "Nhà bác ở đâu, địa chỉ thế nào ạ?",
        "Mã VNeID báo là gì ạ?",
        "Bác có mật khẩu nào ạ?",
        "Bác mất bao nhiêu tiền ạ?",
        "Bác chụp ảnh thẻ nhé?",
        "Thẻ ngân hàng của bác là thẻ gì ạ?",
    ],
)
def test_no_step_may_ask_for_it(shelf: Shelf, words: str) -> None:
    assert any(message.startswith("câu hỏi này đòi") for message in asked(shelf, words))


@pytest.mark.parametrize(
    "words",
    [
        "Bác vướng chỗ nào ạ? Bác kể ngắn gọn, đừng gửi mã hay mật khẩu nhé.",
        "Máy của bác báo mã lỗi nào ạ?",
        "Năm nay bác bao nhiêu tuổi ạ?",
        "Bác đang ở xã nào ạ?",
    ],
)
def test_a_step_may_ask_for_anything_else(shelf: Shelf, words: str) -> None:
    assert asked(shelf, words) == []


def test_control_without_its_check_a_request_passes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Có tin thì đọc giúp em 6 số vừa về ạ."
    assert len(answered(shelf, words)) == 1
    monkeypatch.setattr(speech, "request", lambda *_: "")
    assert answered(shelf, words) == []


def test_control_without_its_check_a_step_asks_for_a_number(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Số điện thoại nào ạ?"
    assert len(asked(shelf, words)) == 1
    monkeypatch.setattr(library, "check_questions", lambda *_: None)
    assert asked(shelf, words) == []
