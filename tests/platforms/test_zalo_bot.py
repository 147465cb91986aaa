"""The simulated Zalo Bot Platform: it delivers, takes and refuses as the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from random import Random
from typing import Any

import aiohttp
import pytest

from tests.platforms.clock import START, calendar
from tests.platforms.zalo_bot import Code, FakeZaloBot, Lost, Reset, Status, schema

URL = "https://bot.example/webhooks/zalo-bot"
HOOK = {"url": URL, "secret_token": "planted-secret"}


class World:
    """A webhook that keeps what it got and answers as it is told, and a client."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[dict[str, Any]] = []
        self.bot = FakeZaloBot(now=calendar(), post=self.post)
        self.session = aiohttp.ClientSession()

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        assert (url, headers["X-Bot-Api-Secret-Token"]) == (URL, "planted-secret")
        self.got.append(json.loads(body))
        return self.status, {}, b""

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        _, said = await self.answer(method, params)
        return said

    async def answer(self, method: str, params: Any, token: str = "") -> tuple[int, dict[str, Any]]:
        url = f"{self.bot.base}/bot{token or self.bot.token}/{method}"
        async with self.session.post(url, json=params) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with world.bot, world.session:
        yield world


async def test_polling_tells_one_event_at_a_time_and_once(world: World) -> None:
    lan = world.bot.person("Lan")
    await lan.says("xin chào")
    await lan.says("có ai không")
    answer = await world.call("getUpdates", timeout=30)
    assert answer == {
        "ok": True,
        "result": {
            "event_name": "message.text.received",
            "message": {
                "from": {"id": lan.id, "display_name": "Lan", "is_bot": False},
                "chat": {"id": lan.id, "chat_type": "PRIVATE"},
                "text": "xin chào",
                "message_id": answer["result"]["message"]["message_id"],
                "date": START * 1000,
            },
        },
    }
    assert (await world.call("getUpdates", timeout="30"))["result"]["message"]["text"] == "có ai không"
    before = asyncio.get_running_loop().time()
    assert (await world.call("getUpdates"))["error_code"] == 408
    assert asyncio.get_running_loop().time() - before == pytest.approx(30, abs=1)


async def test_a_poll_that_waits_is_told_at_once(world: World) -> None:
    poll = asyncio.create_task(world.call("getUpdates", timeout=30))
    await asyncio.sleep(5)
    await world.bot.person("Lan").says("xin chào")
    assert (await poll)["result"]["message"]["text"] == "xin chào"
    assert asyncio.get_running_loop().time() < 6


async def test_an_answer_that_is_lost_takes_its_event_with_it(world: World) -> None:
    await world.bot.person("Lan").says("xin chào")
    world.bot.faults.add(Lost(Reset()), method="getUpdates", times=1)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await world.call("getUpdates")
    assert (await world.call("getUpdates", timeout=1))["error_code"] == 408


async def test_one_poller_and_no_webhook_beside_it(world: World) -> None:
    await asyncio.gather(world.call("getUpdates", timeout=1), world.call("getUpdates", timeout=1))
    assert len(world.bot.violations) == 1
    await world.call("setWebhook", **HOOK)
    assert (await world.call("getUpdates", timeout=1))["error_code"] == 400
    assert len(world.bot.violations) == 2
    world.bot.violations.clear()
    await world.call("deleteWebhook")
    assert (await world.call("getUpdates", timeout=1))["error_code"] == 408


async def test_the_webhook_is_set_told_of_and_deleted(world: World) -> None:
    assert (await world.call("getWebhookInfo"))["result"]["url"] == ""
    assert (await world.call("setWebhook", **HOOK))["result"]["url"] == URL
    info = (await world.call("getWebhookInfo"))["result"]
    assert info == {"url": URL, "updated_at": info["updated_at"]}
    assert (await world.call("deleteWebhook"))["result"]["url"] == ""
    me = (await world.call("getMe"))["result"]
    assert set(me) == {"id", "account_name", "account_type", "can_join_groups"}


