"""The calendar's pages: entered by hand and from a sheet, changed, called off; residents hear of it."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from desk_world import Desk, press, signature

from bot.app.accounts import Role
from bot.core.calendar import MobileSession, Place
from bot.staffing import outlook_of

ADDRESS = "/insights/calendar"
FORM = {
    "xa": "xã Hòa Xuân, Đắk Lắk",
    "cho": "Nhà văn hóa thôn 3",
    "loai": "hall",
    "ngay": "2026-11-28",
    "tu": "18:00",
    "den": "20:00",
    "tuan": "1",
    "ghi_chu": "",
}
SHEET = """xã;địa điểm;ngày;từ;đến;số tuần
22291;Nhà văn hóa thôn 3;28/11/2026;18:00;20:00;3
22291;Chợ;hôm nào;18:00;20:00;
"""


async def sessions(desk: Desk) -> list[MobileSession]:
    return [one.session for one in await desk.staff.calendar.ahead(desk.here.clock())]


async def entered(browser: httpx.AsyncClient, **changes: str) -> httpx.Response:
    return await press(browser, f"{ADDRESS}/moi", **FORM | changes)


async def test_a_weekly_session_is_entered_once(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    answer = await entered(browser, tuan="4")
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert "Đã thêm 4 buổi vào lịch" in page
    assert "Thứ bảy 28/11/2026" in page
    assert "Thứ bảy 19/12/2026" in page
    again = await entered(browser, tuan="4")
    assert "đã có trong lịch" in (await browser.get(again.headers["location"])).text
    assert len(await sessions(desk)) == 4
    assert (await sessions(desk))[0].kind is Place.HALL
    assert [record.did for record in await desk.staff.journal.records(0, 9)].count("calendar_changed") == 1


async def test_what_cannot_be_read_stays_in_the_form(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    answer = await entered(browser, den="17:00", ghi_chu="<b>to</b> lắm")
    assert answer.status_code == 422
    assert "giờ kết thúc phải sau giờ bắt đầu" in answer.text
    assert 'value="Nhà văn hóa thôn 3"' in answer.text
    assert "<b>to</b>" not in answer.text
    assert await sessions(desk) == []


async def test_a_sheet_is_shown_first_and_kept_when_somebody_says_so(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    signed = await signature(browser)
    files = {"tep": ("lich.csv", SHEET.encode(), "text/csv")}
    shown = await browser.post(f"{ADDRESS}/nhap", data={"chu_ky": signed}, files=files)
    assert shown.status_code == 200
    assert "Dòng 2:" in shown.text
    assert "Dòng 3:</b> ngày chưa đọc được" in shown.text
    assert await sessions(desk) == [], "nothing is kept unasked"
    found = re.search(r'<textarea name="bang" hidden>\n?(.*?)</textarea>', shown.text, re.DOTALL)
    assert found
    fields = {"chu_ky": signed, "giu": "1", "bang": html.unescape(found[1])}
    kept = await browser.post(f"{ADDRESS}/nhap", data=fields, files={"x": ("", b"")})
    assert kept.headers["location"] == f"{ADDRESS}?r=them&n=3"
    assert {one.place for one in await sessions(desk)} == {"Nhà văn hóa thôn 3"}


async def test_a_table_may_be_pasted(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    pasted = SHEET.replace(";", "\t")
    answer = await press(browser, f"{ADDRESS}/nhap", bang=pasted)
    assert "1 dòng đọc được (3 buổi), 1 dòng chưa đọc được" in answer.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Chưa có gì để đọc"),
        (b"a;b\n1;2\n", "Còn thiếu: «Xã»"),
        (b"PK\x03\x04 not a workbook", "bị hỏng"),
        (b"x" * (1024 * 1024 + 1), "Tệp lớn quá"),
    ],
)
async def test_a_file_that_holds_no_calendar_is_told_why(desk: Desk, body: bytes, words: str) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    files = {"tep": ("lich.xlsx", body)}
    answer = await browser.post(f"{ADDRESS}/nhap", data={"chu_ky": await signature(browser)}, files=files)
    assert answer.status_code == 422
    assert words in answer.text


async def test_a_session_is_moved_and_called_off(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    await entered(browser)
    page = f"{ADDRESS}/1"
    moved = await press(
        browser, page, **FORM | {"tu": "17:30", "cho": "Đình làng", "ban": "1", "loai": "other"}
    )
    assert moved.headers["location"] == f"{ADDRESS}?r=sua"
    (session,) = await sessions(desk)
    assert (session.place, session.ends_at - session.starts_at) == ("Đình làng", 9000)
    late = await press(browser, f"{page}/huy", ban="1")
    assert late.status_code == 409
    assert "Có người vừa sửa" in late.text
    assert (await press(browser, f"{page}/huy", ban="2")).status_code == 303
    assert (await sessions(desk))[0].called_off
    assert "Đã hủy" in (await browser.get(ADDRESS)).text
    assert (await press(browser, f"{page}/lai", ban="3")).status_code == 303
    assert not (await sessions(desk))[0].called_off
    assert (await browser.get(f"{ADDRESS}/77")).status_code == 404
    assert (await browser.get(f"{ADDRESS}/{2**70}")).status_code == 404


async def test_what_is_over_vanishes(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    await entered(browser)
    (session,) = await sessions(desk)
    desk.here.clock.forward(session.ends_at - desk.here.clock())
    browser = await desk.signed_in(Role.ORGANISER)
    assert "Nhà văn hóa thôn 3" not in (await browser.get(ADDRESS)).text
    assert "Buổi này đã qua" in (await browser.get(f"{ADDRESS}/1")).text


async def test_a_lead_looks_and_changes_nothing(desk: Desk) -> None:
    browser = await desk.signed_in(Role.LEAD)
    page = await browser.get(ADDRESS)
    assert page.status_code == 200
    assert "<form" not in page.text


async def test_residents_hear_of_it_with_the_next_look(desk: Desk) -> None:
    outlook = outlook_of(desk.staff, desk.here.clock)
    await outlook.look()
    assert (outlook.desk().sessions, outlook.desk().posters) == ({}, frozenset())
    browser = await desk.signed_in(Role.ORGANISER)
    await entered(browser)
    await desk.staff.posters.make("22291", "Chợ", 1, desk.here.clock())
    await outlook.look()
    assert outlook.desk().sessions == {"66": tuple(await sessions(desk))}
    assert outlook.desk().posters == {"22291-1"}
    await press(browser, f"{ADDRESS}/1/huy", ban="1")
    await outlook.look()
    assert outlook.desk().sessions["66"][0].called_off
