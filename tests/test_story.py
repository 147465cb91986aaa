"""The whole of it: somebody walks `kich-hoat` in a browser on a small screen; the figures say just that."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot import wiring
from tests.program import bot, serving

CHROMIUM = Path("/usr/bin/chromium")
SMALL = {"viewport": {"width": 360, "height": 740}, "locale": "vi-VN"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def press(page: Page, label: str) -> None:
    """Press a button of the newest message and wait for the answer."""
    heard = page.locator(".line.bot").count()
    page.get_by_role("button", name=label).last.click()
    expect(page.locator(".line.bot")).to_have_count(heard + 1)


def write(page: Page, text: str) -> None:
    heard = page.locator(".line.bot").count()
    page.locator("#tin").fill(text)
    page.locator(".send").click()
    expect(page.locator(".line.bot")).to_have_count(heard + 1)


def newest(page: Page) -> str:
    return page.locator(".line.bot").last.inner_text()


def test_stuck_once_a_question_away_and_back_and_done(chromium: Browser, tmp_path: Path) -> None:
    wiring.train_matcher()
    with serving(tmp_path) as address:
        context = chromium.new_context(**SMALL)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        write(page, "t muon kich hoat tai khoan vneid")
        press(page, "Bắt đầu")
        press(page, "bác")
        assert "Bước 1/" in newest(page)
        press(page, "Có, trong 7 ngày")
        press(page, "Có VNeID rồi")
        press(page, "Không thấy nút này")
        assert "Gỡ vướng" in newest(page)
        write(page, "số tổng đài là bao nhiêu vậy cháu")
        assert "1900 0368" in newest(page)
        assert "Gỡ vướng" in newest(page)
        page.close()

        page = context.new_page()  # later, the same phone
        page.goto(address)
        assert "Gỡ vướng" in newest(page)
        for _ in range(20):
            if not page.locator("button", has_text="1").count():
                break
            press(page, "1 ")
        assert "Chúc mừng" in newest(page)
        context.close()

        figures = json.loads(bot("stats", "kich-hoat", "--json", folder=tmp_path).stdout)
    assert figures["started"] == 1
    assert {name: count for name, count in figures["runs"].items() if count} == {"completed": 1}
    steps = {step["step"]: step for step in figures["steps"]}
    stuck = [
        (step["step"], arrow["reason"])
        for step in figures["steps"]
        for arrow in step["arrows"]
        if arrow["how"] == "stuck"
    ]
    assert stuck == [("mo-kich-hoat", "khong-thay-nut")]
    assert all(step["reached"] == 1 == sum(step["outcomes"].values()) for step in steps.values())
    assert all(step["outcomes"]["answered"] == 1 for step in steps.values())
