"""Which parameters each method has and of what type. Anything else is refused, unlike by the real server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from tests.platforms.telegram.errors import bad, wrong


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    type: str
    content: bytes


class Type(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    CHAT = "chat"
    OBJECT = "object"
    LIST = "list"
    FILE = "file"


_SHARED = {
    "chat_id": Type.CHAT,
    "message_thread_id": Type.NUMBER,
    "parse_mode": Type.TEXT,
    "disable_notification": Type.BOOL,
    "protect_content": Type.BOOL,
    "reply_parameters": Type.OBJECT,
    "reply_markup": Type.OBJECT,
}
_COMMANDS = {"scope": Type.OBJECT, "language_code": Type.TEXT}

PARAMETERS: Mapping[str, Mapping[str, Type]] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": Type.NUMBER,
        "limit": Type.NUMBER,
        "timeout": Type.NUMBER,
        "allowed_updates": Type.LIST,
    },
    "setWebhook": {
        "url": Type.TEXT,
        "max_connections": Type.NUMBER,
        "allowed_updates": Type.LIST,
        "drop_pending_updates": Type.BOOL,
        "secret_token": Type.TEXT,
    },
    "deleteWebhook": {"drop_pending_updates": Type.BOOL},
    "getWebhookInfo": {},
    "sendMessage": _SHARED | {"text": Type.TEXT, "entities": Type.LIST, "link_preview_options": Type.OBJECT},
    "sendPhoto": _SHARED
    | {
        "photo": Type.FILE,
        "caption": Type.TEXT,
        "caption_entities": Type.LIST,
        "show_caption_above_media": Type.BOOL,
    },
    "editMessageText": {
        "chat_id": Type.CHAT,
        "message_id": Type.NUMBER,
        "text": Type.TEXT,
        "parse_mode": Type.TEXT,
        "entities": Type.LIST,
        "link_preview_options": Type.OBJECT,
        "reply_markup": Type.OBJECT,
    },
    "editMessageReplyMarkup": {
        "chat_id": Type.CHAT,
        "message_id": Type.NUMBER,
        "reply_markup": Type.OBJECT,
    },
    "answerCallbackQuery": {
        "callback_query_id": Type.TEXT,
        "text": Type.TEXT,
        "show_alert": Type.BOOL,
        "cache_time": Type.NUMBER,
    },
    "sendChatAction": {"chat_id": Type.CHAT, "action": Type.TEXT, "message_thread_id": Type.NUMBER},
    "setMyCommands": _COMMANDS | {"commands": Type.LIST},
    "getMyCommands": _COMMANDS,
    "deleteMyCommands": _COMMANDS,
    "setMyDescription": {"description": Type.TEXT, "language_code": Type.TEXT},
    "getMyDescription": {"language_code": Type.TEXT},
    "setMyShortDescription": {"short_description": Type.TEXT, "language_code": Type.TEXT},
    "getMyShortDescription": {"language_code": Type.TEXT},
}

NAMES: Mapping[str, str] = {name.lower(): name for name in PARAMETERS}
"""Method names are not case-sensitive."""


def typed(method: str, raw: Mapping[str, object], files: Mapping[str, Upload]) -> dict[str, Any]:
    """The parameters as what they mean; `raw` holds strings, and from JSON bodies also other things."""
    known = PARAMETERS[method]
    if strange := sorted(set(raw) - set(known)):
        raise wrong(f"{method} has no parameter {', '.join(strange)}")
    values = {name: _value(name, known[name], value, files) for name, value in raw.items()}
    attached = {value.name for value in values.values() if isinstance(value, Upload)}
    if unused := sorted(set(files) - attached - set(known)):
        raise wrong(f"{method} does not use the file {', '.join(unused)}")
    return values


def _value(name: str, type: Type, raw: object, files: Mapping[str, Upload]) -> Any:
    match type:
        case Type.TEXT:
            return _text(name, raw)
        case Type.NUMBER:
            return _number(name, raw)
        case Type.BOOL:
            return _bool(name, raw)
        case Type.CHAT:
            return _number(name, raw)  # our bot knows no @channels
        case Type.OBJECT:
            return _json(name, raw, dict)
        case Type.LIST:
            return _json(name, raw, list)
        case Type.FILE:
            return _file(name, raw, files)
        case never:
            assert_never(never)


def _text(name: str, raw: object) -> str:
    if not isinstance(raw, str):
        raise wrong(f"{name} must be text")
    return raw


def _number(name: str, raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.removeprefix("-").isascii() and raw.removeprefix("-").isdigit():
        return int(raw)
    raise wrong(f"{name} must be a whole number")


def _bool(name: str, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in {"true", "false"}:
        return raw == "true"
    raise wrong(f"{name} must be true or false")


def _json(name: str, raw: object, type: type[dict[str, Any] | list[Any]]) -> Any:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
    if not isinstance(raw, type):
        raise wrong(f"{name} must be a JSON {'object' if type is dict else 'array'}")
    return raw


def _file(name: str, raw: object, files: Mapping[str, Upload]) -> Upload | str:
    if isinstance(raw, Upload):
        return raw
    if not isinstance(raw, str):
        raise wrong(f"{name} must be a file, an address or a file_id")
    if raw.startswith("attach://"):
        upload = files.get(raw.removeprefix("attach://"))
        if upload is None:
            raise bad(f"there is no file {raw.removeprefix('attach://')} in the request")
        return upload
    return raw
