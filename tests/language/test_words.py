from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hearing import Word
from bot.language.words import Words, read_words

PHRASES = read_words(Path(__file__).parents[2] / "locales/vi/words.yaml")
WORDS = Words(PHRASES)

SAID = [
    ("quay lai", Word.BACK),
    ("Lùi lại đi em ơi", Word.BACK),
    ("lui", Word.BACK),
    ("cho bác quay lại bước trước với cháu ơi", Word.BACK),
    ("quay lia", Word.BACK),
    ("bấm nhầm rồi ạ", Word.BACK),
    ("nhắc lại giúp cô", Word.REPEAT),
    ("hả?", Word.REPEAT),
    ("nois laij", Word.REPEAT),
    ("bỏ qua nhé", Word.SKIP),
    ("sang buoc tiep theo", Word.SKIP),
    ("/menu", Word.MENU),
    ("Menu", Word.MENU),
    ("cho xem mục lục", Word.MENU),
    ("gap nguoi that", Word.HUMAN),
    ("cho tôi nói chuyện với cán bộ", Word.HUMAN),
    ("dạ cháu ơi cho bác gặp người thật với ạ", Word.HUMAN),
    ("gặp người thật được không ad", Word.HUMAN),
    ("gap nguoi thta", Word.HUMAN),
    ("thôi", Word.STOP),
    ("nghỉ", Word.STOP),
    ("để mai làm tiếp nhé", Word.STOP),
    ("dừng", Word.STOP),
    ("làm tiếp", Word.RESUME),
    ("tieeps tucj", Word.RESUME),
    ("k lam dc", Word.STUCK),
    ("toi ko lm dc", Word.STUCK),
    ("bị lỗi r", Word.STUCK),
    ("bó tay rồi cháu ạ", Word.STUCK),
    ("rồi", Word.YES),
    ("xong", Word.YES),
    ("ok", Word.YES),
    ("Oke em", Word.YES),
    ("ừ", Word.YES),
    ("Dạ vâng ạ", Word.YES),
    ("đúng", Word.YES),
    ("👍", Word.YES),
    ("/riengtu", Word.PRIVACY),
    ("quyền riêng tư", Word.PRIVACY),
    ("/dulieu", Word.DATA),
    ("xem du lieu cua toi", Word.DATA),
    ("/xoa", Word.ERASE),
    ("/xoá", Word.ERASE),
    ("/ Xóa", Word.ERASE),
    ("/xoa@vneid_bot", Word.ERASE),
    ("xoá dữ liệu của tôi", Word.ERASE),
    ("xóa hết dữ liệu của tôi đi", Word.ERASE),
    ("/batdau", Word.START),
    ("/start", Word.START),
    ("/start abc", Word.START),
    ("làm lại từ đầu", Word.START),
]

NOT_SAID = [
    # a word inside a question or a story
    "xoá app vneid được không",
    "xoá",
    "xoá tài khoản vneid",
    "xoa tin nhan bao duyet roi lam sao",
    "xoá dữ liệu danh bạ có sao không",
    "/xoa app vneid",
    "tôi muốn gặp công an xã ở đâu",
    "gặp cán bộ nào để làm mức 2",
    "cán bộ gọi cho tôi xin mã",
    "có người thật xưng công an gọi tôi",
    "quay lại bước nhập mã thì nó báo lỗi nfc",
    "không biết mật khẩu",
    "không thấy tin nhắn báo duyệt",
    "không vào được cổng dịch vụ công",
    "lỗi nfc",
    "có bị phạt không",
    "tiếp tục đăng ký tạm trú ở đâu",
    "tôi làm xong mức 1 rồi giờ làm mức 2 thế nào",
    "được tặng quà không",
    "ông dùng máy bàn",
    "lỗi gì vậy",
    "tôi cũng thế",
    # questions and refusals that hold a yes
    "có không",
    "được không",
    "dạ không",
    "không",
    "xong chưa",
    # the same letters, other words
    "quà",
    "thổi",
    "nghĩ",
    "cô",
    "đá",
    "dung",
    # nothing to hear
    "",
    "   ",
    "/",
    "/khongcolenhnay",
    "cô ơi",
    "em",
    "q",
    "123",
]


@pytest.mark.parametrize(("text", "word"), SAID)
def test_word_is_heard(text: str, word: Word) -> None:
    assert WORDS.find(text) is word


@pytest.mark.parametrize("text", NOT_SAID)
def test_word_is_not_heard(text: str) -> None:
    assert WORDS.find(text) is None


@pytest.mark.parametrize(
    ("word", "phrase"), [(word, each) for word, said in PHRASES.items() for each in said]
)
def test_each_phrase_says_its_word(word: str, phrase: str) -> None:
    assert WORDS.find(phrase) == word
    assert WORDS.find(phrase.upper()) == word


def test_every_word_can_be_said() -> None:
    assert {Word(word) for word in PHRASES} == set(Word)


def test_nothing_is_erased_because_of_a_misspelling() -> None:
    misspelt = "xoa du lieu cua toj"
    assert WORDS.find(misspelt) is None
    assert WORDS.find("quyền riêng tưu") is Word.PRIVACY
    # negative control: a word that may be misspelt is heard in a text as far off
    assert Words({"data": ["xoá dữ liệu của tôi"]}).find(misspelt) is Word.DATA


def test_plain_letters_that_say_two_words_say_none() -> None:
    words = Words({"stop": ["dừng"], "yes": ["đúng"]})
    assert words.find("đúng") is Word.YES
    assert words.find("dừng") is Word.STOP
    assert words.find("dung") is None


@pytest.mark.parametrize("phrases", [{"back": ["…"]}, {"back": ["/x"], "menu": ["/x"]}, {"nothing": ["x"]}])
def test_faults_in_the_phrases_are_refused(phrases: Mapping[str, Sequence[str]]) -> None:
    with pytest.raises(ValueError, match=r"words:|nothing"):
        Words(phrases)


@given(st.text())
def test_any_text_can_be_listened_to(text: str) -> None:
    assert WORDS.find(text) in {None, *Word}
    assert WORDS.find(f"/{text}") in {None, *Word}
