"""On Monday morning, on a phone: where do people get stuck, why, and where is somebody needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk_yard import Served, served
from insight_pages import LAST
from insight_world import CountsInMemory, campaign
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE
from web_world import START

from bot import wiring
from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.config import Settings
from bot.core.book import Book
from bot.core.session import Outcome, RunOutcome
from bot.core.visits import Kind, View, way_of
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
OURS = (
    "/insights",
    "/insights/places",
    "/insights/places?chia=channel&huong-dan=kich-hoat",
    "/insights/them",
    "/insights/report",
)
CLEAR = CONTRAST.replace("ratio < 4.5", "ratio < 7")


def real_book() -> Book:
    library = wiring.read_library(Settings(), wiring.Deaf())
    assert library.book is not None, library.problems
    return library.book


def a_bad_week() -> CountsInMemory:
    """Most people are lost at one step of one guide, for one reason; in one commune more than elsewhere."""
    counts = CountsInMemory()
    campaign(counts, LAST)
    for week in (LAST - 1, LAST):
        for group in ((View.ALL, ""), (View.COMMUNE, "22291")):
            step: dict[str, Any] = {"step": "mo-kich-hoat", "groups": [group]}
            counts.add(week, Kind.STEP, Outcome.EXPIRED, 700, **step)
            counts.add(week, Kind.WAY, way_of("tim-nut", "stuck", "khong-thay-nut"), 300, **step)
            counts.add(week, Kind.SIGN, "reason:khong-thay-nut", 300, **step)
            counts.add(week, Kind.RUN, RunOutcome.EXPIRED, 1000, groups=[group])
    return counts


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    insights = Insights(a_bad_week(), lambda: START)
    with served(tmp_path_factory.mktemp("insights"), real_book, insights) as built:
        yield built


@pytest.fixture
def phone(chromium: Browser, desk: Served) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    lead = desk.volunteer("Hoa", Role.LEAD)

    def new(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options})
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": desk.token(lead, AGENT), "url": desk.address}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert faults == []


def test_a_stranger_finds_the_worst_step_its_reason_and_the_commune(
    desk: Served, phone: Callable[..., Page]
) -> None:
    page = phone()
    page.goto(f"{desk.address}/desk/them")
    page.get_by_role("link", name="Số liệu").click()
    told = page.locator(".lead-in")
    expect(told).to_contain_text(re.compile(r"Mất nhiều người nhất: bước \d+ «Mở màn hình kích hoạt»"))
    expect(told).to_contain_text("Lý do hay gặp nhất ở đó: «Không thấy nút này»")
    told.get_by_role("link", name="Nơi cần đến: Xã Hòa Xuân").click()
    expect(page.locator("main")).to_contain_text("Nơi cần đến nhất: Xã Hòa Xuân, tỉnh Đắk Lắk")
    page.get_by_text("Chọn hướng dẫn").click()
    page.get_by_label("Hướng dẫn", exact=True).select_option("kich-hoat")
    page.locator("form.pick").get_by_role("button", name="Xem").click()
    row = page.locator('tr[data-of="22291"]')
    expect(row).to_contain_text("«Mở màn hình kích hoạt»")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_can_be_read(
    desk: Served, phone: Callable[..., Page], scheme: str
) -> None:
    page = phone(color_scheme=scheme)
    for path in OURS:
        page.goto(desk.address + path)
        assert not page.evaluate(TOO_WIDE), path
        assert page.evaluate(CLEAR) == [], path
        assert page.evaluate(SMALL) == [], path


def test_letters_of_a_chart_are_thirteen_pixels_or_more(desk: Served, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"{desk.address}/insights")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
             const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
             return [...svg.querySelectorAll('text')].map(text =>
               parseFloat(getComputedStyle(text).fontSize) * scale);
           })"""
    )
    assert sizes
    assert min(sizes) >= 13


def test_a_name_is_not_squeezed_by_its_number(desk: Served, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"{desk.address}/insights")
    shares = page.evaluate(
        """() => [...document.querySelectorAll('.spots > li')].map(line =>
             line.firstElementChild.getBoundingClientRect().width / line.getBoundingClientRect().width)"""
    )
    assert shares
    assert min(shares) > 0.5


def test_a_page_is_light_enough_for_a_slow_line(desk: Served, phone: Callable[..., Page]) -> None:
    """All of it, unpacked: on the way it is about a sixth of that."""
    page = phone()
    for path in (*OURS, "/insights/kich-hoat"):
        page.goto(desk.address + path)
        size = page.evaluate(
            """() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
                 .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
        )
        assert 0 < size < 400_000, path


def test_weeks_are_chosen_without_a_script(desk: Served, phone: Callable[..., Page]) -> None:
    page = phone(java_script_enabled=False)
    page.goto(f"{desk.address}/insights")
    page.get_by_role("link", name="4 tuần", exact=True).click()
    expect(page.locator(".period")).to_contain_text("(4 tuần)")
    page.get_by_text("Chọn tuần khác").click()
    page.get_by_label("Từ", exact=True).select_option(index=2)
    page.get_by_label("Đến hết", exact=True).select_option(index=2)
    page.locator(".weeks").get_by_role("button", name="Xem").click()
    expect(page.locator(".period")).to_contain_text("Tuần 45")


def test_on_paper_there_is_the_page_and_nothing_to_press(desk: Served, phone: Callable[..., Page]) -> None:
    page = phone(viewport={"width": 700, "height": 1000})
    page.emulate_media(media="print")
    for path in OURS[:3]:
        page.goto(desk.address + path)
        assert not page.evaluate(TOO_WIDE), path
        expect(page.locator("h1")).to_be_visible()
        for hidden in page.locator("form, nav, .weeks").all():
            expect(hidden).to_be_hidden()


def test_the_report_is_one_sheet_of_paper(desk: Served, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"{desk.address}/insights/report?kien-nghi=Xin+m%E1%BB%9F+th%C3%AAm+m%E1%BB%99t+bu%E1%BB%95i")
    expect(page.get_by_role("heading", name="Hỗ trợ người dân")).to_be_visible()
    sheets = page.pdf(prefer_css_page_size=True, print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
