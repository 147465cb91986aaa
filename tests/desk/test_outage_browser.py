"""VNeID is down, on phones: a lead says so with a thumb, a resident hears it, and it is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Role
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

PAGE = "/insights/outage"
AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
TO_TAP = SMALL.replace("input:not([type=hidden])", "input:not([type=hidden], [type=radio]), label:has(input)")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as built:
        yield built


@pytest.fixture
def lead(chromium: Browser, desk: Served) -> Iterator[Page]:
    context = _phone(chromium)
    token = desk.token(desk.volunteer("Hòa", Role.LEAD), AGENT)
    context.add_cookies([{"name": COOKIE, "value": token, "url": desk.address}])
    yield context.new_page()
    context.close()


@pytest.fixture
def resident(chromium: Browser) -> Iterator[Page]:
    context = _phone(chromium)
    yield context.new_page()
    context.close()


def _phone(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(viewport=PHONE, user_agent=AGENT)
    context.set_default_timeout(10_000)
    return context


def fits(page: Page) -> None:
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(TO_TAP) == []


def look(page: Page, shots: Path | None, name: str) -> None:
    fits(page)
    if shots is not None:
        page.screenshot(path=str(shots / f"{name}.png"), full_page=True)


def test_said_in_two_taps_heard_at_once_over_in_one(
    desk: Served, lead: Page, resident: Page, shots: Path | None
) -> None:
    yard = desk.yard
    resident.goto(desk.address)
    expect(resident.locator("aside.outage")).to_have_count(0)
    lead.goto(desk.address + PAGE)
    expect(lead.get_by_text("Lúc này không ai báo ngừng")).to_be_visible()
    look(lead, shots, "lead-quiet")
    lead.get_by_text("VNeID không gửi mã OTP").click()
    lead.get_by_role("button", name="Báo ngừng cho mọi người").click()
    expect(lead.get_by_text("Đang ngừng: VNeID không gửi mã OTP")).to_be_visible()
    expect(lead.get_by_text("Hòa báo")).to_be_visible()
    look(lead, shots, "lead-down")
    desk.run(yard.outlook.look())

    resident.goto(desk.address)
    expect(resident.locator("aside.outage")).to_contain_text("không gửi được mã OTP")
    look(resident, shots, "chat-down")
    resident.goto(f"{desk.address}/guide/kich-hoat")
    expect(resident.locator("aside.outage")).to_be_visible()
    look(resident, shots, "guide-down")
    resident.emulate_media(media="print")
    expect(resident.locator("aside.outage")).to_be_hidden()
    resident.emulate_media(media="screen")
    resident.goto(f"{desk.address}/guide/kich-hoat?lang=en")
    expect(resident.locator("aside.outage")).to_contain_text("cannot send OTP codes")
    look(resident, shots, "guide-down-en")
    resident.goto(f"{desk.address}/?viec=kich-hoat")
    resident.get_by_role("button", name="Bắt đầu").first.click()
    told = resident.locator(".line.bot", has_text="VNeID đang không gửi được mã OTP")
    expect(told).to_contain_text("em nhắn bác ngay tại đây")
    look(resident, shots, "resident-told")

    lead.goto(f"{desk.address}/desk")
    expect(lead.locator("p.outage")).to_contain_text("VNeID đang ngừng")
    look(lead, shots, "desk-down")
    lead.get_by_role("link", name="Xem, báo chạy lại").click()
    lead.get_by_role("button", name="VNeID đã chạy lại").click()
    expect(lead.get_by_text("Lúc này không ai báo ngừng")).to_be_visible()
    look(lead, shots, "lead-over")
    lead.set_viewport_size({"width": 1200, "height": 900})
    look(lead, shots, "lead-over-wide")
    lead.emulate_media(media="print")
    if shots is not None:
        lead.screenshot(path=str(shots / "lead-over-print.png"), full_page=True)
    desk.run(yard.outlook.look())
    resident.goto(desk.address)
    expect(resident.locator("aside.outage")).to_have_count(0)


@pytest.fixture
def shots() -> Path | None:
    """Where pictures of the screens go, when somebody wants to look at them."""
    return None
