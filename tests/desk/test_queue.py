"""The lists: who waits is shown oldest first to whoever may help, and taken by one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from desk_world import press
from desk_yard import Yard, yard

from bot.app.accounts import Role
from bot.core.ticket import Reason


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Yard]:
    async with yard(tmp_path) as built:
        yield built


def rows(page: str) -> list[str]:
    return re.findall(r'data-key="(h?key-[^"]+)"', page)


async def test_who_waits_longest_stands_first_with_all_that_tells_whether_to_help(here: Yard) -> None:
    await here.waits("an", commune="22291", reason=Reason.DISTRESS)
    here.desk.here.clock.forward(240)
    await here.waits("binh", locale="en")
    browser = await here.desk.signed_in(Role.LEAD)
    page = (await browser.get("/desk")).text
    assert rows(page) == ["key-an", "key-binh"]
    first, second = page.split('data-key="key-binh"')
    for words in ("chờ 4 phút", "Xã Hòa Xuân", "Bước 2/5: Xem thẻ", "nghi bị lừa", "trang web", "Gấp"):
        assert words in first
    assert "tiếng Anh" in second
    assert "tôi bị kẹt" not in page


async def test_the_main_button_takes_whoever_waits_longest(here: Yard) -> None:
    await here.waits("an")
    here.desk.here.clock.forward(60)
    await here.waits("binh")
    browser = await here.desk.signed_in()
    taken = await press(browser, "/desk/tiep")
    assert taken.headers["location"] == "/desk/c/key-an?bao=nhan"
    assert "tôi bị kẹt" in (await browser.get("/desk/c/key-an")).text
    await press(browser, "/desk/tiep")
    assert (await press(browser, "/desk/tiep")).headers["location"] == "/desk?bao=het"
    assert "Không còn ai chờ" in (await browser.get("/desk?bao=het")).text


async def test_a_full_hand_is_told_so(here: Yard) -> None:
    for name in ("an", "binh"):
        await here.waits(name)
    account = await here.desk.member(most=1)
    browser = await here.desk.signed_in(account)
    await press(browser, "/desk/tiep")
    refused = await press(browser, "/desk/tiep")
    assert refused.status_code == 409
    assert "đủ số" in refused.text


async def test_what_somebody_has_is_seen_with_their_name_and_asked_for(here: Yard) -> None:
    key = await here.waits("an")
    lan = await here.desk.member(shown="Lan")
    await here.desk.staff.handoff.claim(key, lan.helper)
    here.desk.here.clock.forward(120)
    other = await here.desk.signed_in()
    page = (await other.get("/desk")).text
    assert rows(page) == ["hkey-an"]
    assert "<b>Lan</b> từ" in page
    assert "2 phút trước" in page
    assert "Xin nhận" in page


async def test_the_list_is_never_long_and_says_how_many_more(here: Yard) -> None:
    for number in range(55):
        await here.waits(f"n{number:02}")
    browser = await here.desk.signed_in()
    page = (await browser.get("/desk")).text
    assert len(rows(page)) == 50
    assert "Còn 5 người nữa" in page
    assert "55 người đang chờ" in page


async def test_off_duty_and_with_nobody_waiting_it_says_what_to_do(here: Yard) -> None:
    account = await here.desk.member()
    browser = await here.desk.signed_in(account)
    page = (await browser.get("/desk")).text
    assert "Bạn chưa vào ca" in page
    assert "Không có ai chờ bạn" in page
    await here.on_duty(account)
    page = (await browser.get("/desk")).text
    assert "Bạn chưa vào ca" not in page
    assert "Trong ca đến" in page


async def test_who_is_nearer_to_somebody_else_is_told_of_and_comes_later(here: Yard) -> None:
    await here.waits("an", commune="22291")
    near = await here.desk.member(areas=("22291",))
    await here.on_duty(near)
    far = await here.desk.signed_in(await here.desk.member(areas=("00004",)))
    page = (await far.get("/desk")).text
    assert rows(page) == []
    assert "1 người khác đang chờ bạn trực gần họ hơn" in page
    here.desk.here.clock.forward(601)
    assert rows((await far.get("/desk")).text) == ["key-an"]


async def test_mine_shows_who_wrote_first_and_how_long_the_claim_holds(here: Yard) -> None:
    account = await here.desk.member()
    for name in ("an", "binh"):
        await here.desk.staff.handoff.claim(await here.waits(name), account.helper)
        await here.desk.staff.handoff.speak(f"key-{name}", account.helper, "Chào bác", "k")
    here.desk.here.clock.forward(490)
    await here.writes("binh", "vẫn không được")
    browser = await here.desk.signed_in(account)
    page = (await browser.get("/desk/toi")).text
    assert rows(page) == ["key-binh", "key-an"]
    assert "Chờ bạn trả lời" in page
    assert "Giữ cho bạn 1 phút nữa" in page
    assert "vẫn không được" not in page


async def test_at_the_end_of_a_shift_everything_goes_back_at_its_age(here: Yard) -> None:
    account = await here.desk.member()
    await here.on_duty(account)
    for name in ("an", "binh"):
        await here.desk.staff.handoff.claim(await here.waits(name), account.helper)
    opened = here.desk.here.clock()
    here.desk.here.clock.forward(60)
    browser = await here.desk.signed_in(account)
    done = await press(browser, "/desk/toi/tra-het", chu="bác An hẹn 20 giờ, số 0912345678")
    assert done.headers["location"] == "/desk/toi?bao=tra-het"
    open_again = await here.desk.staff.tickets.open(9)
    assert [(one.status, one.opened_at) for one in open_again] == [("queued", opened)] * 2
    chat = await here.desk.staff.tickets.chat("key-an", 0, 1)
    assert chat is not None
    notes = [entry.text for entry in chat.log if entry.text]
    assert notes
    assert "0912345678" not in notes[0]
    assert "Bạn chưa vào ca" in (await browser.get("/desk")).text


async def test_a_part_of_the_page_is_the_page_without_its_frame(here: Yard) -> None:
    await here.waits("an")
    browser = await here.desk.signed_in()
    part = (await browser.get("/desk?phan=1")).text
    assert rows(part) == ["key-an"]
    assert "<html" not in part


async def test_the_queue_of_a_stranger_is_the_way_in(here: Yard) -> None:
    stranger = here.desk.here.browser()
    for path in ("/desk", "/desk/toi", "/desk/them", "/desk/c/key-an", "/desk/live"):
        assert (await stranger.get(path)).headers["location"].startswith("/desk/vao"), path
