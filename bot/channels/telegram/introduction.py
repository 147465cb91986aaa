"""How the bot introduces itself on Telegram: its commands, and what stands there before the first word."""

from __future__ import annotations

from typing import Any

from aiogram.methods import SetMyCommands, SetMyDescription, SetMyShortDescription, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

COMMANDS = {
    "batdau": "Bắt đầu, hoặc làm tiếp chỗ đang dở",
    "menu": "Xem em giúp được những việc gì",
    "nguoi": "Nhờ người thật giúp",
    "quaylai": "Quay lại bước trước",
    "riengtu": "Riêng tư: em giữ gì, để làm gì",
    "dulieu": "Xem tất cả những gì em đang giữ",
    "xoa": "Xóa hết những gì em đang giữ",
    "english": "Read in English",
}

SHORT = (
    "Chương trình tự động giúp dùng VNeID từng bước. Không phải Công an. "
    "Không bao giờ hỏi mã OTP, mật khẩu hay tiền."
)

LONG = """Em là chương trình trả lời tự động, giúp cài và dùng ứng dụng VNeID, mỗi lần một thao tác.

Em không phải Công an, không phải VNeID. Em không bao giờ hỏi mã OTP, mật khẩu, số căn cước, ảnh giấy tờ \
hay tiền. Ai nhắn hỏi những thứ đó là lừa đảo.

Bấm chữ START (hoặc BẮT ĐẦU) ở cuối màn hình, rồi nhắn việc đang cần."""

LANGUAGE = "vi"


def introduction() -> tuple[TelegramMethod[Any], ...]:
    """The calls that tell Telegram all this; saying it twice changes nothing."""
    commands = [BotCommand(command=name, description=told) for name, told in COMMANDS.items()]
    scope = BotCommandScopeAllPrivateChats()
    return (
        SetMyCommands(commands=commands, scope=scope),
        SetMyCommands(commands=commands, scope=scope, language_code=LANGUAGE),
        SetMyShortDescription(short_description=SHORT),
        SetMyDescription(description=LONG),
    )
