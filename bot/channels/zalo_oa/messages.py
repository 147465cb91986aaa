"""A reply in Zalo's own words: plain text with numbered choices, and buttons where there is room. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.channels.wording import or_typed, parts_of_text, with_link, without_bold
from bot.channels.zalo_oa.events import PRESSED
from bot.core.buttons import word_token
from bot.core.contact import SOURCE
from bot.core.hearing import Word
from bot.core.message import Choice, Picture, Reply, numbered

TEXT_LIMIT = 1900
"""Zalo takes 2000; the rest is left for what it may count differently."""

BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_CAPTION = 300

HUMAN = word_token(Word.HUMAN)

_OPEN = {SOURCE: "Mở trang web", "en": "Open the web page"}

_NUMBER = {
    SOURCE: "Chưa thấy nút thì gõ số, ví dụ: {}.",
    "en": "Where there is no button, type the number: {}.",
}


@dataclass(frozen=True, slots=True)
class Words:
    """One message of text. `buttons` in Zalo's shape."""

    text: str
    buttons: tuple[dict[str, object], ...] = ()


Part = Picture | Words


def parts_of(reply: Reply) -> tuple[Part, ...]:
    """The messages of a reply, always the same ones for the same reply: they are counted."""
    shortcuts = _beside(reply.shortcuts, BUTTONS - len(reply.choices))
    pressed = [_press(choice, f"{number}. ") for number, choice in enumerate(reply.choices[:BUTTONS], 1)]
    pressed += [_press(shortcut) for shortcut in shortcuts]
    opens = reply.link.startswith("https://") and len(pressed) < BUTTONS
    buttons = (*pressed, _open(reply)) if opens else tuple(pressed)
    told = numbered(reply if opens else with_link(reply))
    text = "\n\n".join(part for part in (told, _hint(reply, shortcuts)) if part)
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


def _beside(shortcuts: tuple[Choice, ...], room: int) -> tuple[Choice, ...]:
    """The shortcuts that there is room for; the way to a human is the last one to go."""
    first = sorted(shortcuts, key=lambda choice: choice.token != HUMAN)[: max(room, 0)]
    return tuple(choice for choice in shortcuts if choice in first)


def _hint(reply: Reply, shown: tuple[Choice, ...]) -> str:
    """What has to be typed, having no button. While a human can be reached by one, words are spared."""
    hidden = [choice for choice in reply.shortcuts if choice not in shown]
    many = len(reply.choices) > BUTTONS
    lines = (
        _NUMBER.get(reply.locale, _NUMBER[SOURCE]).format(BUTTONS + 1) if many else "",
        or_typed(hidden, reply.locale) if any(choice.token == HUMAN for choice in hidden) else "",
    )
    return "\n".join(line for line in lines if line)


def _press(choice: Choice, number: str = "") -> dict[str, object]:
    """The token comes back as a message that nobody sees."""
    return {
        "type": "oa.query.hide",
        "title": _title(number + choice.label),
        "payload": PRESSED + choice.token,
    }


def _open(reply: Reply) -> dict[str, object]:
    title = _OPEN.get(reply.locale, _OPEN[SOURCE])
    return {"type": "oa.open.url", "title": title, "payload": {"url": reply.link}}


def _title(label: str) -> str:
    plain = _plain(label)
    return plain if len(plain) <= LONGEST_TITLE else parts_of_text(plain, LONGEST_TITLE - 1)[0] + "…"


def _plain(text: str) -> str:
    """Composed, as Zalo counts and wants it, and without marks that it would show."""
    return unicodedata.normalize("NFC", without_bold(text))
