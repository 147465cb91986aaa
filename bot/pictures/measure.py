"""How wide words are in the pictures' font, and where they break."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FAMILY = "Be Vietnam Pro"
"""A font made for Vietnamese. It comes with a package: a machine without fonts draws the same pictures."""

_EM = 100


def font_file(*, bold: bool) -> str:
    name = f"BeVietnamPro-{'Bold' if bold else 'Regular'}.ttf"
    return str(files("fontpkg_be_vietnam_pro") / "files" / name)


@lru_cache(maxsize=8192)
def width(words: str, size: float, *, bold: bool = False) -> float:
    return _face(bold).getlength(words) * size / _EM


def wrap(words: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Lines about equally long; a single word wider than the room stands alone."""
    lines = fill(words, size, room, bold=bold)
    narrower = lines
    while 1 < len(narrower) == len(lines):
        lines, room = narrower, room - size / 2
        narrower = fill(words, size, room, bold=bold)
    return lines


def fill(words: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Lines as long as the room allows."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


@lru_cache(maxsize=2)
def _face(bold: bool) -> FreeTypeFont:
    from PIL import ImageFont  # not before something has to be drawn

    return ImageFont.truetype(font_file(bold=bold), _EM, layout_engine=ImageFont.Layout.BASIC)
