"""A second opinion on the wire: does python-telegram-bot, by other people, read all of it as we do?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import telegram as ptb

from tests.platforms.telegram.errors import Json
from tests.platforms.telegram.schema import Upload

_OBJECTS: Mapping[str, type[ptb.TelegramObject]] = {
    "reply_markup": ptb.InlineKeyboardMarkup,
    "reply_parameters": ptb.ReplyParameters,
    "link_preview_options": ptb.LinkPreviewOptions,
    "scope": ptb.BotCommandScope,
}
_LISTS: Mapping[str, type[ptb.TelegramObject]] = {
    "entities": ptb.MessageEntity,
    "caption_entities": ptb.MessageEntity,
    "commands": ptb.BotCommand,
}


def of_update(update: Json) -> list[str]:
    """What the second reader does not understand of an update."""
    try:
        read = ptb.Update.de_json(update, None)
    except (TypeError, KeyError, ValueError, AttributeError) as fault:
        return [f"update is not readable: {type(fault).__name__}: {fault}"]
    kinds = set(update) - {"update_id"}
    missing = [f"update: {kind} is not seen" for kind in sorted(kinds) if getattr(read, kind, None) is None]
    return missing + list(_strangers(read, "update"))


def of_call(method: str, params: Mapping[str, Any]) -> list[str]:
    """What the second reader does not understand of the objects in a call."""
    found: list[str] = []
    for name, value in params.items():
        if isinstance(value, Upload):
            continue
        try:
            if name in _OBJECTS:
                found += _strangers(_OBJECTS[name].de_json(value, None), f"{method}.{name}")
            elif name in _LISTS:
                for item in _LISTS[name].de_list(value, None):
                    found += _strangers(item, f"{method}.{name}")
        except (TypeError, KeyError, ValueError, AttributeError) as fault:
            found.append(f"{method}.{name} is not readable: {type(fault).__name__}: {fault}")
    return found


def _strangers(read: object, path: str) -> Iterator[str]:
    """Fields that were kept without being understood, anywhere inside."""
    if isinstance(read, list | tuple):
        for item in read:
            yield from _strangers(item, path)
        return
    if not isinstance(read, ptb.TelegramObject):
        return
    if read.api_kwargs:
        yield f"{path} has unknown {', '.join(sorted(read.api_kwargs))}"
    for kind in type(read).__mro__:
        for name in getattr(kind, "__slots__", ()):
            if not name.startswith("_") and name != "api_kwargs":
                yield from _strangers(getattr(read, name, None), f"{path}.{name}")
