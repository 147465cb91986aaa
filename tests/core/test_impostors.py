"""Names that residents read must not seem to be the police or another office."""

from __future__ import annotations

import pytest

from bot.app.accounts import Draft, Role
from bot.app.entrance import fault_of_draft
from bot.core.impostors import in_our_letters, seems_official

OFFICIAL = (
    *("Công an", "cong an xã", "CÔNG AN", "C.A. xã", "CA phường", "Côngan", "Công-an", "c ô n g a n"),
    *("Đại úy Hùng", "thuong uy A", "Trung tá Nam", "Cảnh sát khu vực", "VNeID", "VNelD", "V N e I D"),
    *("Nhân viên ngân hàng", "Bộ Công an", "Lan, Công an huyện"),
)
DISGUISED = ("Сông an", "Ｃông an", "Ⓒông an", "Công\u200b an", "Lan\u202e", "ᴄông an", "𝗖ông an", "Lan\x00")
PEOPLE = ("Lan", "Công Anh", "Thanh Trà", "An", "Đức Cảnh", "Ngân", "Hằng", "Trung", "Uyên", "Đại", "Ca Dao")


@pytest.mark.parametrize("words", OFFICIAL)
def test_offices_are_found_however_they_are_spelt(words: str) -> None:
    assert seems_official(words)


@pytest.mark.parametrize("words", DISGUISED)
def test_letters_that_only_look_like_ours_are_none(words: str) -> None:
    assert not in_our_letters(words)


@pytest.mark.parametrize("words", PEOPLE)
def test_people_may_be_called_as_they_are(words: str) -> None:
    assert in_our_letters(words)
    assert not seems_official(words)
    assert _fault(words) == ""


@pytest.mark.parametrize("words", [*OFFICIAL, *DISGUISED, "**Lan**", "[Lan](x.vn)", "Lan 0912345678", "12"])
def test_nobody_is_shown_to_residents_under_such_a_name(words: str) -> None:
    assert _fault(words)


def test_two_of_one_name_can_be_told_apart() -> None:
    assert _fault("Lan 2") == _fault("H'Linh") == _fault("Anh Thư") == ""


def test_a_list_of_words_alone_would_not_do() -> None:
    """The check that only looks for words finds few disguises, and shuts out people."""

    def by_words(words: str) -> bool:
        return "công an" in words.casefold()

    assert sum(map(by_words, (*OFFICIAL, *DISGUISED))) < len(OFFICIAL + DISGUISED) / 2
    assert by_words("Công Anh")


def _fault(shown: str) -> str:
    return fault_of_draft(Draft("lan.tp", shown, Role.VOLUNTEER))
