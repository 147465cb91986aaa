"""Zalo Bot's simulated platform and our door to it, with a dialogue that only takes notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from bot.app.platform import Event, Raw, Webhook
from bot.app.ports import NoPictures, Pictures, Shown
from bot.channels.zalo_bot.platform import ZaloBot
from bot.core.message import Picture
from tests.platforms.clock import calendar
from tests.platforms.posting import Answered, straight_to
from tests.platforms.zalo_bot import FakeZaloBot, Person

TOKEN = "738499441022218443:mot-ma-chi-cho-kiem-thu"
SECRET = "mot-bi-mat-chi-cho-kiem-thu"
SITE = "https://bot.example.vn"
LINK = "https://zalo.me/bot-vneid"
PICTURE = Picture("vneid-start", "Kích hoạt", "Màn hình đầu của VNeID")


class Drawn(NoPictures):
    """Every picture can be shown."""

    def shown(self, picture: Picture, /) -> Shown | None:
        return Shown(f"/pictures/{picture.phone}.png", 360, 640)


@dataclass(slots=True)
class World:
    """`taken` took effect; before that, each event meets the next of `troubles`."""

    zalo: FakeZaloBot
    lan: Person
    taken: list[Event] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    reports: list[tuple[str, BaseException]] = field(default_factory=list)
    _door: ZaloBot | None = None

    @property
    def door(self) -> ZaloBot:
        assert self._door is not None
        return self._door

    @property
    def webhook(self) -> Webhook:
        assert self.door.webhook is not None
        return self.door.webhook

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.taken if isinstance(event, Raw)]

    async def take(self, event: Event, shape: Callable[[], str]) -> None:
        self.shapes.append(shape())
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(event)

    def report(self, where: str, fault: BaseException) -> None:
        self.reports.append((where, fault))


@asynccontextmanager
async def world(
    mode: Literal["polling", "webhook"] = "polling", web_address: str = SITE, pictures: Pictures | None = None
) -> AsyncIterator[World]:
    now = calendar()

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        return await straight_to(made.webhook)(url, headers, body)

    async with FakeZaloBot(token=TOKEN, now=now, post=post) as zalo:
        made = World(zalo, zalo.person("Lan"))
        made._door = ZaloBot(
            token=TOKEN,
            mode=mode,
            webhook_secret=SECRET,
            web_address=web_address,
            link=LINK,
            take=made.take,
            pictures=pictures or Drawn(),
            report=made.report,
            api_base=zalo.base,
        )
        try:
            yield made
        finally:
            await made.door.close()
