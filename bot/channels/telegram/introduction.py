"""How the bot introduces itself on Telegram: its commands, and what stands there before the first word."""

from __future__ import annotations

from typing import Any

from aiogram.methods import SetMyCommands, SetMyDescription, SetMyShortDescription, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

COMMANDS = {
    "batdau": "Bắt đầu, hoặc làm lại từ đầu",
    "menu": "Xem danh sách hướng dẫn",
    "nguoi": "Gặp người hỗ trợ",
    "quaylai": "Quay lại bước trước",
    "riengtu": "Em giữ những gì, để làm gì",
    "dulieu": "Xem những gì em đang giữ của mình",
    "xoa": "Xóa hết những gì em đang giữ",
    "english": "Read in English",
}

SHORT = (
    "Chương trình tự động, chỉ dùng VNeID từng bước. Không phải Công an. Không bao giờ hỏi mã OTP, mật khẩu."
)

LONG = """Em là chương trình trả lời tự động, giúp cài và dùng ứng dụng VNeID, mỗi lần một thao tác.

Em không phải Công an, không phải VNeID. Em không bao giờ hỏi mã OTP, mật khẩu, số căn cước, ảnh giấy tờ \
hay tiền. Ai nhắn hỏi những thứ đó là lừa đảo.

Bấm nút ở cuối màn hình để bắt đầu."""

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
