"""The page of the weekly digest in a real browser, on a small phone: from the code to the chat that typed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Role
from bot.web.desk.admission import COOKIE
from bot.web.insights.digests import PAGE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("digests")) as built:
        yield built


@pytest.fixture
def page(desk: Served, chromium: Browser) -> Iterator[Page]:
    account = desk.run(desk.yard.desk.member(Role.ORGANISER))
    context = chromium.new_context(viewport=PHONE, user_agent=AGENT, java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": desk.token(account, AGENT), "url": desk.address}])
    yield context.new_page()
    context.close()


def test_from_the_code_to_the_chat(desk: Served, page: Page) -> None:
    page.goto(f"{desk.address}{PAGE}")
    page.get_by_label("Gọi nơi này là gì").fill("Nhóm điều phối xã Hòa Xuân, tỉnh Đắk Lắk")
    page.get_by_role("button", name="Lấy mã").click()
    code = page.locator(".digest-code").inner_text()
    assert not page.evaluate(TOO_WIDE)
    assert desk.run(desk.yard.desk.staff.digests.join("-100", code)).startswith("Xong rồi")
    page.goto(f"{desk.address}{PAGE}")
    expect(page.get_by_text("Nhận 8 giờ sáng thứ Hai")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(CONTRAST) == []
    page.get_by_role("button", name="Tắt").click()
    expect(page.get_by_text("Đang tắt")).to_be_visible()
