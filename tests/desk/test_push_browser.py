"""Notices in a real browser: the service worker is installed, shows, updates, clears, and keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from push_service import PushService
from web_browser import CONTRAST, PHONE, TOO_WIDE

from bot.app.accounts import Account
from bot.app.noticing import Notice
from bot.app.push import cleared, letter
from bot.web.desk.admission import COOKIE
from tests.conftest import CHROMIUM

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
)
PAGE = "/desk/thong-bao"

SUBSCRIBED = """
told => {
  const plain = words => atob(words.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = words => Uint8Array.from(plain(words), letter => letter.charCodeAt(0)).buffer;
  let mine = null;
  PushManager.prototype.getSubscription = async () => mine;
  PushManager.prototype.subscribe = async options => {
    window.asked = (window.asked || 0) + 1;
    mine = {
      endpoint: told.endpoint, options, getKey: name => bytes(told[name]),
      unsubscribe: async () => { mine = null; return true; },
    };
    return mine;
  };
}
"""
"""No browser of a test reaches the service of its maker."""

SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(one => [one.tag, one.title, one.body, one.silent, one.data.url])"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as built:
        yield built


@pytest.fixture(scope="module")
def lan(desk: Served) -> Account:
    return desk.volunteer("Lan")


@pytest.fixture
def phones(chromium: Browser, desk: Served, lan: Account) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(agent: str = AGENT, browser: Browser = chromium) -> Page:
        context = browser.new_context(viewport=PHONE, user_agent=agent)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.grant_permissions(["notifications"], origin=desk.address)
        context.add_cookies([{"name": COOKIE, "value": desk.token(lan, agent), "url": desk.address}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


class Line:
    """What a push service would deliver to the worker of a page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._ids: list[str] = []
        self._session.on("ServiceWorker.workerRegistrationUpdated", self._noted)
        self._session.send("ServiceWorker.enable")
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        page.wait_for_timeout(50)

    def brings(self, body: bytes) -> None:
        told = {"origin": self._address, "registrationId": self._ids[-1], "data": body.decode()}
        self._session.send("ServiceWorker.deliverPushMessage", told)

    def shows(self, count: int, title: str = "") -> list[Any]:
        """Wait until so many notices are there, one of them with this title."""
        shown: list[Any] = []
        for _ in range(200):
            shown = self.page.evaluate(SHOWN)
            if len(shown) == count and (not title or title in {told[1] for told in shown}):
                break
            self.page.wait_for_timeout(50)
        return shown

    def _noted(self, told: Any) -> None:
        self._ids += [one["registrationId"] for one in told["registrations"] if not one["isDeleted"]]


def test_it_shows_updates_and_clears(desk: Served, phones: Callable[..., Page]) -> None:
    page = phones()
    page.goto(desk.address + PAGE)
    line = Line(page, desk.address)
    one = Notice("queue", "1 người đang chờ", "Phiếu 12 · xã Hòa Xuân", "/desk")
    line.brings(letter(one, quiet=False).body)
    assert line.shows(1) == [["queue", "1 người đang chờ", "Phiếu 12 · xã Hòa Xuân", False, "/desk"]]
    two = Notice("queue", "2 người đang chờ", "Lâu nhất: Phiếu 12", "/desk")
    line.brings(letter(two, quiet=True).body)
    assert line.shows(1, two.title) == [["queue", "2 người đang chờ", "Lâu nhất: Phiếu 12", True, "/desk"]]
    chat = Notice("chat.abc", "Bà con vừa trả lời bạn", "Phiếu 7", "/desk/c/abc")
    line.brings(letter(chat, quiet=False).body)
    assert {told[0] for told in line.shows(2)} == {"queue", "chat.abc"}
    line.brings(cleared("queue").body)
    assert [told[0] for told in line.shows(1)] == ["chat.abc"]


def test_nonsense_is_shown_as_something_harmless(desk: Served, phones: Callable[..., Page]) -> None:
    page = phones()
    page.goto(desk.address + PAGE)
    line = Line(page, desk.address)
    line.brings(b"<script>")
    assert line.shows(1)[0][1:] == ["Bàn trực VNeID", "Mở bàn trực để xem.", False, "/desk"]


@pytest.fixture
def iphone(chromium: Browser) -> Iterator[Browser]:
    """Its worker says so, too, which a page's settings do not reach."""
    arguments = ["--no-sandbox", f"--user-agent={IPHONE}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


def test_an_iphone_is_always_shown_something(
    desk: Served, phones: Callable[..., Page], iphone: Browser
) -> None:
    page = phones(IPHONE, iphone)
    page.goto(desk.address + PAGE)
    expect(page.locator("#vi-sao-apple")).to_be_visible()
    expect(page.locator("#bat")).to_be_hidden()
    line = Line(page, desk.address)
    one = Notice("queue", "1 người đang chờ", "Phiếu 12", "/desk")
    line.brings(letter(one, quiet=False).body)
    line.shows(1)
    line.brings(cleared("queue").body)
    assert [told[3] for told in line.shows(1, "Đã có người lo")] == [True], "without a sound"


def test_what_is_open_is_taken_off_the_screen(desk: Served, phones: Callable[..., Page]) -> None:
    page = phones()
    page.goto(desk.address + PAGE)
    line = Line(page, desk.address)
    line.brings(letter(Notice("queue", "1 người đang chờ", "", "/desk"), quiet=False).body)
    line.shows(1)
    page.goto(desk.address + "/desk")
    assert line.shows(0) == []


def test_a_tap_switches_it_on_and_another_off(
    desk: Served, phones: Callable[..., Page], lan: Account, tmp_path: Path
) -> None:
    notices = desk.yard.desk.staff.notices
    assert notices is not None
    key = desk.run(notices.key())
    told = PushService(tmp_path, lambda: 0).subscribe("lan", key).subscription
    said = json.dumps({"endpoint": told.endpoint, "p256dh": told.p256dh, "auth": told.auth})
    page = phones()
    page.add_init_script(f"({SUBSCRIBED})({said})")
    page.goto(desk.address + PAGE)
    expect(page.locator("#trang-thai")).to_have_text("Máy này chưa bật thông báo.")
    assert page.evaluate("window.asked") is None, "nothing happens without a tap"
    page.locator("#bat").click()
    expect(page.locator("#trang-thai")).to_have_text("Máy này đang bật thông báo.")
    assert desk.run(notices.devices(lan)) == 1
    expect(page.get_by_role("button", name="Gửi thử")).to_be_visible()
    assert page.evaluate(TOO_WIDE) is False
    assert page.evaluate(CONTRAST) == []
    page.locator("#tat").click()
    expect(page.locator("#trang-thai")).to_have_text("Máy này chưa bật thông báo.")
    assert desk.run(notices.devices(lan)) == 0


def test_without_a_line_it_says_so_and_nothing_was_kept(desk: Served, phones: Callable[..., Page]) -> None:
    page = phones()
    page.goto(desk.address + PAGE)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.goto(desk.address + "/desk")
    page.context.set_offline(True)
    page.goto(desk.address + "/desk/toi", wait_until="domcontentloaded")
    expect(page.locator("h1")).to_have_text("Máy bạn đang mất mạng")
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    page.context.set_offline(False)
    page.get_by_role("link", name="Thử lại").click()
    expect(page.locator("nav.tabs")).to_be_visible()


def test_residents_pages_have_no_worker(desk: Served, phones: Callable[..., Page]) -> None:
    page = phones()
    page.goto(desk.address + PAGE)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.goto(desk.address + "/")
    assert page.evaluate("navigator.serviceWorker.controller") is None
