"""A reply becomes messages that Zalo Bot can carry: plain text with numbers, a picture by its address."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.channels.wording import parts_of_text, without_bold
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


@dataclass(frozen=True, slots=True)
class _Hint:
    """How to answer where nothing can be pressed. No form of address: here it is not known."""

    number: str
    words: str


_HINTS = {
    SOURCE: _Hint("Gõ số để chọn.", "Cũng có thể gõ: {}."),
    "en": _Hint("Type a number to choose.", "You can also type: {}."),
}


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
    told = "\n\n".join(part for part in (reply.text, reply.link) if part)
    text = "\n\n".join(part for part in (numbered(replace(reply, text=told)), _hint(reply)) if part)
    return unicodedata.normalize("NFC", without_bold(text))


def _hint(reply: Reply) -> str:
    hint = _HINTS.get(reply.locale, _HINTS[SOURCE])
    words = ", ".join(f"«{choice.label}»" for choice in reply.shortcuts)
    said = (hint.number if reply.choices else "", hint.words.format(words) if words else "")
    return " ".join(part for part in said if part)
