"""Reads a QR code back from its drawn path by the standard (ISO/IEC 18004), without what made it.

Enough for what posters carry: bytes, versions 1 to 6, every mask and level, and no module in doubt.
"""

from __future__ import annotations

import re

QUIET = 4
_MASK = 0b101010000010010
_LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
_BLOCKS = {
    # version and level: data codewords of each block
    **{(1, level): (count,) for level, count in zip("LMQH", (19, 16, 13, 9), strict=True)},
    **{(2, level): (count,) for level, count in zip("LMQH", (34, 28, 22, 16), strict=True)},
    (3, "L"): (55,),
    (3, "M"): (44,),
    (3, "Q"): (17, 17),
    (3, "H"): (13, 13),
    (4, "L"): (80,),
    (4, "M"): (32, 32),
    (4, "Q"): (24, 24),
    (4, "H"): (9, 9, 9, 9),
    (5, "L"): (108,),
    (5, "M"): (43, 43),
    (5, "Q"): (15, 15, 16, 16),
    (5, "H"): (11, 11, 12, 12),
    (6, "L"): (68, 68),
    (6, "M"): (27,) * 4,
    (6, "Q"): (19,) * 4,
    (6, "H"): (15,) * 4,
}
_ALIGNED = {1: 0, 2: 18, 3: 22, 4: 26, 5: 30, 6: 34}


def modules(page: str) -> list[list[bool]]:
    """The dark modules of the code on a page, quiet zone included."""
    found = re.search(r'viewBox="0 0 (\d+) \1".*?<path class="dark" d="([^"]+)"', page, re.DOTALL)
    assert found, "no code on the page"
    side = int(found[1])
    grid = [[False] * side for _ in range(side)]
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", found[2]):
        grid[int(y)][int(x)] = True
    return grid


def read(grid: list[list[bool]]) -> tuple[str, str]:
    """The text, and the level of error correction."""
    assert not any(any(row) for row in (*grid[:QUIET], *grid[-QUIET:])), "no quiet zone"
    assert not any(any((*row[:QUIET], *row[-QUIET:])) for row in grid), "no quiet zone"
    code = [row[QUIET:-QUIET] for row in grid[QUIET:-QUIET]]
    version = (len(code) - 17) // 4
    level, mask = _format(code)
    blocks = _BLOCKS[version, level]
    words = _words(code, version, mask)
    data: list[list[int]] = [[] for _ in blocks]
    at = 0
    for place in range(max(blocks)):
        for number, size in enumerate(blocks):
            if place < size:
                data[number].append(words[at])
                at += 1
    bits = "".join(f"{word:08b}" for block in data for word in block)
    assert bits[:4] == "0100", "bytes"
    length = int(bits[4:12], 2)
    return bytes(int(bits[12 + 8 * i : 20 + 8 * i], 2) for i in range(length)).decode(), level


def _format(code: list[list[bool]]) -> tuple[str, int]:
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    value = int("".join("1" if code[y][x] else "0" for y, x in places), 2) ^ _MASK
    return _LEVELS[value >> 13], value >> 10 & 0b111


def _words(code: list[list[bool]], version: int, mask: int) -> list[int]:
    side, bits = len(code), ""
    x, up = side - 1, True
    while x > 0:
        x -= x == 6  # the timing column
        for step in range(side):
            y = side - 1 - step if up else step
            for column in (x, x - 1):
                if not _is_fixed(version, side, y, column):
                    bits += "1" if code[y][column] != _masked(mask, y, column) else "0"
        x, up = x - 2, not up
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]


def _is_fixed(version: int, side: int, y: int, x: int) -> bool:
    finder = (y < 9 and x < 9) or (y < 9 and x >= side - 8) or (y >= side - 8 and x < 9)
    centre = _ALIGNED[version]
    aligned = bool(centre) and abs(y - centre) <= 2 and abs(x - centre) <= 2
    return finder or aligned or 6 in {y, x}


def _masked(mask: int, y: int, x: int) -> bool:
    return (
        (y + x) % 2,
        y % 2,
        x % 3,
        (y + x) % 3,
        (y // 2 + x // 3) % 2,
        y * x % 2 + y * x % 3,
        (y * x % 2 + y * x % 3) % 2,
        ((y + x) % 2 + y * x % 3) % 2,
    )[mask] == 0
