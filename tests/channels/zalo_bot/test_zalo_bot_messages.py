"""A reply as plain text: numbers, words to type, parts that fit, pictures the platform can reach."""

from __future__ import annotations

from unicodedata import is_normalized, normalize

import pytest

from bot.channels.wording import length
from bot.channels.zalo_bot.messages import LONGEST, Message, is_public, messages
from bot.core.book import Book
from bot.core.flow import Variables
from bot.core.hearing import Word
from bot.core.message import Choice, Reply
from bot.core.sentences import SHORTCUTS
from bot.core.voice import Voice
from tests.books import ROOT, book_of

STEP = Reply(
    "**Bước 2/7: Mở VNeID**\n\nBác mở **VNeID** ạ.",
    choices=(Choice("Đã bấm", "a.b.c.1.1"), Choice("Không thấy nút này", "a.b.c.1.2")),
    shortcuts=(Choice("Quay lại", "=back"), Choice("Gặp người", "=human")),
)
PHOTO = "https://bot.example.vn/pictures/mo-app.png"


def test_everything_can_be_typed() -> None:
    (message,) = messages(STEP)
    assert message == Message(
        "Bước 2/7: Mở VNeID\n\n"
        "Bác mở VNeID ạ.\n\n"
        "1. Đã bấm\n"
        "2. Không thấy nút này\n\n"
        "Gõ 1 hoặc 2 để chọn.\n"
        "Hoặc gõ: «Quay lại», «Gặp người»."
    )


def test_the_hint_is_in_the_language_of_the_reply() -> None:
    reply = Reply("Open **VNeID**.", shortcuts=(Choice("Go back", "=back"),), locale="en")
    assert messages(reply) == (Message("Open VNeID.\n\nOr type: «Go back»."),)


@pytest.mark.parametrize(
    ("count", "locale", "hint"),
    [
        (1, "vi", "Gõ 1 để chọn."),
        (2, "vi", "Gõ 1 hoặc 2 để chọn."),
        (3, "vi", "Gõ 1, 2 hoặc 3 để chọn."),
        (8, "vi", "Gõ một số từ 1 đến 8 để chọn."),
        (3, "en", "Type 1, 2 or 3 to choose."),
        (4, "en", "Type a number from 1 to 4 to choose."),
    ],
)
def test_the_hint_names_the_numbers(count: int, locale: str, hint: str) -> None:
    choices = tuple(Choice("Đã bấm", f"?1.{number}") for number in range(1, count + 1))
    (message,) = messages(Reply("Chọn ạ.", choices, locale=locale))
    assert message.text.splitlines()[-1] == hint


def test_a_reply_that_asks_nothing_has_no_hint() -> None:
    assert messages(Reply("Dạ vâng.")) == (Message("Dạ vâng."),)
    assert messages(Reply("")) == ()


def test_a_link_stands_before_the_numbers() -> None:
    reply = Reply("Xem ở đây ạ.", (Choice("Bắt đầu", "!begin."),), link="https://bot.example.vn/guide")
    (message,) = messages(reply)
    assert message.text == (
        "Xem ở đây ạ.\n\nXem trên trang web: https://bot.example.vn/guide\n\n1. Bắt đầu\n\nGõ 1 để chọn."
    )


def test_long_texts_are_cut_where_sentences_end() -> None:
    sentence = "Bác bấm vào nút màu đỏ ở cuối màn hình, rồi chờ một chút ạ. 😀 "
    parts = messages(Reply(sentence * 100, STEP.choices), PHOTO)
    assert len(parts) > 2
    assert all(0 < length(part.text) <= LONGEST for part in parts)
    assert all(part.text.endswith((".", "😀")) for part in parts)
    assert parts[-1].text.endswith("Gõ 1 hoặc 2 để chọn.")
    assert [part.photo for part in parts] == [PHOTO, *[""] * (len(parts) - 1)]


def test_the_picture_changes_nothing_about_the_parts() -> None:
    """A reply that is tried again, maybe without its picture, goes on where it stopped."""
    reply = Reply("Dòng này dài vừa phải.\n\n" * 200)
    assert [part.text for part in messages(reply)] == [part.text for part in messages(reply, PHOTO)]


def test_marks_are_put_together() -> None:
    (message,) = messages(Reply(normalize("NFD", "Quên mật khẩu")))
    assert is_normalized("NFC", message.text)


@pytest.fixture(scope="module")
def real() -> Book:
    return book_of(ROOT)


@pytest.mark.parametrize("word", SHORTCUTS)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_word_that_the_hint_names_is_understood(real: Book, word: Word, locale: str) -> None:
    label = Voice(real, Variables(locale=locale)).line(f"label_{word}")
    assert real.hearing.word(label) is word


@pytest.mark.parametrize("address", ["https://bot.example.vn", "https://vneid.xa-hoa-xuan.vn"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "http://bot.example.vn",
            "https://",
            "https://localhost",
            "https://may-chu",
            "https://bot.local",
        ),
        *("https://127.0.0.1", "https://1.1.1.1", "https://192.168.1.5:8000", "https://[::1]", "https://["),
        *("https://bot.example.vn:8443", "https://bot.example.vn:x", "https://lan@bot.example.vn"),
    ],
)
def test_addresses_that_the_platform_would_not_take(address: str) -> None:
    assert not is_public(address)
