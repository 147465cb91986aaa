"""A message that names a commune and says nothing else is heard; everything else is left alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.places import read_communes
from bot.core.places import Commune
from bot.language.normalise import plain
from bot.language.places import Gazetteer
from bot.language.sieve import sift

COMMUNES = read_communes()
PLACES = Gazetteer(COMMUNES)
PHRASES = Path(__file__).parents[2] / "faq" / "phrases"

BY_CODE = [
    *("xa 22291", "XA22291", "xã 22291", "Xã: 22291", "XA-22291", "«XA 22291»", "mã xã 22291", "ma xa 22291"),
    *("phuong 22291", "đặc khu 22291", "p 22291", "Dạ em ở xã 22291 ạ", "ward 22291", "commune code 22291"),
    *("xa so 22291", "XÃ 22291.", "xa\t22291", "xa ２２２９１"),
]

BY_NAME = [
    ("xã Hòa Xuân", "22291"),
    ("Xã Hoà Xuân", "22291"),
    ("xa hoa xuan", "22291"),
    ("xax hoaf xuaan", "22291"),
    ("em ở xã hòa xuân nhé", "22291"),
    ("phường hòa xuân", "20314"),
    ("phuong hoa xuan, da nang", "20314"),
    ("Hòa Xuân, Đà Nẵng", "20314"),
    ("hoa xuan quang nam", "20314"),
    ("ward Hoa Xuan", "20314"),
    ("xã Hòa Xuân, tỉnh Phú Yên", "22291"),
    ("xã M'Drắk", "24412"),
    ("xa mdrak", "24412"),
    ("xã Sơn Hạ, Quảng Ngãi", "21292"),
    ("xã Sơn Hà, Quảng Ngãi", "21289"),
]

NOT_A_PLACE = [
    *("xã", "xã hội", "phường nào", "xa binh", "xã không có thật", "Hòa Xuân", "tôi ở Đà Nẵng", "Đà Nẵng"),
    *("công an xã Hòa Xuân ở đâu", "ra xã Hòa Xuân làm căn cước được không", "xã 1234", "xã 222911", "22291"),
    *("", " ", "!!!", "x", "p", "phường " * 40, "tôi là Phương Mai", "xa 22291 và 20314", "bac o xa lam"),
]


BY_POSTER = [
    *(
        "XA 22291-3",
        "xa22291-3",
        "XÃ 22291 - 3",
        "xã số 22291-3 ạ",
        "22291-3",
        " 22291–3 ",
        "«22291-3»",
        "22291-3.",
    ),
    *("mã xã 22291-3", "xa 22291 số 3", "phường 22291-3", "commune 22291-3"),
]


@pytest.mark.parametrize("text", BY_POSTER)
def test_a_posters_code_is_heard_however_it_is_written(text: str) -> None:
    """After the sieve, too: it must not be taken for a code that nobody may send."""
    sifted = sift(text)
    assert sifted.found == ()
    named = PLACES.named(sifted.text)
    assert named is not None
    assert (codes(text), named.sure, named.poster) == (["22291"], True, "22291-3")


@pytest.mark.parametrize(
    ("text", "poster"),
    [("XA 22291", "22291"), ("xa 22291-12", "22291-12"), ("xa 99999-3", ""), ("xã Hòa Xuân", "")],
)
def test_the_poster_is_what_was_typed(text: str, poster: str) -> None:
    named = PLACES.named(text)
    assert named is not None
    assert named.poster == poster


@pytest.mark.parametrize(
    "text",
    [
        "22291-3 là mã gì",
        "22291",
        "22291 3 con gà",
        "2229-13",
        "222913",
        "22291-0",
        "22291-1000",
        "tôi nợ 22291-3 đồng",
    ],
)
def test_other_numbers_are_no_poster(text: str) -> None:
    assert PLACES.named(text) is None


def codes(text: str) -> list[str]:
    named = PLACES.named(text)
    return [commune.code for commune in named.communes] if named else []


@pytest.mark.parametrize("text", BY_CODE)
def test_a_code_is_heard_however_it_is_written(text: str) -> None:
    named = PLACES.named(text)
    assert named is not None
    assert named.sure
    assert codes(text) == ["22291"]


def test_a_code_that_does_not_exist_is_heard_as_one() -> None:
    named = PLACES.named("xa 99999")
    assert named is not None
    assert (named.communes, named.sure) == ((), False)


@pytest.mark.parametrize(("text", "code"), BY_NAME)
def test_a_name_is_heard_with_and_without_diacritics(text: str, code: str) -> None:
    named = PLACES.named(text)
    assert named is not None, text
    assert named.sure, named
    assert codes(text) == [code]


@pytest.mark.parametrize("text", NOT_A_PLACE)
def test_anything_else_is_left_alone(text: str) -> None:
    assert PLACES.named(text) is None


def test_what_may_be_several_is_not_sure() -> None:
    for text, many in (("xã Tân Phú", 5), ("xa son ha quang ngai", 2), ("xa tan thanh", 13)):
        named = PLACES.named(text)
        assert named is not None
        assert not named.sure
        assert len(named.communes) == many, text


def test_the_name_that_was_said_and_a_province_lead_to_one() -> None:
    named = PLACES.named("em ở xã Tân Thạnh ạ")
    assert named is not None
    assert named.name == "xã tân thạnh"
    assert codes(f"{named.name}, Cần Thơ") == ["31666"]


@pytest.mark.parametrize("text", ["xã Hòa Xuân, Nghệ An", "xã Hòa Xuân, huyện Đông Hòa, tỉnh Phú Yên"])
def test_what_was_said_besides_and_does_not_fit_is_asked_about(text: str) -> None:
    named = PLACES.named(text)
    assert named is not None
    assert not named.sure
    assert codes(text) == ["22291"]


def test_every_commune_is_found_by_its_own_full_name() -> None:
    for commune in COMMUNES:
        assert codes(commune.label) == [commune.code], commune
        typed = unicodedata.normalize("NFD", commune.label)
        assert codes(typed) == [commune.code], commune
        bare = commune.label.removeprefix("Xã ").removeprefix("Phường ").removeprefix("Đặc khu ")
        # "Phương Liệt" without its kind sounds like one
        assert commune.code in codes(bare) or plain(bare.lower()).startswith(("xa ", "phuong ")), bare


def test_every_commune_is_among_what_is_heard_without_diacritics() -> None:
    for commune in COMMUNES:
        assert commune.code in codes(plain(commune.label.lower())), commune


def test_the_sieve_lets_every_code_pass() -> None:
    for commune in COMMUNES:
        for form in ("XA {}", "xã {}", "xa{}", "phuong {}", "em ở xã {} ạ"):
            text = form.format(commune.code)
            assert sift(text).text == text
    assert sift(
        "22291"
    ).found  # the negative control: the same digits alone may be a code that opens something


def test_no_question_that_the_bot_was_taught_is_taken_for_a_place() -> None:
    taught = [line for path in PHRASES.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    assert len(taught) > 10_000
    assert [line for line in taught if PLACES.named(line)] == []


@given(st.text(max_size=200))
def test_whatever_is_written_is_read(text: str) -> None:
    named = PLACES.named(text)
    assert named is None or all(isinstance(commune, Commune) for commune in named.communes)
