"""The page with the button: what it says, who pressed, and that two who press announce one outage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_world import Desk, press

from bot.app.accounts import Role
from bot.app.outlook import EVERY
from bot.core.desk import Desk as Promised
from bot.core.outage import Downtime, Outage, Reason
from bot.staffing import outlook_of
from bot.web.insights.outage import PAGE, _heard, began
from bot.web.pages import build_app

NOON = 1_795_000_000 - (6 * 60 + 6) * 60 - 40
HOUR = 3600


async def test_said_and_ended_by_a_lead_and_written_down(desk: Desk) -> None:
    lead = await desk.member(Role.LEAD, shown="Hòa")
    browser = await desk.signed_in(lead)
    assert "Lúc này không ai báo ngừng" in (await browser.get(PAGE)).text
    told = await press(browser, f"{PAGE}/bat-dau", ly_do="otp", ghi_chu="gọi 0912345678 hỏi rồi")
    assert (told.status_code, told.headers["location"]) == (303, f"{PAGE}?xong=bat")
    page = (await browser.get(f"{PAGE}?xong=bat")).text
    assert "Đang ngừng: VNeID không gửi mã OTP" in page
    assert "Hòa báo" in page
    assert "Dưới 20 người" in page
    assert "0912345678" not in page
    (entry,) = await desk.staff.outages.entries(9)
    over = await press(browser, f"{PAGE}/het", lan=str(entry.outage.id))
    assert over.headers["location"] == f"{PAGE}?xong=het"
    assert "Hòa báo chạy lại" in (await browser.get(PAGE)).text
    again = await press(browser, f"{PAGE}/het", lan=str(entry.outage.id))
    assert again.headers["location"] == f"{PAGE}?xong=het-roi"
    did = [(record.did, record.who) for record in await desk.staff.journal.records(0, 10)]
    assert ("outage_began", lead.id) in did
    assert ("outage_ended", lead.id) in did
    assert len([one for one, _ in did if one == "outage_ended"]) == 1


async def test_the_second_who_presses_hears_that_it_was_said(desk: Desk) -> None:
    first, second = await desk.signed_in(Role.ORGANISER), await desk.signed_in(Role.LEAD)
    await press(first, f"{PAGE}/bat-dau", ly_do="login")
    late = await press(second, f"{PAGE}/bat-dau", ly_do="otp")
    assert late.headers["location"] == f"{PAGE}?xong=roi"
    assert "Đã có người báo ngừng trước bạn" in (await second.get(late.headers["location"])).text
    assert len(await desk.staff.outages.entries(9)) == 1


@pytest.mark.parametrize("fields", [{}, {"ly_do": "khac-nua"}, {"ly_do": ""}])
async def test_without_a_reason_nothing_begins(desk: Desk, fields: dict[str, str]) -> None:
    browser = await desk.signed_in(Role.LEAD)
    assert (await press(browser, f"{PAGE}/bat-dau", **fields)).status_code == 400
    assert list(await desk.staff.outages.entries(9)) == []


@pytest.mark.parametrize("id", ["", "x", "²", "9" * 40, "-1"])
async def test_nonsense_ends_nothing(desk: Desk, id: str) -> None:
    browser = await desk.signed_in(Role.LEAD)
    await press(browser, f"{PAGE}/bat-dau", ly_do="otp")
    assert (await press(browser, f"{PAGE}/het", lan=id)).status_code == 400
    (entry,) = await desk.staff.outages.entries(9)
    assert not entry.outage.ended_at


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("", NOON),
        ("12:00", NOON),
        ("9:00", NOON - 3 * HOUR),
        ("9h30", NOON - 2 * HOUR - HOUR // 2),
        ("23:30", NOON - 12 * HOUR - HOUR // 2),
        ("25:00", None),
        ("9", None),
        ("sáng", None),
    ],
)
def test_since_when(typed: str, at: int | None) -> None:
    assert began(typed, NOON) == at


async def test_a_time_that_cannot_be_is_asked_for_again(desk: Desk) -> None:
    browser = await desk.signed_in(Role.LEAD)
    sent = await press(browser, f"{PAGE}/bat-dau", ly_do="otp", tu="sáng nay")
    assert "Chưa báo được" in (await browser.get(sent.headers["location"])).text
    assert list(await desk.staff.outages.entries(9)) == []


def test_small_numbers_are_not_told() -> None:
    assert (_heard(0), _heard(10), _heard(20)) == ("dưới 20 người", "dưới 20 người", "khoảng 20 người")
    assert _heard(12_340) == "khoảng 12.340 người"


async def test_every_process_knows_within_three_seconds(desk: Desk) -> None:
    """Another process knows only the tables, and looks into them every three seconds."""
    browser = await desk.signed_in(Role.LEAD)
    other = outlook_of(desk.staff, desk.here.clock)
    await press(browser, f"{PAGE}/bat-dau", ly_do="otp")
    await other.look()
    current = other.desk().downtime.current
    assert current is not None
    assert current.reason is Reason.OTP
    assert EVERY <= 3


async def test_pages_say_it_while_it_lasts(desk: Desk) -> None:
    outage = Outage(1, NOON, 0, Reason.LOGIN, NOON)
    parts = replace(desk.here.parts, desk=lambda: Promised(downtime=Downtime((outage,))))
    here = replace(desk.here, parts=parts, app=build_app(parts))
    browser = here.browser()
    for path in ("/", "/guide", "/guide/kich-hoat", "/c/22291"):
        answer = await browser.get(path)
        assert "VNeID đang không đăng nhập được." in answer.text, path
        assert "max-age=300" not in answer.headers["cache-control"]
    volunteer = await replace(desk, here=here).signed_in()
    page = (await volunteer.get("/desk")).text
    assert "VNeID đang ngừng từ" in page
    assert "/insights/outage" not in page  # volunteers cannot press it
    plain = await desk.here.browser().get("/guide")
    assert "không đăng nhập được." not in plain.text
    assert "max-age=300" in plain.headers["cache-control"]
