"""The simulated platforms as the contract sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from math import inf
from random import Random
from typing import Any, assert_never

from tests.channels.contract.house import SECRET, WEB, Gate, Person, Trouble
from tests.platforms import telegram
from tests.platforms.posting import Post
from tests.platforms.telegram import FakeTelegram
from tests.platforms.zalo import faults as zalo
from tests.platforms.zalo.delivery import Deliveries
from tests.platforms.zalo_bot import FakeZaloBot
from tests.platforms.zalo_bot.server import TOKEN as ZALO_BOT_TOKEN
from tests.platforms.zalo_oa import FakeZaloOA
from tests.platforms.zalo_oa.server import APP_SECRET, OA_SECRET


class Telegram:
    name = "telegram"
    path = "/webhooks/telegram"
    secrets = (telegram.TOKEN, telegram.TOKEN.split(":")[1], SECRET)

    def __init__(self, mode: str) -> None:
        self.mode = mode

    def fake(self, now: Callable[[], int], post: Post) -> FakeTelegram:
        return FakeTelegram(now=now, post=post)

    def settings(self, fake: FakeTelegram) -> Mapping[str, Any]:
        return {
            "enabled": True,
            "token": fake.token,
            "api_base": fake.base,
            "mode": self.mode,
            "webhook_secret": SECRET,
        }

    async def connect(self, fake: FakeTelegram) -> None:
        pass

    def person(self, fake: FakeTelegram, name: str) -> Person:
        return fake.person(name)

    async def choose(self, person: Any, label: str, number: int) -> None:
        await person.presses(label)

    def address(self, person: Any) -> str:
        return str(person.id)

    async def settled(self, fake: FakeTelegram) -> None:
        await fake.delivered()

    def trouble(
        self, fake: FakeTelegram, kind: Trouble, person: Any = None, seconds: float | None = None
    ) -> None:
        chat = person.id if person else None
        fault: telegram.Fault
        match kind:
            case Trouble.BUSY:
                fault = telegram.TooMany(7)
            case Trouble.DOWN:
                fault = telegram.Down(502, b"<html>bad gateway</html>")
            case Trouble.HANGS:
                fault = telegram.Hangs()
            case Trouble.NONSENSE:
                fault = telegram.Nonsense()
            case Trouble.LOST:
                fault = telegram.LosesAnswer()
            case never:
                assert_never(never)
        times = 1 if seconds is None else None
        fake.faults.add(fault, method="sendMessage", chat=chat, times=times, seconds=seconds)

    def early(self, fake: FakeTelegram) -> int:
        return len(fake.calls.early())

    def mischief(self, fake: FakeTelegram, seed: int) -> None:
        fake.mischief(seed)


class ZaloOA:
    name = "zalo_oa"
    path = "/webhooks/zalo-oa"
    secrets = (APP_SECRET, OA_SECRET)

    def fake(self, now: Callable[[], int], post: Post) -> FakeZaloOA:
        return FakeZaloOA(now=now, post=post)

    def settings(self, fake: FakeZaloOA) -> Mapping[str, Any]:
        return {
            "enabled": True,
            "app_id": fake.app_id,
            "oa_id": fake.oa_id,
            "app_secret": fake.app_secret,
            "oa_secret": fake.oa_secret,
            "refresh_token": fake.oauth.grant().refresh_token,
            "api_base": fake.base,
            "oauth_base": fake.base,
        }

    async def connect(self, fake: FakeZaloOA) -> None:
        fake.listen(WEB + self.path)

    def person(self, fake: FakeZaloOA, name: str) -> Person:
        return fake.person(name)

    async def choose(self, person: Any, label: str, number: int) -> None:
        await person.presses(label)

    def address(self, person: Any) -> str:
        return str(person.id)

    async def settled(self, fake: FakeZaloOA) -> None:
        await fake.settled()

    def trouble(
        self, fake: FakeZaloOA, kind: Trouble, person: Any = None, seconds: float | None = None
    ) -> None:
        method = "oa/message/cs"
        times = 1 if seconds is None else inf
        within = inf if seconds is None else seconds
        who = person.id if person else ""
        fake.faults.add(_fault(kind, -32), method=method, person=who, times=times, seconds=within)

    def early(self, fake: FakeZaloOA) -> int:
        return 0  # it never says when to come back

    def mischief(self, fake: FakeZaloOA, seed: int) -> None:
        _mischief(fake.delivery, seed)


class ZaloBot:
    name = "zalo_bot"
    path = "/webhooks/zalo-bot"
    secrets = (ZALO_BOT_TOKEN, ZALO_BOT_TOKEN.split(":")[1], SECRET)

    def __init__(self, mode: str) -> None:
        self.mode = mode

    @asynccontextmanager
    async def fake(self, now: Callable[[], int], post: Post) -> AsyncIterator[FakeZaloBot]:
        async with FakeZaloBot(now=now, post=post) as fake:
            yield fake

    def settings(self, fake: FakeZaloBot) -> Mapping[str, Any]:
        return {
            "enabled": True,
            "token": fake.token,
            "api_base": fake.base,
            "mode": self.mode,
            "webhook_secret": SECRET,
            "link": "https://zalo.me/bot-thu",
        }

    async def connect(self, fake: FakeZaloBot) -> None:
        pass

    def person(self, fake: FakeZaloBot, name: str) -> Person:
        return fake.person(name)

    async def choose(self, person: Any, label: str, number: int) -> None:
        await person.says(str(number))

    def address(self, person: Any) -> str:
        return str(person.id)

    async def settled(self, fake: FakeZaloBot) -> None:
        await fake.delivery.settled()

    def trouble(
        self, fake: FakeZaloBot, kind: Trouble, person: Any = None, seconds: float | None = None
    ) -> None:
        method = "sendMessage"
        times = 1 if seconds is None else inf
        within = inf if seconds is None else seconds
        who = person.id if person else ""
        fake.faults.add(_fault(kind, 429), method=method, person=who, times=times, seconds=within)

    def early(self, fake: FakeZaloBot) -> int:
        return 0  # it never says when to come back

    def mischief(self, fake: FakeZaloBot, seed: int) -> None:
        _mischief(fake.delivery, seed)


def _fault(kind: Trouble, busy: int) -> zalo.Fault:
    match kind:
        case Trouble.BUSY:
            return zalo.Code(busy)
        case Trouble.DOWN:
            return zalo.Status(502)
        case Trouble.HANGS:
            return zalo.Hang()
        case Trouble.NONSENSE:
            return zalo.Nonsense()
        case Trouble.LOST:
            return zalo.Lost()
        case never:
            assert_never(never)


def _mischief(delivery: Deliveries, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - to be repeatable
    delivery.copies = lambda: chance.randint(1, 5)
    delivery.shuffle = chance


GATES: dict[str, Gate] = {
    "telegram-webhook": Telegram("webhook"),
    "telegram-polling": Telegram("polling"),
    "zalo-oa": ZaloOA(),
    "zalo-bot-webhook": ZaloBot("webhook"),
    "zalo-bot-polling": ZaloBot("polling"),
}
