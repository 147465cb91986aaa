"""What the guard holds and what it lets through, in figures, and ways around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from bot.app.dangers import Danger, sentence
from bot.language import guard_marks, guard_words
from bot.language.guard import dangers_of, guarding
from bot.language.normalise import fold
from bot.language.sieve import sift
from tests.language.guard_corpus import STYLES, Sample, dishonest, honest

Holds = Callable[[str], bool]


def holds(text: str) -> bool:
    """As on the way to a resident: the guard, and the sieve for numbers."""
    return bool(dangers_of(text) or sift(text).found)


def by_keywords(text: str) -> bool:
    """What is often done instead."""
    words = (
        r"\b(?:otp|ma 6 so|mat khau|passcode|can cuoc|chuyen khoan|zalo|telegram|https?|apk|so dien thoai)\b"
    )
    return re.search(words, fold(text)) is not None


def share(samples: Sequence[Sample], holds: Holds) -> float:
    return sum(holds(one.text) for one in samples) / len(samples)


SEEN = [*dishonest("seen.txt"), *dishonest("seen_more.txt")]
UNSEEN = [*dishonest("held_out.txt"), *dishonest("held_out_2.txt")]
NORMAL, NORMAL_UNSEEN = honest("normal.txt"), honest("normal_held_out.txt")


def test_the_corpora_are_as_large_as_they_should_be() -> None:
    assert len(SEEN) >= 500
    assert len({one.line for one in SEEN}) >= 30
    assert len({one.line for one in UNSEEN}) >= 5
    assert len(NORMAL) + len(NORMAL_UNSEEN) >= 500
    assert {one.style for one in SEEN} == {one.style for one in UNSEEN} == set(STYLES)


def test_dishonest_messages_are_held() -> None:
    """Of phrasings that were new to it the guard held 62, 69 and 75 in 100 while it was made; those are among
    the seen ones now.
    """
    assert share(SEEN, holds) >= 0.98
    for name in ("held_out.txt", "held_out_2.txt"):
        assert share(dishonest(name), holds) >= 0.90


def test_honest_messages_are_not_held() -> None:
    assert share([*NORMAL, *NORMAL_UNSEEN], holds) <= 0.02
    assert share(NORMAL_UNSEEN, holds) <= 0.02


def test_every_foreign_link_is_held() -> None:
    links = [one for one in (*SEEN, *UNSEEN) if one.kind == "link"]
    assert all(Danger.LINK in dangers_of(one.text) for one in links)


def test_keywords_alone_would_not_do() -> None:
    """The figures tell a guard that understands from one that looks for words."""
    assert share(SEEN, by_keywords) < 0.98
    assert share([*NORMAL, *NORMAL_UNSEEN], by_keywords) > 0.02


def test_a_guard_that_hears_no_negation_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_marks, "_goes_on", lambda *_: False)
    assert share(NORMAL, holds) > 0.02


@pytest.mark.parametrize(
    "text",
    [
        "https://vneid.gov.vn/huong-dan",
        "Bác vào dichvucong.gov.vn nhé",
        "https://play.google.com/store/apps/details?id=com.vnid",
        "https://bot.xahoaxuan.vn/c/22291",
        "Xong rồi.Bác bấm Tiếp tục nhé",
        "xong.co bam tiep tuc nhe",
        "ok.bac lam dung roi",
        "VNeID bản 2.1.6 ạ",
        "Trực từ 7.30 đến 11.00",
    ],
)
def test_our_own_and_official_addresses_are_none(text: str) -> None:
    assert guarding("https://bot.xahoaxuan.vn")(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://vneid.gov.vn.evil.com/login",
        "https://vneid.gov.vn@evil.com",
        "http://evil.com/vneid.gov.vn",
        "https://vneid-gov.vn",
        "vneid.gov.vn.co",
        "vneíd.com",
        "https://vneid.gоv.vn",
        "hxxps://vneid-ho-tro.top",
        "bit.ly/abc",
        "zalo.me/0123",
        "t.me/hotro",
        "vneid-hotro . com",
        "vneid-hotro[.]com",
        "vneid-hotro chấm com",
        "vneid。com",
        "vneid\u200b-hotro.com",
        "www.hotro-vneid.info",
        "ｈｔｔｐｓ://vneid-ho-tro.com",
        "103.12.45.6/vneid",
        "https://103.12.45.6",
        "https://play.google.com/store/apps/details?id=com.teamviewer",
        "https://bot.xahoaxuan.vn.evil.top",
        "https:\\\\evil.com",
        "dichvucong.gov.vn:8443@evil.com/x",
    ],
)
def test_what_only_looks_official_is_a_foreign_link(text: str) -> None:
    assert Danger.LINK in guarding("https://bot.xahoaxuan.vn")(f"Bác mở {text} giúp cháu")


@pytest.mark.parametrize(
    ("before", "text", "danger"),
    [
        ("Bác nhận được mã OTP chưa ạ?", "Gửi cháu nhé", Danger.CODE),
        ("Bác đọc cho cháu", "mã OTP với ạ", Danger.CODE),
        ("gui cho chau mat", "khau vneid", Danger.PASSWORD),
        ("Bác chụp hai mặt căn cước nhé", "rồi gửi qua đây cho cháu", Danger.DOCUMENT),
        ("Bác có Zalo không ạ", "cháu kết bạn nhé", Danger.OTHER_CHANNEL),
        ("bác vào vneid-hotro", ".com nhé", Danger.LINK),
    ],
)
def test_a_question_in_two_messages_is_found_in_the_second(before: str, text: str, danger: Danger) -> None:
    assert danger in dangers_of(text, before)
    assert danger not in dangers_of("Bác làm đúng rồi ạ", before)


@pytest.mark.parametrize(
    "text",
    [
        "Bác gửi cháu mã 0TP nhé",
        "bac doc m4t kh4u cho chau",
        "Bác đọc mã\u200b O\u200bT\u200bP cho cháu",
        "Ｂác gửi mã ＯＴＰ cho cháu",
        "Bác gửi cháu mã ОТР nhé",
        "Bác đọc mã o-t-p cho cháu",
        "gửi.cháu.mã.otp",
        "GỬI MÃ OTP CHO CHÁU NGAY",
        "Bac gui cho chau m.a.t k.h.a.u",
        "guichochaumaotp",
        "bacs guiwr max otp cho chaus",
    ],
)
def test_disguises_come_off(text: str) -> None:
    assert holds(text)


def test_nothing_longer_than_a_message_is_read_and_hostile_text_is_read_quickly() -> None:
    for text in ("a " * 4000, "đừng " * 2000, "." * 8000, "a." * 4000, "gửi cháu " * 1000, "1.1." * 2000):
        dangers_of(text)
    assert dangers_of("x" * 5000 + " gửi cháu mã OTP") == ()


def test_each_danger_is_explained_with_a_safe_way_to_say_it() -> None:
    for danger in Danger:
        said = sentence((danger,))
        assert said
        if danger is not Danger.NEW:
            safe = said.split("«", 1)[1].rsplit("»", 1)[0]
            assert not holds(safe), safe


def test_no_phrase_means_two_things() -> None:
    phrases = [
        " ".join(phrase.split()) for phrases in guard_words._PHRASES.values() for phrase in phrases.split("|")
    ]
    assert len(phrases) == len(set(phrases)) == len(guard_words.LEXICON)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("Please tell me your password", Danger.PASSWORD),
        ("tell me the six digits you just got", Danger.CODE),
        ("What's the OTP?", Danger.CODE),
        ("give me your phone number", Danger.OTHER_CHANNEL),
        ("send a photo of your ID card", Danger.DOCUMENT),
        ("I need your citizen ID number", Danger.ID_NUMBER),
        ("pay 50 usd into my account first", Danger.MONEY),
        ("add me on WhatsApp", Danger.OTHER_CHANNEL),
    ],
)
def test_requests_in_english_are_found(text: str, danger: Danger) -> None:
    assert danger in dangers_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Never send your OTP to anybody, not even me.",
        "Type the code into the box in VNeID and press Continue",
        "What does the screen show now?",
        "Which button do you see?",
        "If you forgot your password, press Forgot password",
        "Please bring your ID card to the police office of your commune",
        "It is free, you do not pay anybody.",
        "Call 1900 0368 if you need the hotline",
        "Hello, I am Lan, a volunteer. How can I help you?",
        "Please install VNeID from the App Store",
        "Tell me what the error message says",
    ],
)
def test_honest_english_is_not_held(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize("text", ["ʙáᴄ ɢửɪ ᴍã ᴏᴛᴘ ᴄʜᴏ ᴄʜáᴜ", "b4c gu1 m4 0tp ch0 ch4u"])
def test_more_disguises_come_off(text: str) -> None:
    assert holds(text)


def test_words_before_cannot_push_the_question_out_of_reach() -> None:
    filler = "bác cứ bình tĩnh nhé ạ. " * 300
    assert Danger.CODE in dangers_of("mã OTP với ạ", f"{filler}Bác đọc cho cháu")
