"""Official figures as organisers enter, import and read them."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from desk_world import Desk, desk_world, press, signature
from insight_world import COMMUNES, CountsInMemory, campaign
from openpyxl import load_workbook

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.core.weeks import last_complete
from bot.store.journal import SqlJournal

BOARD = "/insights/campaign"
HEAD = "Đơn vị;Ngày;Số người trong độ tuổi;Thẻ đã cấp;Tài khoản đã cấp;Đã kích hoạt"


def words(answer: httpx.Response) -> str:
    """The page as it is read."""
    text = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
    return " ".join(unescape(text).split())


async def upload(
    browser: httpx.AsyncClient, body: bytes | str, name: str = "so-lieu.csv", **fields: str
) -> httpx.Response:
    """Bring a file, as the page's form does; returns the preview, or the form with what is wrong."""
    body = body.encode() if isinstance(body, str) else body
    data = {"chu_ky": await signature(browser), **fields}
    answer = await browser.post(f"{BOARD}/nhap", data=data, files={"tep": (name, body)})
    return await browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


async def keep(browser: httpx.AsyncClient, preview: httpx.Response) -> httpx.Response:
    answer = await press(browser, preview.url.path, lam="giu")
    return await browser.get(answer.headers["location"])


NOON = 1_795_323_600
"""22/11/2026 in Viet Nam."""


@pytest.fixture
async def organiser(desk: Desk) -> httpx.AsyncClient:
    desk.here.clock.forward(NOON - desk.here.clock())
    return await desk.signed_in(await desk.member(Role.ORGANISER, shown="Chị Hoa"))


async def unit_page(browser: httpx.AsyncClient, name: str, query: str = "") -> httpx.Response:
    board = await browser.get(BOARD)
    found = re.search(rf'href="({BOARD}/\d+)[^"]*">{re.escape(name)}<', board.text)
    assert found, board.text
    return await browser.get(found[1] + query)


async def test_an_empty_board_says_what_will_stand_there(organiser: httpx.AsyncClient) -> None:
    answer = await organiser.get(BOARD)
    assert answer.status_code == 200, answer.text
    assert "Chưa có số liệu" in words(answer)


async def test_figures_of_ha_tinh_by_form(desk: Desk, organiser: httpx.AsyncClient) -> None:
    answer = await press(
        organiser,
        f"{BOARD}/ghi",
        viec="so-lieu",
        ten="Tỉnh Hà Tĩnh",
        ngay="30/4/2023",
        people="1.192.722",
        present="1,124,842",
        cards="1 120 269",
        accounts="859268",
        activated="334.146",
        nguon="Báo cáo tháng 4",
    )
    assert answer.status_code == 303, words(answer)
    page = words(await organiser.get(answer.headers["location"]))
    assert "93,9 % người trong độ tuổi (1.192.722)" in page
    assert "99,6 % người có mặt tại địa bàn (1.124.842)" in page
    assert "38,9 % tài khoản đã cấp (859.268)" in page
    assert "Báo cáo tháng 4, Chị Hoa ghi lúc" in page
    board = words(await organiser.get(f"{BOARD}?muc=cards"))
    assert "Tỉnh Hà Tĩnh 93,9 % 1 1.120.269 / 1.192.722" in board
    records = await SqlJournal(desk.store.backing, desk.here.clock).records(0, 10, did="figures_changed")
    assert [record.what for record in records] == ["form:5"]