@pytest.mark.parametrize("wrapped", [True, False])
async def test_every_kind_of_event_is_posted(world: World, wrapped: bool) -> None:
    world.bot.wrapped = wrapped
    await world.call("setWebhook", **HOOK)
    lan, tu, group = world.bot.person("Lan"), world.bot.person("Tư", special=True), world.bot.group("Xóm 3")
    await lan.says("xin chào")
    await lan.sends_image("lỗi này")
    await lan.sends_image()
    await lan.sends_sticker()
    await lan.sends_voice()
    await lan.sends_unsupported()
    await lan.says("@bot.VNeID xin chào", group)
    await tu.says("xin chào")
    world.bot.nameless = True
    await tu.says("xin chào")
    events = [said["result"] if wrapped else said for said in world.got]
    kinds = [event["event_name"].split(".")[1] for event in events]
    assert kinds == [
        *("text", "image", "image", "sticker", "voice", "unsupported", "text", "unsupported", "unsupported")
    ]
    assert events[6]["message"]["chat"] == {"id": group.id, "chat_type": "GROUP"}
    assert "xin chào" not in json.dumps(events[7:], ensure_ascii=False)
    assert "message" not in events[8]


async def test_the_second_reader_sees_what_is_not_an_event(world: World) -> None:
    await world.bot.person("Lan").says("xin chào")
    good = (await world.call("getUpdates"))["result"]
    assert not schema.trouble_with(json.dumps(good).encode())
    message = good["message"]
    bad: list[Any] = [
        [good],
        good | {"update_id": 1},
        good | {"event_name": "message.thought.received"},
        good | {"message": message | {"message_id": 5}},
        good | {"message": message | {"date": START}},
        good | {"message": message | {"chat": {"id": message["chat"]["id"], "chat_type": "private"}}},
        good | {"message": message | {"from": message["from"] | {"is_bot": True}}},
        {"event_name": "message.text.received"},
        {"ok": True, "result": good, "extra": 1},
    ]
    assert all(schema.trouble_with(json.dumps(event).encode()) for event in bad)


async def test_an_event_that_was_not_taken_comes_again(world: World) -> None:
    await world.call("setWebhook", **HOOK)
    world.status = 503
    await world.bot.person("Lan").says("xin chào")
    await asyncio.sleep(3)
    world.status = 200
    await world.bot.delivery.settled()
    assert [attempt.at for attempt in world.bot.delivery.attempts] == pytest.approx([0, 1, 6], abs=0.5)
    assert not world.bot.lost


async def test_events_are_repeated_on_command(world: World) -> None:
    world.bot.delivery.copies = lambda: 3
    world.bot.delivery.shuffle = Random(1)  # noqa: S311
    await world.bot.person("Lan").says("xin chào")
    ids = {(await world.call("getUpdates"))["result"]["message"]["message_id"] for _ in range(3)}
    assert len(ids) == 1


async def test_what_is_sent_is_seen(world: World) -> None:
    lan = world.bot.person("Lan")
    await lan.says("xin chào")
    answer = await world.call("sendMessage", chat_id=lan.id, text="ế" * 2000)
    assert set(answer["result"]) == {"message_id", "date"}
    await world.call("sendPhoto", chat_id=lan.id, photo="https://bot.example/a.png", caption="Hình minh họa")
    assert await world.call("sendChatAction", chat_id=lan.id, action="typing") == {"ok": True}
    assert [message.words for message in await lan.hears(2)] == ["ế" * 2000, "Hình minh họa"]
    assert lan.chat[1].photo == "https://bot.example/a.png"
    assert lan.typing_seen == 1
    assert [call.method for call in world.bot.calls] == ["sendMessage", "sendPhoto", "sendChatAction"]


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": ""}),
    ("sendMessage", {"text": "a" * 2001}),
    ("sendMessage", {"text": "a\u0300"}),
    ("sendMessage", {"text": "a", "reply_markup": {}}),
    ("sendMessage", {"text": "a", "parse_mode": "HTML"}),
    ("sendMessage", {"text": "a", "parse_mode": "html", "text_styles": []}),
    ("sendMessage", {"text": "a", "text_styles": [{"start": 0, "len": 1, "st": ["bold"]}]}),
    ("sendPhoto", {"photo": "http://bot.example/a.png"}),
    ("sendPhoto", {"photo": "https://127.0.0.1/a.png"}),
    ("sendPhoto", {"photo": "https://bot.example/a.png", "caption": ""}),
    ("sendPhoto", {"photo": "https://bot.example/a.png", "caption": "a\u0300"}),
    ("sendVoice", {"voice_url": "https://bot.example/a.mp3"}),
    ("sendChatAction", {"action": "upload_photo"}),
    ("sendmessage", {"text": "a"}),
    ("editMessageText", {"text": "a"}),
]


