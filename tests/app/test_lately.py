"""An album is told from five pictures, in memory only and for a minute."""

from __future__ import annotations

from bot.app.lately import MOST, ROW, Lately
from bot.core.message import Address, Kind

LAN, MINH = Address("zalo_oa", "lan"), Address("zalo_oa", "minh")


def test_pictures_of_one_sender_are_counted_in_a_row() -> None:
    lately = Lately()
    assert [lately.again(LAN, Kind.PHOTO, 100) for _ in range(3)] == [0, 1, 2]
    assert lately.again(MINH, Kind.PHOTO, 100) == 0


def test_words_another_kind_or_a_minute_end_the_row() -> None:
    lately = Lately()
    lately.again(LAN, Kind.PHOTO, 100)
    assert lately.again(LAN, Kind.TEXT, 101) == 0
    assert lately.again(LAN, Kind.PHOTO, 102) == 0
    assert lately.again(LAN, Kind.VOICE, 103) == 0
    assert lately.again(LAN, Kind.VOICE, 103 + ROW) == 0


def test_what_was_not_answered_is_not_counted() -> None:
    lately = Lately()
    lately.again(LAN, Kind.PHOTO, 100)
    lately.forget(LAN)
    assert lately.again(LAN, Kind.PHOTO, 101) == 0


def test_nobody_is_remembered_longer_and_not_everybody_at_once() -> None:
    lately = Lately()
    for number in range(MOST + 10):
        lately.again(Address("telegram", str(number)), Kind.PHOTO, 100)
    assert len(lately._rows) == MOST
    lately.again(LAN, Kind.PHOTO, 100 + ROW)
    assert [*lately._rows] == [LAN]
