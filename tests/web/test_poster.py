"""What the code on a poster opens: the chat right there, the other doors; a made-up code opens nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from web_phone import BEGIN, buttons, hidden, press, quick, said
from web_world import START, World, world

from bot.app.platform import Door
from bot.core.calendar import MobileSession, Place
from bot.core.desk import Desk
from bot.core.message import Address
from bot.core.session import State
from bot.web.poster import NO_COMMUNE, entries

HOA_XUAN, DA_NANG = "22291", "20314"
PAGE = f"/c/{HOA_XUAN}"
WRONG = [
    *(
        "99999",
        "2229",
        "222911",
        "22a91",
        "２２２９１",
        "22291 ",
        "-2229",
        "0x123",
        "%00",
        "22291%0d%0a",
    ),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{70*7}}", "<i>22291", "x" * 3000),
]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def state_of(here: World, phone: httpx.AsyncClient) -> State:
    state = await here.store.state(Address("web", phone.cookies["vneid_chat"]))
    assert state is not None
    return state


async def test_the_page_says_where_who_and_what_and_shows_every_way(phone: httpx.AsyncClient) -> None:
    page = (await phone.get(PAGE)).text
    assert re.search(r"<h1>Xã Hòa Xuân<span[^>]*>, tỉnh Đắk Lắk</span></h1>", page)
    assert "do Tổ công nghệ số xã Tân Phú mở" in page
    assert "không bao giờ hỏi mã, mật khẩu hay tiền" in page
    assert "chương trình trả lời tự động" in said(page)[0]
    assert [label for _, label in buttons(page)][1].endswith("Chỉ xem hướng dẫn")
    assert 'href="https://zalo.me/123"' in page
    assert ">XA 22291</strong>" in page
    assert 'href="https://t.me/bot?start=c_22291"' in page
    assert 'href="tel:19000368"' in page
    assert 'href="/guide"' in page


async def test_looking_sets_no_cookie_and_keeps_nothing(here: World, phone: httpx.AsyncClient) -> None:
    answer = await phone.get(PAGE)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert here.inbox.messages == 0


async def test_the_chat_there_begins_with_the_commune(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.get(PAGE)).text
    token, _ = buttons(page)[0]
    assert token == f"{BEGIN}.vi.{HOA_XUAN}-0"
    await phone.post("/", data={"nut": token, "ma_tin": hidden(page, "ma_tin"), "moi": hidden(page, "moi")})
    assert (await state_of(here, phone)).contact.commune == HOA_XUAN
    assert "xã Hòa Xuân, tỉnh Đắk Lắk" in (await phone.get("/")).text


async def test_a_typed_number_begins_with_it_too(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.get(PAGE)).text
    form = {name: hidden(page, name) for name in ("ma_tin", "moi", "xa")}
    read = (await phone.post("/", data={**form, "tin": "2"})).text
    assert hidden(read, "xa") == HOA_XUAN
    assert f'href="{PAGE}?lang=en"' in read
    await phone.get(PAGE)  # the welcome is before them again, and "1" means what it says there
    await phone.post("/", data={**form, "ma_tin": "khac", "tin": "1"})
    assert (await state_of(here, phone)).contact.commune == HOA_XUAN


async def test_another_language_keeps_the_page(phone: httpx.AsyncClient) -> None:
    english = (await phone.get(f"{PAGE}?lang=en")).text
    assert "Other ways to ask" in english
    assert "Open Zalo and send:" in english
    assert f'href="{PAGE}?lang=vi"' in english
    answer = await quick(phone, nut=f"!speak.kich-hoat.en.{HOA_XUAN}", xa=HOA_XUAN)
    assert answer.json()["go"] == f"{PAGE}?lang=en&viec=kich-hoat"


@pytest.mark.parametrize("code", WRONG)
async def test_a_wrong_code_gets_kind_words_and_nothing_else(phone: httpx.AsyncClient, code: str) -> None:
    answer = await phone.get(f"/c/{quote(code, safe='%.')}")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<script|<img src=x|<i>|>490<", answer.text)


async def test_an_unknown_commune_is_told_apart_from_a_page_that_is_not_there(
    phone: httpx.AsyncClient,
) -> None:
    page = (await phone.get("/c/99999")).text
    assert NO_COMMUNE.title in page
    assert "99999" not in page.replace("/c/99999?lang=en", "")
    as_json = await phone.get("/c/99999", headers={"Accept": "application/json"})
    assert (as_json.status_code, as_json.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("code", ["99999", "22a91", "<i>", "x" * 500])
async def test_a_tampered_form_or_button_gives_no_commune(
    here: World, phone: httpx.AsyncClient, code: str
) -> None:
    await press(phone, BEGIN, xa=code)
    assert (await state_of(here, phone)).contact.commune == ""
    page = (await here.browser().post("/", data={"nut": f"!begin..vi.{code}", "xa": code})).text
    assert code not in page


async def test_a_newer_poster_counts_with_the_next_message_and_not_by_looking(
    here: World, phone: httpx.AsyncClient
) -> None:
    await press(phone, f"{BEGIN}.vi.{HOA_XUAN}-0")
    page = (await phone.get(f"/c/{DA_NANG}")).text
    assert "<h1>Phường Hòa Xuân" in page
    assert (await state_of(here, phone)).contact.commune == HOA_XUAN
    await quick(phone, tin="bác", xa=hidden(page, "xa"))
    assert (await state_of(here, phone)).contact.commune == DA_NANG


async def test_what_is_said_on_the_page_of_a_poster_is_not_taken_back_by_it(
    here: World, phone: httpx.AsyncClient
) -> None:
    await press(phone, f"{BEGIN}.vi.{HOA_XUAN}-0")
    await quick(phone, tin="bác", xa=HOA_XUAN)
    await quick(phone, tin="phường hòa xuân đà nẵng", xa=HOA_XUAN)
    await quick(phone, tin="menu", xa=HOA_XUAN)
    assert (await state_of(here, phone)).contact.commune == DA_NANG


async def test_ones_own_data_names_the_place(phone: httpx.AsyncClient) -> None:
    await press(phone, f"{BEGIN}.vi.{HOA_XUAN}-0")
    assert "<dd>Xã Hòa Xuân, tỉnh Đắk Lắk</dd>" in (await phone.get("/du-lieu")).text


async def test_the_first_load_fits_a_slow_line(phone: httpx.AsyncClient) -> None:
    page = await phone.get(PAGE)
    names = set(re.findall(r'(?:href|src)="(/static/[^"]*)"', page.text))
    sizes = [int((await phone.get(name)).headers["content-length"]) for name in names]
    print("first load, bytes:", int(page.headers["content-length"]) + sum(sizes))
    assert int(page.headers["content-length"]) + sum(sizes) < 20_000


async def test_without_other_doors_there_are_still_the_telephone_and_the_guides(tmp_path: Path) -> None:
    async with world(tmp_path, doors=lambda _: ()) as here:
        page = (await here.browser().get(PAGE)).text
    assert "Zalo" not in page
    assert 'href="tel:19000368"' in page
    assert "điện thoại, bài đọc" in page


def test_only_secure_links_are_doors_and_each_name_stands_once() -> None:
    doors = [
        Door("telegram", "javascript:alert(1)"),
        Door("telegram", "http://t.me/x"),
        Door("zalo_bot", "https://zalo.me/1", "XA 22291"),
        Door("zalo_oa", "https://zalo.me/2"),
        Door("matrix", "https://example.vn/"),
    ]
    assert [(entry.name, entry.link) for entry in entries(doors)] == [
        ("Zalo", "https://zalo.me/1"),
        ("matrix", "https://example.vn/"),
    ]


@pytest.mark.parametrize(("commune", "taken"), [(HOA_XUAN, HOA_XUAN), ("99999", ""), ("", ""), (None, "")])
async def test_a_widget_may_say_where_it_stands(here: World, commune: str | None, taken: str) -> None:
    widget = here.browser(headers={"Accept": "*/*", "Sec-Fetch-Site": "cross-site"})
    message = {"sender": "widget-0123456789", "message": BEGIN, "metadata": {"commune": commune}}
    answer = await widget.post("/webhooks/rest/webhook", json=message)
    assert answer.status_code == 200
    state = await here.store.state(Address("web", "widget-0123456789"))
    assert state is not None
    assert state.contact.commune == taken


async def test_a_widgets_commune_is_text(here: World) -> None:
    message = {"sender": "widget-0123456789", "message": "chào", "metadata": {"commune": {"a": 1}}}
    assert (await here.browser().post("/webhooks/rest/webhook", json=message)).status_code == 422


# ---- posters with a number, and the mobile team


async def test_a_number_stays_in_the_address_and_in_the_doors(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.get(f"{PAGE}-3")).text
    assert ">XA 22291-3</strong>" in page
    assert 'href="https://t.me/bot?start=c_22291-3"' in page
    token, _ = buttons(page)[0]
    assert token == f"{BEGIN}.vi.{HOA_XUAN}-3"
    form = {name: hidden(page, name) for name in ("ma_tin", "moi", "xa")}
    assert form["xa"] == "22291-3"
    await phone.post("/", data={**form, "nut": token})
    contact = (await state_of(here, phone)).contact
    assert (contact.commune, contact.poster) == (HOA_XUAN, HOA_XUAN), "nobody made a poster of this number"
    assert "Áp phích đã quét" in (await phone.get("/du-lieu")).text


@pytest.mark.parametrize("code", ["22291-03", "22291-1000", "22291-x", "99999-1"])
async def test_a_number_that_no_poster_has_the_form_of(phone: httpx.AsyncClient, code: str) -> None:
    assert (await phone.get(f"/c/{code}")).status_code == 404


async def test_the_next_three_sessions_are_shown_and_those_that_are_over_are_not(tmp_path: Path) -> None:
    at = START + 86400
    coming = [
        MobileSession(HOA_XUAN, f"chợ {day}", Place.MARKET, at + day * 86400, at + day * 86400 + 3600)
        for day in range(4)
    ]
    off = MobileSession(HOA_XUAN, "đình làng", Place.OTHER, at, at + 3600, called_off=True)
    desk = Desk(sessions={"66": (*coming, off)})
    async with world(tmp_path, desk=lambda: desk) as here:
        browser = here.browser()
        page = (await browser.get(PAGE)).text
        assert [f"chợ {day}" in page for day in range(4)] == [True, True, True, False]
        assert "Đã hủy, bác đừng đi:" in page
        assert "gọi Công an xã hỏi lại trước khi đi" in page
        english = (await browser.get(f"{PAGE}?lang=en")).text
        assert "When the mobile team comes" in english
        here.clock.forward(at + 3600 - here.clock())
        page = (await browser.get(PAGE)).text
        assert [f"chợ {day}" in page for day in range(4)] == [False, True, True, True]
        assert "đình làng" not in page


async def test_without_sessions_the_page_does_not_speak_of_them(phone: httpx.AsyncClient) -> None:
    assert "lưu động" not in (await phone.get(PAGE)).text
