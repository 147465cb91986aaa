"""On a phone: what is in the file is read before it is fetched, and a button fetches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_yard import served
from insight_pages import LAST
from insight_world import CountsInMemory, campaign
from playwright.sync_api import Browser, Page
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE
from web_world import START

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    counts = CountsInMemory()
    campaign(counts, LAST)
    with served(tmp_path, insights=Insights(counts, lambda: START)) as desk:
        organiser = desk.volunteer("Hoa", Role.ORGANISER)
        context = chromium.new_context(viewport=PHONE, user_agent=AGENT, base_url=desk.address)
        context.add_cookies([{"name": COOKIE, "value": desk.token(organiser, AGENT), "url": desk.address}])
        yield context.new_page()
        context.close()


@pytest.mark.parametrize("name", ["Excel (.xlsx)", "Bảng chữ (.csv)", "SQLite (.db)"])
def test_a_button_fetches_the_file(page: Page, name: str) -> None:
    page.goto("/insights/them")
    page.get_by_role("link", name="Tải số liệu").click()
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(CONTRAST.replace("ratio < 4.5", "ratio < 7")) == []
    assert page.evaluate(SMALL) == []
    with page.expect_download() as fetched:
        page.get_by_role("button", name=name).click()
    assert fetched.value.suggested_filename.startswith("so-lieu-vneid-")
    assert fetched.value.path().stat().st_size > 0
