"""Icons for a phone's home screen, drawn from the one that the pages show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.web.assets import FOLDER

if TYPE_CHECKING:
    from PIL import Image

GREEN = "#0f5c4d"
FEW = 16
"""Colours; the picture has two, and their edges."""


@dataclass(frozen=True, slots=True)
class Icon:
    """`maskable`: filled to its edges, so that a phone may cut any shape out of it."""

    size: int
    maskable: bool = False


ICONS = {"192": Icon(192), "512": Icon(512), "che": Icon(512, maskable=True)}


@cache
def icon(name: str) -> bytes:
    """A PNG. Slow the first time: not for the event loop."""
    import resvg_py  # with Pillow: not before somebody installs the desk
    from PIL import Image

    one = ICONS[name]
    svg = (FOLDER / "icon.svg").read_text("utf-8")
    drawn = resvg_py.svg_to_bytes(svg_string=_filled(svg) if one.maskable else svg, width=one.size)
    picture = Image.open(BytesIO(drawn))
    few = picture.convert("RGB").quantize(FEW) if one.maskable else _see_through(picture)
    file = BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def _see_through(picture: Image.Image) -> Image.Image:
    """With its round corners."""
    from PIL import Image

    return picture.quantize(FEW, method=Image.Quantize.FASTOCTREE)


def _filled(svg: str) -> str:
    """The drawing at three quarters on a full square: phones keep four fifths of it at least."""
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" fill="{GREEN}"/>'
        f'<g transform="translate(6 6) scale(.75)">{inner}</g></svg>'
    )
