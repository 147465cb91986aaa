"""The desk in a real browser at 360 px: claim, chat on a weak line, hand back, close, take over."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk_yard import Served, served
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from web_browser import CONTRAST, PHONE, SMALL, TOO_WIDE

from bot.app.accounts import Account, Role
from bot.core.message import Address
from bot.core.ticket import LEASE
from bot.web.desk.admission import COOKIE

pytestmark = pytest.mark.browser

TO_TAP = SMALL.replace("input:not([type=hidden])", "input:not([type=hidden], [type=radio]), label:has(input)")
"""What is to be tapped of a radio button is its label."""

CLEAR = CONTRAST.replace("ratio < 4.5", "ratio < 7")

AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as built:
        yield built


@pytest.fixture
def name(desk: Served) -> str:
    """Somebody who waits, nobody else of the test before."""
    name = f"n{next(_numbers)}"
    desk.run(desk.yard.waits(name))
    return name


@pytest.fixture
def phones(chromium: Browser, desk: Served) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(account: Account, **options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": desk.token(account, AGENT), "url": desk.address}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert faults == []


def _is_fault(said: Any) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def lan(desk: Served) -> Account:
    return desk.volunteer("Lan", most=50)


@pytest.fixture
def chat(desk: Served, phones: Callable[..., Page], lan: Account, name: str) -> Page:
    """Lan has taken the conversation and looks at it."""
    page = phones(lan)
    page.goto(f"{desk.address}/desk/c/key-{name}")
    page.get_by_role("button", name="Nhận phiếu này").click()
    expect(page.locator("#chu")).to_be_visible()
    return page


def said(desk: Served, name: str) -> list[str]:
    """What people wrote to the resident."""
    lines = desk.run(desk.yard.desk.store.lines(Address("web", name), 0, 50))
    return [line.reply.text for line in lines if line.reply.author]


def write(page: Page, words: str) -> None:
    page.locator("#chu").fill(words)
    page.locator(".send").click()


def arrived(page: Page, times: int) -> None:
    page.wait_for_function(
        "n => document.querySelectorAll('#log .own').length === n && !document.querySelector('.pending')",
        arg=times,
        timeout=30_000,
    )


def test_the_first_load_is_small_and_asks_nobody_else(
    desk: Served, phones: Callable[..., Page], lan: Account, name: str
) -> None:
    page = phones(lan)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    sizes: list[int] = []
    hosts: list[str] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: hosts.append(event["request"]["url"]))
    page.goto(f"{desk.address}/desk")
    page.wait_for_timeout(300)
    queue = sum(sizes)
    page.get_by_role("button", name="Nhận người chờ lâu nhất").click()
    expect(page.locator("#chu")).to_be_visible()
    page.wait_for_timeout(300)
    print("first load, bytes: queue", int(queue), "and then a chat", int(sum(sizes) - queue))
    assert len(sizes) >= 4
    assert 5_000 < sum(sizes) <= 100_000
    assert all(host.startswith(desk.address) for host in hosts)


def test_what_the_resident_writes_appears_without_a_new_page(desk: Served, chat: Page, name: str) -> None:
    chat.evaluate("window.stayed = true")
    desk.run(desk.yard.writes(name, "vẫn không thấy nút"))
    expect(chat.locator("#log .resident .said").last).to_contain_text("vẫn không thấy nút", timeout=3000)
    expect(chat.locator("#log .resident .said").last).to_be_in_viewport()
    write(chat, "Bác kéo xuống cuối giúp cháu ạ")
    arrived(chat, 1)
    assert chat.evaluate("window.stayed") is True
    assert said(desk, name) == ["Bác kéo xuống cuối giúp cháu ạ"]


def test_without_a_line_words_wait_and_go_out_once_and_in_order(desk: Served, chat: Page, name: str) -> None:
    chat.context.set_offline(True)
    for words in ("câu một ạ", "câu hai ạ"):
        write(chat, words)
    expect(chat.locator(".pending")).to_have_count(2)
    expect(chat.locator("#duong")).to_contain_text("Mạng yếu")
    chat.context.set_offline(False)
    arrived(chat, 2)
    expect(chat.locator("#duong")).to_have_text("")
    assert said(desk, name) == ["câu một ạ", "câu hai ạ"]


def test_a_reload_loses_neither_what_is_sent_nor_what_is_begun(desk: Served, chat: Page, name: str) -> None:
    chat.route("**/noi", lambda route: route.abort("connectionreset"))
    write(chat, "câu một ạ")
    chat.locator("#chu").fill("đang viết dở")
    expect(chat.locator("#duong")).to_contain_text("Mạng yếu")
    chat.reload()
    expect(chat.locator(".pending")).to_have_count(1)
    expect(chat.locator("#chu")).to_have_value("đang viết dở")
    chat.unroute("**/noi")
    arrived(chat, 1)
    assert said(desk, name) == ["câu một ạ"]
    expect(chat.locator("#chu")).to_have_value("đang viết dở")


def test_what_waited_too_long_goes_back_into_the_field(desk: Served, chat: Page, name: str) -> None:
    chat.route("**/noi", lambda route: route.abort("connectionreset"))
    write(chat, "câu một ạ")
    expect(chat.locator("#duong")).to_contain_text("Mạng yếu")
    chat.add_init_script("Date.now = (now => () => now() + 700000)(Date.now.bind(Date))")
    chat.unroute("**/noi")
    for _ in range(2):
        chat.reload()
        expect(chat.locator("#chu")).to_have_value("câu một ạ")
    assert said(desk, name) == []


@pytest.mark.parametrize(("same_id", "times"), [(True, 1), (False, 2)])
def test_an_answer_that_is_lost_on_the_way_doubles_nothing(
    desk: Served, chat: Page, name: str, times: int, *, same_id: bool
) -> None:
    """Negative control: a page that makes up a new id for each try is heard twice."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        form = route.request.post_data or ""
        if not same_id:
            form = form.replace("ma=", f"ma={len(lost)}", 1)
        if lost:
            route.continue_(post_data=form)
            return
        lost.append(form)
        route.fetch(post_data=form)
        route.abort("connectionreset")

    chat.route("**/noi", lose)
    write(chat, "câu một ạ")
    arrived(chat, times)
    assert said(desk, name) == ["câu một ạ"] * times


