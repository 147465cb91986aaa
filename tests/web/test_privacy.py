"""What is kept is shown whole, can be taken along, and goes away for good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from web_phone import BEGIN, begun, buttons, press, quick, said
from web_world import World, world

from bot.core.message import Address


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def test_of_a_reader_nothing_is_kept_and_it_says_so(phone: httpx.AsyncClient) -> None:
    await phone.post("/", data={"tin": "chào"})
    assert "Em không lưu gì về bác" in (await phone.get("/du-lieu")).text
    assert (await phone.get("/du-lieu.json")).json() == {"kept": None, "state": None}


async def test_everything_that_is_kept_is_on_the_page_and_in_the_file(
    here: World, phone: httpx.AsyncClient
) -> None:
    token = await begun(phone)
    for pressed in ("?1.1", "?2.1"):
        await press(phone, pressed)
    await quick(phone, tin="em ơi chữ này là của tôi", ma_tin="m1")
    kept = await here.store.kept(Address("web", token))
    assert kept is not None
    page = (await phone.get("/du-lieu")).text
    assert len(said(page)) == len(kept.lines)
    assert "em ơi chữ này là của tôi" in page
    assert "Kích hoạt tài khoản VNeID, ở chỗ «Mở màn hình kích hoạt»" in page
    answer = await phone.get("/du-lieu.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    data = answer.json()
    assert len(data["kept"]["lines"]) == len(kept.lines)
    assert data["state"]["contact"]["xung_ho"] == "bác"
    assert data["state"]["session"]["runs"][0]["flow"] == "kich-hoat"


async def test_nobody_sees_anothers_data(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    await quick(phone, tin="em ơi chữ này là của tôi", ma_tin="m1")
    stranger = here.browser()
    stranger.cookies.set("vneid_chat", "x" * 43)
    assert "của tôi" not in (await stranger.get("/du-lieu")).text
    assert (await stranger.get("/du-lieu.json")).json()["kept"] is None


async def test_erasing_asks_once_more_and_then_all_is_gone(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    answer = await phone.post("/du-lieu/xoa", data={"ma_tin": "d1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#moi-nhat")
    assert await here.store.kept(Address("web", token)) is not None
    page = (await phone.get("/")).text
    erase = next(shown for shown in buttons(page) if "Xóa hết" in shown[1])[0]
    gone = await phone.post("/", data={"nut": erase, "ma_tin": "d2"})
    assert gone.status_code == 200
    assert "Em đã xóa hết" in said(gone.text)[-1]
    assert await here.store.kept(Address("web", token)) is None
    assert buttons((await phone.get("/")).text)[0][0] == BEGIN


async def test_pressing_erase_twice_asks_once(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    await phone.post("/du-lieu/xoa", data={"ma_tin": "d1"})
    before = await here.store.kept(Address("web", token))
    await phone.post("/du-lieu/xoa", data={"ma_tin": "d1"})
    assert await here.store.kept(Address("web", token)) == before


async def test_erasing_without_a_conversation_is_harmless(phone: httpx.AsyncClient) -> None:
    answer = await phone.post("/du-lieu/xoa", data={"ma_tin": "d1"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)


async def test_the_privacy_page_names_who_answers(tmp_path: Path) -> None:
    async with world(tmp_path, data_contact="bà Trần Thị Mẫu, 028 0000 0000") as here:
        page = (await here.browser().get("/privacy")).text
    for said_there in ("bà Trần Thị Mẫu", "30 ngày", "/dulieu", "/xoa", "không phải Công an"):
        assert said_there in page
