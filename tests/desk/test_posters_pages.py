"""Posters: who makes them, what their code opens, and what is told of them without telling of anybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from desk_world import Desk, desk_world, press
from insight_world import CountsInMemory
from qr_reading import modules, read

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.core.publishing import K
from bot.core.visits import Kind, View
from bot.core.weeks import last_complete
from bot.web.onward import qr

HERE = "22291"
ADDRESS = "/insights/posters"
NEVER = (
    "Đây là chương trình tự động, không phải Công an. KHÔNG BAO GIỜ hỏi mã OTP, mật khẩu, số căn cước, tiền."
)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def made(
    browser: httpx.AsyncClient, place: str = "Nhà văn hóa thôn 3", xa: str = HERE
) -> httpx.Response:
    return await press(browser, f"{ADDRESS}/moi", xa=xa, cho=place)


async def test_an_organiser_makes_one_and_prints_it(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    answer = await made(browser, xa="xã Hòa Xuân, Đắk Lắk")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ADDRESS}/{HERE}-1")
    page = (await browser.get(answer.headers["location"])).text
    words = words_of(page)
    assert NEVER in words
    for told in ("XA 22291-1", "Xã Hòa Xuân, tỉnh Đắk Lắk", "Nhà văn hóa thôn 3", "1900 0368", "zalo.me"):
        assert told in words, told
    link, level = read(modules(page))
    assert link == f"https://vneid.example.vn/c/{HERE}-1"
    assert level in "QH", "a quarter of it may be torn or dirty"
    kinds = [record.did for record in await desk.staff.journal.records(0, 5)]
    assert "poster_changed" in kinds


async def test_the_page_to_try_it_says_where_it_leads(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    await made(browser)
    page = (await browser.get(f"{ADDRESS}/{HERE}-1/thu")).text
    link, _ = read(modules(page))
    assert f"<b>{link}</b>" in page
    here = re.search(r'<a href="(/c/[^"]+)"', page)
    assert here
    assert link.endswith(here[1])
    resident = desk.here.browser()
    assert "Xã Hòa Xuân" in (await resident.get(here[1])).text


def test_a_code_that_is_damaged_is_not_read_as_right() -> None:
    """Negative control of the reader."""
    side, drawn = qr("https://vneid.example.vn/c/22291-1", error="q")
    whole = f'viewBox="0 0 {side} {side}"><path class="dark" d="{drawn}"/>'
    assert read(modules(whole))[0].endswith("22291-1")
    first = re.findall(r"M\d+ \d+h1v1h-1z", drawn)
    broken = whole.replace("".join(first[len(first) // 2 :]), "")
    with pytest.raises((AssertionError, UnicodeDecodeError, KeyError, ValueError)):
        assert read(modules(broken))[0].endswith("22291-1")


@pytest.mark.parametrize(
    ("xa", "place", "fault"),
    [
        ("xã Không Có Thật", "chợ", "Chưa rõ xã"),
        ("66", "chợ", "Chưa rõ xã"),
        ("22291; 20314", "chợ", "Chưa rõ xã"),
        (HERE, " ", "ghi nơi treo"),
        (HERE, "x" * 61, "ghi nơi treo"),
        (HERE, "gọi 0912345678", "chỉ ghi tên nơi"),
        (HERE, "xem http://bit.ly/abc", "chỉ ghi tên nơi"),
        (HERE, "<script>alert(1)</script> zalo", "chỉ ghi tên nơi"),
    ],
)
async def test_what_cannot_be_is_refused_and_stays_in_the_form(
    desk: Desk, xa: str, place: str, fault: str
) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    answer = await made(browser, place, xa)
    assert answer.status_code == 422
    assert fault in answer.text
    assert "<script>alert" not in answer.text
    assert await desk.staff.posters.all() == []


async def test_one_that_was_taken_down_goes_on_being_heard(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    await made(browser)
    assert (await press(browser, f"{ADDRESS}/{HERE}-1/go")).status_code == 303
    assert "(đã gỡ)" in (await browser.get(ADDRESS)).text
    assert (await made(browser)).headers["location"].endswith("-2"), "its number is not given again"
    assert await desk.staff.posters.codes() == {f"{HERE}-1", f"{HERE}-2"}
    await press(browser, f"{ADDRESS}/{HERE}-1/treo")
    assert "(đã gỡ)" not in (await browser.get(ADDRESS)).text


@pytest.mark.parametrize("code", [f"{HERE}-9", "99999", "99999-1", "abc", "22291-1x"])
async def test_there_is_no_page_for_a_poster_that_is_not(desk: Desk, code: str) -> None:
    browser = await desk.signed_in(Role.LEAD)
    for path in (f"{ADDRESS}/{code}", f"{ADDRESS}/{code}/thu"):
        assert (await browser.get(path)).status_code == 404


async def test_a_communes_own_poster_needs_no_number(desk: Desk) -> None:
    browser = await desk.signed_in(Role.LEAD)
    page = (await browser.get(f"{ADDRESS}/{HERE}")).text
    assert read(modules(page))[0] == f"https://vneid.example.vn/c/{HERE}"
    assert (await browser.get(ADDRESS)).text.count("Làm áp phích</button>") == 0, "leads look"


# ---- results


TRUTH = {f"{HERE}-1": 64, f"{HERE}-2": 33, f"{HERE}-3": 9, HERE: 41, "20314": 7}


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Desk]:
    counts = CountsInMemory()
    async with desk_world(tmp_path) as bare:
        week = last_complete(bare.here.clock())
    for part, people in TRUTH.items():
        for what, share in (("completed", 5), ("went_offline", 2), ("expired", 2), ("open", 1)):
            counts.add(week, Kind.RUN, what, people * share // 10, groups=((View.POSTER, part),))
    counts.add(week + 1, Kind.RUN, "completed", 500, groups=((View.POSTER, f"{HERE}-3"),))
    other = tmp_path / "counted"
    other.mkdir()
    async with desk_world(other, insights=Insights(counts, bare.here.clock)) as desk:
        now = desk.here.clock()
        for place in ("Nhà văn hóa", "Chợ", "Trạm y tế"):
            await desk.staff.posters.make(HERE, place, 1, now)
        yield Desk(desk.here, desk.store, desk.here.parts.staff or desk.staff)


def table_rows(page: str) -> dict[str, list[str]]:
    rows = re.findall(r"<tr(?: id=\"p([^\"]+)\")?><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    return {code or "rest": re.findall(r'<td class="number">([^<]*)</td>', row) for code, row in rows}


async def test_results_are_published_numbers_and_small_ones_are_merged(counted: Desk) -> None:
    browser = await counted.signed_in(Role.LEAD)
    rows = table_rows((await browser.get(ADDRESS)).text)
    assert set(rows) - {"rest"} == {f"{HERE}-1", f"{HERE}-2", f"{HERE}-3", HERE}
    assert rows[f"{HERE}-3"] == [], "under twenty, and this week is not over"
    for code in (f"{HERE}-1", HERE):
        started, *parts = (int(cell.replace(".", "")) for cell in rows[code])
        assert abs(started - TRUTH[code]) < 4 * K
        assert all(number % K == 0 for number in (started, *parts))
        assert sum(parts) <= started
    shown = {cell for row in rows.values() for cell in row}
    assert all(int(cell) % K == 0 for cell in shown), "no raw number on the page"


async def test_other_weeks_are_asked_for_by_address(counted: Desk) -> None:
    browser = await counted.signed_in(Role.LEAD)
    page = (await browser.get(f"{ADDRESS}?tu=2020-W01&den=2020-W10")).text
    assert all(row == [] for row in table_rows(page).values())
    assert (await browser.get(f"{ADDRESS}?tu=x&den=;")).status_code == 200
