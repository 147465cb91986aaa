"""One conversation: read and answered by whoever has it, and by nobody else; nothing twice, nothing lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from desk_world import press, signature
from desk_yard import Yard, yard
from web_world import Away

from bot.app.accounts import Account, Role
from bot.core.message import Address
from bot.core.ticket import LEASE
from bot.web.pages import build_app

WORDS = "tôi bị kẹt"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Yard]:
    async with yard(tmp_path) as built:
        yield built


@pytest.fixture
async def lan(here: Yard) -> Account:
    account = await here.desk.member(shown="Lan")
    await here.on_duty(account)
    return account


@pytest.fixture
async def phone(here: Yard, lan: Account) -> httpx.AsyncClient:
    """Lan's, who has taken one conversation."""
    browser = await here.desk.signed_in(lan)
    await here.waits("an")
    await press(browser, "/desk/c/key-an/nhan")
    return browser


async def said(here: Yard, name: str = "an") -> list[str]:
    """What people wrote to the resident."""
    chat = await here.desk.staff.tickets.chat(f"key-{name}", 0, 50)
    assert chat is not None
    return [line.reply.text for line in chat.lines if line.reply.author]


async def quick(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """What the script sends."""
    headers = {"Accept": "application/json", "X-Desk": await signature(browser)}
    return await browser.post(path, data=fields or {"khe": ""}, headers=headers)


async def test_the_top_says_where_it_stands_and_what_was_tried(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/desk/c/key-an")).text
    for words in (
        "Bước 2/5: Xem thẻ",
        "Kích hoạt tài khoản VNeID",
        "Bước 1/5: Mở màn hình kích hoạt (2 lần) → «Không thấy nút này»",
        "Tìm nút → xong",
        "trang web: bác đọc được khi mở lại trang",
        WORDS,
    ):
        assert words in page
    assert 'name="chu"' in page


async def test_before_the_claim_there_are_no_words_and_no_field(here: Yard) -> None:
    await here.waits("an")
    browser = await here.desk.signed_in()
    page = (await browser.get("/desk/c/key-an")).text
    assert "Xem thẻ" in page
    assert WORDS not in page
    assert "disabled" in page
    assert "Nhận phiếu này" in page
    refused = await press(browser, "/desk/c/key-an/noi", chu="Chào bác", ma="1")
    assert refused.status_code == 409
    assert await said(here) == []


@pytest.mark.parametrize("path", ["/desk/c/key-an", "/desk/c/key-an?phan=1", "/desk/c/key-an?phan=1&sau=1"])
async def test_a_colleague_sees_who_has_it_since_when_and_no_words(
    here: Yard, phone: httpx.AsyncClient, path: str
) -> None:
    here.desk.here.clock.forward(180)
    other = await here.desk.signed_in()
    page = (await other.get(path)).text
    assert re.search(r"<b>Lan</b> đang giúp, từ \d\d:\d\d, 3 phút trước", page)
    assert "Xin nhận" in page
    assert WORDS not in page
    refused = await press(other, "/desk/c/key-an/nhan")
    assert refused.status_code == 409
    assert re.search(r"Lan đã nhận người này từ \d\d:\d\d, 3 phút trước", refused.text)
    told = await quick(other, "/desk/c/key-an/noi", chu="Chào bác", ma="1")
    assert told.status_code == 409
    assert "Lan" in told.json()["refused"]


async def test_a_lead_reads_along_and_each_view_is_in_the_journal(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    lead = await here.desk.member(Role.LEAD)
    browser = await here.desk.signed_in(lead)
    assert WORDS in (await browser.get("/desk/c/key-an")).text
    for _ in range(3):
        await browser.get("/desk/c/key-an?phan=1")
    records = await here.desk.staff.journal.records(0, 50, lead.id, "viewed")
    assert [record.what for record in records] == ["key-an"]
    here.desk.here.clock.forward(601)
    await browser.get("/desk/c/key-an?phan=1")
    assert len(await here.desk.staff.journal.records(0, 50, lead.id, "viewed")) == 2


async def test_a_head_without_words_is_no_view(here: Yard, phone: httpx.AsyncClient) -> None:
    other = await here.desk.member()
    await (await here.desk.signed_in(other)).get("/desk/c/key-an")
    assert await here.desk.staff.journal.records(0, 50, other.id, "viewed") == []


async def test_sent_twice_is_said_once(here: Yard, phone: httpx.AsyncClient) -> None:
    for _ in range(3):
        answer = await quick(phone, "/desk/c/key-an/noi", chu="Chào bác ạ", ma="m1")
        assert answer.status_code == 200
    await quick(phone, "/desk/c/key-an/noi", chu="Chào bác ạ", ma="m2")
    assert await said(here) == ["Chào bác ạ"] * 2


async def test_what_asks_for_a_secret_is_explained_and_comes_back(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    words = "Bác đọc cho cháu mã OTP nhé"
    told = await quick(phone, "/desk/c/key-an/noi", chu=words, ma="m1")
    assert told.status_code == 422
    assert "OTP" in told.json()["held"]
    page = await press(phone, "/desk/c/key-an/noi", chu=words, ma="m2")
    assert page.status_code == 422
    field = page.text.split('<textarea id="chu"')[1].split("</textarea>")[0]
    assert words in field
    assert await said(here) == []


async def test_the_words_of_a_newcomer_wait_and_are_shown_to_wait(here: Yard) -> None:
    browser = await here.desk.signed_in(await here.desk.member(watched=5))
    await here.waits("an")
    await press(browser, "/desk/c/key-an/nhan")
    done = await press(browser, "/desk/c/key-an/noi", chu="Chào bác ạ", ma="m1")
    assert "dang-cho" in done.headers["location"]
    page = (await browser.get("/desk/c/key-an")).text
    assert "Chờ người thứ hai xem rồi gửi" in page
    assert await said(here) == []


async def test_a_lost_claim_locks_the_field_and_keeps_the_words(here: Yard, phone: httpx.AsyncClient) -> None:
    await quick(phone, "/desk/c/key-an/nhap", chu="Bác thử")
    here.desk.here.clock.forward(LEASE + 1)
    refused = await press(phone, "/desk/c/key-an/noi", chu="Bác thử lại nhé", ma="m1")
    assert refused.status_code == 409
    assert "đã về hàng chờ" in refused.text
    assert "Nhận phiếu này" in refused.text
    assert WORDS not in refused.text
    await press(phone, "/desk/c/key-an/nhan")
    assert ">Bác thử</textarea>" in (await phone.get("/desk/c/key-an")).text


async def test_a_draft_is_kept_for_its_author_and_gone_when_sent(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    await quick(phone, "/desk/c/key-an/nhap", chu="Bác mở giúp")
    assert ">Bác mở giúp</textarea>" in (await phone.get("/desk/c/key-an")).text
    lead = await here.desk.signed_in(Role.LEAD)
    assert "Bác mở giúp" not in (await lead.get("/desk/c/key-an")).text
    await quick(phone, "/desk/c/key-an/noi", chu="Bác mở giúp cháu ạ", ma="m1")
    assert ">Bác mở giúp</textarea>" not in (await phone.get("/desk/c/key-an")).text


async def test_a_sign_of_life_renews_the_claim(here: Yard, phone: httpx.AsyncClient) -> None:
    here.desk.here.clock.forward(LEASE - 60)
    assert (await quick(phone, "/desk/c/key-an/giu", khe="1")).json() == {"left": LEASE}
    here.desk.here.clock.forward(LEASE - 60)
    assert WORDS in (await phone.get("/desk/c/key-an")).text


async def test_a_colleague_asks_waits_and_gets_it_or_is_told_no(here: Yard, phone: httpx.AsyncClient) -> None:
    hoa = await here.desk.signed_in(await here.desk.member(shown="Hoa"))
    asked = await press(hoa, "/desk/c/key-an/xin")
    assert asked.headers["location"] == "/desk/c/key-an?bao=xin"
    assert "Nếu 60 giây nữa" in (await hoa.get("/desk/c/key-an")).text
    assert "Hoa xin nhận phiếu này" in (await phone.get("/desk/c/key-an")).text
    await press(phone, "/desk/c/key-an/giu")
    assert "Đã hỏi" not in (await hoa.get("/desk/c/key-an")).text
    await press(hoa, "/desk/c/key-an/xin")
    here.desk.here.clock.forward(61)
    got = await press(hoa, "/desk/c/key-an/xin")
    assert got.headers["location"] == "/desk/c/key-an?bao=nhan"
    assert "<b>Hoa</b> đang giúp" in (await phone.get("/desk/c/key-an")).text


async def test_it_is_given_away_to_whoever_asks(here: Yard, phone: httpx.AsyncClient) -> None:
    hoa = await here.desk.signed_in(await here.desk.member(shown="Hoa"))
    await press(hoa, "/desk/c/key-an/xin")
    await press(phone, "/desk/c/key-an/nhuong")
    assert WORDS in (await hoa.get("/desk/c/key-an")).text


async def test_back_to_the_guide_at_a_step_in_one_form(here: Yard, phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/desk/c/key-an")).text
    steps = re.findall(r'name="buoc" value="([^"]*)" data-twice[^>]*>([^<]*)<', page)
    assert steps[0] == ("kich-hoat/co-the", "Cho bác làm tiếp từ bước 2/5: Xem thẻ")
    assert [step for step, _ in steps[1:]] == [
        f"kich-hoat/{id}" for id in ("mo-app", "tim-nut", "quet", "di-lam")
    ]
    done = await press(phone, "/desk/c/key-an/lai-may", buoc="kich-hoat/quet", ma="d1")
    assert done.headers["location"] == "/desk?bao=lai-may"
    state = await here.desk.store.state(_address("an"))
    assert state is not None
    assert state.ticket is None
    assert state.session is not None
    assert state.session.top.visit.step == "quet"
    assert (await press(phone, "/desk/c/key-an/lai-may", buoc="kich-hoat/quet", ma="d1")).status_code == 303


async def test_closed_with_step_error_and_outcome(here: Yard, phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/desk/c/key-an")).text
    assert '<option value="kich-hoat/co-the" selected>' in page
    odd = await press(phone, "/desk/c/key-an/dong", **{"ket-qua": "handed_back", "buoc": "x", "loi": ""})
    assert odd.headers["location"] == "/desk/c/key-an#dong"
    fields = {"ket-qua": "office", "buoc": "kich-hoat/co-the", "loi": "", "ma": "d1"}
    done = await press(phone, "/desk/c/key-an/dong", **fields)
    assert done.headers["location"] == "/desk?bao=dong"
    request = await here.desk.staff.tickets.request("key-an")
    assert request is not None
    assert (request.status, request.closing) == ("closed", "office")
    assert (await phone.get("/desk/c/key-an")).headers["location"] == "/desk?bao=dong-roi"


async def test_notes_are_for_colleagues_without_numbers_and_name_somebody(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    hoa = await here.desk.member(shown="Hoa")
    await press(phone, "/desk/c/key-an/ghi-chu", chu="bác hẹn 20 giờ, số 0912345678", cho=str(hoa.id))
    page = (await phone.get("/desk/c/key-an")).text
    assert "Bạn nhắn Hoa" in page
    assert "0912345678" not in page
    assert await said(here) == []
    stranger = await here.desk.signed_in(hoa)
    assert (await press(stranger, "/desk/c/key-an/ghi-chu", chu="tôi xem")).status_code == 409


async def test_handed_to_a_colleague_on_duty_with_a_note(here: Yard, phone: httpx.AsyncClient) -> None:
    hoa = await here.desk.member(shown="Hoa")
    assert "Không có ai khác đang trong ca" in (await phone.get("/desk/c/key-an")).text
    await here.on_duty(hoa)
    await press(phone, "/desk/c/key-an/chuyen", cho=str(hoa.id), chu="bác nghe kém, nhắn ngắn thôi")
    page = (await (await here.desk.signed_in(hoa)).get("/desk/c/key-an")).text
    assert "bác nghe kém" in page
    assert "Lan chuyển cho bạn" in page


async def test_back_in_the_queue_with_a_note_at_its_age(here: Yard, phone: httpx.AsyncClient) -> None:
    done = await press(phone, "/desk/c/key-an/tra", chu="bác đi chợ")
    assert done.headers["location"] == "/desk?bao=tra"
    assert "key-an" in (await phone.get("/desk")).text


async def test_ids_of_others_open_nothing(here: Yard, phone: httpx.AsyncClient) -> None:
    far = await here.desk.member(areas=("22291",))
    await here.on_duty(far)
    await here.waits("binh", commune="22291")
    other = await here.desk.signed_in(await here.desk.member(areas=("00004",)))
    assert (await other.get("/desk/c/key-binh")).status_code == 403
    assert (await other.get("/desk/live?c=key-binh")).status_code == 403
    assert (await press(other, "/desk/c/key-binh/nhan")).status_code == 403
    assert (await other.get("/desk/c/khong-co")).status_code == 404
    request = await here.desk.staff.tickets.request("key-binh")
    assert request is not None
    assert request.holder == 0


async def test_what_anybody_wrote_is_text_and_nothing_else(here: Yard, phone: httpx.AsyncClient) -> None:
    await here.writes("an", "<img src=x onerror=alert(1)> **đậm** {{7*7}}")
    await quick(phone, "/desk/c/key-an/noi", chu="bác bấm **Tiếp** <b>nhé</b>", ma="m1")
    page = (await phone.get("/desk/c/key-an")).text
    assert "&lt;img src=x onerror=alert(1)&gt; **đậm** {{7*7}}" in page
    assert "bác bấm <strong>Tiếp</strong> &lt;b&gt;nhé&lt;/b&gt;" in page  # as the resident sees it


def _address(name: str) -> Address:
    return Address("web", name)


async def test_while_the_database_is_away_nothing_written_is_lost(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    token = await signature(phone)
    real = here.desk.here.parts
    assert real.staff is not None
    down = replace(real, staff=replace(real.staff, watching=cast("Any", Away())))
    phone._transport = httpx.ASGITransport(build_app(down), raise_app_exceptions=False)
    fields = {"chu_ky": token, "chu": "Bác đợi cháu nhé", "ma": "m1"}
    page = await phone.post("/desk/c/key-an/noi", data=fields)
    assert page.status_code == 503
    assert 'action="/desk/c/key-an/noi"' in page.text
    for value in fields.values():
        assert f'value="{value}"' in page.text
    assert "bác" not in re.sub("<[^>]*>", "", page.text).casefold()  # whoever reads this is a volunteer


async def test_strangers_to_a_conversation_are_told_kindly(here: Yard) -> None:
    browser = await here.desk.signed_in()
    page = await browser.get("/desk/c/khong-co")
    assert page.status_code == 404
    assert "Về hàng chờ" in page.text
