"""A bot that is really served, and phones with a real browser in them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext
from web_browser import PHONE, Announced, Phone
from web_world import drawn, world

from bot.web.limits import Rate

WIDE = Rate(burst=10_000, per_second=1000)


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
