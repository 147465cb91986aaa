"""Accounts in a real browser at 360 px: invitations, passkeys, codes, the team; also without script."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from desk_world import WORDS
from desk_yard import Served, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Account, Draft, Role
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
TO_TAP = SMALL.replace("input:not([type=hidden])", "input:not([type=hidden], [type=radio]), label:has(input)")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PICTURES = os.environ.get("BOT_TEST_PICTURES", "")
"""A folder to put pictures of the pages in, for people to look at."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("accounts")) as built:
        built.address = built.address.replace("127.0.0.1", "localhost")  # no passkeys without a name
        yield built


@pytest.fixture
def phones(chromium: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def phone(phones: Callable[..., Page]) -> Page:
    return phones()


def with_fingers(page: Page, *, right: bool = True) -> Any:
    """Give the phone a sensor; `right`: whose finger it knows."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {**AUTHENTICATOR, "isUserVerified": right}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def invite(desk: Served, name: str, role: Role = Role.VOLUNTEER) -> str:
    made = desk.run(desk.yard.desk.entrance.invite(0, Draft(name, name.capitalize(), role)))
    assert made is not None
    return f"{desk.address}/desk/moi/{made.token}"


def sign_in(desk: Served, page: Page, account: Account) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": desk.token(account, AGENT), "url": desk.address}])


def look(page: Page, name: str) -> None:
    """What must hold for every page on a phone."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert not page.evaluate(TOO_WIDE), name
    assert page.evaluate(TO_TAP) == [], name
    assert page.evaluate(CONTRAST) == [], name


def test_a_passkey_is_made_and_signs_in_without_typing(desk: Served, phone: Page) -> None:
    with_fingers(phone)
    phone.goto(invite(desk, "lan"))
    look(phone, "invitation")
    phone.get_by_role("button", name="Tạo khóa trên máy này").click()
    phone.wait_for_url("**/desk")
    phone.goto(f"{desk.address}/desk/tai-khoan")
    look(phone, "own")
    phone.get_by_role("button", name="Đăng xuất trên máy này").click()
    phone.wait_for_url("**/desk/vao")
    look(phone, "sign-in")
    desk.yard.desk.here.clock.forward(1)
    phone.get_by_role("button", name="Vào bằng vân tay hoặc khuôn mặt").click()
    phone.wait_for_url("**/desk")
    phone.goto(f"{desk.address}/desk/tai-khoan")
    expect(phone.get_by_role("heading", name="Lan")).to_be_visible()


def test_a_finger_that_the_phone_does_not_know_opens_nothing(desk: Served, phone: Page) -> None:
    with_fingers(phone, right=False)
    phone.goto(invite(desk, "tay-la"))
    phone.get_by_role("button", name="Tạo khóa trên máy này").click()
    expect(phone.get_by_text("Chưa dùng được khóa")).to_be_visible()
    expect(phone.get_by_role("button", name="Tạo khóa trên máy này")).to_be_enabled()


def test_a_passkey_of_another_server_opens_nothing(desk: Served, phones: Callable[..., Page]) -> None:
    """The sensor has a key for this name that our store has never seen."""
    phone = phones()
    session, sensor = with_fingers(phone)
    phone.goto(invite(desk, "minh"))
    phone.get_by_role("button", name="Tạo khóa trên máy này").click()
    phone.wait_for_url("**/desk")
    (kept,) = session.send("WebAuthn.getCredentials", {"authenticatorId": sensor})["credentials"]
    minh = desk.run(desk.yard.desk.entrance.accounts.credentials("minh"))
    assert minh is not None
    desk.run(desk.yard.desk.entrance.accounts.drop_passkeys(minh.account.id))
    other = phones()
    session, sensor = with_fingers(other)
    other.goto(f"{desk.address}/desk/vao")
    session.send("WebAuthn.addCredential", {"authenticatorId": sensor, "credential": kept})
    other.get_by_role("button", name="Vào bằng vân tay hoặc khuôn mặt").click()
    expect(other.get_by_text("Khóa này không mở được")).to_be_visible()


def test_an_invitation_is_accepted_without_script_and_with_codes(
    desk: Served, phones: Callable[..., Page]
) -> None:
    phone = phones(java_script_enabled=False)
    phone.goto(invite(desk, "hoa", Role.LEAD))
    expect(phone.locator("#khoa")).to_be_hidden()
    secret = phone.locator("code").inner_text().replace(" ", "")
    phone.locator("#mat_khau").fill(WORDS)
    phone.locator("#lan_hai").fill(WORDS + "!")
    phone.locator("#ma").fill(pyotp.TOTP(secret).at(desk.yard.desk.here.clock()))
    phone.get_by_role("button", name="Xong, vào bàn trực").click()
    expect(phone.get_by_text("chưa giống nhau")).to_be_visible()
    assert phone.locator("code").inner_text().replace(" ", "") == secret  # what was scanned stays right
    phone.locator("#mat_khau").fill(WORDS)
    phone.locator("#lan_hai").fill(WORDS)
    phone.locator("#ma").fill(pyotp.TOTP(secret).at(desk.yard.desk.here.clock()))
    phone.get_by_role("button", name="Xong, vào bàn trực").click()
    phone.wait_for_url("**/desk")


def test_the_codes_are_drawn_to_be_scanned(desk: Served, phone: Page) -> None:
    phone.goto(invite(desk, "quet"))
    drawn = phone.locator(".qr svg").bounding_box()
    assert drawn
    assert min(drawn["width"], drawn["height"]) > 180
    expect(phone.get_by_role("link", name="Thêm vào ứng dụng tạo mã")).to_have_attribute(
        "href", re.compile(r"^otpauth://totp/.*secret=[A-Z2-7]{32}")
    )


def test_an_organiser_runs_the_team_from_a_phone(desk: Served, phone: Page) -> None:
    organiser = desk.volunteer("Bác Tổ Trưởng", Role.ORGANISER)
    sign_in(desk, phone, organiser)
    phone.goto(f"{desk.address}/desk/nhom")
    look(phone, "team")
    phone.get_by_role("link", name="Mời người mới").click()
    look(phone, "team-new")
    phone.locator("#ten").fill("thu")
    phone.locator("#ten_hien").fill("Thu")
    phone.locator("#dia_ban").fill("xã Hòa Xuân, Đắk Lắk")
    phone.get_by_role("button", name="Tạo lời mời").click()
    expect(phone.get_by_role("heading", name="Lời mời cho Thu")).to_be_visible()
    look(phone, "team-invited")
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.get_by_role("button", name="Chép đường dẫn").click()
    expect(phone.get_by_role("button", name="Đã chép")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == phone.locator("#loi_moi").input_value()
    phone.get_by_role("link", name="Về nhóm").click()
    phone.get_by_role("link", name="Xem Thu").click()
    look(phone, "team-one")
    phone.get_by_role("button", name="Khóa ngay").click()
    expect(phone.get_by_text("đang khóa").first).to_be_visible()
    phone.goto(f"{desk.address}/desk/nhat-ky?kiem=1")
    expect(phone.get_by_text("còn nguyên vẹn")).to_be_visible()
    look(phone, "journal")


def test_who_is_wrong_is_told_kindly(desk: Served, phone: Page) -> None:
    phone.goto(f"{desk.address}/desk/c/khong-co")
    phone.wait_for_url("**/desk/vao?ve=/desk/c/khong-co")
    phone.locator("#ten").fill("ai đó")
    phone.locator("#mat_khau").fill("sai bét nhè ra rồi")
    phone.get_by_role("button", name="Đăng nhập").click()
    expect(phone.get_by_text("Chưa vào được")).to_be_visible()
    look(phone, "sign-in-wrong")
