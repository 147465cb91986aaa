"""A reply in Zalo's own words: plain text with numbered choices, and buttons where there is room. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.channels.wording import parts_of_text, without_bold
from bot.channels.zalo_oa.events import PRESSED
from bot.core.message import Choice, Picture, Reply, numbered

TEXT_LIMIT = 1900
"""Zalo takes 2000; the rest is left for what it may count differently."""

BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_CAPTION = 300

_OPEN = {"vi": "Mở trang này", "en": "Open this page"}


@dataclass(frozen=True, slots=True)
class Words:
    """One message of text. `buttons` in Zalo's shape."""

    text: str
    buttons: tuple[dict[str, object], ...] = ()


Part = Picture | Words


def parts_of(reply: Reply) -> tuple[Part, ...]:
    """The messages of a reply, always the same ones for the same reply: they are counted."""
    pressed = [_press(choice) for choice in (*reply.choices, *reply.shortcuts)][:BUTTONS]
    opens = reply.link.startswith("https://") and len(pressed) < BUTTONS
    buttons = (*pressed, _open(reply)) if opens else tuple(pressed)
    text = numbered(reply)
    if reply.link and not opens:
        text = f"{text}\n\n{reply.link}"
    *first, last = parts_of_text(_plain(text), TEXT_LIMIT)
    words = (*(Words(part) for part in first), Words(last, buttons))
    return (reply.picture, *words) if reply.picture else words


def text_body(person: str, words: Words) -> dict[str, object]:
    message: dict[str, object] = {"text": words.text}
    if words.buttons:
        message["attachment"] = {"type": "template", "payload": {"buttons": list(words.buttons)}}
    return {"recipient": {"user_id": person}, "message": message}


def picture_body(person: str, picture: Picture, where: dict[str, str]) -> dict[str, object]:
    """`where` is the picture's `url`, or its `attachment_id`. What it shows is said for who cannot see it."""
    element = {"media_type": "image", **where}
    caption = parts_of_text(_plain(picture.alt), LONGEST_CAPTION)[0]
    return {
        "recipient": {"user_id": person},
        "message": {
            "text": caption,
            "attachment": {
                "type": "template",
                "payload": {"template_type": "media", "elements": [element]},
            },
        },
    }


def _press(choice: Choice) -> dict[str, object]:
    """The token comes back as a message that nobody sees."""
    return {"type": "oa.query.hide", "title": _title(choice.label), "payload": PRESSED + choice.token}


def _open(reply: Reply) -> dict[str, object]:
    title = _OPEN.get(reply.locale, _OPEN["vi"])
    return {"type": "oa.open.url", "title": title, "payload": {"url": reply.link}}


def _title(label: str) -> str:
    plain = _plain(label)
    return plain if len(plain) <= LONGEST_TITLE else parts_of_text(plain, LONGEST_TITLE - 1)[0] + "…"


def _plain(text: str) -> str:
    """Composed, as Zalo counts and wants it, and without marks that it would show."""
    return unicodedata.normalize("NFC", without_bold(text))
