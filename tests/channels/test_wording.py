"""Texts are cut where reading stops, within the limit, and nothing of them is lost."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.shape import shape_of
from bot.channels.wording import as_html, length, or_typed, parts_of_text, with_link, without_bold
from bot.core.message import Choice, Reply

SENTENCES = "Bác mở VNeID. Bác bấm «Kích hoạt»! Bác thấy gì ạ? " * 20


@pytest.mark.parametrize("limit", [60, 100, 333])
def test_a_long_text_is_cut_after_a_sentence(limit: int) -> None:
    parts = parts_of_text(SENTENCES, limit)
    assert all(length(part) <= limit for part in parts)
    assert all(part[-1] in ".!?" for part in parts)
    assert " ".join(parts) == SENTENCES.strip()


def test_paragraphs_stay_together_where_they_fit() -> None:
    text = "\n\n".join(f"Đoạn {number}. " + "Một câu ngắn. " * 3 for number in range(6))
    for part in parts_of_text(text, 150):
        assert part.startswith("Đoạn")


def test_what_is_bold_is_not_torn() -> None:
    text = "a " * 20 + "**một hai ba bốn năm sáu**" + " b" * 20
    for part in parts_of_text(text, 50):
        assert part.count("**") in {0, 2}


def test_a_word_longer_than_the_limit_is_cut_somewhere() -> None:
    assert parts_of_text("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.integers(2, 50))
def test_no_letter_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    parts = parts_of_text(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(length(part) <= limit for part in parts)


def test_short_and_empty_texts_are_one_part() -> None:
    assert parts_of_text("Chào bác", 100) == ("Chào bác",)
    assert parts_of_text("", 100) == ("",)


def test_only_bold_is_markup() -> None:
    assert as_html("**1 < 2** & <b>xin</b> *chào*") == "<b>1 &lt; 2</b> &amp; &lt;b&gt;xin&lt;/b&gt; *chào*"
    assert without_bold("Bấm **Tiếp tục** nhé") == "Bấm Tiếp tục nhé"


def test_a_link_is_said_in_words_before_the_choices() -> None:
    link = "https://bot.example.vn/guide"
    assert with_link(Reply("Chào bác", link=link)) == Reply("Chào bác\n\nXem trên trang web: " + link)
    assert with_link(Reply("", link=link, locale="en")).text == "On the web: " + link
    assert with_link(Reply("Chào bác")) == Reply("Chào bác")


def test_words_to_type_are_named() -> None:
    words = (Choice("Quay lại", "=back"), Choice("Menu", "=menu"))
    assert or_typed(words, "vi") == "Hoặc gõ: «Quay lại», «Menu»."
    assert or_typed(words[1:], "en") == "Or type: «Menu»."
    assert or_typed((), "vi") == ""


def test_emoji_count_twice() -> None:
    assert length("🙏a") == 3
    assert unicodedata.is_normalized("NFC", "ạ")


def test_the_shape_of_an_event_holds_no_value_of_it() -> None:
    body = json.dumps(
        {"update_id": 7, "message": {"text": "bí mật", "from": {"id": 777}, "n": None}, "77": 1}
    )
    assert shape_of(body.encode()) == "{update_id: int, message: {text: str, from: {id: int}, n: null}}"


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 5000, b'{"a": ' * 2000, b"{"])
def test_what_is_no_json_has_a_shape_too(body: bytes) -> None:
    assert shape_of(body) == "not JSON"
