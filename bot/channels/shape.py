"""What is kept of an event that could not be worked: which keys it had and of which types, no value of it."""

from __future__ import annotations

import msgspec

DEEPEST = 8
WIDEST = 40
LONGEST = 4000
_LONGEST_NAME = 40


def shape_of(body: bytes) -> str:
    """As `{message: {chat: {id: int}, text: str}, update_id: int}`, cut at a sane length.

    Names of keys are the platform's own; one that is none (too long, or with digits, as an id used for a key
    would have) is left out.
    """
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "not JSON"
    return _shape(decoded, DEEPEST)[:LONGEST]


def _shape(value: object, depth: int) -> str:
    if not depth:
        return "…"
    match value:
        case dict():
            named = [(name, inner) for name, inner in value.items() if _is_name(name)][:WIDEST]
            return "{" + ", ".join(f"{name}: {_shape(inner, depth - 1)}" for name, inner in named) + "}"
        case list():
            return "[" + ", ".join(sorted({_shape(inner, depth - 1) for inner in value[:WIDEST]})) + "]"
        case None:
            return "null"
        case _:
            return type(value).__name__


def _is_name(key: object) -> bool:
    name = str(key)
    return len(name) <= _LONGEST_NAME and name.isascii() and name.replace("_", "").isalpha()
