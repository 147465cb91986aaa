"""The chat page: works with scripts off, counts each message once, keeps nothing of readers."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from web_phone import BEGIN, begun, buttons, hidden, press, quick, said
from web_world import Away, World, world

from bot.app.ports import Line, StoreDown, Taken
from bot.core.message import Address, Reply
from bot.core.session import State
from bot.core.turn import Turn
from bot.web import chat
from bot.web.chat import asking
from bot.web.views import LineView, view


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def test_a_reader_gets_the_welcome_and_no_cookie(phone: httpx.AsyncClient) -> None:
    page = await phone.get("/")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    assert buttons(page.text) == [
        (BEGIN, "1 · Bắt đầu"),
        ("!read.", "2 · Chỉ xem hướng dẫn"),
        ("!speak..en", "English"),
    ]


async def test_without_consent_the_answer_is_a_page_and_nothing_is_kept(
    here: World, phone: httpx.AsyncClient
) -> None:
    page = (await phone.get("/")).text
    answer = await phone.post("/", data={"tin": "xin chào em", "ma_tin": hidden(page, "ma_tin", 1)})
    assert answer.status_code == 200
    assert said(answer.text)[0] == "xin chào em"
    assert buttons(answer.text)
    assert await here.store.kept(Address("web", phone.cookies["vneid_chat"])) is None


async def test_the_cookie_comes_with_the_first_post_and_is_closed_to_scripts(
    phone: httpx.AsyncClient,
) -> None:
    answer = await press(phone, BEGIN)
    cookie = answer.headers["set-cookie"]
    assert re.match(r"vneid_chat=[A-Za-z0-9_-]{43,};", cookie)
    for part in ("HttpOnly", "SameSite=lax", "Max-Age=2592000", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie


async def test_over_https_the_cookie_is_secure(here: World) -> None:
    phone = here.browser(headers={"Origin": "https://test"})
    answer = await phone.post("https://test/", data={"nut": BEGIN})
    assert "Secure" in answer.headers["set-cookie"]
    behind = await phone.post("http://vneid.example.vn/", data={"nut": BEGIN})
    assert "Secure" in behind.headers["set-cookie"]


async def test_with_consent_the_way_leads_back_to_the_newest_line(phone: httpx.AsyncClient) -> None:
    answer = await press(phone, BEGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#moi-nhat")
    page = (await phone.get("/")).text
    assert page.count('id="moi-nhat"') == 1
    assert [label for _, label in buttons(page)][:2] == ["1 · bác", "2 · cô"]


async def test_a_guide_is_walked_with_scripts_off(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    for label in ("1 · bác", "1 · Kích hoạt tài khoản VNeID", "2 · Không thấy nút này"):
        page = (await phone.get("/")).text
        token = next(token for token, shown in buttons(page) if shown == label)
        assert (await press(phone, token)).status_code == 303
    page = (await phone.get("/")).text
    assert "bác kéo màn hình xuống dưới cùng." in said(page)[-1]
    assert "Không thấy nút này" in said(page)  # their own words are there too
    assert [label for _, label in buttons(page)] == [
        *("1 · Thấy rồi", "2 · Vẫn không thấy"),
        *("Quay lại", "Gặp người", "Menu"),
    ]
    assert "Hình minh hoạ" not in page  # nothing is announced that is not there


async def test_only_the_newest_message_has_buttons(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    await press(phone, "?1.1")
    page = (await phone.get("/")).text
    assert len(said(page)) > 1
    assert page.count('id="choices"') == 1
    assert not any(token.startswith("?1.") for token, _ in buttons(page))


async def test_what_is_masked_stays_masked(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.post("/", data={"tin": "căn cước của tôi là 079123456789"})).text
    assert "079123456789" not in page
    await begun(phone)
    await phone.post("/", data={"tin": "căn cước của tôi là 079123456789"})
    page = (await phone.get("/")).text
    assert "079123456789" not in page
    assert any("căn cước của tôi" in words for words in said(page))


async def send_first_twice(phone: httpx.AsyncClient, form: dict[str, str]) -> set[str]:
    """A double press on a phone without a cookie; returns the conversations it led to."""
    tokens = set()
    for _ in range(2):
        phone.cookies.clear()
        await phone.post("/", data=form)
        tokens.add(phone.cookies["vneid_chat"])
    return tokens


async def test_a_first_message_sent_twice_is_one_conversation(here: World, phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/")).text
    form = {"nut": BEGIN, "ma_tin": hidden(page, "ma_tin"), "moi": hidden(page, "moi")}
    tokens = await send_first_twice(phone, form)
    assert len(tokens) == 1
    kept = await here.store.kept(Address("web", tokens.pop()))
    assert kept is not None
    assert len([line for line in kept.lines if not line.mine]) == 1


async def test_a_page_without_a_token_of_its_own_would_make_two(phone: httpx.AsyncClient) -> None:
    """Negative control: the token that is born with the page is what makes it one."""
    page = (await phone.get("/")).text
    assert len(await send_first_twice(phone, {"nut": BEGIN, "ma_tin": hidden(page, "ma_tin")})) == 2


async def lines_after_two_presses(here: World, phone: httpx.AsyncClient, second_id: str) -> int:
    token = await begun(phone)
    for own_id in ("one", second_id):
        await phone.post("/", data={"nut": "?1.1", "ma_tin": own_id})
    kept = await here.store.kept(Address("web", token))
    assert kept is not None
    return len(kept.lines)


async def test_a_double_press_counts_once(here: World, phone: httpx.AsyncClient) -> None:
    once = await lines_after_two_presses(here, phone, "one")
    phone.cookies.clear()
    assert await lines_after_two_presses(here, phone, "two") > once  # negative control


async def test_the_script_gets_what_is_new_and_the_same_again(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    page = (await phone.get("/")).text
    last = re.search(r'data-last="(\d+)"', page)
    assert last
    first = await quick(phone, nut="?1.1", ma_tin="m1", sau=last[1])
    data = first.json()
    assert data["kept"] is True
    assert [line["mine"] for line in data["lines"]] == [True, False]
    assert data["lines"][0]["body"] == [[["bác", False]]]
    assert data["lines"][1]["choices"][0][0] == "Kích hoạt tài khoản VNeID"
    again = await quick(phone, nut="?1.1", ma_tin="m1", sau=last[1])
    assert again.json() == data
    assert "location" not in first.headers


async def test_the_script_of_a_reader_gets_the_replies_and_nothing_is_kept(
    here: World, phone: httpx.AsyncClient
) -> None:
    data = (await quick(phone, tin="mã OTP là 482913", ma_tin="m1")).json()
    assert data["kept"] is False
    assert [line["id"] for line in data["lines"]] == [0] * len(data["lines"])
    assert "482913" not in json.dumps(data)
    assert await here.store.conversation(Address("web", phone.cookies["vneid_chat"])) is None


async def test_an_empty_message_is_no_message(phone: httpx.AsyncClient) -> None:
    assert (await phone.post("/", data={"tin": "  "})).headers["location"] == "/"
    assert (await quick(phone, tin=" ")).status_code == 422


async def test_the_newest_fifty_lines_are_shown(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    for number in range(60):
        here.clock.forward(1)
        await quick(phone, tin=f"câu số {number} chấm", ma_tin=f"m{number}")
    shown = said((await phone.get("/")).text)
    assert len(shown) == 50
    assert "câu số 59 chấm" in shown[-2:]


async def test_after_an_absence_the_place_is_told_and_not_stored(
    here: World, phone: httpx.AsyncClient
) -> None:
    token = await begun(phone)
    for pressed in ("?1.1", "?2.1"):
        await press(phone, pressed)
    before = await here.store.kept(Address("web", token))
    here.clock.forward(3 * 24 * 3600)
    page = (await phone.get("/")).text
    assert len(said(page)) == len(before.lines if before else ()) + 1
    assert "Mở màn hình kích hoạt" in said(page)[-1]
    assert await here.store.kept(Address("web", token)) == before
    token_of_step = buttons(page)[0][0]
    await press(phone, token_of_step)
    assert "Xem thẻ" in said((await phone.get("/")).text)[-1]


async def test_who_was_just_answered_is_not_welcomed_back(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    for pressed in ("?1.1", "?2.1", "=human"):
        await press(phone, pressed)
    assert "1900 0368" in said((await phone.get("/")).text)[-1]


class Down:
    """An inbox that cannot keep anything."""

    async def receive(self, _: object) -> Taken:
        raise StoreDown("away")


async def test_a_message_that_could_not_be_kept_is_offered_again(tmp_path: Path) -> None:
    async with world(tmp_path, inbox=cast("Any", Down())) as here:
        phone = here.browser()
        page = await phone.post("/", data={"tin": "<em>", "ma_tin": "m1", "moi": "x" * 43})
        quick_answer = await quick(phone, tin="a", ma_tin="m2")
    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert 'name="tin" value="&lt;em&gt;"' in page.text
    assert hidden(page.text, "ma_tin") == "m1"
    assert "Gửi lại tin vừa rồi" in page.text
    assert quick_answer.json()["error"]["code"] == "unavailable"


async def test_a_database_that_is_away_gets_a_kind_page(tmp_path: Path) -> None:
    async with world(tmp_path, store=cast("Any", Away())) as here:
        phone = here.browser()
        assert (await phone.get("/")).status_code == 200  # a reader needs no database
        phone.cookies.set("vneid_chat", "x" * 43)
        page = await phone.get("/")
    assert page.status_code == 503
    assert "Thử lại" in page.text
    assert "/guide" in page.text


async def test_who_presses_too_fast_is_asked_to_wait(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    answers = [await phone.post("/", data={"tin": "a", "ma_tin": str(n)}) for n in range(25)]
    assert answers[-1].status_code == 429
    assert "Bác bấm hơi nhanh" in answers[-1].text
    assert hidden(answers[-1].text, "ma_tin") == "24"


async def test_too_long_a_form(phone: httpx.AsyncClient) -> None:
    assert (await phone.post("/", data={"tin": "a" * 60_000})).status_code == 413
    assert (await phone.post("/", json={"tin": "a"})).status_code == 415
    many = "&".join(f"a{n}=1" for n in range(50))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await phone.post("/", content=many, headers=kind)).status_code == 400


@pytest.mark.parametrize("cookie", ["", "x", "x" * 500, "a b" * 20, "../../etc"])
async def test_a_cookie_that_is_none_of_ours_is_no_cookie(here: World, cookie: str) -> None:
    phone = here.browser(headers={"Cookie": f"vneid_chat={cookie}"})
    assert (await phone.get("/")).status_code == 200
    answer = await phone.post("/", data={"nut": BEGIN})
    assert re.search(r"vneid_chat=[A-Za-z0-9_-]{43,};", answer.headers["set-cookie"])


def shown(*, mine: bool) -> LineView:
    return view(Line(1, mine, 0, Reply("a")), "")


def test_where_the_eye_lands() -> None:
    bot, own = shown(mine=False), shown(mine=True)
    assert chat.newest((bot,)) == 0
    assert chat.newest((bot, own, bot, bot)) == 2
    assert chat.newest((bot, own)) == 1


async def test_a_persons_words_are_shown_under_their_name(here: World, phone: httpx.AsyncClient) -> None:
    address = Address("web", await begun(phone))

    def speak(state: State) -> Turn:
        return Turn(state, (Reply("Chào bác.", author="Lan"),))

    await here.store.touch(address, speak, here.clock())
    page = (await phone.get("/")).text
    assert '<span class="by">Lan (tình nguyện viên):</span>' in page
    assert page.count('class="by"') == 1


def test_whoever_writes_to_a_helper_can_report_them_all_the_while() -> None:
    """The buttons of a step go once it is answered; the one that reports a helper stays."""
    report = (("Báo người xấu", "=report.7"), ("Thôi gặp người", "=alone"))
    step = LineView(1, False, "", (), choices=(("Có", "a"),))
    helper, mine = LineView(2, False, "", (), shortcuts=report, by="Lan"), LineView(3, True, "", ())
    over = LineView(4, False, "", (), shortcuts=(("Menu", "=menu"),))
    assert asking((step, mine)) is None
    assert asking((step, helper, mine)) is helper
    assert asking((step, helper, mine, over)) is over
    assert asking((helper, over, mine)) is None
