"""Whatever an address, a form or a file holds, no page for organisers breaks, and nothing of it is run."""

from __future__ import annotations

import html
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import httpx
import pytest
from desk_routes import RULES
from desk_world import Desk, desk_world, press, signature
from insight_pages import LAST
from insight_world import CountsInMemory, campaign
from web_world import START

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.core.visits import day_of
from bot.core.weeks import code_of, day_named, week_named

FIELDS = (
    *("tu", "den", "so_tu", "so_den", "xem", "so_xem", "tuan", "kien-nghi", "chia", "bai", "tinh", "muc"),
    *("theo", "xep", "trong", "don_vi", "xong", "r", "n", "loi", "kho", "them"),
)
TICK = "<script>alert('h')</script>\"'>{{7*7}}"
NASTY = (
    *("", TICK, "0001-W01", "0001-W02", "1969-W52", "9999-W52", "2026-W60", "٢٠٢٦-W٤٦", "-1", "9" * 30, "²"),
    *("../../etc/passwd", "commune:", ":", "all:", f"poster:{TICK}", "version:" + "v" * 1000, "province:66"),
    *("\u202eabc\u200b", "%ed%a0%80", "\r\nSet-Cookie: a=b", "=cmd|' /C calc'!A0", "\x01\x1b\ufffe"),
)
HOLES = (
    *("0", "9" * 18, "9" * 19, "9" * 5000, "22291", "22291-01", "22291--1", "22291-9999999", "csv"),
    *("%2e%2e%2fcampaign", "%252e", "a%2fb", "%ff", "%0d%0aX", "KICH-HOAT", quote(TICK), "²"),
)
USUAL = {"flow": "kich-hoat", "code": "22291", "id": "1", "name": "csv", "token": "x"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    counts = CountsInMemory()
    campaign(counts, LAST)
    async with desk_world(tmp_path, insights=Insights(counts, lambda: START)) as built:
        yield built


@pytest.fixture
async def organiser(desk: Desk) -> httpx.AsyncClient:
    return await desk.signed_in(Role.ORGANISER)


def pages(method: str) -> list[str]:
    return [path for asked, path in RULES if asked == method and path.startswith("/insights")]


def filled(path: str, hole: str = "") -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: hole or USUAL[found[1]], path)


def checked(answer: httpx.Response, asked: object) -> None:
    assert answer.status_code < 500, asked
    assert "<script>alert" not in answer.text, asked
    assert not {"set-cookie"} & set(answer.headers), asked


async def test_no_question_breaks_a_page(organiser: httpx.AsyncClient) -> None:
    for path in map(filled, pages("GET")):
        for value in NASTY:
            checked(await organiser.get(path, params=dict.fromkeys(FIELDS, value)), (path, value))
        for first, last in (("0001-W01", "0002-W01"), ("2026-W46", "0001-W01"), ("9999-W52", "0001-W01")):
            asked = {
                "tu": first,
                "den": last,
                "so_tu": last,
                "so_den": last,
                "xem": "commune:22291",
            }
            checked(await organiser.get(path, params=asked), (path, asked))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_address_breaks_a_page(organiser: httpx.AsyncClient, method: str) -> None:
    signed = await signature(organiser)
    form = {"chu_ky": signed, "lam": "giu", "la": "1", "ngay": "1", "ten": "a", "thuoc": "9" * 5000}
    for path in pages(method):
        for hole in HOLES if "{" in path else ():
            data = form if method == "POST" else None
            checked(await organiser.request(method, filled(path, hole), data=data), (path, hole[:30]))


def test_weeks_before_there_were_computers_are_none() -> None:
    assert week_named("0001-W01") is week_named("1969-W52") is None
    assert week_named("1970-W02") is not None


@pytest.mark.parametrize("charset", ["punycode", "undefined", "utf-7", "utf-16", "rot13", "utf-8\x00"])
@pytest.mark.parametrize("path", ["/insights/campaign/nhap", "/insights/calendar/nhap"])
async def test_a_form_in_a_code_that_is_no_text(
    organiser: httpx.AsyncClient, path: str, charset: str
) -> None:
    signed = await signature(organiser)
    fields = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"chu_ky": signed, "bang": "+2AA-", "ngay": "+2AA-", "nguon": "+2AA-"}.items()
    )
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    answer = await organiser.post(path, content=f"{fields}--B--\r\n", headers={"Content-Type": kind})
    assert answer.status_code == 415


NAMES = (
    "=1+1",
    "@x",
    "Xã \x01\x1b\ufffe\u202eabc\u200b",
    TICK,
    '"><img src=x>',
    "a\x0bb",
    "\x85x",
    "x" * 500,
)


