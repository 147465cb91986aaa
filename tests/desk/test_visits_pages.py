"""The team's pages of visits at home: who sees what, what is done, what the resident hears of it."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from desk_world import Desk, press, signature
from home_people import WISH, address, asks_for_a_visit, claimed_chat, lines_of, presses

from bot.app.accounts import Role
from bot.core.home_visit import HomeVisit, Stage, today
from bot.web.desk.visit_views import date

HERE = "22291"
THERE = "20314"


async def _visit(desk: Desk, person: str = "bac", commune: str = HERE) -> HomeVisit:
    return await asks_for_a_visit(desk.store, person, commune, desk.here.clock())


def _plan(desk: Desk, **more: str) -> dict[str, str]:
    day = date(today(desk.here.clock()) + 3)
    fields = {"ban": "1", "ngay": day, "buoi": "morning", "ai": "Lan, Hùng, Đoàn xã", "dau_shirt": "1"}
    return {**fields, **more}


async def test_the_list_shows_who_waits_but_not_the_way_to_the_door(desk: Desk) -> None:
    visit = await _visit(desk)
    page = (await (await desk.signed_in()).get("/desk/tham-nha")).text
    assert visit.spoken in page
    assert WISH.hamlet in page
    assert WISH.landmark not in page


@pytest.mark.parametrize(
    ("role", "areas", "sees"),
    [
        (Role.VOLUNTEER, (HERE,), True),
        (Role.VOLUNTEER, (), True),
        (Role.VOLUNTEER, ("66",), True),  # its province
        (Role.VOLUNTEER, (THERE,), False),
        (Role.LEAD, (THERE,), True),
        (Role.ORGANISER, (), True),
    ],
)
async def test_only_whose_areas_hold_the_commune_may_open_it(
    desk: Desk, role: Role, areas: tuple[str, ...], sees: bool
) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in(await desk.member(role, areas=areas))
    answer = await browser.get(f"/desk/tham-nha/{visit.key}")
    assert answer.status_code == (200 if sees else 404)
    assert (WISH.landmark in answer.text) is sees
    assert (visit.spoken in (await browser.get("/desk/tham-nha")).text) is sees
    done = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk))
    assert done.status_code == (303 if sees else 404)


async def test_strangers_and_residents_see_nothing(desk: Desk) -> None:
    visit = await _visit(desk)
    for path in ("", "/moi?c=x", f"/ngay/2026-11-23?xa={HERE}", f"/{visit.key}"):
        answer = await desk.here.browser().get(f"/desk/tham-nha{path}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk/vao")


async def test_agreed_changed_done_and_each_time_the_resident_hears_it(desk: Desk) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in()
    page = f"/desk/tham-nha/{visit.key}"
    done = await press(browser, f"{page}/hen", **_plan(desk))
    assert done.headers["location"] == f"{page}?r=bao"
    told = (await lines_of(desk.store, "bac"))[-1].text
    assert "Lan, Hùng, Đoàn xã" in told
    assert "áo xanh tình nguyện" in told
    word = re.search(r"«(.+?)»", told)
    assert word is not None
    assert word[1] in (await browser.get(page)).text
    await press(browser, f"{page}/hen", **_plan(desk, ban="2", buoi="evening"))
    changed = (await lines_of(desk.store, "bac"))[-1].text
    assert "vừa đổi" in changed
    assert word[1] not in changed
    done = await press(browser, f"{page}/xong", ban="3", ket_qua="office", viec="kich-hoat", loi="")
    assert done.status_code == 303
    assert "Công an xã" in (await lines_of(desk.store, "bac"))[-1].text
    state = await desk.store.state(address("bac"))
    assert state is not None
    assert state.home_visit is not None
    assert (state.home_visit.stage, state.home_visit.closed_step) == (Stage.DONE, "kich-hoat")


async def test_called_off_tells_why_and_what_instead(desk: Desk) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in()
    await press(browser, f"/desk/tham-nha/{visit.key}/thoi", ban="1", ly_do="weather")
    told = (await lines_of(desk.store, "bac"))[-1].text
    assert "mưa bão" in told
    assert "1900 0368" in told
    refused = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk, ban="2"))
    assert refused.status_code == 409
    assert "không đổi được nữa" in refused.text


async def test_who_saw_an_older_one_is_refused_and_keeps_what_they_typed(desk: Desk) -> None:
    visit = await _visit(desk)
    lan, hung = await desk.signed_in(), await desk.signed_in()
    await press(lan, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk))
    refused = await press(hung, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk, ai="Hùng"))
    assert refused.status_code == 409
    assert "Có người vừa đổi" in refused.text
    assert 'value="Hùng"' in refused.text
    assert len(await lines_of(desk.store, "bac")) == 1


@pytest.mark.parametrize(
    "who",
    ["Lan 0912 345 678", "Lan 09 12 34 56 78", "zalo Lan", "Lan, vneid-giup.com", "Lan: http://a.vn",
     "đọc mã cho Lan", "Lan, phí 20 k", "<b>Lan</b>", "không chín một hai ba bốn năm sáu bảy tám"],
)  # fmt: skip
async def test_nothing_but_names_goes_to_the_door(desk: Desk, who: str) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in()
    refused = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk, ai=who))
    assert refused.status_code == 409
    assert await lines_of(desk.store, "bac") == []


async def test_when_the_platform_is_closed_the_page_says_so_and_nothing_is_sent(desk: Desk) -> None:
    visit = await asks_for_a_visit(desk.store, "zalo", HERE, desk.here.clock(), window=48 * 3600)
    desk.here.clock.forward(49 * 3600)
    browser = await desk.signed_in()
    page = f"/desk/tham-nha/{visit.key}"
    assert "Không nhắn được nữa" in (await browser.get(page)).text
    done = await press(browser, f"{page}/hen", **_plan(desk))
    assert done.headers["location"] == f"{page}?r=chua-bao"
    assert await lines_of(desk.store, "zalo") == []


async def test_the_sheet_of_a_day_has_all_stops_and_no_more(desk: Desk) -> None:
    browser = await desk.signed_in()
    for person, commune in (("a", HERE), ("b", HERE), ("c", THERE)):
        visit = await _visit(desk, person, commune)
        await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk))
    day = date(today(desk.here.clock()) + 3)
    sheet = (await browser.get(f"/desk/tham-nha/ngay/{day}?xa={HERE}")).text
    assert sheet.count("Câu ở cửa") == 2
    assert (await browser.get(f"/desk/tham-nha/ngay/{day}")).text.count("Câu ở cửa") == 3
    other = await desk.signed_in(await desk.member(areas=(THERE,)))
    assert (await other.get(f"/desk/tham-nha/ngay/{day}")).text.count("Câu ở cửa") == 1
    assert (await browser.get("/desk/tham-nha/ngay/hom-qua")).status_code == 404


async def test_every_opening_of_the_details_is_in_the_journal(desk: Desk) -> None:
    visit = await _visit(desk)
    noted: list[tuple[int, str, str]] = []

    class Journal:
        async def note(self, who: int, did: str, what: str = "") -> None:
            noted.append((who, str(did), what))

    assert desk.here.parts.staff is not None
    object.__setattr__(desk.here.parts.staff, "journal", Journal())
    account = await desk.member()
    browser = await desk.signed_in(account)
    await browser.get("/desk/tham-nha")
    assert noted == []
    await browser.get(f"/desk/tham-nha/{visit.key}")
    assert noted == [(account.id, "visit_viewed", visit.key)]


async def test_a_volunteer_asks_for_one_and_the_resident_agrees_with_a_tap(desk: Desk) -> None:
    account = await desk.member()
    browser = await desk.signed_in(account)
    ticket = await claimed_chat(desk, account)
    page = await browser.get(f"/desk/tham-nha/moi?c={ticket}")
    assert page.status_code == 200
    fields = {"c": ticket, "thon": "thôn Bình An", "moc": "cạnh đình", "buoi": "evening", "ngay": "thứ bảy"}
    once = {"ma_gui": "m" * 16}
    for _ in range(2):  # a double press
        done = await press(browser, "/desk/tham-nha/moi", **fields, **once)
        assert done.headers["location"] == f"/desk/c/{ticket}"
    asked = (await lines_of(desk.store, "bac"))[-1]
    assert asked.author == account.shown
    assert "thôn Bình An" in asked.text
    assert [choice.label for choice in asked.choices] == ["Đồng ý gửi", "Không gửi"]
    listed = await browser.get("/desk/tham-nha")
    assert "thôn Bình An" not in listed.text  # not before they agree
    await presses(desk, "bac", asked.choices[0])
    assert "thôn Bình An" in (await browser.get("/desk/tham-nha")).text
    assert (await lines_of(desk.store, "bac"))[-1].author == account.shown


async def test_a_visit_can_only_be_asked_for_by_who_has_the_conversation(desk: Desk) -> None:
    ticket = await claimed_chat(desk, await desk.member())
    other = await desk.signed_in(Role.ORGANISER)
    assert (await other.get(f"/desk/tham-nha/moi?c={ticket}")).status_code == 403
    fields = {"c": ticket, "thon": "thôn Bình An", "buoi": "evening"}
    assert (await press(other, "/desk/tham-nha/moi", **fields)).status_code == 403
    assert (await other.get("/desk/tham-nha/moi?c=khong-co")).status_code == 404


async def test_a_form_without_signature_changes_nothing(desk: Desk) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in()
    for end, fields in (("hen", _plan(desk)), ("thoi", {"ban": "1", "ly_do": "weather"})):
        answer = await browser.post(f"/desk/tham-nha/{visit.key}/{end}", data={**fields, "chu_ky": "0" * 32})
        assert answer.status_code == 403
    stranger: httpx.AsyncClient = desk.here.browser(headers={"Sec-Fetch-Site": "cross-site"})
    stranger.cookies = browser.cookies
    fields = {**_plan(desk), "chu_ky": await signature(browser)}
    assert (await stranger.post(f"/desk/tham-nha/{visit.key}/hen", data=fields)).status_code == 403
    assert await lines_of(desk.store, "bac") == []


async def test_words_of_residents_are_only_words_on_the_page(desk: Desk) -> None:
    bad = replace(WISH, hamlet="<script>alert(1)</script>", landmark="{{7*7}} \"'><img src=x>")
    visit = await asks_for_a_visit(desk.store, "bac", HERE, desk.here.clock(), wish=bad)
    browser = await desk.signed_in()
    for path in ("/desk/tham-nha", f"/desk/tham-nha/{visit.key}"):
        page = (await browser.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "49" not in page.replace(visit.spoken, "")


@pytest.mark.parametrize(
    "who", ["Công an xã Hòa Xuân", "Đại úy Hùng", "C.A. xã", "Сông an xã", "cán bộ VNeID"]
)
async def test_nobody_comes_to_a_door_as_an_office(desk: Desk, who: str) -> None:
    visit = await _visit(desk)
    browser = await desk.signed_in()
    refused = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk, ai=who))
    assert refused.status_code == 409
    assert who not in "".join(line.text for line in await lines_of(desk.store, "bac"))
    fine = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk))
    assert fine.status_code == 303


async def test_newcomers_whose_words_are_looked_at_make_no_visits(desk: Desk) -> None:
    visit = await _visit(desk)
    hoa = await desk.member(Role.VOLUNTEER, "hoa", watched=3)
    key = await claimed_chat(desk, hoa, "co")
    browser = await desk.signed_in(hoa)
    asked = await press(browser, "/desk/tham-nha/moi", c=key, thon="Thôn 3", buoi="morning", ma_gui="m1")
    assert asked.status_code == 409
    assert "mới tham gia" in asked.text
    agreed = await press(browser, f"/desk/tham-nha/{visit.key}/hen", **_plan(desk))
    assert agreed.status_code == 409
    old = await desk.member(Role.VOLUNTEER, "mai")
    key = await claimed_chat(desk, old, "chu")
    done = await press(
        await desk.signed_in(old), "/desk/tham-nha/moi", c=key, thon="Thôn 3", buoi="morning", ma_gui="m2"
    )
    assert done.status_code == 303
