"""Official figures on a phone: a file with mistakes is brought, looked through, kept, and read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Account, Role
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
PICTURES = os.environ.get("BOT_TEST_PICTURES", "")
"""A folder to put pictures of the pages in, for people to look at."""

NOON = 1_795_323_600
"""22/11/2026 in Viet Nam."""

SHEET = """Số liệu cấp căn cước, định danh;;;;;;;
Đơn vị;Thuộc;Ngày;Số người trong độ tuổi;Tài khoản đã cấp;Đã kích hoạt;Chỉ tiêu kích hoạt;Hạn
Hà Tĩnh;;20/11/2026;1.192.722;859.268;334.146;800.000;31/12/2026
Hà Tĩnh;;6/11/2026;;;300.000;;
Hương Khê;Hà Tĩnh;1/11/2026;90.000;70.000;20.000;60.000;31/12/2026
Hương Khê;Hà Tĩnh;10/11/2026;90.000;70.500;24.500;;
Hương Khê;Hà Tĩnh;20/11/2026;90.000;71.000;28.600;;
Vũ Quang;Hà Tĩnh;10/11/2026;25.000;20.000;17.000;17.500;31/12/2026
Vũ Quang;Hà Tĩnh;20/11/2026;25.000;20.100;17.800;;
Đức Thọ;Hà Tĩnh;20/11/2026;80.000;61.000;31.000;50.000;31/12/2026
Đức Tho;Hà Tĩnh;21/11/2026;80.000;61.000;31.900;;
Can Lộc;Hà Tĩnh;31/11/2026;90.000;60.000;30.000;;
Can Lộc;Hà Tĩnh;20/11/2026;90.000;60.000;3O.000;;
Kỳ Anh;Hà Tĩnh;10/11/2026;100.000;80.000;41.000;70.000;31/12/2026
Kỳ Anh;Hà Tĩnh;20/11/2026;100.000;80.000;40.500;;
Thạch Hà;Hà Tĩnh;20/11/2026;110.000;90.000;95.000;;
Tổng cộng;;20/11/2026;;;254.000;;
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("campaign")) as built:
        clock = built.yard.desk.here.clock
        clock.forward(NOON - clock())
        yield built


@pytest.fixture(scope="module")
def organiser(desk: Served) -> Account:
    return desk.volunteer("Chị Hoa", Role.ORGANISER)


@pytest.fixture
def page(chromium: Browser, desk: Served, organiser: Account) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, user_agent=AGENT)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": COOKIE, "value": desk.token(organiser, AGENT), "url": desk.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert faults == []


def look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert not page.evaluate(TOO_WIDE), name
    assert page.evaluate(SMALL) == [], name
    assert page.evaluate(CONTRAST) == [], name


def test_a_file_with_mistakes_becomes_a_board(desk: Served, page: Page, tmp_path: Path) -> None:
    page.goto(f"{desk.address}/insights/campaign")
    look(page, "empty")
    page.get_by_role("link", name="Nhập từ tệp").click()
    look(page, "import")
    file = tmp_path / "so-lieu-20-11.csv"
    file.write_text(SHEET, encoding="utf-8-sig")
    page.get_by_label("Tệp", exact=True).set_input_files(file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_text("12 dòng tốt", exact=True)).to_be_visible()
    expect(page.get_by_text("Có phải 30.000?")).to_be_visible()
    expect(page.get_by_text("gần giống «Đức Thọ»")).to_be_visible()
    look(page, "preview")
    page.get_by_role("button", name="Giữ 12 dòng tốt").click()
    expect(page.get_by_text("Đã giữ các dòng tốt")).to_be_visible()
    look(page, "board")
    page.get_by_role("link", name="Hà Tĩnh").click()
    expect(page.get_by_text("41,8 %").first).to_be_visible()
    expect(page.get_by_text("Với nhịp này sẽ chậm").first).to_be_visible()
    look(page, "province")
    page.get_by_role("link", name="Hương Khê").click()
    look(page, "unit")
    page.get_by_role("link", name="Ghi số liệu").click()
    look(page, "entry")
    page.get_by_role("textbox", name="Tài khoản đã kích hoạt").fill("28.900")
    page.get_by_role("button", name="Ghi số liệu").click()
    expect(page.get_by_text("Đã ghi số liệu.")).to_be_visible()
    expect(page.get_by_text("28.900", exact=True).first).to_be_visible()


def test_the_board_fits_a_sheet_of_paper(desk: Served, page: Page) -> None:
    page.goto(f"{desk.address}/insights/campaign")
    page.get_by_role("link", name="Hà Tĩnh").click()
    page.wait_for_load_state()
    page.set_viewport_size({"width": 1100, "height": 900})
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "desktop.png", full_page=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "print.png", full_page=True)
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 1
    assert not page.evaluate(TOO_WIDE)
    page.emulate_media(media="screen", color_scheme="dark")
    page.set_viewport_size(PHONE)
    look(page, "dark")
