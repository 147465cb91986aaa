"""Two libraries by other people read all that the simulator says, and work with it as with the real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import telegram as ptb
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update
from pydantic import BaseModel

from tests.platforms.telegram import (
    Down,
    FakeTelegram,
    Fault,
    Nonsense,
    Refuses,
    Resets,
    TooMany,
    opinions,
    png,
)
from tests.platforms.telegram.plain import Client

EVERYTHING = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
]


def strangers(read: object, path: str = "update") -> Iterator[str]:
    """What aiogram keeps without understanding it."""
    if isinstance(read, BaseModel):
        if read.model_extra:
            yield f"{path} has unknown {', '.join(read.model_extra)}"
        for name in type(read).model_fields:
            yield from strangers(getattr(read, name), f"{path}.{name}")
    elif isinstance(read, list | tuple):
        for item in read:
            yield from strangers(item, path)


async def test_both_understand_every_update(telegram: FakeTelegram, call: Client) -> None:
    await call("getUpdates", allowed_updates=EVERYTHING)
    lan, group = telegram.person("Lan"), telegram.group()
    await lan.starts("c_26734")
    keyboard = {
        "inline_keyboard": [
            [{"text": "Tiếp", "callback_data": "a:1"}, {"text": "Web", "url": "https://bot.example"}]
        ]
    }
    marked = {"text": "<b>Mở</b>", "parse_mode": "HTML", "reply_markup": keyboard}
    await call("sendMessage", chat_id=lan.id, **marked)
    await lan.presses("Tiếp")
    await call(
        "sendPhoto", chat_id=lan.id, photo="https://bot.example/a.png", caption="Ảnh", reply_markup=keyboard
    )
    await lan.presses("Tiếp")
    await lan.says("xem https://bot.example nhé")
    await lan.edits("xem thử 🙏 /menu nhé")
    await lan.says("chào cả nhà", group=group)
    for caption in ("", "đây là gì vậy /menu"):
        await lan.sends_photo(caption)
        await lan.sends_document(caption)
        await lan.sends_video(caption)
    await lan.sends_voice()
    await lan.sends_sticker()
    await lan.sends_location()
    await lan.sends_location(live=True)
    await lan.moves()
    await lan.sends_contact()
    await lan.reacts()
    await lan.blocks()
    await lan.unblocks()
    waiting = [update.json() for update in telegram.mail.waiting()]
    assert len(waiting) == 21
    for update in waiting:
        assert not opinions.of_update(update)
        assert not list(strangers(Update.model_validate(update)))
    edited = next(update["edited_message"] for update in waiting if "edited_message" in update)
    assert [entity["offset"] for entity in edited["entities"]] == [11]


MESSAGE: dict[str, Any] = {
    "message_id": 1,
    "date": 1_795_000_000,
    "from": {"id": 7, "is_bot": False, "first_name": "Lan"},
    "chat": {"id": 7, "type": "private"},
    "text": "một",
}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "message": {**MESSAGE, "words": "một"}},
        {"update_id": 1, "message": {**MESSAGE, "from": {"id": 7, "is_bot": False}}},
        {"update_id": 1, "message": {name: value for name, value in MESSAGE.items() if name != "date"}},
        {"update_id": 1, "messages": MESSAGE},
        {"message": MESSAGE},
    ],
)
def test_a_wrong_update_is_found(update: dict[str, Any]) -> None:
    assert opinions.of_update(update)


def test_a_wrong_call_is_found() -> None:
    button = {"text": "Tiếp", "callback_data": "a:1", "colour": "red"}
    assert opinions.of_call("sendMessage", {"reply_markup": {"inline_keyboard": [[button]]}})
    assert opinions.of_call("setMyCommands", {"commands": [{"command": "menu"}]})
    assert not opinions.of_call("sendMessage", {"reply_markup": {"inline_keyboard": []}})


async def test_aiogram_as_the_bot(telegram: FakeTelegram) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.base))
    async with Bot(telegram.token, session=session) as bot:
        me = await bot.get_me()
        assert me.username == "huongdan_thu_bot"
        await bot.set_my_commands([BotCommand(command="menu", description="Các việc")], language_code="vi")
        lan = telegram.person("Lan")
        await lan.starts("c_26734")
        [update] = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
        assert update.message
        keyboard = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="Tiếp", callback_data="a:1")]]
        )
        first = await bot.send_message(lan.id, "<b>Mở</b>", parse_mode="HTML", reply_markup=keyboard)
        assert not list(strangers(first))
        photo = BufferedInputFile(png(), "man-hinh.png")
        second = await bot.send_photo(lan.id, photo, caption="Ảnh", reply_markup=keyboard)
        assert second.photo
        await bot.send_photo(lan.id, second.photo[-1].file_id)
        assert [message.words for message in lan.chat] == ["Mở", "Ảnh", ""]
        await lan.presses("Tiếp", on=lan.chat[1])
        [pressed] = await bot.get_updates(offset=update.update_id + 1)
        assert pressed.callback_query
        assert await bot.answer_callback_query(pressed.callback_query.id)
        await bot.edit_message_text("Hai", chat_id=lan.id, message_id=first.message_id)
        for fault, error in FAULTS:
            telegram.faults.add(fault, times=1)
            with pytest.raises(error):
                await bot.send_message(lan.id, "một")
        await bot.set_webhook("https://bot.example/x", secret_token="s3cret")
        with pytest.raises(TelegramConflictError):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == "https://bot.example/x"
        await bot.delete_webhook()


FAULTS: list[tuple[Fault, type[TelegramAPIError | ClientDecodeError]]] = [
    (Down(), TelegramServerError),
    (Nonsense(), ClientDecodeError),
    (Resets(), TelegramNetworkError),
    (Refuses(400, "chat not found"), TelegramBadRequest),
    (Refuses(400, "group chat was upgraded", migrate_to=-1001), TelegramMigrateToChat),
    (Refuses(401, ""), TelegramUnauthorizedError),
    (Refuses(403, "bot was blocked by the user"), TelegramForbiddenError),
    (TooMany(5), TelegramRetryAfter),
]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of its own errors
async def test_python_telegram_bot_as_the_bot(telegram: FakeTelegram) -> None:
    lan = telegram.person("Lan")
    await lan.starts()
    base = telegram.base
    async with ptb.Bot(telegram.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
        assert bot.username == "huongdan_thu_bot"
        [update] = await bot.get_updates(timeout=1)
        assert update.message
        keyboard = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Tiếp", callback_data="a:1")]])
        await bot.send_message(lan.id, "Chào bác", reply_markup=keyboard)
        told = await bot.send_photo(lan.id, png(), caption="Ảnh")
        assert told.photo[-1].width == 90
        await lan.presses("Tiếp")
        [pressed] = await bot.get_updates(offset=update.update_id + 1)
        assert pressed.callback_query
        assert await pressed.callback_query.answer("Đã ghi")
        telegram.faults.add(TooMany(5), method="sendMessage", times=1)
        with pytest.raises(ptb.error.RetryAfter):
            await bot.send_message(lan.id, "một")
    assert [message.words for message in lan.chat] == ["Chào bác", "Ảnh"]
