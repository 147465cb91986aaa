"""One guide, four doors: whoever walks it, however they answer, reads the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.core.book import Book
from bot.wiring import gallery_of
from tests.channels.contract.gates import GATES
from tests.channels.contract.house import WEB, Gate, House, house
from tests.channels.contract.walks import (
    Manner,
    Move,
    Said,
    in_haste,
    pictured,
    played,
    seen,
    walked,
    well_formed,
)

MAIN = (
    *("Bắt đầu", "bác", "Có, trong 7 ngày nay", "Có VNeID rồi", "Đã bấm", "Đã bấm gửi"),
    *("Gõ mã xong, qua được", "Đặt xong mật khẩu", "Đặt xong passcode", "Trả lời xong"),
    "Vào được, máy của tôi",
)
STUCK = (
    *("Bắt đầu", "cô", "Có, đã quá 7 ngày", "Gọi mãi không được", "Gọi được, làm tiếp", "Chưa cài"),
    *("Tôi không biết máy gì", "Không có quả táo", "Mở được rồi", "Thấy VNeID rồi", "Đúng dòng đó"),
    *("Đã thấy nút «Mở»", "Mở được rồi", "Bấm rồi, vào được rồi", "Có VNeID rồi", "Đã bấm"),
    *("Mất SIM hoặc không nhớ số", "Tìm ra số, SIM còn dùng", "Đã bấm gửi", "Gõ mã xong, qua được"),
    *("Không thấy chỗ đặt mật khẩu", "Đặt xong passcode", "Trả lời xong", "Vào được, máy đi mượn"),
    "Không thấy mục này",
)
ASKED: tuple[Move, ...] = (
    *("Bắt đầu", "bác", "Không biết máy gì", "Xem xong rồi", "Máy iPhone", Said("dạ không nhớ")),
    *(Said("năm"), "Chưa được"),
)

UPLOADING = "zalo-oa-uploading"
"""Where the platform cannot fetch our pictures, they are uploaded."""

DOORS: Mapping[str, tuple[Gate, str]] = {
    **{name: (gate, WEB) for name, gate in GATES.items()},
    UPLOADING: (GATES["zalo-oa"], "http://localhost:8080"),
}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_the_whole_guide_by_button_by_number_and_by_words(
    door: str, real: Book, sqlite_url: str
) -> None:
    gate, web = DOORS[door]
    async with house(gate, sqlite_url, real, gallery_of(real), web=web) as at:
        walks = [(way, manner) for way in (MAIN, STUCK) for manner in Manner]
        await asyncio.gather(*(_walk_alike(at, real, way, manner) for way, manner in walks))
        assert at.faults == []


async def test_a_guide_that_asks_in_words(gate: Gate, small: Book, sqlite_url: str) -> None:
    async with house(gate, sqlite_url, small) as at:
        await asyncio.gather(*(_walk_alike(at, small, ASKED, manner) for manner in Manner))
        assert at.faults == []


async def test_another_way_would_be_seen(small: Book, sqlite_url: str) -> None:
    async with house(GATES["zalo-bot-polling"], sqlite_url, small) as at:
        with pytest.raises(AssertionError, match="turn 3"):
            await _walk_alike(at, small, (*ASKED[:2], "Máy Android"), Manner.PRESS, expected=ASKED[:3])


async def test_marks_that_a_door_leaves_would_be_seen(
    real: Book, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot.messages.without_bold", lambda text: text)
    async with house(GATES["zalo-bot-polling"], sqlite_url, real) as at:
        with pytest.raises(AssertionError, match="turn 0"):
            await _walk_alike(at, real, MAIN[:3], Manner.PRESS)


def test_haste_is_not_the_label_itself() -> None:
    assert in_haste("Có, trong 7 ngày nay") == "co trongg 7 ngay nay"


async def _walk_alike(
    at: House, book: Book, way: Sequence[Move], manner: Manner, expected: Sequence[Move] | None = None
) -> None:
    told, replies = played(book, expected or way)
    person = at.person(f"{manner.name} {len(way)}")
    turns = await walked(at, person, way, manner)
    alts = frozenset(reply.picture.alt for reply in replies if reply.picture)
    for number, (turn, messages) in enumerate(zip(told, turns, strict=True)):
        assert seen(messages, alts) == (turn.words, turn.choices), f"{manner.name}, turn {number}"
    well_formed(at, person, replies)
    if book.screens:
        assert pictured(person) == sum(turn.pictures for turn in told)
