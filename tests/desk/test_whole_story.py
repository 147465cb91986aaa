"""The whole story, with the program as people start it and a phone of 360 px for everybody in it.

A resident is stuck and asks for a person; two volunteers race, one wins; they chat on a weak line; the
volunteer hands back at a step; the resident finishes. Then the journal, the ticket and the statistics agree.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from web_browser import PHONE, TOO_WIDE

from tests.program import bot, serving

pytestmark = pytest.mark.browser

PASSPHRASE = "mèo mun ngồi đợi bánh cuốn"
GUIDE = "kich-hoat"


@dataclass
class Room:
    """Everybody's phones, and where the bot keeps its data."""

    folder: Path
    address: str
    phone: Callable[[], Page]
    faults: list[str]

    def volunteer(self, link: str) -> Page:
        """A new volunteer accepts the invitation and begins a shift."""
        page = self.phone()
        page.goto(self.address + re.sub(r"^https?://[^/]+/", "", link))
        page.locator("#mat_khau").fill(PASSPHRASE)
        page.locator("#lan_hai").fill(PASSPHRASE)
        page.get_by_role("button", name="Xong, vào bàn trực").click()
        page.goto(self.address + "desk/ca")
        page.get_by_role("button", name="2 giờ").click()
        page.goto(self.address + "desk")
        expect(page.get_by_text("Trong ca đến")).to_be_visible()
        return page

    def look(self, query: str) -> list[tuple[Any, ...]]:
        """Rows beside the running bot."""
        with closing(sqlite3.connect(f"file:{self.folder}/bot.db?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def room(tmp_path: Path, chromium: Browser) -> Iterator[tuple[Room, list[str]]]:
    links = [invited(tmp_path, name, shown) for name, shown in (("lan", "Lan"), ("hoa", "Hoa"))]
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    with serving(tmp_path) as address:

        def phone() -> Page:
            context = chromium.new_context(viewport=PHONE)
            context.set_default_timeout(15_000)
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            return page

        yield Room(tmp_path, address, phone, faults), links
        for context in contexts:
            context.close()


def invited(folder: Path, name: str, shown: str) -> str:
    added = bot("user", "add", name, "--role", "volunteer", "--shown", shown, "--watched", "0", folder=folder)
    assert added.returncode == 0, added.stdout + added.stderr
    found = re.search(r"\S*/desk/moi/\S+", added.stdout)
    assert found, added.stdout
    return found[0]


def test_a_resident_is_helped_and_goes_on_by_themselves(room: tuple[Room, list[str]]) -> None:
    here, links = room
    lan, hoa = (here.volunteer(link) for link in links)
    resident = here.phone()
    resident.goto(here.address + f"?viec={GUIDE}")
    for label in ("Bắt đầu", "bác"):
        press(resident, label)
    stuck_at = place(resident)
    write(resident, "gặp người")
    expect(said(resident)).to_contain_text("đọc đoạn chat")
    press(resident, "Đồng ý, nhờ người giúp")

    # two race for it, one wins, the other is told who
    for volunteer in (lan, hoa):
        expect(volunteer.get_by_role("button", name=re.compile("^Nhận phiếu"))).to_be_visible()
    for volunteer in (lan, hoa):
        volunteer.evaluate("document.querySelector('#cho form button').click()")
    winner, loser, name = race(lan, hoa)
    expect(loser.get_by_text(re.compile(f"{name}.*(đang giúp|đã nhận)")).first).to_be_visible()
    expect(said(resident)).to_contain_text(name)

    # what was tried is there before a word is written; both sides talk
    expect(winner.locator("#log")).to_contain_text("gặp người")
    speak(winner, "Chào bác, cháu đây. Màn hình đang hiện gì ạ?")
    expect(said(resident)).to_contain_text("Màn hình đang hiện gì")
    expect(resident.locator(".line").last).to_contain_text(name)
    before = resident.locator(".line.bot").count()
    write(resident, "tôi không thấy nút nào cả")
    expect(winner.locator("#log")).to_contain_text("không thấy nút nào cả")
    assert resident.locator(".line.bot").count() == before, "the machine does not talk over a person"

    # a weak line: what was written goes out once, when there is a line again
    winner.context.set_offline(True)
    speak(winner, "Bác cập nhật ứng dụng rồi mở lại giúp cháu nhé.", waits=False)
    winner.context.set_offline(False)
    expect(said(resident)).to_contain_text("cập nhật ứng dụng")
    lost_answers(winner)
    speak(winner, "Xong bác báo cháu nhé.", waits=False)
    expect(said(resident)).to_contain_text("Xong bác báo cháu")
    expect(winner.locator("#gui-cho")).to_be_empty()
    for words in ("cập nhật ứng dụng", "Xong bác báo cháu"):
        expect(resident.locator(".line .said", has_text=words)).to_have_count(1)

    # what nobody may ask is not sent
    speak(winner, "Bác đọc cho cháu mã OTP vừa nhận", waits=False)
    expect(winner.locator(".held, #loi-viet, #duong").filter(has_text="OTP").first).to_be_visible()
    expect(resident.locator(".line .said", has_text="đọc cho cháu mã OTP")).to_have_count(0)
    winner.locator("#chu").fill("")

    # back to the guide at its fifth step, in one tap and the one that makes sure
    winner.locator("nav.tools a", has_text="Làm tiếp").click()
    way = winner.locator("#lai-may button[name=buoc]", has_text=re.compile(r"[Bb]ước 5/")).first
    way = winner.locator(f"#lai-may button[value='{way.get_attribute('value')}']")
    way.click()
    expect(way).to_have_class(re.compile("armed"))
    # a second tap at once is one tap that shook; a moment later it counts
    winner.wait_for_function(
        "at => Date.now() - at > 450", arg=int(way.get_attribute("data-armed") or 0), polling=50
    )
    way.click()
    expect(said(resident)).to_contain_text("chuyển lại")
    expect(said(resident)).to_contain_text("Bước 5/")
    walk_to_the_end(resident)

    assert not here.faults
    for page in (resident, lan, hoa):
        assert not page.evaluate(TOO_WIDE)
    agree(here, name, stuck_at)


def race(lan: Page, hoa: Page) -> tuple[Page, Page, str]:
    """Who has it, who has not, and the name of the first."""
    for page in (lan, hoa):
        expect(page.locator("#chu, #khoa-o")).to_be_visible()
    winner, loser, name = (lan, hoa, "Lan") if lan.locator("#chu").count() else (hoa, lan, "Hoa")
    expect(winner.locator("#chu")).to_be_visible()
    expect(loser.locator("#khoa-o")).to_be_disabled()
    return winner, loser, name


def lost_answers(page: Page) -> None:
    """The next message arrives, but its answer is lost on the way."""
    lost: list[Request] = []

    def swallow(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request)
        route.fetch()
        route.abort()

    page.route(re.compile("/desk/c/[^/]+/noi"), swallow)


def speak(page: Page, words: str, *, waits: bool = True) -> None:
    page.locator("#chu").fill(words)
    page.locator("#viet .send").click()
    if waits:
        expect(page.locator("#log")).to_contain_text(words)


def press(page: Page, label: str) -> None:
    count = page.locator(".line.bot").count()
    page.locator("#choices").get_by_role("button", name=label).first.click()
    expect(page.locator(".line.bot")).not_to_have_count(count)
    expect(page.locator(".pending")).to_have_count(0)


def write(page: Page, words: str) -> None:
    page.locator("#tin").fill(words)
    page.locator(".send").click()
    expect(page.locator(".pending")).to_have_count(0)


def said(page: Page) -> Any:
    """The last thing that was said to the resident."""
    return page.locator(".line.bot .said").last


def place(page: Page) -> str:
    found = re.search(r"Bước (\d+)/", page.locator(".line.bot .said").last.inner_text())
    assert found
    return found[1]


def walk_to_the_end(page: Page) -> None:
    """The first answer each time, until the guide is over."""
    for _ in range(12):
        if "Bước" not in page.locator(".line.bot .said").last.inner_text():
            return
        count = page.locator(".line.bot").count()
        page.locator("#choices .choice").first.click()
        expect(page.locator(".line.bot")).not_to_have_count(count)
    raise AssertionError("the guide does not end")


def agree(here: Room, name: str, stuck_at: str) -> None:
    """Journal, ticket and statistics tell the same story."""
    ((status, closing, flow, claimed, opened, closed),) = here.look(
        "SELECT status, closing, flow, claimed_at, created_at, closed_at FROM tickets"
    )
    assert (status, closing, flow) == ("closed", "handed_back", GUIDE)
    assert opened <= claimed <= closed
    ((count, were_claimed),) = here.look("SELECT SUM(tickets), SUM(claimed) FROM help_counts")
    assert (count, were_claimed) == (1, 1)
    person = dict(here.look("SELECT shown, id FROM people"))[name]
    deeds = [deed for (deed,) in here.look(f"SELECT deed FROM journal WHERE who = {person} ORDER BY id")]  # noqa: S608
    for deed in ("claimed", "viewed", "spoke", "held", "handed_back"):
        assert deed in deeds, (deed, deeds)
    verified = bot("journal", folder=here.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    stats = bot("stats", GUIDE, "--json", folder=here.folder)
    funnel = json.loads(stats.stdout)
    assert funnel["started"] == funnel["runs"]["completed"] == 1, funnel
    stuck = next(step for step in funnel["steps"] if step["outcomes"].get("escalated"))
    assert stuck["reached"] == 1, (stuck_at, stuck)