def test_what_is_held_comes_back_into_the_field_with_the_reason(desk: Served, chat: Page, name: str) -> None:
    write(chat, "Bác đọc cho cháu mã OTP nhé")
    expect(chat.locator("#duong")).to_contain_text("OTP")
    expect(chat.locator("#chu")).to_have_value("Bác đọc cho cháu mã OTP nhé")
    assert said(desk, name) == []


def test_the_claim_that_ends_locks_the_field_and_says_so(
    desk: Served, chat: Page, phones: Callable[..., Page], name: str
) -> None:
    chat.locator("#chu").fill("đang viết dở")
    lead = phones(desk.volunteer("Minh", Role.LEAD))
    lead.goto(f"{desk.address}/desk/c/key-{name}")
    lead.get_by_role("button", name="Nhận luôn").click()
    expect(lead.locator("#chu")).to_be_visible()
    expect(chat.locator("#khoa")).to_contain_text("Minh đang giúp", timeout=3000)
    expect(chat.locator("#chu")).to_have_count(0)
    expect(chat.locator("#log")).to_have_count(0)
    expect(chat.locator("#khoa-o")).to_have_value("đang viết dở")


def test_a_colleague_asks_and_is_answered(
    desk: Served, chat: Page, phones: Callable[..., Page], name: str
) -> None:
    hoa = phones(desk.volunteer("Hoa", most=50))
    hoa.goto(f"{desk.address}/desk")
    hoa.get_by_role("button", name="từ Lan").last.click()
    expect(hoa.locator("#khoa")).to_contain_text("Đã hỏi Lan")
    expect(chat.locator("#xin-nhan")).to_contain_text("Hoa xin nhận", timeout=3000)
    chat.get_by_role("button", name="Tôi vẫn đang giúp").click()
    expect(hoa.locator("#khoa")).not_to_contain_text("Đã hỏi", timeout=3000)
    hoa.goto(f"{desk.address}/desk/c/key-{name}")
    hoa.get_by_role("button", name="Xin nhận").click()
    chat.get_by_role("button", name="Nhường").click()
    expect(hoa.locator("#chu")).to_be_visible(timeout=3000)


