"""The weekly report: its numbers are those of the pages, and the file of Word says what the page says."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from insight_pages import LAST, opened, shown
from insight_world import CountsInMemory, campaign

from bot.app.accounts import Role
from bot.app.campaign_rows import Asked
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, code_of
from bot.web.insights.numbers import counted


def a_campaign() -> CountsInMemory:
    counts = CountsInMemory()
    campaign(counts, LAST)
    counts.add(LAST, Kind.HOME, "done", 40, flow="", groups=((View.ALL, ""),))
    return counts


def cells(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", text)]


async def test_the_page_tells_what_the_other_pages_tell(tmp_path: Path) -> None:
    async with shown(tmp_path, a_campaign()) as desk:
        text = await opened(desk, "/insights/report")
        seen = await desk.staff.insights.guides(Weeks(LAST, LAST))
    told = cells(text)
    started = sum(one.started for one in seen.values())
    assert told[told.index("Bắt đầu một hướng dẫn") + 1] == counted(started)
    lost = sum(one.lost for one in seen.values())
    assert told[told.index("Bỏ dở") + 1].startswith(counted(lost))
    assert "«chua co tin»" in told
    assert re.search(r"<li>Xã Hòa Xuân, tỉnh Đắk Lắk( \(tính cả 4 tuần\))?: .* người bỏ dở", text)
    assert "không phải số tài khoản đã kích hoạt" in text


async def test_the_file_says_what_the_page_says_and_is_the_same_each_time(tmp_path: Path) -> None:
    async with shown(tmp_path, a_campaign()) as desk:
        browser = await desk.signed_in(Role.LEAD)
        path = "/insights/report.docx?kien-nghi=Xin thêm một buổi lưu động"
        first, second = (await browser.get(path)).content, (await browser.get(path)).content
        text = await opened(desk, "/insights/report")
    made, again = docx.Document(BytesIO(first)), docx.Document(BytesIO(second))
    rows = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert [cell for cell in cells(text) if cell not in {*rows, "–"}] == []
    assert made.element.xml == again.element.xml
    assert "Xin thêm một buổi lưu động" in [paragraph.text for paragraph in made.paragraphs]
    assert made.sections[0].page_width is not None
    assert round(made.sections[0].page_width.mm) == 210
    assert made.core_properties.author == ""


async def test_official_figures_stand_beside_and_are_left_out_when_there_are_none(tmp_path: Path) -> None:
    async with shown(tmp_path, a_campaign()) as desk:
        assert "Số liệu chính thức" not in await opened(desk, "/insights/report")
        cells_of = {"unit": "Hà Tĩnh", "day": "10/11/2026", "accounts": "859268", "activated": "334146"}
        await desk.staff.campaign.write(cells_of, Asked(), 1)
        told = cells(await opened(desk, "/insights/report"))
    assert told[told.index("Hà Tĩnh") + 1] == "38,9\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("week", ["2026-W99", "x", code_of(LAST + 1), "1990-W01"])
async def test_a_week_that_is_not_over_or_not_there_has_no_report(tmp_path: Path, week: str) -> None:
    async with shown(tmp_path, a_campaign()) as desk:
        browser = await desk.signed_in(Role.LEAD)
        assert (await browser.get(f"/insights/report?tuan={week}")).status_code == 404


async def test_an_empty_store_has_a_report_to_fill_in(tmp_path: Path) -> None:
    async with shown(tmp_path, CountsInMemory()) as desk:
        text = await opened(desk, "/insights/report")
    assert "Tuần này chưa có số liệu." in text
    assert "Kiến nghị" in text
