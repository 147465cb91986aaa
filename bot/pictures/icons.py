"""Signs on a grid of 24 by 24, drawn with a round pen; and the few things that need more than one pen."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.screen import Icon
from bot.pictures.shapes import EDGE, INK, NIGHT, PALE, RUBY, STEEL, WHITE, Box, Outline, Shape, Text

SIGNS: Mapping[Icon, str] = {
    Icon.BANK: "M3 10L12 4L21 10ZM5 10V18M10 10V18M14 10V18M19 10V18M3 20H21",
    Icon.BELL: "M6 17V11A6 6 0 0 1 18 11V17L20 19H4ZM10 22H14",
    Icon.CAMERA: "M3 8H7L9 5H15L17 8H21V19H3ZM12 17A4 4 0 1 0 12 9A4 4 0 0 0 12 17Z",
    Icon.CAR: "M4 16V12L6 7H18L20 12V18H17V16H7V18H4ZM4 12H20M7.5 14H8M16 14H16.5",
    Icon.CARD: "M3 6H21V18H3ZM6 10H10V14H6ZM13 10H18M13 14H18",
    Icon.CHAT: "M4 5H20V16H11L6 20V16H4ZM8 9H16M8 12H13",
    Icon.CLOCK: "M12 21A9 9 0 1 0 12 3A9 9 0 0 0 12 21ZM12 7V12L16 14",
    Icon.FACE: "M12 21A9 9 0 1 0 12 3A9 9 0 0 0 12 21ZM8.5 9.5V10.5M15.5 9.5V10.5M8 14.5Q12 18 16 14.5",
    Icon.FILES: "M3 6H9L11 8H21V19H3Z",
    Icon.FINGER: (
        "M6 19C4 14 5 6 12 6S20 13 18 19M9 20C7.5 15 8 9.5 12 9.5S16.5 15 15 20.5M12 13V20M5 8Q8 3 12 3T19 8"
    ),
    Icon.GEAR: (
        "M12 15.5A3.5 3.5 0 1 0 12 8.5A3.5 3.5 0 0 0 12 15.5Z"
        "M12 5.5V2.5M12 21.5V18.5M5.5 12H2.5M21.5 12H18.5M7.4 7.4L5.3 5.3M18.7 18.7L16.6 16.6"
        "M16.6 7.4L18.7 5.3M5.3 18.7L7.4 16.6M12 18.5A6.5 6.5 0 1 0 12 5.5A6.5 6.5 0 0 0 12 18.5Z"
    ),
    Icon.GLOBE: ("M12 21A9 9 0 1 0 12 3A9 9 0 0 0 12 21ZM3 12H21M12 3Q7 7 7 12T12 21M12 3Q17 7 17 12T12 21"),
    Icon.HEALTH: "M9 4H15V9H20V15H15V20H9V15H4V9H9Z",
    Icon.HOME: "M3 12L12 4L21 12M6 10V20H18V10M10 20V14H14V20",
    Icon.LOCK: "M5 11H19V20H5ZM8 11V8A4 4 0 0 1 16 8V11M12 15V16.5",
    Icon.MAP: (
        "M12 21C8 16 6 13 6 10A6 6 0 0 1 18 10C18 13 16 16 12 21ZM12 12A2 2 0 1 0 12 8A2 2 0 0 0 12 12Z"
    ),
    Icon.MOBILE: "M7 2H17V22H7ZM10.5 18.5H13.5",
    Icon.NFC: "M6 8Q8 12 6 16M10 6Q13 12 10 18M14 4Q18 12 14 20",
    Icon.PAPER: "M6 3H14L18 7V21H6ZM14 3V7H18M9 12H15M9 16H15",
    Icon.PEOPLE: (
        "M9 11A3 3 0 1 0 9 5A3 3 0 0 0 9 11ZM3 19Q3 13 9 13T15 19Z"
        "M16 11A2.5 2.5 0 1 0 15.5 6M17.5 13.5Q21 14.5 21 19"
    ),
    Icon.PERSON: "M12 11.5A4 4 0 1 0 12 3.5A4 4 0 0 0 12 11.5ZM4 20.5Q4 14 12 14T20 20.5Z",
    Icon.PHONE: (
        "M5 4H9L11 9L8.5 10.5Q10.5 14 13.5 15.5L15 13L20 15V19Q19 21 17 21Q12 20.5 7.5 16T3 7Q3 5 5 4Z"
    ),
    Icon.PHOTO: (
        "M3 5H21V19H3ZM3 16L8 11L13 16L16 13L21 18M15.5 10A1.5 1.5 0 1 0 15.5 7A1.5 1.5 0 0 0 15.5 10Z"
    ),
    Icon.PLUS: "M12 4V20M4 12H20",
    Icon.QR: "M4 4H10V10H4ZM14 4H20V10H14ZM4 14H10V20H4ZM14 14H16M20 14V16M14 18V20H16M19 20H20",
    Icon.SEARCH: "M10.5 17A6.5 6.5 0 1 0 10.5 4A6.5 6.5 0 0 0 10.5 17ZM15.5 15.5L21 21",
    Icon.SHIELD: "M12 3L20 6V12Q20 18 12 21Q4 18 4 12V6ZM8.5 12L11 14.5L15.5 9.5",
    Icon.SIM: "M6 3H14L18 7V21H6ZM9 11H15V18H9ZM12 11V18",
    Icon.TRASH: "M4 7H20M9 7V4H15V7M6 7L7 20H17L18 7M10 11V16M14 11V16",
    Icon.UPDATE: "M12 4V14M8 10L12 14L16 10M5 19H19",
    Icon.WALLET: "M3 7H19V19H3ZM3 7L15 4V7M19 11H14V15H21V11Z",
    Icon.WIFI: "M3 9Q12 2 21 9M6 13Q12 8 18 13M9 17Q12 14.5 15 17M12 20V20.1",
}


def sign(icon: Icon, place: Box, color: str = STEEL, thick: float = 2.2) -> tuple[Shape, ...]:
    """A sign that fills a square place; those of programs come on their square."""
    if icon not in SIGNS:
        return tile(icon, place)
    return (Outline(SIGNS[icon], "none", color, thick, place.x, place.y, place.w / 24),)


def tile(icon: Icon, place: Box) -> tuple[Shape, ...]:
    """A sign on a rounded square, as programs have it."""
    side = place.w
    if icon is Icon.TRIANGLE:
        return (_ground(place, WHITE), *_triangle(place))
    if icon is Icon.LETTER_A:
        letter = Text(place.x + side / 2, place.y + side * 0.76, "A", side * 0.72, True, WHITE, "middle")
        return (_ground(place, "#1f6fd1"), letter)
    if icon is Icon.VNEID:
        name = Text(place.x + side / 2, place.y + side * 0.6, "VNeID", side * 0.29, True, WHITE, "middle")
        return (_ground(place, STEEL), name)
    inner = Box(place.x + side * 0.2, place.y + side * 0.2, side * 0.6, side * 0.6)
    return (_ground(place, PALE), *sign(icon, inner))


def _ground(place: Box, color: str) -> Box:
    return Box(place.x, place.y, place.w, place.h, place.w * 0.24, color, EDGE, 1.5)


def _triangle(place: Box) -> tuple[Shape, ...]:
    """A triangle that lies on its side, in four colours: how people are told to know the store by."""
    parts = (
        ("M6 3L6 21L14 12Z", "#2a7de1"),
        ("M6 3L14 12L17 9.3Z", "#2e9e57"),
        ("M6 21L14 12L17 14.7Z", "#d93a3a"),
        ("M17 9.3L14 12L17 14.7L21.5 12Z", "#f2b32a"),
    )
    scale = place.w / 24 * 0.8
    corner = place.w * 0.1
    return tuple(
        Outline(d, color, "none", 0, place.x + corner * 0.7, place.y + corner, scale) for d, color in parts
    )


def code(place: Box) -> tuple[Shape, ...]:
    """Something that looks like a QR code from a step away and leads nowhere."""
    cell = place.w / len(_CODE)
    dots = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(_CODE)
        for column, sign in enumerate(line)
        if sign == "#"
    )
    ground = Box(place.x - cell, place.y - cell, place.w + 2 * cell, place.h + 2 * cell, 2, WHITE)
    return ground, Outline(dots, INK, "none", 0, place.x, place.y, cell)


_CODE = (
    "#####.#.#.#####",
    "#...#..##.#...#",
    "#.#.#.#...#.#.#",
    "#...#.##..#...#",
    "#####.#.#.#####",
    "......##.......",
    "#.##.#..#.##.#.",
    ".#..##.#..#.###",
    "##.#..##.#..#..",
    ".......#.##.#.#",
    "#####..##..#.##",
    "#...#.#..##.#..",
    "#.#.#..#.#.##.#",
    "#...#.##.#..##.",
    "#####.#..##.#.#",
)


def hand(x: float, y: float) -> Outline:
    """A hand that points at (x, y) from below."""
    return Outline(_HAND, WHITE, NIGHT, 3.2, x - 14, y - 2, 1.25)


def arrow(x: float, y: float) -> Outline:
    """An arrow that points at (x, y) from below."""
    return Outline("M0 0L19 22H8V44H-8V22H-19Z", RUBY, WHITE, 3, x, y)


_HAND = (
    "M7 6a4.6 4.6 0 0 1 9.2 0V20.5a4.3 4.3 0 0 1 8.4 .4a4.3 4.3 0 0 1 8.2 1.1"
    "a4.2 4.2 0 0 1 7.6 2.2V35c0 8-5 13-13 13H20.5c-5 0-8.2-1.8-11-5.5L1.7 31.5"
    "c-2.9-4.3 1.7-8.3 5.3-5L7 27z"
)
