"""The pages in a real browser, at the size of a small phone: quick with scripts, whole without."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Route, expect, sync_playwright
from web_browser import CONTRAST, SMALL, TOO_WIDE, Announced, Phone
from web_world import drawn, world

from bot.web.limits import Rate

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
PHONE: Any = {"width": 360, "height": 740}
WIDE = Rate(burst=10_000, per_second=1000)
PAGES = [
    "/",
    "/guide",
    "/guide/kich-hoat",
    "/privacy",
    "/du-lieu",
    "/luu",
    "/tiep",
    "/tiep/ACDEFGHJ",
    "/khong-co",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bot that is really served."""
    folder = tmp_path_factory.mktemp("web")
    ready = threading.Event()
    servers: list[Announced] = []

    async def serve() -> None:
        async with world(folder, person_rate=WIDE, host_rate=WIDE, pictures=drawn(folder)) as here:
            config = uvicorn.Config(here.app, port=0, log_level="error", ws="none", lifespan="off")
            servers.append(Announced(config, ready))
            await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    yield f"http://127.0.0.1:{servers[0].servers[0].sockets[0].getsockname()[1]}"
    servers[0].should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phones(chromium: Browser, address: str) -> Iterator[Callable[..., Phone]]:
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> Phone:
        context = chromium.new_context(**{"viewport": PHONE, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        phone = Phone(context, page, address, [])
        page.on("console", lambda said: phone.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: phone.faults.append(str(fault)))
        return phone

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def phone(phones: Callable[..., Phone]) -> Phone:
    return phones()


def begin(phone: Phone) -> None:
    phone.open()
    phone.press("Bắt đầu")
    phone.press("bác")


def test_the_first_load_is_small_and_asks_nobody_else(phone: Phone) -> None:
    line = phone.context.new_cdp_session(phone.page)
    line.send("Network.enable")
    sizes: list[int] = []
    hosts: list[str] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: hosts.append(urlsplit(event["request"]["url"]).netloc))
    phone.page.goto(phone.address, wait_until="networkidle")
    print("first load, bytes:", int(sum(sizes)))
    assert len(sizes) >= 4
    assert 5_000 < sum(sizes) <= 50_000
    assert set(hosts) == {urlsplit(phone.address).netloc}
    assert phone.faults == []


def test_a_guide_is_walked_on_one_page_and_is_there_after_a_reload(phone: Phone) -> None:
    begin(phone)
    phone.page.evaluate("window.stayed = true")
    for label in ("Kích hoạt tài khoản", "Không thấy nút này", "Thấy rồi", "Đã bấm"):
        phone.press(label)
    assert phone.page.evaluate("window.stayed") is True
    before = phone.shown()
    assert "Xem thẻ" in before[-1]
    assert phone.page.locator(".choice").count() == 2
    phone.page.reload()
    # what was said before anything was kept is on the first page only
    assert phone.shown() == before[-len(phone.shown()) :]
    assert len(phone.shown()) == len(phone.kept())
    assert phone.page.locator(".choice").count() == 2
    assert phone.faults == []


def test_the_newest_message_is_in_sight(phone: Phone) -> None:
    begin(phone)
    for label in ("Kích hoạt tài khoản", "Không thấy nút này", "Thấy rồi"):
        phone.press(label)
    phone.page.reload()
    expect(phone.page.locator("#moi-nhat")).to_be_in_viewport()
    expect(phone.page.locator(".choice").first).to_be_in_viewport()


def test_what_is_written_without_a_line_goes_out_once_and_in_order(phone: Phone) -> None:
    begin(phone)
    phone.context.set_offline(True)
    for text in ("câu một nhé", "câu hai nhé"):
        phone.write(text)
    expect(phone.page.locator(".pending")).to_have_count(2)
    expect(phone.page.locator("#line")).to_contain_text("Mất mạng")
    phone.context.set_offline(False)
    phone.page.wait_for_function("() => !document.querySelector('.pending')", timeout=20_000)
    expect(phone.page.locator("#line")).to_have_text("")
    assert phone.own_words()[-2:] == ["câu một nhé", "câu hai nhé"]
    assert [text for text in phone.shown() if text.startswith("câu ")] == ["câu một nhé", "câu hai nhé"]


def test_it_also_survives_closing_the_page(phone: Phone) -> None:
    begin(phone)
    phone.context.set_offline(True)
    phone.write("câu một nhé")
    phone.page.close()
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    phone.open()
    phone.page.wait_for_function("() => !document.querySelector('.pending')")
    assert phone.own_words()[-1] == "câu một nhé"
    assert [text for text in phone.shown() if text.startswith("câu ")] == ["câu một nhé"]


@pytest.mark.parametrize(("same_id", "times"), [(True, 1), (False, 2)])
def test_an_answer_that_is_lost_on_the_way_doubles_nothing(
    phone: Phone, times: int, *, same_id: bool
) -> None:
    """Negative control: a browser that makes up a new id for each try is counted twice."""
    begin(phone)
    lost: list[dict[str, str]] = []

    def lose(route: Route) -> None:
        request = route.request
        if request.method != "POST":
            route.continue_()
            return
        form = {name: values[0] for name, values in parse_qs(request.post_data or "").items()}
        if not same_id:
            form["ma_tin"] += str(len(lost))
        if lost:
            route.continue_(post_data=urlencode(form))
            return
        lost.append(form)
        route.fetch(post_data=urlencode(form))
        route.abort("connectionreset")

    phone.page.route(phone.address + "/", lose)
    phone.write("câu một nhé")
    phone.page.wait_for_function("() => !document.querySelector('.pending')", timeout=20_000)
    assert lost
    assert phone.own_words().count("câu một nhé") == times
    assert phone.shown().count("câu một nhé") == times


def test_what_happens_elsewhere_is_heard_here(phone: Phone) -> None:
    begin(phone)
    other = phone.context.new_page()
    other.goto(phone.address)
    other.locator("#tin").fill("câu từ trang kia")
    other.locator(".send").click()
    expect(phone.page.locator(".mine .said").last).to_have_text("câu từ trang kia")
    phone.heard(1)
    assert len(phone.page.locator("[data-id]").all()) == len(phone.kept())


def test_erasing_clears_the_screen(phone: Phone) -> None:
    begin(phone)
    phone.press("Kích hoạt tài khoản")
    phone.write("/xoa")
    phone.page.get_by_role("button", name="Xóa hết").click()
    expect(phone.page.locator(".bot .said").last).to_contain_text("Em đã xóa hết")
    expect(phone.page.locator("[data-id]")).to_have_count(0)
    phone.page.reload()
    expect(phone.page.get_by_role("button", name="Bắt đầu")).to_be_visible()


def test_with_scripts_off_everything_can_be_done(phones: Callable[..., Phone]) -> None:
    phone = phones(java_script_enabled=False)
    phone.open()
    phone.page.get_by_role("button", name="1 · Bắt đầu").click()
    phone.page.get_by_role("button", name="1 · bác").click()
    phone.page.get_by_role("button", name="Kích hoạt tài khoản").dblclick()  # as unsure fingers do
    assert phone.page.url.endswith("/#moi-nhat")
    phone.page.get_by_role("button", name="Không thấy nút này").click()
    phone.page.get_by_label("Nhắn cho em").fill("1")
    phone.page.get_by_role("button", name="Gửi").click()
    assert "Mở màn hình kích hoạt" in phone.shown()[-1]
    phone.page.get_by_role("button", name="Gặp người").click()
    assert "1900 0368" in phone.shown()[-1]
    assert phone.own_words().count("Kích hoạt tài khoản VNeID") == 1


HOSTILE = [
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    "<svg/onload=window.hit=1>",
    "javascript:window.hit=1",
]


def test_hostile_words_run_nowhere(phone: Phone) -> None:
    begin(phone)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    for text in HOSTILE:
        phone.write(text)
        phone.page.wait_for_function("() => !document.querySelector('.pending')")
    for path in ("/", "/du-lieu"):
        phone.open(path)
        assert phone.page.evaluate("window.hit") is None
        assert all(text in "\n".join(phone.shown()) for text in HOSTILE)
    assert not [url for url in asked if url.endswith("/x")]
    assert phone.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_and_pressed(phones: Callable[..., Phone], scheme: str) -> None:
    phone = phones(color_scheme=scheme)
    begin(phone)
    phone.press("Kích hoạt tài khoản")
    for path in PAGES:
        phone.open(path)
        assert phone.page.evaluate(CONTRAST) == [], path
        assert phone.page.evaluate(SMALL) == [], path
    phone.page.evaluate("document.querySelector('h1').style.color = '#777'")
    assert phone.page.evaluate(CONTRAST) != []  # negative control


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (360, "200%"), (1280, "100%")])
def test_nothing_runs_out_of_the_page(phones: Callable[..., Phone], width: int, size: str) -> None:
    phone = phones(viewport={"width": width, "height": 740})
    begin(phone)
    phone.press("Kích hoạt tài khoản")
    phone.write("một-chữ-dài-không-có-chỗ-ngắt" * 8)
    phone.heard(2)
    for path in PAGES:
        phone.open(path)
        phone.page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert not phone.page.evaluate(TOO_WIDE), path
    phone.page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert phone.page.evaluate(TOO_WIDE)  # negative control


