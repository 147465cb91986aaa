"""The page of the weekly digest: who may, what is shown once, and what the digest says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from desk_world import Desk, desk_world, press
from insight_pages import LAST, opened, shown
from insight_world import CountsInMemory, campaign, walked
from push_service import PushService
from web_world import START

from bot.app.accounts import Draft, Role
from bot.app.digest_devices import OnDevices
from bot.app.digests import LONGEST, PUSH, TELEGRAM, Digest
from bot.app.platform import TryLater, Unreachable
from bot.channels.push.service import WebPush
from bot.core.visits import View
from bot.core.weeks import Weeks
from bot.store.notices import SqlDevices
from bot.web.insights.digest_text import week_digest
from bot.web.insights.digests import PAGE
from bot.web.insights.numbers import counted

CODE = re.compile(r'class="digest-code"><b>([A-Z2-7]{8})</b>')


def a_campaign() -> CountsInMemory:
    counts = CountsInMemory()
    campaign(counts, LAST)
    return counts


async def test_the_digest_says_what_the_pages_say(tmp_path: Path) -> None:
    counts = a_campaign()
    walked(counts, LAST, 600, [(View.COMMUNE, "22291")], 30)
    async with shown(tmp_path, counts) as desk:
        book = desk.here.parts.book
        digest = await week_digest(desk.staff.insights, book, LAST)
        seen = await desk.staff.insights.guides(Weeks(LAST, LAST))
        communes = await desk.staff.insights.parts(View.COMMUNE, Weeks(LAST, LAST))
        page = await opened(desk, PAGE)
        overview = await opened(desk)
    started = counted(sum(one.started for one in seen.values()))
    lost = counted(sum(one.lost for one in seen.values()))
    assert digest.lines[0].startswith(f"{started} người bắt đầu, ")
    assert f", {lost} (" in digest.lines[0]
    worst = communes.shown["22291"]
    people = f"{counted(worst.lost)} trong {counted(worst.started)} người"
    there = f"Nơi cần đến: Xã Hòa Xuân, tỉnh Đắk Lắk, {people} bỏ dở ("
    assert digest.lines[2].startswith(there)
    assert digest.lines[1] in overview
    text = digest.text("https://huong-dan.example")
    assert len(text) <= LONGEST
    assert re.search(r"https://huong-dan\.example/insights/report\?tuan=2026-W\d\d$", text)
    for line in (digest.title, *digest.lines, digest.note):
        assert line in page


def test_a_long_digest_loses_its_last_sentences_and_never_the_link() -> None:
    digest = Digest("Tuần", ("a" * 300, "b" * 300, "c" * 300), "Số tròn chục.", "/insights/report")
    text = digest.text("https://huong-dan.example", "Bản gửi thử.")
    assert len(text) <= LONGEST
    assert "b" * 300 in text
    assert "ccc" not in text
    assert text.startswith("Bản gửi thử.\n\nTuần")
    assert text.endswith("Số tròn chục.\n\nBáo cáo một trang: https://huong-dan.example/insights/report")


async def test_an_empty_week_is_told_as_one(tmp_path: Path) -> None:
    async with shown(tmp_path, CountsInMemory()) as desk:
        assert "Tuần này chưa có số liệu." in await opened(desk, PAGE)


async def test_a_code_is_shown_once_and_enrols(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as desk:
        browser = await desk.signed_in(Role.ORGANISER)
        empty = await press(browser, f"{PAGE}/telegram", ten="  ")
        assert empty.headers["location"] == f"{PAGE}?xong=ten"
        answer = await press(browser, f"{PAGE}/telegram", ten=" Nhóm  xã Hòa Xuân, gọi 0912345678 ")
        found = CODE.search(answer.text)
        assert found, answer.text
        page = (await browser.get(PAGE)).text
        assert found[1] not in page
        assert "Nhóm xã Hòa Xuân" in page
        assert "0912345678" not in page
        assert "Chờ gõ mã, đến " in page
        assert (await desk.staff.digests.join("-100", found[1].lower())).startswith("Xong rồi")
        assert "Nhận 8 giờ sáng thứ Hai" in (await browser.get(PAGE)).text
        journal = await desk.staff.journal.records(0, 9)
        assert [record.what for record in journal if record.did == "digest_changed"] == ["1"]


async def test_an_address_is_tried_switched_off_and_on_and_removed(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as desk:
        browser, kept = await desk.signed_in(Role.ORGANISER), desk.staff.digests.kept
        id, code = await desk.staff.digests.offer("Nhóm", 7)
        await desk.staff.digests.join("-100", code)
        for deed, words in (("tat", "Đang tắt"), ("bat", "Nhận 8 giờ sáng")):
            answer = await press(browser, f"{PAGE}/{id}/{deed}")
            assert answer.headers["location"] == f"{PAGE}?xong={deed}"
            assert words in unescape((await browser.get(PAGE)).text)
        await press(browser, f"{PAGE}/{id}/thu")
        assert [one.trial for one in await kept.waiting(TELEGRAM, None)] == [True]
        await kept.lost(id, START)
        assert "bot bị chặn hoặc bị đưa khỏi nhóm" in (await browser.get(PAGE)).text
        await press(browser, f"{PAGE}/{id}/bo")
        assert "Chưa gửi cho ai." in (await browser.get(PAGE)).text
        again = await press(browser, f"{PAGE}/{id}/bo")
        assert again.headers["location"] == f"{PAGE}?xong=khong"
        assert (await press(browser, f"{PAGE}/{2**64}/bo")).status_code == 404


async def test_a_lead_reads_and_sees_no_button(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as desk:
        await desk.staff.digests.offer("Nhóm", 7)
        text = await opened(desk, PAGE)
    assert "Nhóm" in text
    assert "Sao không gửi qua Zalo?" in text
    assert f'action="{PAGE}' not in text


@pytest.fixture
async def pushing(tmp_path: Path) -> AsyncIterator[tuple[Desk, PushService, WebPush]]:
    async with desk_world(tmp_path) as desk, PushService(tmp_path, desk.here.clock) as service:
        push = WebPush(desk.store, desk.here.clock, "https://x.example", connector=service.connector)
        yield desk, service, push
        await push.close()


async def test_on_ones_own_devices(pushing: tuple[Desk, PushService, WebPush]) -> None:
    desk, service, push = pushing
    devices = SqlDevices(desk.store.backing)
    hoa = await desk.member(Role.ORGANISER, shown="Hòa")
    browser = await desk.signed_in(hoa)
    none = await press(browser, f"{PAGE}/may")
    assert none.headers["location"] == f"{PAGE}?xong=chua-bat"
    phone, tablet = [service.subscribe(name, await push.key()) for name in ("may", "bang")]
    for device in (phone, tablet):
        await devices.subscribe(hoa.id, device.subscription, START)
    for told in ("may", "may-roi"):
        assert (await press(browser, f"{PAGE}/may")).headers["location"] == f"{PAGE}?xong={told}"
    tablet.gone = True
    digest = Digest("Bản tin", ("Một.", "Hai."), "", "/insights/report?tuan=2026-W47")
    reports: list[str] = []
    send = OnDevices(desk.staff.people, devices, push, lambda where, _: reports.append(where)).send
    [one] = await desk.staff.digests.kept.waiting(PUSH, LAST + 9)
    await send(one.address, digest, False)
    assert [read["body"] for read in phone.read] == ["Một.\nHai."]
    assert phone.read[0]["url"] == digest.path
    assert len(await devices.devices(hoa.id)) == 1, "the tablet is gone"
    service.next = [(503, "7")]
    with pytest.raises(TryLater):
        await send(one.address, digest, False)
    await desk.member(Role.ORGANISER)  # the last one stays one
    assert await desk.entrance.accounts.change(hoa.id, Draft(hoa.name, hoa.shown, Role.LEAD))
    with pytest.raises(Unreachable):
        await send(one.address, digest, False)
    assert (len(phone.read), reports) == (1, [])
