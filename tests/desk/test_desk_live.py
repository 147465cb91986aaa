"""Open pages hear of every change within a second, and nothing any more once the session is over."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import httpx
import pytest
from desk_world import press
from desk_yard import Yard, yard
from web_stream import stream

from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.pulse import Beat, Pulse
from bot.app.tickets import Note
from bot.core.ticket import Closing
from bot.web.desk import live
from bot.web.desk.admission import COOKIE
from bot.web.limits import Crowd
from bot.web.parts import site_of


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Yard]:
    async with yard(tmp_path) as built:
        yield built


@pytest.fixture
async def lan(here: Yard) -> Account:
    return await here.desk.member(shown="Lan")


@pytest.fixture
async def phone(here: Yard, lan: Account) -> httpx.AsyncClient:
    return await here.desk.signed_in(lan)


def cookie(browser: httpx.AsyncClient) -> str:
    return f"{COOKIE}={browser.cookies[COOKIE]}"


def agent(browser: httpx.AsyncClient) -> str:
    return browser.headers["user-agent"]


async def test_who_comes_into_the_queue_is_heard_at_once(here: Yard, phone: httpx.AsyncClient) -> None:
    beat = await here.desk.staff.pulse.desk(1)
    url = f"/desk/live?moc={beat.mark}"
    async with stream(here.desk.here.app, url, cookie=cookie(phone), user_agent=agent(phone)) as ear:
        with pytest.raises(TimeoutError):
            await ear.event(within=0.2)  # the page is up to date
        await here.waits("an")
        told = await ear.event(within=1)
        assert told["event"] == "beat"
        assert json.loads(told["data"])["waiting"] == 1
        assert "an" not in json.loads(told["data"])


async def test_a_page_that_is_out_of_date_is_told_when_it_comes_back(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    await here.waits("an")
    async with stream(
        here.desk.here.app, "/desk/live", cookie=cookie(phone), user_agent=agent(phone), last_event_id="old"
    ) as ear:
        assert (await ear.event(within=1))["event"] == "beat"


async def test_what_another_process_committed_is_heard_within_a_second(
    here: Yard, phone: httpx.AsyncClient
) -> None:
    """Nobody rings here: the bell of another process does not reach us."""
    await here.waits("an")
    mark = (await here.desk.staff.pulse.chat(1, "key-an")).mark
    async with stream(
        here.desk.here.app,
        f"/desk/live?c=key-an&moc={mark}",
        cookie=cookie(phone),
        user_agent=agent(phone),
    ) as ear:
        await asyncio.sleep(0.05)
        await here.desk.staff.tickets.note("key-an", Note(2, "bác nghe kém"), here.desk.here.clock())
        assert (await ear.event(within=live.LOOK_AGAIN + live.AT_MOST_EVERY + 1))["event"] == "beat"


def test_a_look_comes_within_the_second_that_was_promised() -> None:
    """A commit right after a look waits longest: for the pause between two looks, then for no bell."""
    for_the_look_itself = 0.1
    assert live.LOOK_AGAIN + live.AT_MOST_EVERY + for_the_look_itself <= 1


class _Deaf(Bell):
    """Every ring is in another process. Time passes at once, and is added up."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    async def wait(self, _: int, seconds: float) -> bool:
        self.waited.append(seconds)
        return False


async def test_nobody_has_to_ring_for_what_another_process_committed(here: Yard, lan: Account) -> None:
    """The stream's own steps, with another process between two looks."""
    bell, marks = _Deaf(), iter(("a", "a", "b", "b", "c"))

    class Elsewhere:
        async def desk(self, _: int) -> Beat:
            return Beat(next(marks))

    browser = await here.desk.signed_in(lan)
    staff = replace(here.desk.staff, pulse=cast("Pulse", Elsewhere()))
    parts = replace(here.desk.here.parts, staff=staff, bell=bell)
    crowd = Crowd(each=1, all_together=1)
    assert crowd.enter(str(lan.id))
    beats = live.beats(site_of(parts), crowd, browser.cookies[COOKIE], lan.id, "", 0, "a")
    heard = [await anext(beats) for _ in range(2)]
    await beats.aclose()
    assert [event.id for event in heard] == ["b", "c"]
    assert set(bell.waited) == {live.LOOK_AGAIN}


async def test_words_wishes_and_ends_are_heard_in_the_chat(
    here: Yard, lan: Account, phone: httpx.AsyncClient
) -> None:
    await here.waits("an")
    await press(phone, "/desk/c/key-an/nhan")
    hoa = await here.desk.signed_in(await here.desk.member(shown="Hoa"))
    mark = (await here.desk.staff.pulse.chat(lan.id, "key-an")).mark
    async with stream(
        here.desk.here.app,
        f"/desk/live?c=key-an&moc={mark}",
        cookie=cookie(phone),
        user_agent=agent(phone),
    ) as ear:
        await asyncio.sleep(0.05)
        await here.writes("an", "vẫn không được")
        heard = json.loads((await ear.event(within=1))["data"])
        assert heard["unread"] == 0  # it is this one that is looked at
        await press(hoa, "/desk/c/key-an/xin")
        assert (await ear.event(within=2))["event"] == "beat"
        await here.desk.staff.handoff.close("key-an", lan.helper, Closing.SOLVED, "", "")
        assert (await ear.event(within=2))["event"] == "beat"


async def test_a_session_that_is_ended_goes_dark_at_once(
    here: Yard, lan: Account, phone: httpx.AsyncClient
) -> None:
    async with stream(
        here.desk.here.app, "/desk/live", cookie=cookie(phone), user_agent=agent(phone), last_event_id="old"
    ) as ear:
        assert (await ear.event(within=1))["event"] == "beat"
        await here.desk.entrance.sessions.end_all(lan.id)
        assert (await ear.event(within=live.LOOK_AGAIN + 1))["event"] == "out"


async def test_nobody_listens_too_often(here: Yard, phone: httpx.AsyncClient) -> None:
    listening = {"cookie": cookie(phone), "user_agent": agent(phone)}
    async with contextlib.AsyncExitStack() as stack:
        ears = [
            await stack.enter_async_context(stream(here.desk.here.app, "/desk/live", **listening))
            for _ in range(live.EACH)
        ]
        for ear in ears:
            await ear.event(within=2)
        async with stream(
            here.desk.here.app, "/desk/live", cookie=cookie(phone), user_agent=agent(phone)
        ) as last:
            await asyncio.sleep(0.1)
            assert last.status == 429


async def test_a_listening_page_keeps_no_session_alive(here: Yard) -> None:
    lead = await here.desk.member(Role.LEAD)
    browser = await here.desk.signed_in(lead)
    for _ in range(4):
        here.desk.here.clock.forward(600)
        headers = {"X-Desk-Quiet": "1"}
        await browser.get("/desk?phan=1", headers=headers)
    assert (await browser.get("/desk")).status_code == 303