def test_two_minutes_before_the_end_of_a_claim_the_page_says_so_and_a_tap_keeps_it(
    desk: Served, chat: Page
) -> None:
    desk.yard.desk.here.clock.forward(LEASE - 110)
    chat.reload()
    keep = chat.get_by_role("button", name="chạm để giữ")
    expect(keep).to_be_visible()
    keep.click()
    expect(keep).to_be_hidden()


def test_writing_renews_the_claim(desk: Served, chat: Page, name: str) -> None:
    before = desk.run(desk.yard.desk.staff.tickets.request(f"key-{name}"))
    desk.yard.desk.here.clock.forward(300)
    chat.evaluate("Date.now = (now => () => now() + 60000)(Date.now.bind(Date))")
    with chat.expect_response("**/giu"):
        chat.locator("#chu").press_sequentially("Bác")
    after = desk.run(desk.yard.desk.staff.tickets.request(f"key-{name}"))
    assert before is not None
    assert after is not None
    assert after.until >= before.until + 300


def test_handed_back_with_two_taps_on_the_same_place(desk: Served, chat: Page, name: str) -> None:
    chat.get_by_role("link", name="Làm tiếp").click()
    button = chat.locator("#lai-may button").first
    expect(button).to_have_text("Cho bác làm tiếp từ bước 2/5: Xem thẻ")
    box = button.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    chat.mouse.click(*middle)
    expect(button).to_have_text("Chạm lần nữa: bước 2/5: Xem thẻ")
    chat.mouse.click(*middle)
    expect(chat.get_by_text("Đã chuyển lại cho máy")).to_be_visible()
    state = desk.run(desk.yard.desk.store.state(Address("web", name)))
    assert state is not None
    assert state.ticket is None
    assert state.session is not None
    assert state.session.top.visit.step == "co-the"


def test_closed_in_three_taps(desk: Served, chat: Page, name: str) -> None:
    chat.get_by_role("link", name="Đóng", exact=True).click()
    chat.get_by_text("Không có lỗi").click()
    chat.get_by_role("button", name="Đã xong").click()
    expect(chat.get_by_text("Đã đóng phiếu")).to_be_visible()
    request = desk.run(desk.yard.desk.staff.tickets.request(f"key-{name}"))
    assert request is not None
    assert request.closing == "solved"


def test_the_queue_grows_and_shrinks_before_the_eyes(
    desk: Served, phones: Callable[..., Page], lan: Account, name: str
) -> None:
    page = phones(lan)
    page.goto(f"{desk.address}/desk")
    page.evaluate("window.stayed = true")
    row = page.locator(f"[data-key=key-{name}]")
    expect(row).to_be_visible()
    newer = f"n{next(_numbers)}"
    desk.run(desk.yard.waits(newer))
    expect(page.locator(f"[data-key=key-{newer}]")).to_be_visible(timeout=3000)
    hoa = desk.volunteer("Hoa", most=50)
    desk.run(desk.yard.desk.staff.handoff.claim(f"key-{name}", hoa.helper))
    expect(row).to_have_count(0, timeout=3000)
    expect(page.locator(f"[data-key=hkey-{name}]")).to_contain_text("Hoa")
    assert page.evaluate("window.stayed") is True


def test_all_of_it_without_script(desk: Served, phones: Callable[..., Page], lan: Account, name: str) -> None:
    page = phones(lan, java_script_enabled=False)
    page.goto(f"{desk.address}/desk")
    page.locator(f"[data-key=key-{name}] button").click()
    page.locator("#chu").fill("Chào bác ạ")
    page.locator(".send").click()
    expect(page.locator("#log .person.own")).to_contain_text("Chào bác ạ")
    page.get_by_role("link", name="Làm tiếp").click()
    page.locator("#lai-may button").first.click()
    expect(page.get_by_text("Đã chuyển lại cho máy")).to_be_visible()
    assert said(desk, name) == ["Chào bác ạ"]


