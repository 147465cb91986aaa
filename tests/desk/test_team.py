"""The team: invited, changed, shut out; the journal page tells of it."""

from __future__ import annotations

import re

from desk_world import Desk, press
from httpx import AsyncClient

from bot.app.accounts import Role
from bot.app.journal import Did
from bot.web.desk.journal import WORDS

LINK = re.compile(r'value="(https?://[^"]+/desk/moi/[\w-]{43,64})"')
NEW = {
    "ten": "Lan.TP",
    "ten_hien": " Lan  Trần ",
    "vai_tro": "volunteer",
    "dia_ban": "xã Hòa Xuân, Đắk Lắk; 66",
    "ky_nang": "NFC, kich-hoat",
    "toi_da": "3",
    "xem_lai": "20",
}


async def test_an_organiser_invites_and_the_link_is_shown_once(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    page = await press(browser, "/desk/nhom/moi", **NEW)
    link = LINK.search(page.text)
    assert link
    (lan,) = [one for one in await desk.staff.people.all() if one.name == "lan.tp"]
    assert (lan.shown, lan.role, lan.skills, lan.watched) == (
        "Lan Trần",
        Role.VOLUNTEER,
        ("nfc", "kich-hoat"),
        20,
    )
    commune = desk.here.parts.book.places.commune(lan.areas[0])
    assert commune is not None
    assert commune.label == "Xã Hòa Xuân, tỉnh Đắk Lắk"
    assert lan.areas[1] == "66"
    token = link[1].rpartition("/")[2]
    for path in ("/desk/nhom", f"/desk/nhom/{lan.id}", "/desk/nhat-ky"):
        assert token not in (await browser.get(path)).text
    invitation = await desk.here.browser(headers={"Host": "localhost"}).get(f"/desk/moi/{token}")
    assert "Chào Lan Trần" in invitation.text
    assert "tình nguyện viên" in invitation.text


async def refused(browser: AsyncClient, **changed: str) -> str:
    page = await press(browser, "/desk/nhom/moi", **{**NEW, **changed})
    assert page.status_code == 422
    return page.text


async def test_what_is_wrong_with_a_new_account_is_told(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    assert "Tên đăng nhập" in await refused(browser, ten="Chị Lan")
    assert "Công an" in await refused(browser, ten_hien="Công an xã")
    assert "Công an" in await refused(browser, ten_hien="VNEID hỗ trợ")
    assert "chỉ gồm chữ" in await refused(browser, ten_hien="123")
    assert "xã Không Có Đâu" in await refused(browser, dia_ban="22291; xã Không Có Đâu")
    assert "99999" in await refused(browser, dia_ban="99999")
    assert "từ 1 đến 10" in await refused(browser, toi_da="0")
    await press(browser, "/desk/nhom/moi", **NEW)
    assert "đã có người dùng" in await refused(browser)


async def test_one_press_shuts_somebody_out_everywhere(desk: Desk) -> None:
    organiser = await desk.signed_in(Role.ORGANISER)
    lan = await desk.member(name="lan")
    phone, computer = await desk.signed_in(lan), await desk.signed_in(lan)
    assert (await press(organiser, f"/desk/nhom/{lan.id}/khoa")).status_code == 303
    for browser in (phone, computer):
        assert (await browser.get("/desk/tai-khoan")).status_code == 303
    assert "đang khóa" in (await organiser.get("/desk/nhom")).text
    assert "đang bị khóa" in (await press(organiser, f"/desk/nhom/{lan.id}/moi-lai")).text
    await press(organiser, f"/desk/nhom/{lan.id}/mo")
    assert (await phone.get("/desk/tai-khoan")).status_code == 303  # a session that was ended stays so
    assert LINK.search((await press(organiser, f"/desk/nhom/{lan.id}/moi-lai")).text)


async def test_the_last_organiser_stays(desk: Desk) -> None:
    only = await desk.member(Role.ORGANISER)
    browser = await desk.signed_in(only)
    assert "cuối cùng" in (await press(browser, f"/desk/nhom/{only.id}/khoa")).text
    fields = {**NEW, "vai_tro": "lead"}
    assert "cuối cùng" in (await press(browser, f"/desk/nhom/{only.id}", **fields)).text
    assert (await browser.get("/desk/nhom")).status_code == 200


async def test_a_new_role_means_signing_in_anew(desk: Desk) -> None:
    organiser = await desk.signed_in(Role.ORGANISER)
    lan = await desk.member(name="lan")
    phone = await desk.signed_in(lan)
    same = {**NEW, "ten_hien": "Lan", "dia_ban": ""}
    await press(organiser, f"/desk/nhom/{lan.id}", **same)
    assert (await phone.get("/desk/tai-khoan")).status_code == 200
    await press(organiser, f"/desk/nhom/{lan.id}", **{**same, "vai_tro": "lead"})
    assert (await phone.get("/desk/tai-khoan")).status_code == 303


async def test_leads_see_those_of_their_areas(desk: Desk) -> None:
    places = desk.here.parts.book.places
    there = places.commune("22291")
    assert there is not None
    lead = await desk.member(Role.LEAD, "lead", areas=(there.within,))
    await desk.member(name="gan", shown="Người Gần", areas=("22291",))
    await desk.member(name="xa", shown="Người Xa", areas=("00004",))
    await desk.member(name="khap", shown="Người Khắp Nơi")
    page = (await (await desk.signed_in(lead)).get("/desk/nhom")).text
    assert "Người Gần" in page
    assert "Người Khắp Nơi" in page
    assert "Người Xa" not in page
    assert "/desk/nhom/moi" not in page


async def test_the_journal_page_names_people_and_is_found_whole(desk: Desk) -> None:
    organiser = await desk.member(Role.ORGANISER, "hoa", shown="Hoa")
    lan = await desk.member(name="lan", shown="Lan")
    browser = await desk.signed_in(organiser)
    for _ in range(120):
        await desk.staff.journal.note(lan.id, Did.VIEWED, "abc123")
    await press(browser, f"/desk/nhom/{lan.id}/khoa")
    page = (await browser.get("/desk/nhat-ky?kiem=1")).text
    assert "còn nguyên vẹn: 122 dòng" in page
    assert re.search(r"<b>Hoa</b> khóa tài khoản Lan", page)
    older = re.search(r'href="(/desk/nhat-ky\?truoc=\d+[^"]*)"', page)
    assert older
    assert "<b>Lan</b> mở xem phiếu abc123" in (await browser.get(older[1].replace("&amp;", "&"))).text
    only = (await browser.get(f"/desk/nhat-ky?viec={Did.DISABLED}&ai={organiser.id}")).text
    assert "<b>Lan</b> mở xem" not in only
    assert "khóa tài khoản Lan" in only


def test_every_deed_has_words() -> None:
    assert set(WORDS) == set(Did)
