"""Replies are heard as they are committed: none lost, none twice, whatever happens to the line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from web_phone import BEGIN, begun, quick
from web_stream import stream
from web_world import World, world

from bot.app.bell import Bell
from bot.app.ports import Line, Store
from bot.core.message import Address
from bot.web.pages import build_app


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def test_what_is_committed_is_heard_and_goes_on_from_the_last(
    here: World, phone: httpx.AsyncClient
) -> None:
    token = await begun(phone)
    cookie = f"vneid_chat={token}"
    async with stream(here.app, "/chat/stream?after=0", cookie=cookie) as ear:
        first = await ear.event()
        assert first["event"] == "line"
        await quick(phone, nut="?1.1", ma_tin="m1")
        heard = [await ear.event(), await ear.event()]
        assert [json.loads(one["data"])["mine"] for one in heard] == [True, False]
    async with stream(here.app, "/chat/stream", cookie=cookie, last_event_id=first["id"]) as ear:
        assert [await ear.event(), await ear.event()] == heard


class Hurried:
    """A store to which somebody writes at the worst moment: after a stream has looked, before it waits."""

    def __init__(self, store: Store, write: Callable[[], Awaitable[object]]) -> None:
        self._store = store
        self._write: Callable[[], Awaitable[object]] | None = write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def lines(self, address: Address, after: int, limit: int) -> list[Line]:
        seen = await self._store.lines(address, after, limit)
        if self._write is not None:
            write, self._write = self._write, None
            await write()
        return seen


class Deaf(Bell):
    """Begins to listen only when it is too late."""

    async def wait(self, _: int, seconds: float) -> bool:
        return await super().wait(-1, seconds)


@pytest.mark.parametrize(("bell", "heard"), [(Bell(), True), (Deaf(), False)])
async def test_a_line_committed_while_the_stream_looks_is_not_lost(
    here: World, phone: httpx.AsyncClient, bell: Bell, *, heard: bool
) -> None:
    """The deaf bell is the negative control."""
    token = await begun(phone)

    async def write() -> None:
        await quick(phone, nut="?1.1", ma_tin="m1")
        conversation = await here.store.conversation(Address("web", token))
        bell.ring([conversation or 0])

    hurried = cast("Any", Hurried(here.store, write))
    app = build_app(replace(here.parts, store=hurried, bell=bell))
    async with stream(app, "/chat/stream?after=0", cookie=f"vneid_chat={token}") as ear:
        await ear.event()
        if heard:
            assert json.loads((await ear.event())["data"])["mine"] is True
        else:
            with pytest.raises(TimeoutError):
                await ear.event(within=0.2)


async def test_many_lines_come_all_and_once(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    for number in range(70):
        here.clock.forward(1)
        await quick(phone, tin=f"câu số {number} chấm", ma_tin=f"m{number}")
    kept = await here.store.kept(Address("web", token))
    assert kept is not None
    expected = [line.id for line in kept.lines][1:]
    async with stream(
        here.app, f"/chat/stream?after={kept.lines[0].id}", cookie=f"vneid_chat={token}"
    ) as ear:
        assert [int((await ear.event())["id"]) for _ in expected] == expected


async def test_a_widget_hears_rasas_words_and_not_its_own(here: World) -> None:
    widget = here.browser()
    url = "/webhooks/rest/webhook"
    await widget.post(url, json={"sender": "w1", "message": BEGIN})
    await widget.post(url, json={"sender": "w1", "message": "1"})
    async with stream(here.app, "/chat/stream?sender=w1&after=0") as ear:
        heard = [json.loads((await ear.event())["data"]) for _ in range(2)]
    assert [one["recipient_id"] for one in heard] == ["w1", "w1"]
    assert heard[0]["buttons"]


async def test_without_a_conversation_there_is_nothing_to_hear(here: World, phone: httpx.AsyncClient) -> None:
    assert (await phone.get("/chat/stream")).status_code == 204
    assert (await phone.get("/chat/stream?sender=nobody")).status_code == 204
    assert (await phone.get("/chat/stream?after=abc")).status_code == 204


async def test_an_erased_conversation_says_goodbye(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    async with stream(here.app, "/chat/stream?after=0", cookie=f"vneid_chat={token}") as ear:
        await ear.event()
        await quick(phone, tin="/xoa", ma_tin="m1")
        heard = [await ear.event(), await ear.event()]
        erase = json.loads(heard[-1]["data"])["choices"][0][1]
        conversation = await here.store.conversation(Address("web", token))
        gone = (await quick(phone, nut=erase, ma_tin="m2")).json()
        assert gone["kept"] is False
        here.parts.bell.ring([conversation or 0])
        assert (await ear.event())["event"] == "gone"


async def test_streams_of_one_visitor_are_bounded(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(6):
            opened = stream(here.app, "/chat/stream?after=0", cookie=f"vneid_chat={token}")
            ear = await stack.enter_async_context(opened)
            await ear.event()
            assert ear.status == 200
        assert (await phone.get("/chat/stream?after=0")).status_code == 429
    async with stream(here.app, "/chat/stream?after=0", cookie=f"vneid_chat={token}") as ear:
        await ear.event()  # those who left made room
