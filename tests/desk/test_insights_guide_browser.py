"""A guide's drop-off in a real browser: on a phone nothing sticks out, and paper takes two sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from desk_yard import Served, served
from guide_world import guide, walked
from insight_world import CountsInMemory
from playwright.sync_api import Browser, BrowserContext, Page
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.core.visits import View
from bot.core.weeks import code_of, week_at
from bot.web.desk.admission import COOKIE
from bot.web.pages import build_app

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
OUTSIDE = """() => [...document.querySelectorAll('svg.way-of')].filter(one => one.getClientRects().length)
  .flatMap(one => [...one.querySelectorAll('text')].filter(text => {
    const box = text.getBBox();
    return box.x < 0 || box.x + box.width > one.viewBox.baseVal.width + 1;
  }).map(text => text.textContent))"""
"""Words that stick out of their drawing."""

LETTERS = """() => Math.min(...[...document.querySelectorAll('svg.way-of')]
  .filter(one => one.getClientRects().length)
  .flatMap(one => [...one.querySelectorAll('text')].map(text =>
    parseFloat(getComputedStyle(text).fontSize) * one.getBoundingClientRect().width
      / one.viewBox.baseVal.width)))"""
"""The smallest letters of a drawing, as they are seen."""

UNTAPPABLE = SMALL.replace("nav a", "nav a, select")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as built:
        here = built.yard.desk.here
        counts, last = CountsInMemory(), week_at(here.clock()) - 1
        guides = {id: guide(id) for id in ("kich-hoat", "nfc", "sai-thong-tin")}
        for flow in guides.values():
            for week in (last - 1, last):
                walked(counts, flow, week, 700, bad="nhap-so", error="otp-limit")
                walked(counts, flow, week, 80, [(View.COMMUNE, "22291")], bad="nhap-so")
        parts = here.parts
        assert parts.staff is not None
        staff = replace(parts.staff, insights=Insights(counts, here.clock))
        book = replace(parts.book, flows={**parts.book.flows, **guides})
        inside = build_app(replace(parts, staff=staff, book=book))
        here.app.router.routes[:] = inside.router.routes
        yield built


@pytest.fixture
def pages(chromium: Browser, desk: Served) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    lead = desk.volunteer("Lan", Role.LEAD)

    def new(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": desk.token(lead, AGENT), "url": desk.address}])
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


@pytest.mark.parametrize("id", ["kich-hoat", "nfc", "sai-thong-tin"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_all_of_the_drawing(
    desk: Served, pages: Callable[..., Page], id: str, dark: bool
) -> None:
    page = pages(color_scheme="dark" if dark else "light")
    page.goto(f"{desk.address}/insights/{id}")
    assert page.locator("svg.hep").is_visible()
    assert not page.locator("svg.rong").is_visible()
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(LETTERS) >= 13
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(UNTAPPABLE) == []


def test_a_step_opens_below_its_drawing(desk: Served, pages: Callable[..., Page]) -> None:
    page = pages()
    page.goto(f"{desk.address}/insights/kich-hoat")
    body = page.locator("#b-nhap-so .body")
    assert not body.is_visible()
    page.get_by_role("link", name="Chi tiết bước này").click()
    assert body.is_visible()
    assert "Vướng vì đâu" in body.inner_text()


def test_two_weeks_are_chosen_and_compared_without_script(desk: Served, pages: Callable[..., Page]) -> None:
    page = pages(java_script_enabled=False)
    page.goto(f"{desk.address}/insights/kich-hoat")
    page.get_by_text("Chọn tuần, nơi xem, hoặc so sánh").click()
    last = week_at(desk.yard.desk.here.clock()) - 1
    page.locator("#so_tu").select_option(code_of(last - 1))
    page.locator("#so_den").select_option(code_of(last - 1))
    page.get_by_role("button", name="Xem").click()
    assert page.get_by_role("heading", name="So sánh", exact=True).is_visible()
    assert "làm xong" in page.locator("table.compare").first.inner_text()


def test_a_desk_shows_the_wide_drawing(desk: Served, pages: Callable[..., Page]) -> None:
    page = pages(viewport={"width": 1280, "height": 900})
    page.goto(f"{desk.address}/insights/kich-hoat")
    assert page.locator("svg.rong").is_visible()
    assert not page.locator("svg.hep").is_visible()
    assert page.evaluate(OUTSIDE) == []
    assert not page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("id", ["kich-hoat", "nfc", "sai-thong-tin"])
def test_paper_takes_two_sheets(desk: Served, pages: Callable[..., Page], id: str) -> None:
    page = pages()
    page.goto(f"{desk.address}/insights/{id}")
    page.emulate_media(media="print")
    assert page.locator("svg.giay").is_visible()
    assert page.evaluate(OUTSIDE) == []
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 2
