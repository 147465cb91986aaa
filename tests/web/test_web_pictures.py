"""Pictures on the pages and for widgets: found by name, kept by browsers, whole without a script."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from web_phone import press
from web_stream import stream
from web_world import OPEN, START_SCREEN, World, drawn, world

from bot.app.ports import Shown
from bot.channels import terminal
from bot.core.flow import Variables
from bot.core.message import Choice, Reply
from bot.core.screen import Frame
from bot.pictures.gallery import Gallery

URL = "/webhooks/rest/webhook"
SENDER = "widget-0123456789"
ALT = "Màn hình đầu của VNeID, nút Kích hoạt được khoanh"
ANY_NAME = "vneid-start.kich-hoat.000000000000"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, pictures=drawn(tmp_path)) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


def shown(here: World) -> Shown:
    assert OPEN.picture is not None
    found = here.parts.pictures.shown(OPEN.picture)
    assert found is not None
    return found


async def told(phone: httpx.AsyncClient, message: str) -> list[dict[str, Any]]:
    answer = await phone.post(URL, json={"sender": SENDER, "message": message})
    said: list[dict[str, Any]] = answer.json()
    return said


async def test_a_picture_is_kept_for_ever(here: World, phone: httpx.AsyncClient) -> None:
    answer = await phone.get(shown(here).path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert Image.open(BytesIO(answer.content)).size == (720, 2 * shown(here).height)
    again = await phone.get(shown(here).path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await phone.get(shown(here).path, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/x.png",
        "/pictures/mat-roi.nut.000000000000.png",
        "/pictures/..%2F..%2Fbot.db.png",
        "/pictures/",
    ],
)
async def test_a_name_that_never_was(phone: httpx.AsyncClient, path: str) -> None:
    assert (await phone.get(path)).status_code == 404


async def test_a_page_from_before_a_change_still_gets_its_picture(
    here: World, phone: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await phone.get(f"/pictures/{ANY_NAME}.png")
    assert (answer.status_code, answer.headers["location"]) == (302, shown(here).path)
    assert "immutable" not in answer.headers["cache-control"]
    changed = replace(START_SCREEN, frame=Frame.IPHONE)
    old = await phone.get(shown(here).path)
    async with world(
        tmp_path / "new", pictures=Gallery({changed.id: changed}, tmp_path, tmp_path / "pictures")
    ) as new:
        assert shown(new).path != shown(here).path
        assert (await new.browser().get(shown(here).path)).content == old.content


async def test_the_chat_shows_it_without_a_script_and_after_a_reload(
    here: World, phone: httpx.AsyncClient
) -> None:
    await press(phone, "!begin.kich-hoat")
    page = (await phone.get("/")).text
    token = re.findall(r'name="nut" value="([^"]*)"', page)[0]
    await press(phone, token)
    place = shown(here)
    wanted = (
        f'<a class="picture" href="{place.path}"><img src="{place.path}" width="360" height="{place.height}" '
        f'alt="{ALT}" loading="lazy" decoding="async"></a>'
    )
    for _ in range(2):
        assert wanted in (await phone.get("/")).text
    answer = await phone.post("/", data={"tin": "nhắc lại"}, headers={"Accept": "application/json"})
    *_, line = [line for line in answer.json()["lines"] if line["picture"]]
    assert line["picture"] == {"path": place.path, "width": 360, "height": place.height, "alt": ALT}


async def test_what_cannot_be_drawn_any_more_is_left_out(tmp_path: Path) -> None:
    async with world(tmp_path, pictures=Gallery({}, tmp_path, tmp_path)) as here:
        page = await here.browser().get("/guide/kich-hoat")
        assert "Mở màn hình kích hoạt" in page.text
        assert "<img" not in page.text.partition("<main")[2]
        await told(here.browser(), "!begin.kich-hoat")
        assert all("image" not in message for message in await told(here.browser(), "1"))


async def test_the_whole_guide_shows_it(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/guide/kich-hoat")).text
    assert page.count('<a class="picture"') == 1
    assert f'alt="{ALT}" loading="lazy"' in page
    # what is unfolded to be printed must not wait for somebody to scroll
    assert f'alt="{ALT}" loading="eager"' in (await phone.get("/guide/kich-hoat?het=1")).text


async def test_a_widget_gets_the_full_address_after_the_text(here: World) -> None:
    widget = here.browser(headers={"Accept": "*/*", "Sec-Fetch-Site": "cross-site"})
    await told(widget, "!begin.kich-hoat")
    text, image = await told(widget, "1")
    assert "Bước 1/" in text["text"]
    assert text["buttons"]
    assert image == {"recipient_id": SENDER, "image": f"https://vneid.example.vn{shown(here).path}"}
    async with stream(here.app, f"/chat/stream?sender={SENDER}") as ear:
        heard = [await ear.event() for _ in range(3)]
    assert [json.loads(one["data"]) for one in heard[1:]] == [text, image]
    assert ["id" in one for one in heard] == [True, False, True]


async def test_without_an_address_of_ours_a_widget_gets_words_only(tmp_path: Path) -> None:
    async with world(tmp_path, pictures=drawn(tmp_path), web_address="") as here:
        widget = here.browser()
        await told(widget, "!begin.kich-hoat")
        assert ["image" in message for message in await told(widget, "1")] == [False]


def test_the_terminal_says_what_is_on_it() -> None:
    said = terminal.shown(Reply(OPEN.text(Variables()), (Choice("Đã bấm", "x"),), picture=OPEN.picture))
    assert said.index("Kích hoạt»") < said.index(f"[Hình: {ALT}]") < said.index("1. Đã bấm")
