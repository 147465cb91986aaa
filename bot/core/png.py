"""What a PNG file says about itself: enough to trust a screenshot and to give it its place on a page."""

from __future__ import annotations

_BEGIN = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"

LARGEST = 40_000
"""Bytes of one picture: people pay for their data."""

MOST_PIXELS = 1440
"""Of either side."""


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height; None when this is no PNG, or one that was cut off."""
    if not (data.startswith(_BEGIN) and data.endswith(_END)):
        return None
    size = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    return size if all(size) else None
