"""What every page of the desk has: a title, one heading, where one is, and a way on. Numbers agree."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from desk_routes import RULES
from desk_world import Desk, press
from desk_yard import Yard, yard
from web_stream import stream

from bot.app.accounts import Role
from bot.app.watching import Held
from bot.web.desk.admission import COOKIE

PAGES = sorted(
    path
    for method, path in RULES
    if method == "GET"
    and "{" not in path
    and path.rsplit("/", 1)[-1] not in {"live", "sw.js", "khoa", "app.webmanifest", "moi"}
    and not path.endswith(".json")
)
"""Pages that need nothing in their address."""

OPEN = {"/desk/vao"}
"""Where nobody is signed in yet."""


def faults(page: str, path: str) -> list[str]:
    """What a page lacks."""
    wanted = {
        "a title": re.search(r"<title>[^<·]+ · Bàn trực VNeID</title>", page) is not None,
        "one heading": page.count("<h1") == 1,
        "where one is": path in OPEN or page.count('aria-current="page"') == 1,
        "numbers that stay true": path in OPEN or "data-live=" in page,
        "nobody called bác": path in OPEN or "Bác bấm" not in page,
    }
    return [f"{path}: {what}" for what, there in wanted.items() if not there]


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.LEAD, Role.ORGANISER])
async def test_every_page_says_where_one_is(desk: Desk, role: Role) -> None:
    browser = await desk.signed_in(role)
    found: list[str] = []
    for path in PAGES:
        answer = await browser.get(path)
        if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
            found += faults(answer.text, path)
    assert found == []


def test_a_page_without_a_heading_is_found() -> None:
    page = '<title>Hàng chờ · Bàn trực VNeID</title><body data-live="/desk/live"><a aria-current="page">'
    assert faults(page, "/desk") == ["/desk: one heading"]


async def test_more_leads_to_everything(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    page = (await browser.get("/desk/them")).text
    for path in (
        "tai-khoan",
        "ca",
        "thong-bao",
        "kho",
        "cho-duyet",
        "tham-nha",
        "nhom",
        "kho/duyet",
        "nhat-ky",
    ):
        assert f'href="/desk/{path}"' in page, path


async def test_the_journal_names_tickets_by_their_number(desk: Desk) -> None:
    lan = await desk.member(shown="Lan")
    await desk.ticket("k" * 18)
    browser = await desk.signed_in(lan)
    await press(browser, f"/desk/c/{'k' * 18}/nhan")
    page = (await (await desk.signed_in(Role.ORGANISER)).get("/desk/nhat-ky")).text
    assert "<b>Lan</b> nhận phiếu 1<" in page
    assert "k" * 18 not in page


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Yard]:
    async with yard(tmp_path) as built:
        yield built


async def test_the_number_beside_the_queue_is_of_all_who_wait(here: Yard) -> None:
    """Those who are nearer to somebody else are counted in the bar, live or not."""
    near = await here.desk.member(shown="Hoa", areas=("22291",))
    far = await here.desk.member(shown="Lan", areas=("00004",))
    for account in (near, far):
        await here.on_duty(account)
    await here.waits("an", commune="22291")
    beat = await here.desk.staff.pulse.desk(far.id)
    page = (await (await here.desk.signed_in(far)).get("/desk")).text
    assert f'data-waiting="{beat.waiting}"' in page


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.LEAD])
async def test_leads_hear_of_what_was_held_wherever_they_are(here: Yard, role: Role) -> None:
    lan, lead = await here.desk.member(shown="Lan"), await here.desk.member(role)
    key = await here.waits("an")
    await here.desk.staff.handoff.claim(key, lan.helper)
    said = await here.desk.staff.watching.say(lan, key, "Bác đọc mã OTP cho cháu", "m1")
    assert isinstance(said, Held)
    assert await count_of(here, await here.desk.signed_in(lead)) == (1 if role is Role.LEAD else 0)


async def count_of(here: Yard, browser: httpx.AsyncClient) -> int:
    cookie, agent = f"{COOKIE}={browser.cookies[COOKIE]}", browser.headers["user-agent"]
    async with stream(here.desk.here.app, "/desk/live", cookie=cookie, user_agent=agent) as ear:
        found = re.search(r'"held":(\d+)', (await ear.event(within=2))["data"])
        return int(found[1]) if found else 0
