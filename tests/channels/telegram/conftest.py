"""The real channel before the simulated Telegram, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from bot.app.digests import Digests
from bot.app.doorbell import Doorstep
from bot.app.platform import Event, Raw, Unreadable
from bot.app.ports import Shown
from bot.channels.telegram.platform import Telegram
from bot.core.message import Address, Picture
from tests.platforms.clock import LOOPS
from tests.platforms.posting import Answered
from tests.platforms.telegram import FakeTelegram, Person, png

SECRET = "a-webhook-secret_for-tests-only"
WEB = "https://huong-dan.example"


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return LOOPS


class Album:
    """Pictures that are there, by the name of their screen."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    def add(self, phone: str, content: bytes | None = None) -> Picture:
        self.files[f"{phone}.nut.0123456789ab"] = content if content is not None else png()
        return Picture(phone, "nut", f"Màn hình {phone}")

    def shown(self, picture: Picture) -> Shown | None:
        name = f"{picture.phone}.nut.0123456789ab"
        return Shown(f"/pictures/{name}.png", 90, 160) if name in self.files else None

    async def png(self, name: str) -> bytes | None:
        self.asked.append(name)
        return self.files.get(name) or None

    def newest(self, _: str) -> str | None:
        return None

    def prepare(self) -> None: ...


@dataclass
class Inbox:
    """Takes events as the inbox would. `troubles` come first, each once: for a key, for words, for all."""

    taken: list[Event] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, event: Event, shape: Callable[[], str]) -> None:
        self.tried.append(event.key)
        said = event.text if isinstance(event, Raw) else ""
        for name in (event.key, said, "*"):
            if self.troubles.get(name):
                raise self.troubles[name].pop(0)
        await asyncio.sleep(0.003)  # a commit
        if isinstance(event, Unreadable):
            self.shapes.append(shape())
        self.taken.append(event)
        self.stirred.set()

    async def has(self, count: int) -> list[Event]:
        while len(self.taken) < count:
            self.stirred.clear()
            await self.stirred.wait()
        return self.taken

    @property
    def words(self) -> list[str]:
        return [event.text or event.button for event in self.taken if isinstance(event, Raw)]


@dataclass
class Line:
    """Telegram, our channel before it, and what came of them."""

    telegram: FakeTelegram
    channel: Telegram
    inbox: Inbox
    album: Album
    reports: list[tuple[str, str]]

    async def lan(self) -> tuple[Person, Address]:
        """Somebody whom the bot may write to."""
        lan = self.telegram.person("Lan")
        await lan.starts()
        return lan, Address("telegram", str(lan.id))

    @asynccontextmanager
    async def tended(self) -> AsyncIterator[None]:
        tending = asyncio.create_task(self.channel.tend())
        try:
            yield
            assert not tending.done(), tending
        finally:
            tending.cancel()
            await asyncio.wait([tending])


async def nobody(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
    """Where no webhook is."""
    raise OSError(url)


class OpenLine(Protocol):
    def __call__(self, mode: str = ..., **how: Any) -> Any: ...


@pytest.fixture
async def open_line() -> OpenLine:
    @asynccontextmanager
    async def line(
        mode: str = "polling",
        token: str = "",
        doorstep: Doorstep | None = None,
        digests: Digests | None = None,
        **settings: Any,
    ) -> AsyncIterator[Line]:
        inbox, album = Inbox(), Album()
        reports: list[tuple[str, str]] = []
        async with FakeTelegram(**{"post": nobody, **settings}) as telegram:
            channel = Telegram(
                token=token or telegram.token,
                api_base=telegram.base,
                mode=mode,  # type: ignore[arg-type]
                webhook_secret=SECRET if mode == "webhook" else "",
                web_address=WEB,
                take=inbox.take,
                pictures=album,
                report=lambda where, fault: reports.append((where, type(fault).__name__)),
                doorstep=doorstep,
                digests=digests,
            )
            try:
                yield Line(telegram, channel, inbox, album, reports)
            finally:
                await channel.close()

    return line


@pytest.fixture
async def line(open_line: OpenLine) -> AsyncIterator[Line]:
    """By polling, which has not begun."""
    async with open_line() as line:
        yield line