def test_keys_work_on_a_computer_and_never_while_typing(
    desk: Served, phones: Callable[..., Page], lan: Account, name: str
) -> None:
    page = phones(lan, viewport={"width": 1280, "height": 800})
    page.goto(f"{desk.address}/desk")
    page.keyboard.press("n")
    expect(page.locator("#chu")).to_be_visible()
    for key, sheet in (("b", "#lai-may"), ("x", "#dong"), ("?", "#phim"), ("/", "#mau")):
        page.keyboard.press(key)
        expect(page.locator(sheet)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(sheet)).to_be_hidden()
    page.keyboard.press("r")
    expect(page.locator("#chu")).to_be_focused()
    page.keyboard.type("nbx/r?")
    expect(page.locator("#chu")).to_have_value("nbx/r?")
    expect(page.locator(".sheet:visible")).to_have_count(0)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_large_enough_to_tap_clear_enough_to_read_and_never_too_wide(
    desk: Served, phones: Callable[..., Page], lan: Account, name: str, colours: str
) -> None:
    page = phones(lan, color_scheme=colours)
    desk.run(desk.yard.desk.staff.handoff.claim(f"key-{name}", lan.helper))
    desk.run(desk.yard.desk.staff.handoff.speak(f"key-{name}", lan.helper, "Chào bác", "a"))
    here = f"/desk/c/key-{name}"
    sheets = [f"{here}#{sheet}" for sheet in ("mau", "lai-may", "dong", "khac")]
    for path in ("/desk", "/desk/toi", "/desk/them", here, *sheets):
        page.goto(desk.address + path)
        assert not page.evaluate(TOO_WIDE), path
        assert page.evaluate(TO_TAP) == [], path
        assert page.evaluate(CLEAR) == [], path


@pytest.mark.parametrize("font", ["100%", "200%"])
@pytest.mark.parametrize("width", [320, 360])
def test_five_parts_fit_below_and_large_print_breaks_no_page(
    desk: Served, phones: Callable[..., Page], name: str, width: int, font: str
) -> None:
    page = phones(desk.volunteer("Minh", Role.ORGANISER), viewport={"width": width, "height": 740})
    for path in (
        "/desk",
        f"/desk/c/key-{name}",
        "/desk/cho-duyet",
        "/desk/nhom",
        "/desk/nhat-ky",
        "/desk/ca",
    ):
        page.goto(desk.address + path)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", font)
        assert not page.evaluate(TOO_WIDE), path
    page.goto(desk.address + "/desk")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", font)
    assert page.evaluate("Math.min(...[...document.querySelectorAll('.tell')].map(e => e.offsetWidth))") > 120


def test_the_sheet_stays_where_it_is_while_one_searches(chat: Page) -> None:
    chat.locator("nav.tools a", has_text="Câu mẫu").click()
    field = chat.locator("#q")
    before = field.bounding_box()
    field.fill("zzz qqq")
    expect(chat.locator("#tim-thay")).to_contain_text("Chưa có câu nào")
    assert field.bounding_box() == before


def test_whoever_signs_out_leaves_no_words_behind(desk: Served, chat: Page) -> None:
    chat.route("**/noi", lambda route: route.abort("connectionreset"))
    write(chat, "câu một ạ")
    expect(chat.locator("#duong")).to_contain_text("Mạng yếu")
    assert chat.evaluate("Object.keys(sessionStorage).length") > 0
    assert chat.evaluate("Object.keys(localStorage).length") == 0
    chat.goto(f"{desk.address}/desk/them")
    chat.get_by_role("button", name="Đăng xuất").click()
    chat.wait_for_url(re.compile("/desk/vao"))
    assert chat.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_session_ended_elsewhere_goes_dark(desk: Served, chat: Page, lan: Account) -> None:
    desk.run(desk.yard.desk.entrance.sessions.end_all(lan.id))
    chat.wait_for_url(re.compile("/desk/vao"), timeout=5000)
