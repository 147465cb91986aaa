"""Switching notices on and off, enrolling a Telegram account, and what a phone needs to install the desk."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from desk_world import Desk, desk_world, press
from PIL import Image
from push_service import PushService

from bot.app.accounts import Role
from bot.app.doorbell import Enrolment, Group
from bot.app.notices import Notices
from bot.store.doorbells import SqlDoorbells
from bot.store.notices import SqlDevices
from bot.web.assets import ASSETS
from bot.web.pages import build_app

PAGE = "/desk/thong-bao"
GROUP = -1_001_234


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_world(tmp_path) as built:
        yield built


async def fields(desk: Desk, folder: Path, name: str = "lan") -> dict[str, str]:
    assert desk.staff.notices is not None
    browser = PushService(folder, desk.here.clock).subscribe(name, await desk.staff.notices.key())
    told = browser.subscription
    return {"endpoint": told.endpoint, "p256dh": told.p256dh, "auth": told.auth}


async def test_a_device_is_switched_on_and_off(desk: Desk, tmp_path: Path) -> None:
    lan = await desk.signed_in()
    page = (await lan.get(PAGE)).text
    assert desk.staff.notices is not None
    assert f'data-key="{await desk.staff.notices.key()}"' in page
    told = await fields(desk, tmp_path)
    assert (await press(lan, f"{PAGE}/bat", **told)).status_code == 204
    assert "Bạn đang bật trên 1 máy" in (await lan.get(PAGE)).text
    assert (await press(lan, f"{PAGE}/tat", endpoint=told["endpoint"])).status_code == 204
    assert "Bạn đang bật trên" not in (await lan.get(PAGE)).text


async def test_only_known_services_and_real_keys(desk: Desk, tmp_path: Path) -> None:
    lan = await desk.signed_in()
    told = await fields(desk, tmp_path)
    for wrong in ({"endpoint": "https://example.com/x"}, {"p256dh": "abc"}, {"auth": ""}):
        assert (await press(lan, f"{PAGE}/bat", **{**told, **wrong})).status_code == 422


async def test_who_may(desk: Desk) -> None:
    stranger = desk.here.browser()
    assert (await stranger.get(PAGE)).status_code == 303
    lan = await desk.signed_in()
    for path in ("bat", "tat", "thu", "ghi-danh", "bo-ghi-danh"):
        assert (await stranger.post(f"{PAGE}/{path}", data={"endpoint": "x"})).status_code == 401
        assert (await lan.post(f"{PAGE}/{path}", data={"endpoint": "x"})).status_code == 403


async def test_an_account_on_telegram_is_enrolled_by_a_link(desk: Desk) -> None:
    lan = await desk.signed_in()
    assert "ghi-danh" not in (await lan.get(PAGE)).text, "there is no bell"
    assert (await press(lan, f"{PAGE}/ghi-danh")).status_code == 404
    doorbells = SqlDoorbells(desk.store.backing)
    enrolment = Enrolment(doorbells, desk.here.clock, lambda _: "a" * 32)
    parts = replace(desk.here.parts, staff=replace(desk.staff, enrolment=enrolment))
    desk = replace(desk, here=replace(desk.here, parts=parts, app=build_app(parts)))
    lan = await desk.signed_in()
    page = (await press(lan, f"{PAGE}/ghi-danh")).text
    assert "?start=ghidanh_" + "a" * 32 in page
    enrolled = await doorbells.enrol("a" * 32, "777", desk.here.clock())
    assert enrolled is not None
    assert "đã ghi danh" in (await lan.get(PAGE)).text
    assert (await press(lan, f"{PAGE}/bo-ghi-danh")).status_code == 303
    assert await doorbells.presser("777") is None


async def test_an_organiser_reads_that_the_bell_was_lost(desk: Desk) -> None:
    group = Group(desk.store, GROUP, desk.here.clock)
    await group.lost()
    push = desk.staff.notices
    assert push is not None
    notices = Notices(SqlDevices(desk.store.backing), push._push, group, desk.here.clock)
    parts = replace(desk.here.parts, staff=replace(desk.staff, notices=notices))
    desk = replace(desk, here=replace(desk.here, parts=parts, app=build_app(parts)))
    lost = "Chuông báo trong nhóm Telegram đã tắt"
    assert lost in (await (await desk.signed_in(Role.ORGANISER)).get(PAGE)).text
    assert lost not in (await (await desk.signed_in()).get(PAGE)).text


async def test_the_worker_looks_after_the_desk_alone_and_keeps_nothing(desk: Desk) -> None:
    answer = await desk.here.browser().get("/desk/sw.js")
    assert answer.headers["service-worker-allowed"] == "/desk"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    for kept in ("caches", "indexedDB", "localStorage"):
        assert kept not in answer.text


async def test_it_can_be_installed(desk: Desk) -> None:
    anybody = desk.here.browser()
    answer = await anybody.get("/desk/app.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = json.loads(answer.text)
    assert (told["name"], told["start_url"], told["display"]) == ("Bàn trực VNeID", "/desk", "standalone")
    for one in told["icons"]:
        drawn = await anybody.get(one["src"])
        picture = Image.open(BytesIO(drawn.content))
        assert f"{picture.width}x{picture.height}" == one["sizes"]
        assert len(drawn.content) < 10_000
        corner = picture.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert (corner[3] == 255) is (one.get("purpose") == "maskable"), "filled to the edge, or round"
    assert (await anybody.get("/desk/icon-193.png")).status_code == 404


async def test_only_the_desk_may_have_a_worker(desk: Desk) -> None:
    def policy(answer: httpx.Response) -> list[str]:
        return answer.headers.get_list("content-security-policy")

    lan = await desk.signed_in()
    for path in ("/desk", PAGE, "/desk/sw.js"):
        [told] = policy(await lan.get(path))
        assert "worker-src 'self'" in told
        assert "manifest-src 'self'" in told
    for path in ("/", "/guide", "/deskx"):
        [told] = policy(await lan.get(path))
        assert "manifest-src" not in told


def test_the_scripts_are_small() -> None:
    assert len(ASSETS["push.js"].packed) + len(ASSETS["sw.js"].packed) < 6_000
