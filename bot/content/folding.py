"""Texts made alike when they differ only in case, diacritics or spacing, as people on phones type them."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    if text.isascii():
        return " ".join(re.findall(r"\w+", text.lower()))
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters))