async def test_ha_noi_states_percentages(organiser: httpx.AsyncClient) -> None:
    sheet = (
        "Đơn vị;Ngày;Tài khoản đã cấp;Tỷ lệ tài khoản;Đã kích hoạt;Tỷ lệ kích hoạt\n"
        "Hà Nội;31/7/2023;5.330.114;89;4.471.982;74,7\nTây Hồ;31/7/2023;;;;94,4\n"
        "Hà Đông;31/7/2023;;;;93,4 %\nGia Lâm;31/7/2023;;;;88.7\n"
    )
    await keep(organiser, await upload(organiser, sheet))
    board = words(await organiser.get(f"{BOARD}?muc=activated&theo=target&xep=ty-le"))
    at = [
        board.index(told) for told in ("Hà Nội 74,7 %", "Gia Lâm 88,7 %", "Hà Đông 93,4 %", "Tây Hồ 94,4 %")
    ]
    assert at == sorted(at)
    page = words(await unit_page(organiser, "Hà Nội"))
    assert "89 % chỉ tiêu (theo báo cáo; suy ra chỉ tiêu là khoảng 5.955.435 – 6.022.727)" in page
    assert "74,7 % chỉ tiêu (theo báo cáo; suy ra chỉ tiêu là khoảng 5.982.585 – 5.990.598)" in page


async def test_ca_mau_and_dam_doi(organiser: httpx.AsyncClient) -> None:
    sheet = (
        "Đơn vị,Thuộc,Ngày,Số người trong độ tuổi,Chưa có thẻ,Tài khoản đã cấp,Chỉ tiêu tài khoản,Hạn\n"
        "Cà Mau,,2023-06-30,,49741,179000,300000,2023-12-31\n"
        "Cà Mau,,2023-06-01,,,150000,,\n"
        "Học sinh huyện Đầm Dơi,Cà Mau,2023-06-30,1189,505,,,\n"
    )
    await keep(organiser, await upload(organiser, sheet))
    page = words(await unit_page(organiser, "Cà Mau", "?muc=no_card&theo=people"))
    assert "Người chưa có thẻ 49.741" in page
    assert "Còn 121.000 người, hạn 31/12/2023" in page
    assert "Nhịp gần đây: 1.000 người mỗi ngày" in page
    assert "Đã quá hạn 31/12/2023" in page
    assert "Học sinh huyện Đầm Dơi 42,5 % 1 505 / 1.189" in page


