"""Telegram's HTML as its server reads it: the same few tags, the same complaints, offsets in UTF-16 units."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.telegram.errors import ApiError, bad

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot)(?![A-Za-z0-9]))(;?)")
_START = re.compile(r"<([A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
_END = re.compile(r"</([A-Za-z0-9-]*)\s*>")
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def parsed(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The words and their entities; raises ApiError as the server does."""
    said: list[str] = []
    length = 0
    open: list[tuple[str, int, str]] = []
    entities: list[dict[str, Any]] = []
    at = 0
    while at < len(source):
        if source[at] == "&" and (reference := _REFERENCE.match(source, at)):
            words, at = _referred(reference), reference.end()
        elif source[at] != "<":
            words, at = source[at], at + 1
        elif source.startswith("</", at):
            at = _close(source, at, open, entities, length)
            continue
        else:
            begun = _START.match(source, at)
            if begun is None:
                raise _cannot(_start_fault(source, at))
            name = begun[1].lower()
            if name not in _KINDS:
                raise _cannot(f'Unsupported start tag "{name}" at byte offset {_bytes(source, at)}')
            open.append((name, length, begun[2]))
            at = begun.end()
            continue
        said.append(words)
        length += utf16(words)
    if open:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{open[-1][0]}"')
    return trimmed("".join(said), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def utf16(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def trimmed(words: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Without white space around, as the server keeps it."""
    left = len(words) - len(words.lstrip())
    words = words.strip()
    end = utf16(words)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - left)
        stop = min(end, entity["offset"] + entity["length"] - left)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return words, kept


def _referred(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name, _ = reference.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    valid = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if valid else reference[0]


def _close(
    source: str,
    at: int,
    open: list[tuple[str, int, str]],
    entities: list[dict[str, Any]],
    length: int,
) -> int:
    ended = _END.match(source, at)
    if not open:
        raise _cannot(f"Unexpected end tag at byte offset {_bytes(source, at)}")
    if ended is None:
        raise _cannot(f"Unclosed end tag at byte offset {_bytes(source, at)}")
    name, begun, attributes = open.pop()
    if ended[1].lower() not in {"", name}:
        raise _cannot(
            f'Unmatched end tag at byte offset {_bytes(source, at)}, expected "</{name}>", found "{ended[0]}"'
        )
    entity: dict[str, Any] = {"type": _KINDS[name], "offset": begun, "length": length - begun}
    if name == "a":
        href = _HREF.search(attributes)
        entity["url"] = _REFERENCE.sub(_referred, href[1] or href[2] or "") if href else ""
    if entity["length"] and entity.get("url", "-"):
        entities.append(entity)
    return ended.end()


def _start_fault(source: str, at: int) -> str:
    name = re.match(r"<([^\s>]*)", source[at:])
    if name and ">" in source[at:] and name[1].lower() not in _KINDS:
        return f'Unsupported start tag "{name[1].lower()}" at byte offset {_bytes(source, at)}'
    return f"Unclosed start tag at byte offset {_bytes(source, at)}"


def _bytes(source: str, at: int) -> int:
    return len(source[:at].encode("utf-8", "surrogatepass"))


def _cannot(why: str) -> ApiError:
    return bad(f"can't parse entities: {why}")
