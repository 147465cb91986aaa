"""Beginning and ending a shift by hand, and who writes opening hours."""

from __future__ import annotations

import pytest
from desk_world import Desk, press

from bot.app.accounts import Role
from bot.app.timetables import Timetable

PAGE = "/desk/ca"
COMMUNE, NEIGHBOUR, FAR = "22291", "22285", "00070"
EVENINGS = "T2-T6 18:00-21:00; T7 CN 8:00-11:00"


async def hours(desk: Desk) -> dict[str, Timetable]:
    return {one.place: one for one in await desk.staff.timetables.all()}


async def test_who_comes_on_duty_sees_who_waits_and_is_seen(desk: Desk) -> None:
    lan = await desk.member(shown="Lan", areas=(COMMUNE,))
    browser = await desk.signed_in(lan)
    page = (await browser.get(PAGE)).text
    assert "Vào ca" in page
    assert "Chưa có ai vào ca" in page
    began = await press(browser, f"{PAGE}/vao", den="2")
    assert (began.status_code, began.headers["location"]) == (303, "/desk")
    (shift,) = await desk.staff.shifts.on_duty(desk.here.clock())
    assert (shift.account.shown, shift.until - shift.since) == ("Lan", 2 * 3600)
    page = (await browser.get(PAGE)).text
    assert "Bạn đang trong ca đến" in page
    assert "<b>Lan</b> (bạn)" in page
    ended = await press(browser, f"{PAGE}/het")
    assert ended.headers["location"] == f"{PAGE}?xong=het"
    assert "Bạn đã hết ca." in (await browser.get(ended.headers["location"])).text
    assert await desk.staff.shifts.on_duty(desk.here.clock()) == []
    kinds = [record.did for record in await desk.staff.journal.records(0, 10)]
    assert {"shift_began", "shift_ended"} <= set(kinds)


@pytest.mark.parametrize("until", ["", "4", "-1", "1000000", "²", "dong"])
async def test_a_length_that_is_not_offered_begins_nothing(desk: Desk, until: str) -> None:
    browser = await desk.signed_in()
    assert (await press(browser, f"{PAGE}/vao", den=until)).status_code == 400
    assert await desk.staff.shifts.on_duty(desk.here.clock()) == []


async def test_until_closing_is_offered_while_it_is_open(desk: Desk) -> None:
    await desk.staff.timetables.save(Timetable("", "hằng ngày 0:00-12:00, 12:00-23:59"), 1, 0)
    browser = await desk.signed_in()
    now = desk.here.clock()
    closes = 23 * 3600 + 59 * 60 - (now + 7 * 3600) % 86400
    offered = 0 < closes <= 12 * 3600
    assert ("Đến giờ đóng cửa" in (await browser.get(PAGE)).text) is offered
    begun = await press(browser, f"{PAGE}/vao", den="dong")
    assert begun.status_code == (303 if offered else 400)
    if offered:
        (shift,) = await desk.staff.shifts.on_duty(now)
        assert shift.until == now + closes


async def test_nobody_is_told_words_that_stand_in_an_address(desk: Desk) -> None:
    browser = await desk.signed_in()
    page = (await browser.get(PAGE, params={"xong": "Bạn gọi 0900 000 000", "tra": "<b>9</b>"})).text
    assert "0900" not in page
    assert "<b>9</b>" not in page


async def test_an_organiser_writes_hours_for_everywhere_and_for_any_place(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    wrote = await press(browser, f"{PAGE}/gio", cho="", gio="t2-t6 18h-21h; cn t7 8-11", nghi="24/12/2026")
    assert wrote.headers["location"] == f"{PAGE}?xong=gio"
    name = desk.here.parts.book.places.commune(COMMUNE)
    assert name is not None
    await press(browser, f"{PAGE}/gio", cho_khac=name.label, gio="T7 8:00-11:00", nghi="")
    kept = await hours(desk)
    assert kept[""].week == EVENINGS
    assert kept[COMMUNE].week == "T7 8:00-11:00"
    page = (await browser.get(PAGE)).text
    assert EVENINGS in page
    assert "24/12/2026" in page
    assert name.label in page
    assert "Tết" in page
    await press(browser, f"{PAGE}/gio", cho=COMMUNE, bo="1")
    assert set(await hours(desk)) == {""}
    assert [one.what for one in await desk.staff.journal.records(0, 1, did="hours_changed")] == [COMMUNE]


async def test_what_is_wrong_is_told_and_what_was_written_stays(desk: Desk) -> None:
    browser = await desk.signed_in(Role.ORGANISER)
    bad = await press(browser, f"{PAGE}/gio", cho="", gio="T2 18:00-25:00; T9 8:00-9:00", nghi="30/2/2027")
    assert bad.status_code == 422
    assert "«18:00-25:00» (chữ thứ 4): chưa rõ là giờ nào" in bad.text
    assert "«T9» (chữ thứ 17): chưa rõ là ngày nào" in bad.text
    assert "«30/2/2027» (chữ thứ 1): không phải là ngày có thật" in bad.text
    assert 'value="T2 18:00-25:00; T9 8:00-9:00"' in bad.text
    nowhere = await press(browser, f"{PAGE}/gio", cho_khac="xã Không Đâu Cả", gio="T2 8:00-9:00")
    assert "Chưa rõ nơi «xã Không Đâu Cả»" in nowhere.text
    assert await hours(desk) == {}


@pytest.mark.parametrize("field", ["cho", "cho_khac"])
async def test_a_lead_writes_hours_of_their_own_places_only(desk: Desk, field: str) -> None:
    province = desk.staff.province_of[COMMUNE]
    one = await desk.signed_in(await desk.member(Role.LEAD, areas=(COMMUNE,)))
    many = await desk.signed_in(await desk.member(Role.LEAD, areas=(province,)))
    own = await press(one, f"{PAGE}/gio", **{field: COMMUNE, "gio": EVENINGS})
    within = await press(many, f"{PAGE}/gio", **{field: NEIGHBOUR, "gio": EVENINGS})
    assert (own.status_code, within.status_code) == (303, 303)
    for browser in (one, many):
        refused = await press(browser, f"{PAGE}/gio", **{field: FAR, "gio": EVENINGS})
        assert "không thuộc địa bàn của bạn" in refused.text
    assert (await press(one, f"{PAGE}/gio", cho="", gio=EVENINGS)).status_code == 422
    assert (await press(one, f"{PAGE}/gio", cho=NEIGHBOUR, bo="1")).status_code == 403
    assert (await press(many, f"{PAGE}/gio", cho="nowhere", gio=EVENINGS)).status_code == 422
    assert set(await hours(desk)) == {COMMUNE, NEIGHBOUR}


async def test_a_volunteer_reads_hours_and_writes_none(desk: Desk) -> None:
    browser = await desk.signed_in(await desk.member(areas=(COMMUNE,)))
    await desk.staff.timetables.save(Timetable("", EVENINGS), 1, 0)
    page = (await browser.get(PAGE)).text
    assert page.count(EVENINGS) == 2
    assert "giờ chung" in page
    assert "Ghi giờ này" not in page
    assert (await press(browser, f"{PAGE}/gio", cho=COMMUNE, gio=EVENINGS)).status_code == 403
