"""The page of a poster on a small phone: by touch, by keyboard, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from web_browser import Phone

pytestmark = pytest.mark.browser

PAGE = "/c/22291"


def test_the_words_for_zalo_are_copied(phones: Callable[..., Phone]) -> None:
    phone = phones(permissions=["clipboard-read", "clipboard-write"])
    phone.open(PAGE)
    phone.page.get_by_role("button", name="Chép câu này").click()
    expect(phone.page.get_by_role("button", name="Đã chép")).to_be_visible()
    assert phone.page.evaluate("navigator.clipboard.readText()") == "XA 22291"
    assert phone.faults == []


def test_an_old_phone_copies_them_too(phone: Phone) -> None:
    phone.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    phone.open(PAGE)
    phone.page.evaluate("document.addEventListener('copy', () => { window.copied = String(getSelection()) })")
    phone.page.get_by_role("button", name="Chép câu này").click()
    assert phone.page.evaluate("window.copied") == "XA 22291"


def test_the_chat_stays_on_the_page_and_knows_the_commune(phone: Phone) -> None:
    phone.open(PAGE)
    assert phone.context.cookies() == []
    phone.press("Bắt đầu")
    phone.press("bác")
    assert phone.page.url.endswith(PAGE)
    assert (
        phone.context.request.get(phone.address + "/du-lieu.json").json()["state"]["contact"]["commune"]
        == "22291"
    )
    phone.page.reload()
    expect(phone.page.get_by_role("heading", name="Xã Hòa Xuân")).to_be_attached()
    expect(phone.page.locator(".choice").first).to_be_visible()
    assert phone.faults == []


def test_without_a_script_everything_is_there(phones: Callable[..., Phone]) -> None:
    phone = phones(java_script_enabled=False)
    phone.open(PAGE)
    expect(phone.page.get_by_role("button", name="Chép câu này")).to_have_count(0)
    words = phone.page.locator("#gui-1")
    expect(words).to_have_css("user-select", "all")  # one long press takes all of it
    assert words.inner_text() == "XA 22291"
    phone.page.get_by_role("button", name="Bắt đầu").click()
    phone.page.get_by_role("button", name="bác").first.click()
    phone.open("/du-lieu")
    expect(phone.page.get_by_text("Xã Hòa Xuân, tỉnh Đắk Lắk", exact=True)).to_be_visible()


def test_the_keyboard_reaches_every_way(phone: Phone) -> None:
    phone.open(PAGE)
    reached: list[str] = []
    for _ in range(25):
        phone.page.keyboard.press("Tab")
        reached.append(phone.page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    expected = ["Zalo, điện thoại", "1\n·\nBắt đầu", "tin", "Mở Zalo", "Chép câu này", "Mở Telegram"]
    places = [
        next(at for at, text in enumerate(reached) if text.split() == wanted.split()) for wanted in expected
    ]
    assert places == sorted(places)
    phone.page.get_by_role("link", name="Zalo, điện thoại").press("Enter")
    expect(phone.page.get_by_role("heading", name="Cách khác để hỏi")).to_be_in_viewport()


def test_nothing_in_an_address_becomes_a_part_of_the_page(phone: Phone) -> None:
    phone.open("/c/<img src=x onerror=document.title='taken'>?viec=<script>document.title='taken'</script>")
    phone.open(f"{PAGE}?viec=<script>document.title='taken'</script>&lang=<b>")
    assert phone.page.title() != "taken"
    assert phone.page.locator("main img, main script").count() == 0
