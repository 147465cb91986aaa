"""The parts of a message, for people who bring two problems at once. Pure text; nothing is judged here."""

from __future__ import annotations

import re
import unicodedata

from bot.language.keyboards import folded
from bot.language.terms import reading

MOST = 6
"""Parts that are looked at; what comes later is a story."""
_LEAST_WORDS = 2

_PAUSE = re.compile(r"[.,;:!?…\n]+|\s[-–—]+\s")
_ADDING = (
    "với lại",
    "ngoài ra",
    "thêm nữa",
    "tiện thể",
    "nhân tiện",
    "đồng thời",
    "hỏi thêm",
    r"rồi cho (?:\w+ )?hỏi",
    "rồi lại",
    "rồi còn",
    "lại còn",
    "à mà",
)
"""What people say before one more thing, with diacritics or without."""
_ONLY_MARKED = ("còn", "mà", "vừa")
"""The same, but only with diacritics: without them these are other words as well."""
_JOINTS = re.compile(rf"\b(?:{'|'.join((*_ADDING, *map(folded, _ADDING), *_ONLY_MARKED))})\b", re.IGNORECASE)


def clauses(text: str) -> tuple[str, ...]:
    """The readings of the parts of a text, cut where it pauses or adds something; at most `MOST`."""
    parts: list[str] = []
    short = ""
    for part in _JOINTS.sub("\n", _PAUSE.sub("\n", unicodedata.normalize("NFC", text))).split("\n"):
        read = " ".join(filter(None, (short, reading(part))))
        short = read if len(read.split()) < _LEAST_WORDS else ""
        if read and not short:
            parts.append(read)
    if short and parts:
        parts[-1] = f"{parts[-1]} {short}"
    return tuple(parts[:MOST])
