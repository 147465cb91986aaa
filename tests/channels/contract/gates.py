"""The simulated platforms as the contract sees them."""

# ruff: noqa: ARG002 - each fills in what the contract asks of all

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
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
from tests.platforms.zalo_bot import events as bot_events
from tests.platforms.zalo_bot.server import TOKEN as ZALO_BOT_TOKEN
from tests.platforms.zalo_oa import FakeZaloOA
from tests.platforms.zalo_oa import events as oa_events
from tests.platforms.zalo_oa.server import APP_SECRET, OA_SECRET


class _People:
    """What is the same behind every door."""

    async def connect(self, fake: Any) -> None:
        pass

    def person(self, fake: Any, name: str) -> Person:
        person: Person = fake.person(name)
        return person

    async def choose(self, person: Any, number: int) -> None:
        await person.presses(_button(person, number))

    def address(self, person: Any) -> str:
        return str(person.id)


class Telegram(_People):
    name = "telegram"
    path = "/webhooks/telegram"
    secrets = (telegram.TOKEN, telegram.TOKEN.split(":")[1], SECRET)

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._updates = 0

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

    def sample(self, fake: FakeTelegram) -> bytes:
        self._updates += 1
        person = {"id": 777, "is_bot": False, "first_name": "Lan"}
        message = {
            "message_id": self._updates,
            "date": fake.world.now(),
            "from": person,
            "chat": {"id": 777, "type": "private", "first_name": "Lan"},
            "text": f"xin chào {self._updates}",
        }
        return json.dumps({"update_id": 900_000_000 + self._updates, "message": message}).encode()

    def headers(self, fake: FakeTelegram, body: bytes) -> Mapping[str, str]:
        return {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}

    def forgeries(self, fake: FakeTelegram, count: int) -> Iterator[tuple[Mapping[str, str], bytes]]:
        return _without_secret("X-Telegram-Bot-Api-Secret-Token", self.sample(fake), count)

    def early(self, fake: FakeTelegram) -> int:
        return len(fake.calls.early())

    def too_fast(self, fake: FakeTelegram) -> list[str]:
        return fake.calls.too_fast()

    def connections(self, fake: FakeTelegram, most: int) -> None:
        if fake.webhook.hook:
            fake.webhook.hook = replace(fake.webhook.hook, connections=most)

    def fetches(self, fake: FakeTelegram, body: bytes) -> None:
        told = b'{"ok":true,"result":[' + body + b"]}"
        fake.faults.add(telegram.Nonsense(told), method="getUpdates", times=1)

    def mischief(self, fake: FakeTelegram, seed: int) -> None:
        fake.mischief(seed)


