"""A reply becomes messages that Zalo Bot can carry: plain text with numbers, a picture by its address."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.wording import or_typed, parts_of_text, with_link, without_bold
from bot.core.contact import SOURCE
from bot.core.message import Reply, numbered

LONGEST = 1900
"""Characters of one message. The platform takes 2,000 and does not say how it counts them."""

_PRIVATE = (".local", ".localhost", ".internal", ".lan")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. With `photo`, the address of a picture, the text is its caption."""

    text: str
    photo: str = ""


_NUMBERS = {
    SOURCE: ("Gõ 1 để chọn.", "Gõ {} hoặc {} để chọn.", "Gõ một số từ 1 đến {} để chọn."),
    "en": ("Type 1 to choose.", "Type {} or {} to choose.", "Type a number from 1 to {} to choose."),
}
"""How to answer where nothing can be pressed: one choice, a few, many. How to address people is not known."""

FEW = 3
"""Choices whose numbers are all named."""


def messages(reply: Reply, photo: str = "") -> tuple[Message, ...]:
    """In the order to send them. The picture goes with the first, so that their number depends on the text
    alone: it must be the same at the next try.
    """
    texts = [part for part in parts_of_text(_words(reply), LONGEST) if part]
    return tuple(Message(text, "" if number else photo) for number, text in enumerate(texts))


def is_public(address: str) -> bool:
    """Whether the platform would take a web address: https, and a host that everybody finds by name."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and parts.netloc.lower() == parts.hostname
    except ValueError:
        return False
    host = parts.hostname or ""
    return plain and "." in host and not host.endswith(_PRIVATE) and not host.rpartition(".")[2].isdigit()


def _words(reply: Reply) -> str:
    text = "\n\n".join(part for part in (numbered(with_link(reply)), _hint(reply)) if part)
    return unicodedata.normalize("NFC", without_bold(text))


def _hint(reply: Reply) -> str:
    lines = (_to_choose(len(reply.choices), reply.locale), or_typed(reply.shortcuts, reply.locale))
    return "\n".join(line for line in lines if line)


def _to_choose(count: int, locale: str) -> str:
    one, few, many = _NUMBERS.get(locale, _NUMBERS[SOURCE])
    if count < 2:
        return one if count else ""
    if count > FEW:
        return many.format(count)
    return few.format(", ".join(str(number) for number in range(1, count)), count)
