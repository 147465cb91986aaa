"""The page for what was held back: who sees it, what they can do, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from desk_world import Desk, press
from web_world import START

from bot.app.accounts import Account, Role
from bot.app.ports import Acted, Kept
from bot.app.watching import Held, Waiting
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming
from bot.core.session import State
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn

HERE = "/desk/cho-duyet"
ASKS = "Bác đọc mã OTP cho cháu <b>ngay</b>"


def asking(state: State | None, message: Incoming, _: Callable[[], Kept], /) -> Turn:
    """The turn of somebody who asks for a person."""
    ticket = Ticket(message.address.id[:18], Reason.ASKED, START, "kich-hoat", "a" * 16, "mo-app")
    return Turn(State(Contact(), seq=1, heard_at=START, ticket=ticket), (), (TicketOpened(ticket),))


async def chat(desk: Desk, account: Account, person: str = "x" * 43) -> str:
    """Somebody asks for a person, and this one takes it; returns the ticket's key."""
    said = Incoming(Address("web", person), f"hỏi {person}", "Cháu ơi giúp bác", seed=person)
    (taken,) = await desk.store.take([said], asking, START)
    assert not isinstance(taken, Exception)
    assert isinstance(await desk.staff.handoff.claim(person[:18], account.helper), Acted)
    return person[:18]


def number_of(page: str) -> str:
    found = re.search(r'name="tin" value="(\d+)"', page)
    assert found, page
    return found[1]


async def test_a_lead_sees_it_with_its_reason_and_sends_it_changed(desk: Desk) -> None:
    lan = await desk.member(Role.VOLUNTEER, "lan")
    lead = await desk.signed_in(Role.LEAD)
    ticket = await chat(desk, lan)
    assert isinstance(await desk.staff.watching.say(lan, ticket, ASKS, "k1"), Held)
    page = (await lead.get(HERE)).text
    assert "&lt;b&gt;ngay" in page
    assert "<b>ngay" not in page
    assert "mã OTP" in page
    assert (await lead.get(f"{HERE}.json")).json() == {"count": 1}
    worse = await press(lead, f"{HERE}/gui", tin=number_of(page), chu="Bác gửi mật khẩu cho cháu")
    assert worse.status_code == 422
    assert "mật khẩu" in worse.text
    sent = await press(lead, f"{HERE}/gui", tin=number_of(page), chu="Bác tự nhập mã nhé", phieu=ticket)
    assert sent.headers["location"] == f"{HERE}?bao=gui"
    lines = (await desk.staff.tickets.chat(ticket, 0, 50)).lines  # type: ignore[union-attr]
    assert [line.reply.text for line in lines if line.reply.author] == ["Bác tự nhập mã nhé"]
    again = await press(lead, f"{HERE}/gui", tin=number_of(page), phieu=ticket)
    assert again.status_code == 409
    assert (await lead.get(f"{HERE}.json")).json() == {"count": 0}


async def test_others_see_nothing_of_it_and_can_do_nothing(desk: Desk) -> None:
    lan = await desk.member(Role.VOLUNTEER, "lan")
    mai = await desk.signed_in(Role.VOLUNTEER)
    ticket = await chat(desk, lan)
    await desk.staff.watching.say(lan, ticket, ASKS, "k1")
    page = (await mai.get(HERE)).text
    assert "OTP" not in page
    assert "Không có tin nào chờ" in page
    for act in ("gui", "khong-gui", "da-xem"):
        assert (await press(mai, f"{HERE}/{act}", tin="1")).status_code == 409
    assert (await press(mai, f"{HERE}/khoa", nguoi=str(lan.id))).status_code == 409
    assert (await desk.staff.people.one(lan.id)) == lan


async def test_a_stranger_is_sent_to_sign_in_and_a_form_without_signature_is_refused(desk: Desk) -> None:
    stranger = desk.here.browser()
    assert (await stranger.get(HERE)).status_code == 303
    lead = await desk.signed_in(Role.LEAD)
    for act in ("gui", "khong-gui", "da-xem", "khoa"):
        assert (await stranger.post(f"{HERE}/{act}", data={})).status_code == 401
        assert (await lead.post(f"{HERE}/{act}", data={"tin": "1"})).status_code == 403


async def test_whoever_is_on_duty_helps_a_newcomer(desk: Desk) -> None:
    hoa = await desk.member(Role.VOLUNTEER, "hoa", watched=20)
    mai = await desk.member(Role.VOLUNTEER, "mai")
    ticket = await chat(desk, hoa)
    assert isinstance(await desk.staff.watching.say(hoa, ticket, "Chào bác ạ", "k1"), Waiting)
    browser = await desk.signed_in(mai)
    assert "Chào bác ạ" not in (await browser.get(HERE)).text
    await desk.staff.duty.begin(mai.id, START + 3600)
    page = (await browser.get(HERE)).text
    assert "Chào bác ạ" in page
    refused = await press(
        browser, f"{HERE}/khong-gui", tin=number_of(page), phieu=ticket, loi="Hỏi tên trước nhé"
    )
    assert refused.headers["location"] == f"{HERE}?bao=khong"
    seen = await desk.staff.tickets.chat(ticket, 0, 50)
    assert seen is not None
    assert [entry.text for entry in seen.log if entry.kind == "mention"] == ["Hỏi tên trước nhé"]


@pytest.mark.parametrize("words", ["Bác gửi số căn cước cho cháu", "Bác mở https://vneid-hotro.com"])
async def test_what_looked_is_written_down_and_no_words_are(desk: Desk, words: str) -> None:
    lan = await desk.member(Role.VOLUNTEER, "lan")
    lead = await desk.signed_in(Role.LEAD)
    ticket = await chat(desk, lan)
    await desk.staff.watching.say(lan, ticket, words, "k1")
    page = (await lead.get(HERE)).text
    await lead.get(HERE)
    await press(lead, f"{HERE}/khong-gui", tin=number_of(page), phieu=ticket)
    records = [one for one in (await desk.staff.journal.records(0, 50))[::-1] if one.what == ticket]
    assert [one.did for one in records] == ["viewed", "refused"]
