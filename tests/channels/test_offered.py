"""Numbers typed by people of whom nothing is kept mean what they see."""

from __future__ import annotations

import pytest

from bot.app.ports import Raw
from bot.channels.offered import REMEMBERED, VALID, Offered
from bot.content.transcripts import Player
from bot.core.buttons import DoorButton, parse
from bot.core.message import Address, Choice, Kind, Reply
from bot.language.sieve import sift
from tests.books import ROOT, book_of

LAN, NAM = Address("zalo_bot", "lan"), Address("zalo_bot", "nam")
GUIDES = Reply(
    "Bác muốn xem hướng dẫn nào ạ?",
    (Choice("Cài VNeID vào điện thoại", "!read.cai-dat"), Choice("Đăng ký mức 1", "!read.dang-ky-muc-1")),
    (Choice("English", "!speak..en"),),
)
STEP = Reply("Bước 1/7", (Choice("Đã bấm", "cai-dat.mo-app.2f18.8.1"),))


class Clock:
    at = 1_795_000_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def offered(clock: Clock) -> Offered:
    return Offered(clock)


def typed(text: str, address: Address = LAN, kind: Kind = Kind.TEXT) -> Raw:
    return Raw(address, "m1", text, kind=kind)


@pytest.mark.parametrize("text", ["2", " 2. ", "2)", "Đăng ký mức 1", "dang ky muc 1", "ĐĂNG KÝ MỨC 1"])
def test_a_number_or_a_label_is_the_button_it_stands_for(offered: Offered, text: str) -> None:
    offered.note(LAN, GUIDES)
    assert offered.meant(typed(text)) == Raw(LAN, "m1", button="!read.dang-ky-muc-1")


def test_small_buttons_have_labels_but_no_numbers(offered: Offered) -> None:
    offered.note(LAN, GUIDES)
    assert offered.meant(typed("english")).button == "!speak..en"
    assert offered.meant(typed("3")) == typed("3")


@pytest.mark.parametrize("text", ["0", "3", "22", "-1", "2 2", "²", "٢", "9" * 5000, "hai", "", "chào", "."])
def test_anything_else_is_left_to_the_dialogue(offered: Offered, text: str) -> None:
    offered.note(LAN, GUIDES)
    assert offered.meant(typed(text)) == typed(text)


def test_a_caption_is_no_choice(offered: Offered) -> None:
    offered.note(LAN, GUIDES)
    assert offered.meant(typed("2", kind=Kind.PHOTO)) == typed("2", kind=Kind.PHOTO)


def test_each_person_sees_their_own(offered: Offered) -> None:
    offered.note(LAN, GUIDES)
    assert offered.meant(typed("2", NAM)) == typed("2", NAM)


@pytest.mark.parametrize("then", [STEP, Reply("Em đã xóa hết rồi ạ.")])
def test_only_what_was_shown_last_counts(offered: Offered, then: Reply) -> None:
    """The steps of somebody known are numbered by the dialogue, which knows better."""
    offered.note(LAN, GUIDES)
    offered.note(LAN, then)
    assert offered.meant(typed("1")) == typed("1")


def test_it_is_forgotten_after_a_day(offered: Offered, clock: Clock) -> None:
    offered.note(LAN, GUIDES)
    clock.at += VALID
    assert offered.meant(typed("1")).button
    clock.at += 1
    assert offered.meant(typed("1")) == typed("1")


def test_memory_is_bounded(offered: Offered) -> None:
    offered.note(LAN, GUIDES)
    for number in range(REMEMBERED):
        offered.note(Address("zalo_bot", str(number)), GUIDES)
    assert offered.meant(typed("1")) == typed("1")
    assert offered.meant(typed("1", Address("zalo_bot", "0"))).button


def test_whoever_only_reads_is_not_taken_to_consent(offered: Offered) -> None:
    """The real content: "2. Chỉ xem hướng dẫn", then guide 1, by numbers alone; then the harm without it."""
    book = book_of(ROOT)
    player, careless = Player(book, sift), Player(book, sift)
    player.say("xin chào")
    for text in ("2", "1"):
        offered.note(LAN, player.last[-1])
        meant = offered.meant(typed(text))
        assert isinstance(parse(meant.button), DoorButton)
        player.press(int(text))
    assert player.state is None
    assert "Cài VNeID" in player.last[0].text
    for text in ("xin chào", "2", "1"):
        careless.say(text)
    assert careless.state is not None
