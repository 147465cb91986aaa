"""The same message as other keyboards leave it: without diacritics, in Telex, in VNI, decomposed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial

_TONES = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
"""Sắc, huyền, hỏi, ngã, nặng: the order of the keys below."""
_SHAPES = {"a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô", "a\u0306": "ă", "o\u031b": "ơ", "u\u031b": "ư"}
_TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
_WORD = re.compile(r"[^\W\d_]+")


def folded(text: str) -> str:
    bare = "".join(sign for sign in decomposed(text) if not unicodedata.combining(sign))
    return bare.replace("đ", "d").replace("Đ", "D")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def telex(text: str) -> str:
    """Every word as its keys: "được" is "dduwowcj"."""
    return _typed(text, _TELEX, "sfrxj")


def vni(text: str) -> str:
    """Every word as its keys: "được" is "d9u7o7c5"."""
    return _typed(text, _VNI, "12345")


def _typed(text: str, shapes: Mapping[str, str], tones: str) -> str:
    keys = partial(_keys, shapes=shapes, tones=tones)
    return _WORD.sub(lambda match: keys(match[0]), unicodedata.normalize("NFC", text))


def _keys(word: str, shapes: Mapping[str, str], tones: str) -> str:
    """Shapes where they stand, the tone at the end: as schools teach it. Foreign words stay as they are."""
    if word.isascii():
        return word
    typed: list[str] = []
    tone = ""
    for sign in word.lower():
        if sign == "đ":
            typed.append(shapes[sign])
            continue
        base, *marks = list(unicodedata.normalize("NFD", sign))
        tone = next((tones[_TONES.index(mark)] for mark in marks if mark in _TONES), tone)
        shape = next((_SHAPES[base + mark] for mark in marks if base + mark in _SHAPES), None)
        typed.append(shapes[shape] if shape else base)
    return "".join(typed) + tone


KEYBOARDS = {"folded": folded, "telex": telex, "vni": vni, "nfd": decomposed}
