"""SVG becomes a PNG of few colours. The only place that knows the renderer."""

from __future__ import annotations

from io import BytesIO

from bot.core.png import LARGEST
from bot.pictures.measure import FAMILY, font_file

SHARP = 2
"""Pixels of the PNG for one of the page, for screens that have them."""

_COLOURS = (64, 48, 32, 16)


class TooLarge(Exception):
    """Not even few colours make the picture small enough."""


def png(svg: str) -> bytes:
    import resvg_py  # with Pillow: not before something has to be drawn
    from PIL import Image

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=SHARP,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[font_file(bold=False), font_file(bold=True)],
        font_family=FAMILY,
    )
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    for colours in _COLOURS:
        few = picture.quantize(colours, dither=Image.Dither.NONE)
        file = BytesIO()
        few.save(file, "PNG", optimize=True)
        if file.tell() <= LARGEST:
            return file.getvalue()
    raise TooLarge(f"{file.tell()} bytes")
