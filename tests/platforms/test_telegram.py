"""The simulated Telegram as a bot sees it: polling, webhook, sending."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.platforms.telegram import FakeTelegram, png


class Client:
    """The plainest caller there is."""

    def __init__(self, telegram: FakeTelegram, session: ClientSession) -> None:
        self.telegram = telegram
        self.session = session

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        return await self.post(method, json=params)

    async def post(self, method: str, **how: Any) -> tuple[int, Any]:
        url = f"{self.telegram.base}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, **how) as answer:
            body = await answer.json()
            assert body["ok"] is (answer.status == 200)
            assert body.get("error_code", 200) == answer.status
            return answer.status, body.get("result", body.get("description"))


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def call(telegram: FakeTelegram) -> AsyncIterator[Client]:
    async with ClientSession() as session:
        yield Client(telegram, session)


async def test_a_conversation_by_polling(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts("c_26734")
    status, updates = await call("getUpdates", timeout=30)
    assert status == 200
    assert updates[0]["message"]["text"] == "/start c_26734"
    keyboard = {"inline_keyboard": [[{"text": "1. Đã bấm", "callback_data": "a:1"}]]}
    await call(
        "sendMessage", chat_id=lan.id, text="Bấm <b>Mở</b> nhé", parse_mode="HTML", reply_markup=keyboard
    )
    [message] = await lan.hears()
    assert (message.text, message.bold, message.buttons) == ("Bấm Mở nhé", ("Mở",), ("1. Đã bấm",))
    await lan.presses("Đã bấm")
    offset = updates[-1]["update_id"] + 1
    _, updates = await call("getupdates", offset=offset, timeout=30)
    query = updates[0]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("a:1", message.id)
    assert telegram.unanswered()
    assert await call("answerCallbackQuery", callback_query_id=query["id"]) == (200, True)
    assert not telegram.unanswered()
    await call("getUpdates", offset=offset + 1)
    await telegram.delivered(within=1)


async def test_a_photo_is_uploaded_once_and_then_named(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    from aiohttp import FormData

    form = FormData({"chat_id": str(lan.id), "photo": "attach://f", "caption": "Ảnh"})
    form.add_field("f", png(), filename="man-hinh.png")
    status, told = await call.post("sendPhoto", data=form)
    assert (status, told["caption"]) == (200, "Ảnh")
    again = await call("sendPhoto", chat_id=lan.id, photo=told["photo"][-1]["file_id"])
    assert again[0] == 200
    assert [message.caption for message in lan.chat] == ["Ảnh", ""]
    assert lan.chat[0].photo == lan.chat[1].photo


async def test_webhook_calls_come_in_order_and_again_until_they_are_taken(call: Client) -> None:
    seen: list[tuple[float, str]] = []
    statuses = [500, 500, 503, 200, 200]

    async def post(url: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        assert url == "https://bot.example/webhooks/telegram"
        seen.append((asyncio.get_running_loop().time() - begun, json.loads(body)["message"]["text"]))
        status = statuses[len(seen) - 1]
        return status, {"retry-after": "5"} if status == 503 else {}, b""

    async with FakeTelegram(post=post) as telegram:
        call.telegram = telegram
        begun = asyncio.get_running_loop().time()
        url = "https://bot.example/webhooks/telegram"
        assert await call("setWebhook", url=url, secret_token="s3cret") == (200, True)
        lan = telegram.person("Lan")
        await lan.says("một")
        await lan.says("hai")
        await telegram.delivered()
    assert [words for _, words in seen] == ["một", "một", "một", "một", "hai"]
    assert [at for at, _ in seen] == [0, 0, 2, 7, 7]