@pytest.mark.parametrize(("method", "params"), WRONG)
async def test_a_faulty_call_is_refused_and_noted(world: World, method: str, params: dict[str, Any]) -> None:
    lan = world.bot.person("Lan")
    await lan.says("xin chào")
    answer = await world.call(method, chat_id=lan.id, **params)
    assert answer["error_code"] in (400, 404)
    assert len(world.bot.violations) == 1
    assert not lan.chat
    world.bot.violations.clear()


@pytest.mark.parametrize(
    "hook",
    [
        {"url": "http://bot.example/a", "secret_token": "planted-secret"},
        {"url": "https://bot.example:8443/a", "secret_token": "planted-secret"},
        {"url": "https://10.0.0.1/a", "secret_token": "planted-secret"},
        {"url": "https://localhost/a", "secret_token": "planted-secret"},
        {"url": URL},
        {"url": URL, "secret_token": "short"},
        {"url": URL, "secret_token": "a" * 257},
        {"url": URL, "secret_token": "planted-secret", "max_connections": 4},
    ],
)
async def test_a_faulty_webhook_is_refused(world: World, hook: dict[str, Any]) -> None:
    assert (await world.answer("setWebhook", hook))[0] == 400
    assert not world.bot.webhook
    world.bot.violations.clear()


async def test_who_cannot_be_written_to(world: World) -> None:
    lan, stranger = world.bot.person("Lan"), world.bot.person("Lạ")
    assert (await world.call("sendMessage", chat_id=stranger.id, text="a"))["error_code"] == 403
    assert (await world.call("sendMessage", chat_id="0" * 20, text="a"))["error_code"] == 400
    await lan.says("a")
    await lan.blocks()
    assert (await world.call("sendMessage", chat_id=lan.id, text="a"))["error_code"] == 403
    await lan.unblocks()
    world.bot.quota = 1
    assert (await world.call("sendMessage", chat_id=lan.id, text="a"))["ok"]
    assert (await world.answer("sendMessage", {"chat_id": lan.id, "text": "a"}))[0] == 429
    world.bot.http_errors = False
    status, said = await world.answer("sendMessage", {"chat_id": lan.id, "text": "a"})
    assert (status, said["error_code"]) == (200, 429)


async def test_a_wrong_token_opens_nothing(world: World) -> None:
    assert (await world.answer("getMe", {}, "1:another"))[0] == 401


async def test_faults_on_command(world: World) -> None:
    lan = world.bot.person("Lan")
    await lan.says("a")
    world.bot.faults.add(Code(429), method="sendMessage", seconds=300)
    assert (await world.call("sendMessage", chat_id=lan.id, text="a"))["error_code"] == 429
    assert (await world.call("getMe"))["ok"]
    await asyncio.sleep(300)
    assert (await world.call("sendMessage", chat_id=lan.id, text="a"))["ok"]
    world.bot.faults.add(Status(503, retry_after=7), times=1)
    async with world.session.post(f"{world.bot.base}/bot{world.bot.token}/getMe") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "7")


async def test_a_violation_fails_the_test_that_made_it() -> None:
    """Negative control: nobody has to look at the list."""

    async def careless() -> None:
        async with (
            FakeZaloBot(now=calendar()) as bot,
            aiohttp.ClientSession() as session,
            session.get(f"{bot.base}/bot{bot.token}/getMe") as answer,
        ):
            assert answer.status == 400

    with pytest.raises(AssertionError, match="POST"):
        await careless()
