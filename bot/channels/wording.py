"""What every platform does to a reply's words: cut them to its limit, keep or drop what is bold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from bot.core.contact import SOURCE
from bot.core.message import Choice, Reply

_WEB = {SOURCE: "Xem trên trang web: {}", "en": "On the web: {}"}

_OR = {SOURCE: "Hoặc gõ: {}.", "en": "Or type: {}."}

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")

_BREAKS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…:;])[»\")]?\s+"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, best first: between paragraphs, lines, sentences, words."""


def parts_of_text(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters, as platforms count them (UTF-16 units).

    Cut where reading stops anyway, and never inside something bold if that can be helped.
    """
    parts: list[str] = []
    rest = text.strip()
    while length(rest) > limit:
        cut, onward = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[onward:].lstrip()
    return (*parts, rest) if rest or not parts else tuple(parts)


def length(text: str) -> int:
    """Characters as platforms count them: those outside the basic plane, such as most emoji, count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_bold(text: str) -> str:
    """For platforms that show plain text only."""
    return _BOLD.sub(r"\1", text)


def as_html(text: str) -> str:
    """For platforms that read HTML: only what is bold becomes markup, everything else stays itself."""
    return _BOLD.sub(r"<b>\1</b>", escape(text, quote=False))


def with_link(reply: Reply) -> Reply:
    """The reply with its link said in words, before its choices."""
    if not reply.link:
        return reply
    link = _WEB.get(reply.locale, _WEB[SOURCE]).format(reply.link)
    return replace(reply, text="\n\n".join(part for part in (reply.text, link) if part), link="")


def or_typed(shortcuts: Sequence[Choice], locale: str) -> str:
    """Which words may be typed where there is no button for them; empty when there are none."""
    words = ", ".join(f"«{choice.label}»" for choice in shortcuts)
    return _OR.get(locale, _OR[SOURCE]).format(words) if words else ""


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Where the first part ends and where the next begins. A part is at least half full if possible."""
    most = _fitting(text, limit)
    bold = [match.span() for match in _BOLD.finditer(text, 0, most + limit)]
    for least in (most // 2, 1):
        for pattern in _BREAKS:
            gaps = [
                match.span()
                for match in pattern.finditer(text)
                if least <= match.start() <= most
                and not any(start < match.start() < end for start, end in bold)
            ]
            if gaps:
                return gaps[-1]
    return most, most


def _fitting(text: str, limit: int) -> int:
    """How many letters of the text fit."""
    room = limit
    for index, letter in enumerate(text):
        room -= 2 if letter > "\uffff" else 1
        if room < 0:
            return index
    return len(text)