async def test_names_are_words_wherever_they_stand(desk: Desk, organiser: httpx.AsyncClient) -> None:
    day = f"{day_named(day_of(desk.here.clock()) - 1):%d/%m/%Y}"
    rows = "".join(
        '"{}";{};1.000;{};\x02<b>=x\n'.format(name.replace('"', '""'), day, number + 5)
        for number, name in enumerate(NAMES)
    )
    sheet = f"Đơn vị;Ngày;Số người trong độ tuổi;Thẻ đã cấp;Nguồn\n{rows}".encode()
    data = {"chu_ky": await signature(organiser), "nguon": "\x03<b>=y"}
    path = "/insights/campaign/nhap"
    offered = await organiser.post(path, data=data, files={"tep": ("=\x01<b>\u202e.csv", sheet)})
    preview = offered.headers["location"]
    read = [(await organiser.get(preview)).text]
    await press(organiser, preview, lam="giu")
    read += [
        (await organiser.get(path)).text for path in ("/insights/campaign", "/insights/report", "/insights")
    ]
    assert "Xã abc" in read[1]
    for text in read:
        assert not {letter for letter in text if not letter.isprintable()} - {"\n", "\xa0", "\u202f"}
        assert not re.search(r"<(script>alert|img src=x|b>=[xy])", text)
    report = await organiser.get("/insights/report.docx")
    assert report.status_code == 200
    assert "Xã abc" in ZipFile(io.BytesIO(report.content)).read("word/document.xml").decode()


async def test_places_hold_nothing_that_turns_the_line_around(organiser: httpx.AsyncClient) -> None:
    place = "Nhà văn hóa \u202ethôn\x01 3\u200b"
    made = await press(organiser, "/insights/posters/moi", xa="22291", cho=place)
    assert "Nhà văn hóa thôn 3" in (await organiser.get(made.headers["location"])).text


async def test_the_longest_sheet_of_sessions_can_be_kept(desk: Desk, organiser: httpx.AsyncClient) -> None:
    """What was looked through comes back in the form, and that is larger than the rest of it."""
    today = day_named(day_of(desk.here.clock()))
    rows = "".join(
        f"22291;Nhà văn hóa thôn {number} {'ơ' * 38};hall;{today + timedelta(1 + number % 60):%d/%m/%Y};"
        f"18:00;20:00;{'ệ' * 100}\n"
        for number in range(300)
    )
    sheet = f"xã;chỗ;loại;ngày;từ;đến;ghi chú\n{rows}".encode()
    path, data = "/insights/calendar/nhap", {"chu_ky": await signature(organiser)}
    preview = (await organiser.post(path, data=data, files={"tep": ("lich.csv", sheet)})).text
    table = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", preview, re.DOTALL)
    assert table
    form = {**data, "giu": "1", "bang": html.unescape(table[1])}
    kept = await organiser.post(path, files={name: (None, value) for name, value in form.items()})
    assert kept.headers["location"] == "/insights/calendar?r=them&n=300"


SMALL = "22240"
"""A commune of four people a week: of two weeks nothing is told, of eight some tens."""


@pytest.mark.parametrize("asked", [{"xem": f"commune:{SMALL}"}, {"so_xem": f"commune:{SMALL}"}])
async def test_a_commune_of_few_is_told_like_one_of_nobody(tmp_path: Path, asked: dict[str, str]) -> None:
    """Neither what stands on the page nor what lies in its source tells the one from the
    other; a commune of many is told otherwise (negative control).
    """
    told: dict[str, list[str]] = {}
    for name, others in (("few", ()), ("nobody", (SMALL,)), ("many", ())):
        counts = CountsInMemory()
        campaign(counts, LAST)
        for cell in [cell for cell in counts.cells if cell.part in others]:
            del counts.cells[cell]
        if name == "many":
            for cell in [cell for cell in counts.cells if cell.part == "22291"]:
                counts.cells[cell._replace(part=SMALL)] = counts.cells[cell]
        async with desk_world(tmp_path / name, insights=Insights(counts, lambda: START)) as desk:
            browser = await desk.signed_in(Role.LEAD)
            read = [
                await browser.get(
                    "/insights/kich-hoat", params={"tu": code_of(LAST - back), "den": code_of(LAST), **asked}
                )
                for back in (0, 1)
            ]
        told[name] = [re.sub(r'value="[0-9a-f]{32}"', "", answer.text) for answer in read]
        assert all(SMALL in page for page in told[name])
    assert told["few"] == told["nobody"] != told["many"]