class ZaloOA(_People):
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

    def sample(self, fake: FakeZaloOA) -> bytes:
        lan = fake.person("Lan")
        said = oa_events.text(fake.new_id(), "xin chào")
        return oa_events.encoded(oa_events.from_person(lan.who, "user_send_text", said, fake.stamp()))

    def headers(self, fake: FakeZaloOA, body: bytes) -> Mapping[str, str]:
        try:
            return fake.signed(body)
        except (ValueError, KeyError, TypeError, RecursionError):  # nothing that could be signed
            return {"X-ZEvent-Signature": "mac=" + "0" * 64}

    def forgeries(self, fake: FakeZaloOA, count: int) -> Iterator[tuple[Mapping[str, str], bytes]]:
        body = self.sample(fake)
        event = json.loads(body)
        (true,) = [value for name, value in fake.signed(body).items() if name.lower() == "x-zevent-signature"]
        mac = true.removeprefix("mac=")
        secret = OA_SECRET.encode()
        whole = event["app_id"].encode() + body + event["timestamp"].encode()
        old = json.dumps(event | {"timestamp": str(int(event["timestamp"]) - 4 * 3_600_000)}).encode()
        other = json.dumps(event | {"app_id": "999"}).encode()
        kinds: list[tuple[str | None, bytes]] = [
            (None, body),
            ("", body),
            ("mac=", body),
            (f"mac={mac[:-1]}", body),
            (f"mac={mac.upper()}", body),
            (f"{true}, {true}", body),
            (f"mac={hmac.new(secret, whole, sha256).hexdigest()}", body),
            (f"mac={sha256(whole + b'another secret').hexdigest()}", body),
            (f"mac={sha256(body).hexdigest()}", body),
            (true, body.replace(b"xin", b"xim")),
            (true, body + b" "),
            (_signed(fake, old), old),
            (_signed(fake, other), other),
            (true, b"x" * 10_000_000),
        ]
        for index in range(count):
            value, told = kinds[index % len(kinds)]
            yield ({} if value is None else {"X-ZEvent-Signature": value}), told

    def early(self, fake: FakeZaloOA) -> int:
        return 0  # it never says when to come back

    def too_fast(self, fake: FakeZaloOA) -> list[str]:
        return []  # its limits are counted by the minute or the month, and the server refuses more

    def connections(self, fake: FakeZaloOA, most: int) -> None:
        fake.delivery.connections = most

    def fetches(self, fake: FakeZaloOA, body: bytes) -> None:
        raise NotImplementedError("it is not polled")

    def mischief(self, fake: FakeZaloOA, seed: int) -> None:
        _mischief(fake.delivery, seed)


class ZaloBot(_People):
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

    async def choose(self, person: Any, number: int) -> None:
        await person.says(str(number))

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

    def sample(self, fake: FakeZaloBot) -> bytes:
        lan = fake.person("Lan")
        sender = bot_events.From(lan.id, "Lan", lan.id, "PRIVATE")
        event = bot_events.text(sender, fake.new_id(), fake.stamp(), "xin chào")
        return bot_events.encoded(event, wrapped=True)

    def headers(self, fake: FakeZaloBot, body: bytes) -> Mapping[str, str]:
        return {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": SECRET}

    def forgeries(self, fake: FakeZaloBot, count: int) -> Iterator[tuple[Mapping[str, str], bytes]]:
        return _without_secret("X-Bot-Api-Secret-Token", self.sample(fake), count)

    def early(self, fake: FakeZaloBot) -> int:
        return 0  # it never says when to come back

    def too_fast(self, fake: FakeZaloBot) -> list[str]:
        return []  # its limits are counted by the minute or the month, and the server refuses more

    def connections(self, fake: FakeZaloBot, most: int) -> None:
        fake.delivery.connections = most

    def fetches(self, fake: FakeZaloBot, body: bytes) -> None:
        fake.faults.add(zalo.Nonsense(body), method="getUpdates", times=1)

    def mischief(self, fake: FakeZaloBot, seed: int) -> None:
        _mischief(fake.delivery, seed)


def _button(person: Any, number: int) -> str:
    """What stands on the button that was shown with this number."""
    shown = next(message.buttons for message in reversed(person.chat) if message.buttons)
    return str(shown[number - 1])


def _without_secret(header: str, body: bytes, count: int) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """Nearly right in many ways."""
    mac = hmac.new(SECRET.encode(), body, sha256).hexdigest()
    wrong = (
        *("", " ", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET[1:], f"{SECRET}, {SECRET}"),
        *(f"Bearer {SECRET}", mac, sha256(SECRET.encode()).hexdigest(), "x" * 5000, SECRET[::-1]),
    )
    for index in range(count):
        if index % 7 == 0:
            yield {}, body
        elif index % 7 == 1:
            yield {"X-Another": SECRET}, b"x" * 10_000_000
        else:
            yield {header: wrong[index % len(wrong)]}, body


def _signed(fake: FakeZaloOA, body: bytes) -> str:
    """The true signature of an event that is false in another way."""
    event = json.loads(body)
    told = str(event["app_id"]).encode() + body + str(event["timestamp"]).encode() + OA_SECRET.encode()
    return f"mac={sha256(told).hexdigest()}"


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