async def test_bad_rows_are_listed_and_only_good_ones_kept(organiser: httpx.AsyncClient) -> None:
    await keep(organiser, await upload(organiser, f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n"))
    rows = (
        "Bảng số liệu tháng 11;;;;;",
        HEAD,
        "Hương Khê;20/11/2026;900;510;400;90",  # falls
        "Huong Khê;20/11/2026;900;510;400;120",  # a slip of the name
        "Vũ Quang;31/11/2026;900;510;400;120",
        "Vũ Quang;20/11/2026;900;5.1O;400;120",
        "Vũ Quang;20/11/2026;900;510;400;4.200",  # more activated than there are accounts
        "Vũ Quang;20/11/2026;900;511;400;4.200",
        "Tổng cộng;20/11/2026;1.800;1.020;800;210",
        ";20/11/2026;900;510;400;120",
        "Đức Thọ;25/12/2026;900;510;400;120",
    )
    preview = await upload(organiser, "\n".join(rows))
    page = words(preview)
    for told in (
        "2 dòng tốt , 7 dòng chưa dùng được",
        "Dòng 4 · Huong Khê Chưa có đơn vị «Huong Khê». Có phải «Hương Khê»?",
        "Dòng 5 · Vũ Quang Ngày: Không có ngày «31/11/2026».",
        "Dòng 6 · Vũ Quang Thẻ căn cước đã cấp: «5.1O» không phải số. Có phải 510?",
        "Dòng 8 · Vũ Quang Dòng 7 cũng đơn vị này, ngày này, nhưng ghi 510; dòng này ghi 511",
        "Dòng 9 · Tổng cộng «Tổng cộng» là dòng cộng",
        "Dòng 10 Thiếu tên đơn vị.",
        "Dòng 11 · Đức Thọ Ngày «25/12/2026» chưa tới.",
        "Dòng 3 · Hương Khê Tài khoản đã kích hoạt: 90, ít hơn ngày 1/11/2026 (100).",
        "Tài khoản đã kích hoạt nhiều hơn tài khoản định danh đã cấp.",
        "Đơn vị mới sẽ được thêm Vũ Quang.",
    ):
        assert told in page, (told, page)
    assert "Vũ Quang" not in words(await organiser.get(BOARD)), "nothing is kept before somebody says so"
    listed = await organiser.get(f"{preview.url.path}/loi.csv")
    assert len(listed.text.splitlines()) == 8
    board = await keep(organiser, preview)
    assert "Đã giữ các dòng tốt" in words(board)
    assert "Vũ Quang" in words(board)
    assert "Số cần xem lại" in words(await unit_page(organiser, "Hương Khê"))


async def test_a_doubtful_name_is_settled_by_the_organiser(organiser: httpx.AsyncClient) -> None:
    await keep(organiser, await upload(organiser, f"{HEAD}\nTân Phú;1/11/2026;900;500;400;100\n"))
    preview = await upload(
        organiser, f"{HEAD}\nTân Phu;20/11/2026;900;510;400;130\nTân Phúc;20/11/2026;9;5;4;1\n"
    )
    assert "2 dòng chưa dùng được" in words(preview)
    found = re.search(r'name="la" value="(\d+)">«Tân Phú»', preview.text)
    assert found
    await press(organiser, f"{preview.url.path}/ten", ten="Tân Phu", la=found[1])
    await press(organiser, f"{preview.url.path}/ten", ten="Tân Phúc", la="0")
    preview = await organiser.get(preview.url.path)
    assert "2 dòng tốt , 0 dòng chưa dùng được" in words(preview)
    board = words(await keep(organiser, preview))
    assert "Tân Phúc" in board
    assert "Tân Phu " not in board


async def test_the_same_file_twice_changes_nothing_and_an_import_can_be_undone(
    organiser: httpx.AsyncClient,
) -> None:
    first = f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n"
    second = f"{HEAD}\nHương Khê;1/11/2026;900;500;400;111\nVũ Quang;1/11/2026;900;500;400;50\n"
    await keep(organiser, await upload(organiser, first))
    again = await upload(organiser, first)
    assert "0 số mới hoặc thay đổi, 4 số đã có sẵn" in words(again)
    assert 'lam" value="giu' not in again.text
    before = words(await organiser.get(BOARD))
    await keep(organiser, await upload(organiser, second))
    assert "Vũ Quang" in words(await organiser.get(BOARD))
    board = await organiser.get(BOARD)
    key = re.search(r'name="lan" value="([^"]+)"', board.text)
    assert key
    done = await press(organiser, f"{BOARD}/nhap/hoan-tac", lan=key[1])
    assert done.headers["location"] == f"{BOARD}?xong=hoan-tac"
    after = words(await organiser.get(BOARD))
    assert "Vũ Quang" not in after
    assert after.partition("Các số này")[0] == before.partition("Hoàn tác lần nhập")[0]
    twice = await press(organiser, f"{BOARD}/nhap/hoan-tac", lan=key[1])
    assert twice.headers["location"] == f"{BOARD}?xong=het"


async def test_what_was_changed_by_hand_since_is_not_undone(organiser: httpx.AsyncClient) -> None:
    await keep(organiser, await upload(organiser, f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n"))
    await press(organiser, f"{BOARD}/ghi", viec="so-lieu", ten="Hương Khê", ngay="1/11/2026", activated="105")
    key = re.search(r'name="lan" value="([^"]+)"', (await organiser.get(BOARD)).text)
    assert key
    await press(organiser, f"{BOARD}/nhap/hoan-tac", lan=key[1])
    page = words(await unit_page(organiser, "Hương Khê"))
    assert "Tài khoản đã kích hoạt 105" in page
    assert "Thẻ căn cước" not in page.partition("Các đơn vị")[0].partition("Số đã ghi")[0]


async def test_a_kept_import_cannot_be_kept_again(organiser: httpx.AsyncClient) -> None:
    preview = await upload(organiser, f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n")
    await keep(organiser, preview)
    assert "Lần nhập này không còn" in words(await keep(organiser, preview))
    assert (await organiser.get(preview.url.path)).status_code == 303


async def test_a_file_can_be_thrown_away(organiser: httpx.AsyncClient) -> None:
    preview = await upload(organiser, f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n")
    await press(organiser, preview.url.path, lam="bo")
    assert "Chưa có số liệu" in words(await organiser.get(BOARD))


async def test_what_cannot_be_read_is_said_kindly(organiser: httpx.AsyncClient) -> None:
    for body, told in (
        (b"", "Tệp trống"),
        (b"\xd0\xcf\x11\xe0 old", "Excel kiểu cũ"),
        (b"PK\x03\x04 not a workbook", "Tệp hỏng"),
        ("Xin chào\nkhông có bảng".encode(), "Không thấy dòng tên cột"),
        (b"x" * (8 * 1024 * 1024 + 1), "Tệp lớn quá"),
        (b"x" * (12 * 1024 * 1024), "Tệp lớn quá"),
    ):
        answer = await upload(organiser, body)
        assert answer.status_code == 422
        assert told in words(answer), told


async def test_the_offered_files_can_be_filled_in_and_brought_back(organiser: httpx.AsyncClient) -> None:
    sample = await organiser.get(f"{BOARD}/mau.xlsx")
    book = load_workbook(io.BytesIO(sample.content))
    table = book.worksheets[0]
    heads = [cell.value for cell in table[1]]
    table.append(
        ["Hương Khê" if head == "Đơn vị" else "20/11/2026" if head == "Ngày" else None for head in heads]
    )
    table.cell(2, heads.index("Đã kích hoạt") + 1, 55)
    out = io.BytesIO()
    book.save(out)
    assert "1 dòng tốt , 0 dòng" in words(await upload(organiser, out.getvalue(), "x.xlsx"))
    plain = (await organiser.get(f"{BOARD}/mau.csv")).content.decode("utf-8-sig")
    assert plain.strip().split(";") == heads
    assert (await organiser.get(f"{BOARD}/mau.exe")).status_code == 404


async def test_a_name_that_is_a_formula_stays_text(organiser: httpx.AsyncClient) -> None:
    preview = await upload(organiser, f"{HEAD}\n=CMD();31/2/2026;1;1;1;1\n")
    listed = (await organiser.get(f"{preview.url.path}/loi.csv")).text
    assert "'=CMD()" in listed


async def test_a_typed_mistake_stays_in_the_form(organiser: httpx.AsyncClient) -> None:
    answer = await press(
        organiser, f"{BOARD}/ghi", viec="so-lieu", ten="Hương Khê", ngay="31/2/2026", cards="12x"
    )
    assert answer.status_code == 422
    assert "Không có ngày «31/2/2026»" in words(answer)
    assert 'value="12x"' in answer.text
    empty = await press(organiser, f"{BOARD}/ghi", viec="so-lieu", ten="Hương Khê", ngay="1/2/2026")
    assert empty.status_code == 422


async def test_a_target_by_form_gives_the_pace_that_is_needed(
    desk: Desk, organiser: httpx.AsyncClient
) -> None:
    for day, count in (("10/11/2026", "300"), ("20/11/2026", "400")):
        await press(organiser, f"{BOARD}/ghi", viec="so-lieu", ten="Hương Khê", ngay=day, activated=count)
    answer = await press(
        organiser,
        f"{BOARD}/ghi",
        viec="chi-tieu",
        ten="Hương Khê",
        muc="activated",
        chi_tieu="1.000",
        han="30/11/2026",
        ngay="1/11/2026",
    )
    assert answer.status_code == 303, words(answer)
    page = words(await organiser.get(answer.headers["location"]))
    for told in (
        "40,0 % chỉ tiêu (1.000)",
        "Còn 600 người, hạn 30/11/2026",
        "Nhịp gần đây: 10 người mỗi ngày",
        "Với nhịp này sẽ chậm 50 ngày (ngày 19/1/2027)",
    ):
        assert told in page, (told, page)
    assert re.search(r"Cần \d+ người mỗi ngày từ nay đến hạn", page)


async def test_a_unit_is_renamed_moved_and_deleted(organiser: httpx.AsyncClient) -> None:
    await keep(organiser, await upload(organiser, f"{HEAD}\nA;1/11/2026;9;5;4;1\nB mới;1/11/2026;9;5;4;1\n"))
    a, b = [(await unit_page(organiser, name)).url.path for name in ("A", "B mới")]

    async def change(unit: str, **fields: str) -> str:
        return (await press(organiser, f"{unit}/sua", **fields)).headers["location"].partition("=")[2]

    assert await change(a, ten="A", thuoc=b.rsplit("/", 1)[1], ma="22291") == "don-vi"
    assert await change(b, ten="B", thuoc=a.rsplit("/", 1)[1]) == "trung", "a unit cannot be within itself"
    assert await change(b, ten="B", thuoc="0", ma="99999") == "trung"
    assert await change(b, xoa="1") == "con-so"
    await press(organiser, f"{a}/xoa", ngay="20758")
    assert await change(a, xoa="1") == "xoa-don-vi"
    assert (await organiser.get(a)).status_code == 404


async def test_leads_look_and_do_not_change(desk: Desk, organiser: httpx.AsyncClient) -> None:
    await keep(organiser, await upload(organiser, f"{HEAD}\nHương Khê;1/11/2026;900;500;400;100\n"))
    lead = await desk.signed_in(Role.LEAD)
    page = await unit_page(lead, "Hương Khê")
    assert '<form method="post"' not in page.text
    assert "Ghi số liệu" not in page.text


async def test_a_long_import_is_read_whole(organiser: httpx.AsyncClient) -> None:
    rows = (
        f"Xã số {n % 100};{n // 2800 + 1}/{n // 100 % 28 + 1}/2025;1.000;900;800;{n}" for n in range(10_000)
    )
    sheet = "\n".join((HEAD, *(re.sub(r";(\d+)/(\d+)/", r";\2/\1/", row) for row in rows)))
    preview = await upload(organiser, sheet)
    assert "10.000 dòng tốt , 0 dòng" in words(preview)
    assert "40.000 số mới" in words(preview)
    await keep(organiser, preview)
    assert "0 số mới hoặc thay đổi, 40.000 số đã có" in words(await upload(organiser, sheet))


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Desk]:
    counts = CountsInMemory()
    async with desk_world(tmp_path) as bare:
        clock = bare.here.clock
    async with desk_world(tmp_path / "2", insights=Insights(counts, clock)) as desk:
        campaign(counts, last_complete(desk.here.clock()))
        yield desk


async def test_help_stands_beside_and_is_no_activation(counted: Desk) -> None:
    organiser = await counted.signed_in(Role.ORGANISER)
    small = next(code for code in counted.staff.province_of if code not in {one for one, *_ in COMMUNES})
    sheet = (
        "Đơn vị;Thuộc;Mã;Ngày;Đã kích hoạt;Tài khoản đã cấp\nĐắk Lắk;;66;1/11/2026;300.000;500.000\n"
        "Hòa Xuân;Đắk Lắk;22291;1/11/2026;1.000;2.000\n"
        f"Xã nhỏ;Đắk Lắk;{small};1/11/2026;10;20\n"
    )
    await keep(organiser, await upload(organiser, sheet))
    page = words(await unit_page(organiser, "Đắk Lắk"))
    assert "Xong hướng dẫn không phải là đã kích hoạt." in page
    shown = re.findall(r"(\d[\d.]*) người đi hết hướng dẫn kích hoạt", page)
    assert len(shown) == 1
    assert int(shown[0].replace(".", "")) % 10 == 0
    assert re.search(r"Hòa Xuân \d+0 người", page)
    assert "Xã nhỏ ít hơn 20 người, không hiện riêng" in page
