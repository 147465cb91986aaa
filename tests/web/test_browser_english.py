"""The chat in English in a real browser, at the size of a small phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from web_browser import CONTRAST, PAGES, PHONE, SMALL, TOO_WIDE, Phone

pytestmark = pytest.mark.browser


def lang(phone: Phone) -> str:
    found: str = phone.page.evaluate("document.documentElement.lang")
    return found


def choose_english(phone: Phone) -> None:
    phone.open()
    phone.page.get_by_role("button", name="English").click()
    expect(phone.page.get_by_role("button", name="Start")).to_be_visible()


def test_the_page_comes_again_in_the_language_that_is_chosen(phone: Phone) -> None:
    choose_english(phone)
    assert lang(phone) == "en"
    expect(phone.page.get_by_label("Your message")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Send")).to_be_visible()
    assert phone.page.viewport_size == PHONE
    assert not phone.page.evaluate(TOO_WIDE)
    assert phone.faults == []


def test_a_guide_is_walked_in_english_and_is_there_after_a_reload(phone: Phone) -> None:
    choose_english(phone)
    phone.press("Start")
    phone.press("Activate your account")
    assert "Step 1/5: Open the activation screen" in phone.shown()[-1]
    expect(phone.page.locator(".picture img").last).to_have_attribute(
        "alt", "VNeID, the button Kích hoạt is circled"
    )
    phone.press("No such button")
    phone.page.reload()
    assert lang(phone) == "en"
    assert phone.page.evaluate(CONTRAST) == []
    assert phone.page.evaluate(SMALL) == []
    assert phone.faults == []


def test_the_language_is_changed_in_the_middle(phone: Phone) -> None:
    phone.open()
    phone.press("Bắt đầu")
    phone.press("bác")
    phone.press("Kích hoạt tài khoản")
    phone.write("english")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    expect(phone.page.locator(".bot .said").last).to_contain_text("Step 1/5: Open the activation screen")
    assert phone.page.locator(".bot .said[lang=vi]").count() >= 2
    expect(phone.page.locator("#moi-nhat")).to_be_in_viewport()
    phone.press("I pressed it")
    phone.write("tiếng việt")
    expect(phone.page.locator("html")).to_have_attribute("lang", "vi")
    assert "Bước 2/5" in phone.shown()[-1]
    assert phone.own_words()[-3:] == ["english", "I pressed it", "tiếng việt"]


def test_a_line_that_breaks_is_told_in_english(phone: Phone) -> None:
    choose_english(phone)
    phone.press("Start")
    phone.context.set_offline(True)
    phone.write("hello there")
    expect(phone.page.locator("#line")).to_contain_text("No connection")
    expect(phone.page.locator(".pending .at")).to_have_text("sending…")
    phone.context.set_offline(False)
    phone.page.wait_for_function("() => !document.querySelector('.pending')", timeout=20_000)


def test_with_scripts_off_english_is_spoken_too(phones: Callable[..., Phone]) -> None:
    phone = phones(java_script_enabled=False)
    phone.open()
    phone.page.get_by_role("button", name="English").click()
    phone.page.get_by_role("button", name="1 · Start").click()
    phone.page.get_by_role("button", name="Activate your account").click()
    phone.page.get_by_label("Your message").fill("1")
    phone.page.get_by_role("button", name="Send").click()
    assert "Step 2/5" in phone.shown()[-1]
    phone.page.get_by_label("Your message").fill("/tiengviet")
    phone.page.get_by_role("button", name="Send").click()
    assert "Bước 2/5" in phone.shown()[-1]
    expect(phone.page.get_by_role("button", name="Gửi")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360])
def test_every_english_page_fits_and_can_be_read(phones: Callable[..., Phone], width: int) -> None:
    phone = phones(viewport={"width": width, "height": 740})
    choose_english(phone)
    phone.press("Start")
    for path in PAGES:
        phone.open(f"{path}?lang=en")
        assert lang(phone) == "en"
        assert not phone.page.evaluate(TOO_WIDE), path
        assert phone.page.evaluate(SMALL) == [], path
        assert phone.page.evaluate(CONTRAST) == [], path
