"""The simulated Telegram as a bot sees it: how calls may come, what people do and see."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import FormData

from tests.platforms.telegram import FakeTelegram, png
from tests.platforms.telegram.plain import Client

KEYBOARD = {"inline_keyboard": [[{"text": "1. Đã bấm", "callback_data": "a:1"}]]}


async def test_a_conversation_by_polling(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts("c_26734")
    status, updates = await call("getUpdates", timeout=30)
    assert status == 200
    assert updates[0]["message"]["text"] == "/start c_26734"
    await call(
        "sendMessage", chat_id=lan.id, text="Bấm <b>Mở</b> nhé", parse_mode="HTML", reply_markup=KEYBOARD
    )
    [message] = await lan.hears()
    assert (message.text, message.bold, message.buttons) == ("Bấm Mở nhé", ("Mở",), ("1. Đã bấm",))
    await lan.presses("Đã bấm")
    _, updates = await call("getupdates", offset=updates[-1]["update_id"] + 1, timeout=30)
    query = updates[0]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("a:1", message.id)
    assert not telegram.unanswered(), "the bot may still lose it"
    await call("getUpdates", offset=updates[-1]["update_id"] + 1)
    await telegram.delivered(within=1)
    assert telegram.unanswered()
    assert await call("answerCallbackQuery", callback_query_id=query["id"], text="Đã ghi") == (200, True)
    assert not telegram.unanswered()
    assert lan.presses_made[0].shown == "Đã ghi"


async def test_a_press_can_be_answered_once_and_not_for_ever(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    await call("sendMessage", chat_id=lan.id, text="Chào bác", reply_markup=KEYBOARD)
    await lan.presses("1. Đã bấm")
    await lan.presses(token="a:1")
    first, second = (press.id for press in lan.presses_made)
    assert (await call("answerCallbackQuery", callback_query_id=first))[0] == 200
    again = await call("answerCallbackQuery", callback_query_id=first)
    await asyncio.sleep(151)
    late = await call("answerCallbackQuery", callback_query_id=second)
    assert again == late
    assert again[0] == 400
    assert "query is too old" in again[1]


async def test_a_photo_is_uploaded_once_and_then_named(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    form = FormData({"chat_id": str(lan.id), "photo": "attach://f", "caption": "Ảnh"})
    form.add_field("f", png(), filename="man-hinh.png")
    status, told = await call.post("sendPhoto", data=form)
    assert (status, told["caption"]) == (200, "Ảnh")
    again = await call("sendPhoto", chat_id=lan.id, photo=told["photo"][-1]["file_id"])
    linked = await call("sendPhoto", chat_id=lan.id, photo="https://bot.example/anh.png")
    assert (again[0], linked[0]) == (200, 200)
    assert [message.caption for message in lan.chat] == ["Ảnh", "", ""]
    assert lan.chat[0].photo == lan.chat[1].photo
    assert lan.chat[0].photo
    assert lan.chat[0].photo.content == png()


async def test_a_message_can_be_changed(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    _, told = await call("sendMessage", chat_id=lan.id, text="Một", reply_markup=KEYBOARD)
    where = {"chat_id": lan.id, "message_id": told["message_id"]}
    assert (await call("editMessageText", **where, text="Hai"))[0] == 200
    assert [(message.text, message.buttons) for message in lan.chat] == [("Hai", ())]
    status, words = await call("editMessageText", **where, text="Hai")
    assert (status, "message is not modified" in words) == (400, True)
    assert (await call("editMessageText", chat_id=lan.id, message_id=1, text="Ba"))[0] == 400


@pytest.mark.parametrize(
    ("verb", "how"),
    [
        ("GET", {}),
        ("POST", {}),
        ("POST", {"data": b""}),
        ("POST", {"json": {}}),
        ("POST", {"data": {}}),
    ],
)
async def test_bodies_may_be_empty(call: Client, verb: str, how: dict[str, Any]) -> None:
    status, me = await call.post("GETME", verb=verb, **how)
    assert (status, me["is_bot"], me["username"]) == (200, True, "huongdan_thu_bot")


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
async def test_parameters_may_come_in_any_packing(telegram: FakeTelegram, call: Client, how: str) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    params = {"chat_id": str(lan.id), "text": "Chào bác", "disable_notification": "true"}
    multipart = FormData(params)
    multipart._is_multipart = True
    ways: dict[str, dict[str, Any]] = {
        "query": {"verb": "GET", "params": params},
        "form": {"data": params},
        "multipart": {"data": multipart},
        "json": {"json": params | {"disable_notification": True}},
    }
    assert (await call.post("sendMessage", **ways[how]))[0] == 200
    assert [message.text for message in lan.chat] == ["Chào bác"]
    assert telegram.calls[-1].params["disable_notification"] is True


async def test_tokens_are_looked_at(call: Client) -> None:
    assert await call.post("getMe", token="4200000001:" + "x" * 35) == (401, "Unauthorized")
    assert await call.post("getMe", token="nonsense") == (404, "Not Found")


async def test_nobody_is_written_to_who_has_not_begun(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    stranger = await call("sendMessage", chat_id=lan.id, text="Chào bác")
    nobody = await call("sendMessage", chat_id=5, text="Chào bác")
    assert stranger == (403, "Forbidden: bot can't initiate conversation with a user")
    assert nobody == (400, "Bad Request: chat not found")


async def test_who_blocks_is_not_written_to_until_she_comes_back(
    telegram: FakeTelegram, call: Client
) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    await lan.blocks()
    refused = await call("sendMessage", chat_id=lan.id, text="Chào bác")
    assert refused == (403, "Forbidden: bot was blocked by the user")
    await lan.starts("c_26734")
    assert (await call("sendMessage", chat_id=lan.id, text="Chào bác"))[0] == 200
    await lan.disappears()
    gone = await call("sendMessage", chat_id=lan.id, text="Chào bác")
    assert gone == (403, "Forbidden: user is deactivated")
    _, updates = await call("getUpdates")
    states = [u["my_chat_member"]["new_chat_member"]["status"] for u in updates if "my_chat_member" in u]
    assert states == ["kicked", "member"]


async def test_commands_are_kept_per_scope_and_language(telegram: FakeTelegram, call: Client) -> None:
    commands = [{"command": "menu", "description": "Các việc làm được"}]
    private = {"type": "all_private_chats"}
    assert await call("setMyCommands", commands=commands, scope=private, language_code="vi") == (200, True)
    assert await call("getMyCommands", scope=private, language_code="vi") == (200, commands)
    assert await call("getMyCommands") == (200, [])
    assert await call("deleteMyCommands", scope=private, language_code="vi") == (200, True)
    assert await call("getMyCommands", scope=private, language_code="vi") == (200, [])


async def test_descriptions_fall_back_to_no_language(telegram: FakeTelegram, call: Client) -> None:
    await call("setMyDescription", description="Một chương trình")
    await call("setMyShortDescription", short_description="A program", language_code="en")
    assert await call("getMyDescription", language_code="vi") == (200, {"description": "Một chương trình"})
    assert await call("getMyShortDescription") == (200, {"short_description": ""})


async def test_messages_to_a_group(telegram: FakeTelegram, call: Client) -> None:
    group, lan = telegram.group(), telegram.person("Lan")
    await lan.says("chào cả nhà", group=group)
    assert (await call("sendMessage", chat_id=group.id, text="Phiếu 7 đang chờ"))[0] == 200
    assert [message.text for message in group.chat] == ["Phiếu 7 đang chờ"]
    _, [update] = await call("getUpdates")
    assert update["message"]["chat"]["type"] == "supergroup"


async def test_only_links_that_telegram_lets_through() -> None:
    async with FakeTelegram() as telegram:
        with pytest.raises(AssertionError, match="payload"):
            await telegram.person("Lan").starts("mã xã 26734")


async def test_hearing_waits_for_what_comes_later(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    heard = asyncio.create_task(lan.hears(2, within=10))
    await call("sendMessage", chat_id=lan.id, text="một")
    await asyncio.sleep(5)
    await call("sendMessage", chat_id=lan.id, text="hai")
    assert [message.text for message in await heard] == ["một", "hai"]
    with pytest.raises(TimeoutError):
        await lan.hears(within=600)
