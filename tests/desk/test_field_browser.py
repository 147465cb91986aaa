"""The calendar and the posters in a real browser: on a small phone, and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Account, Role
from bot.core.calendar import MobileSession, Place
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
HERE = "22291"
POSTER = f"{HERE}-1"
DAY = 86400
A4 = (210, 297)
A3 = (297, 420)
MARGIN = {A4: 12, A3: 17}
PIXELS = 96 / 25.4
"""Of a browser, to a millimetre."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("field")) as built:
        staff, now = built.yard.desk.staff, built.yard.desk.here.clock()
        at = (now // DAY + 3) * DAY + 11 * 3600
        sessions = [
            MobileSession(
                HERE, "nhà văn hóa thôn 3", Place.HALL, at, at + 7200, "có bàn cho người khuyết tật"
            ),
            MobileSession("22255", "chợ xã", Place.MARKET, at - DAY, at - DAY + 7200),
            MobileSession(HERE, "trường tiểu học", Place.SCHOOL, at + DAY, at + DAY + 7200, called_off=True),
        ]
        built.run(staff.calendar.add(sessions, 1, now))
        built.run(staff.posters.make(HERE, "Nhà văn hóa thôn 3", 1, now))
        built.run(built.yard.outlook.look())
        yield built


@pytest.fixture
def organiser(desk: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    account = Account(0, "", "", Role.ORGANISER)
    account = desk.run(desk.yard.desk.member(Role.ORGANISER))

    def new(**options: object) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options})
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": desk.token(account, AGENT), "url": desk.address}])
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


PAGES = (
    "/insights/calendar",
    "/insights/calendar/1",
    "/insights/posters",
    f"/insights/posters/{POSTER}",
    f"/insights/posters/{POSTER}/thu",
    f"/c/{POSTER}",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_fits_a_small_phone(
    desk: Served, organiser: Callable[..., Page], path: str, colours: str
) -> None:
    page = organiser(color_scheme=colours)
    page.goto(desk.address + path)
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(CONTRAST) == []


def test_a_poster_is_one_sheet_with_a_code_that_can_be_scanned(
    desk: Served, organiser: Callable[..., Page]
) -> None:
    for paper, query in ((A4, ""), (A3, "?kho=a3")):
        inside = {
            name: round((side - 2 * MARGIN[paper]) * PIXELS)
            for name, side in zip(("width", "height"), paper, strict=True)
        }
        page = organiser(viewport=inside)
        page.goto(f"{desk.address}/insights/posters/{POSTER}{query}")
        page.emulate_media(media="print", color_scheme="light")
        sheet = page.locator(".poster").bounding_box()
        code = page.locator(".poster .code").bounding_box()
        assert sheet is not None
        assert code is not None
        assert sheet["width"] <= inside["width"] + 1
        assert sheet["height"] <= inside["height"] + 1
        assert page.evaluate("document.documentElement.scrollHeight") <= inside["height"] + 1, "one page"
        assert code["width"] >= 60 * PIXELS, "six centimetres"
        letters = page.locator(".poster .short").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert letters >= 18 * PIXELS
        smallest = page.locator(".poster p").evaluate_all(
            "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
        )
        assert smallest >= 5 * PIXELS
        inner = page.evaluate(
            "() => { const box = document.querySelector('.poster').getBoundingClientRect();"
            " return [...document.querySelectorAll('.poster *')].every(one => {"
            " const at = one.getBoundingClientRect();"
            " return at.left >= box.left - 1 && at.right <= box.right + 1 && at.bottom <= box.bottom + 1 }) }"
        )
        assert inner, "nothing hangs over the edge"


def test_a_session_is_added_changed_and_called_off_without_a_script(
    desk: Served, organiser: Callable[..., Page]
) -> None:
    page = organiser(java_script_enabled=False)
    page.goto(desk.address + "/insights/calendar")
    page.get_by_label("Xã, phường").fill("xã Tây Hòa, Đắk Lắk")
    page.get_by_label("Địa điểm", exact=True).fill("đình làng Phú Thứ")
    page.get_by_label("Ngày").fill("2026-12-05")
    page.get_by_label("Từ", exact=True).fill("18:00")
    page.get_by_label("Đến", exact=True).fill("20:30")
    page.get_by_role("button", name="Thêm vào lịch").click()
    expect(page.get_by_role("status").filter(has_text="Đã thêm 1 buổi")).to_be_visible()
    page.get_by_role("link", name="Sửa buổi 18:00 – 20:30 ở đình làng Phú Thứ").click()
    page.get_by_role("button", name="Hủy buổi này").click()
    expect(page.locator("li", has_text="đình làng Phú Thứ")).to_contain_text("Đã hủy")
