"""Pictures as the server takes them: a real PNG within its limits; each upload gets a file_id."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from tests.platforms.telegram.errors import ApiError, Json, bad

LARGEST = 10_000_000
SIDES = 10_000
RATIO = 20
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture that the server has. `content` is empty for one that it fetched from an address."""

    file_id: str
    width: int
    height: int
    content: bytes = b""
    url: str = ""

    def sizes(self) -> list[Json]:
        """As in a message: a small one and the whole."""
        small = 90 / max(self.width, self.height)
        return [
            {
                "file_id": f"{self.file_id}-s",
                "file_unique_id": f"u{zlib.crc32(self.file_id.encode()):08x}s",
                "width": max(1, round(self.width * small)),
                "height": max(1, round(self.height * small)),
                "file_size": 1200,
            },
            {
                "file_id": self.file_id,
                "file_unique_id": f"u{zlib.crc32(self.file_id.encode()):08x}",
                "width": self.width,
                "height": self.height,
                "file_size": len(self.content) or 54_321,
            },
        ]


def uploaded(content: bytes, file_id: str) -> Photo:
    if not content:
        raise bad("file must be non-empty")
    if len(content) > LARGEST:
        raise ApiError(413, "")
    width, height = _png(content)
    if width + height > SIDES or max(width, height) > RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return Photo(file_id, width, height, content)


def png(width: int = 90, height: int = 160) -> bytes:
    """A white picture, for tests."""
    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG whose chunks are whole."""
    if not content.startswith(SIGNATURE):
        raise bad("IMAGE_PROCESS_FAILED")
    at = len(SIGNATURE)
    size = (0, 0)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name = content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + length]
        if content[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(name + body)):
            break
        if name == b"IHDR":
            size = struct.unpack_from(">II", body)
        if name == b"IEND" and min(size) > 0:
            return size
        at += 12 + length
    raise bad("IMAGE_PROCESS_FAILED")
