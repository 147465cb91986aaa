"""Keyboards under a message: what shapes the server takes."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.platforms.telegram.errors import Json, bad, wrong

MOST_BUTTONS = 100
DATA_BYTES = 64
STYLES = {"danger", "success", "primary"}


@dataclass(frozen=True, slots=True)
class Button:
    """What a person sees, and what comes back or where it leads."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


def inline(markup: Json) -> Rows:
    """The rows of an inline keyboard; other keyboards are not for our bot."""
    if set(markup) != {"inline_keyboard"}:
        raise wrong(f"reply_markup with {', '.join(sorted(markup)) or 'nothing'} is not for this bot")
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse inline keyboard: rows must be Arrays of InlineKeyboardButton")
    read = tuple(tuple(_button(button) for button in row) for row in rows)
    if any(not row for row in read):
        raise wrong("a row of the keyboard is empty")
    if sum(len(row) for row in read) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return read


def _button(button: Any) -> Button:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if strange := sorted(set(button) - {"text", "callback_data", "url", "style"}):
        raise wrong(f"a button has no field {', '.join(strange)}")
    text, data, url = button.get("text"), button.get("callback_data"), button.get("url")
    if not isinstance(text, str):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise bad("can't parse inline keyboard button: Button text must be non-empty")
    if button.get("style", "danger") not in STYLES:
        raise bad("BUTTON_STYLE_INVALID")
    if (data is None) == (url is None):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if url is not None:
        check_link(url)
        return Button(text, url=url)
    if not isinstance(data, str):
        raise bad('can\'t parse inline keyboard button: Field "callback_data" must be of type String')
    if not data:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(data.encode()) > DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return Button(text, data=data)


def check_link(url: object) -> None:
    if not isinstance(url, str):
        raise bad('can\'t parse inline keyboard button: Field "url" must be of type String')
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"}:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme != "tg" and not public(parts.hostname or ""):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def public(host: str) -> bool:
    """Whether a host may be somebody else's than this machine or its neighbours."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.endswith(".local")