def test_the_keyboard_is_enough(phone: Phone) -> None:
    begin(phone)
    phone.open()
    phone.page.keyboard.press("Tab")
    expect(phone.page.locator(".skip")).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.press("Tab")
    focused = phone.page.evaluate("document.activeElement.id || document.activeElement.className")
    assert focused in {"tin", "send"}
    phone.page.locator(".choice").first.focus()
    before = phone.page.locator(".line.bot").count()
    phone.page.keyboard.press("Enter")
    phone.heard(before + 1)
    assert phone.page.evaluate("document.activeElement !== document.body")


def test_the_qr_picture_is_there_and_the_other_phone_goes_on(
    phones: Callable[..., Phone], phone: Phone
) -> None:
    begin(phone)
    phone.open("/luu")
    phone.page.get_by_role("button", name="Lấy mã").click()
    picture = phone.page.get_by_role("img", name="Mã QR")
    expect(picture).to_be_visible()
    code = phone.page.locator(".code").inner_text()
    other = phones()
    other.open("/tiep")
    other.page.get_by_label("Mã").fill(code.lower())
    other.page.get_by_role("button", name="Mở cuộc trò chuyện").click()
    expect(other.page.locator(".line.bot").first).to_be_visible()
    assert other.kept() == phone.kept()


def test_the_picture_of_a_step_is_seen_on_a_small_phone(phone: Phone) -> None:
    begin(phone)
    phone.press("Kích hoạt tài khoản")
    image = phone.page.get_by_role("img", name="Màn hình đầu của VNeID, nút Kích hoạt được khoanh")
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", value=True)
    for _ in range(2):  # as it came, and as the reloaded page reads it from the history
        assert image.evaluate("one => one.naturalWidth") == 720
        place = image.bounding_box()
        assert place is not None
        assert 0 <= place["x"] < place["x"] + place["width"] <= PHONE["width"]
        assert place["width"] >= 250
        assert not phone.page.evaluate(TOO_WIDE)
        expect(phone.page.locator(".choice").first).to_be_in_viewport()
        phone.page.reload()
        expect(image).to_have_js_property("complete", value=True)
    assert phone.faults == []


def test_a_picture_does_not_make_the_page_jump(phone: Phone) -> None:
    """Its room is there before the file is: whoever reads below it must not lose the place."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    begin(phone)
    phone.page.route("**/pictures/*", hold)
    phone.press("Kích hoạt tài khoản")
    image = phone.page.locator(".picture img")
    place = "one => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight]"
    before = image.evaluate(place)
    assert min(before) > 10
    assert image.evaluate("one => one.naturalWidth") == 0
    for route in held:
        route.continue_()
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate(place) == before


def test_a_tap_enlarges_the_picture_and_back_returns(phone: Phone) -> None:
    begin(phone)
    phone.press("Kích hoạt tài khoản")
    phone.page.locator(".picture").click()
    phone.page.wait_for_url("**/pictures/*.png")
    assert phone.page.evaluate("document.images[0].naturalWidth") == 720
    phone.page.go_back()
    expect(phone.page.locator(".choice").first).to_be_visible()


def test_a_printed_guide_shows_its_pictures_at_a_size_for_paper(phone: Phone) -> None:
    phone.open("/guide/kich-hoat")
    image = phone.page.locator(".picture img").first
    expect(image).to_be_visible()
    phone.page.emulate_media(media="print")
    place = image.bounding_box()
    assert place is not None
    assert 180 <= place["width"] <= 56 / 25.4 * 96 + 1
