"""What is seen through the camera, and how a card is held: drawn by hand, since no words would show it."""

from __future__ import annotations

from typing import assert_never

from bot.core.screen import Icon, Scene, Sight
from bot.pictures.icons import code, sign
from bot.pictures.shapes import (
    EDGE,
    HAIR,
    INK,
    NIGHT,
    PALE,
    SOFT,
    STEEL,
    WHITE,
    Box,
    Drawn,
    Outline,
    Shape,
    Text,
    paragraph,
)

_HEIGHT = 232


def scene(scene: Scene, room: Box) -> Drawn:
    match scene.sight:
        case Sight.CARD | Sight.CARD_QR | Sight.CARD_BACK | Sight.PAPER | Sight.QR:
            return _through_camera(scene, room)
        case Sight.CODE:
            return _code(scene, room)
        case Sight.FACE:
            return _face(scene, room)
        case Sight.HOLD_ANDROID | Sight.HOLD_IPHONE:
            return _held(scene, room)
        case Sight.TWO_PHONES:
            return _two_phones(scene, room)
        case never:
            assert_never(never)


def _through_camera(scene: Scene, room: Box) -> Drawn:
    words = Box(room.x + 12, room.y + 10, room.w - 24, 0)
    told = paragraph(scene.label, words, 20, bold=True, fill=WHITE, anchor="middle")
    view = Box(room.x + 24, told.bottom + 10, room.w - 48, 158)
    card = Box(view.x + 14, view.y + 12, view.w - 28, view.h - 24, 10, WHITE)
    match scene.sight:
        case Sight.CARD_QR:
            seen, spot = _front(card), Box(card.x + card.w - 72, card.y + 10, 62, 62, 6)
        case Sight.CARD:
            seen, spot = _front(card), card
        case Sight.CARD_BACK:
            seen, spot = _back(card), card
        case Sight.PAPER:
            sheet = Box(view.x + view.w / 2 - 58, view.y + 6, 116, view.h - 12, 4, WHITE)
            seen, spot = (sheet, *_writing(sheet.x + 14, sheet.y + 20, 88, 6)), sheet
        case _:
            square = Box(view.x + view.w / 2 - 60, view.y + 19, 120, 120)
            seen, spot = code(square), square.grown(4)
    ground = Box(room.x, room.y, room.w, view.bottom + 18 - room.y, 14, NIGHT)
    return Drawn(ground.bottom, (ground, *told.shapes, *seen, _corners(view)), {scene.label: spot})


def _code(scene: Scene, room: Box) -> Drawn:
    told = paragraph(scene.label, room, 20, bold=True, anchor="middle")
    square = Box(room.x + room.w / 2 - 66, told.bottom + 14, 132, 132)
    return Drawn(square.bottom + 12, (*told.shapes, *code(square)), {scene.label: square.grown(8)})


def _corners(view: Box) -> Shape:
    """The four corners of the camera's frame."""
    right, bottom, arm = view.x + view.w, view.bottom, 26
    d = (
        f"M{view.x} {view.y + arm}V{view.y}H{view.x + arm}M{right - arm} {view.y}H{right}V{view.y + arm}"
        f"M{right} {bottom - arm}V{bottom}H{right - arm}M{view.x + arm} {bottom}H{view.x}V{bottom - arm}"
    )
    return Outline(d, "none", WHITE, 5)


def _front(card: Box) -> tuple[Shape, ...]:
    """A card with a portrait on the left and a QR code at the upper right."""
    portrait = Box(card.x + 12, card.y + 40, 62, card.h - 54, 4, PALE, EDGE, 1.5)
    face = sign(Icon.PERSON, Box(portrait.x + 5, portrait.y + 8, 52, 52))
    lines = _writing(card.x + 86, card.y + 84, card.w - 100, 2)
    head = _writing(card.x + 12, card.y + 18, card.w - 110, 1)
    square = Box(card.x + card.w - 68, card.y + 14, 54, 54)
    return (card, portrait, *face, *head, *lines, *code(square))


def _back(card: Box) -> tuple[Shape, ...]:
    """A card with a chip, and the lines that machines read."""
    return (
        card,
        *_chip(Box(card.x + 16, card.y + 20, 52, 42, 6)),
        *_writing(card.x + 16, card.y + 84, card.w - 32, 3),
        *_writing(card.x + 84, card.y + 26, card.w - 110, 2),
    )


def _chip(place: Box) -> tuple[Shape, ...]:
    ground = Box(place.x, place.y, place.w, place.h, 6, "#e6c66a", INK, 2)
    d = f"M0 {place.h / 2}H{place.w}M{place.w / 3} 0V{place.h}M{place.w * 2 / 3} 0V{place.h}"
    return ground, Outline(d, "none", INK, 1.5, place.x, place.y)


def _writing(x: float, y: float, wide: float, lines: int) -> tuple[Shape, ...]:
    """Lines that stand for words nobody has to read."""
    return tuple(Box(x, y + 18 * line, wide * (1 - 0.18 * (line % 2)), 7, 3, HAIR) for line in range(lines))


def _face(scene: Scene, room: Box) -> Drawn:
    middle, y = room.x + room.w / 2, room.y
    person = tuple(Outline(d, fill, INK, thick, middle, y) for d, fill, thick in _PERSON)
    told = paragraph(scene.label, Box(room.x, y + 202, room.w, 0), 20, bold=True, anchor="middle")
    spot = Box(middle - 80, y + 2, 160, 194, 78)
    return Drawn(told.bottom, (*person, *told.shapes), {scene.label: spot})


_OVAL = "M0 6C48 6 76 48 76 98S48 192 0 192S-76 148 -76 98S-48 6 0 6Z"
_PERSON = (
    (_OVAL, PALE, 5),
    ("M-60 162Q-46 138 -16 136V118H16V136Q46 138 60 162Q36 190 0 190T-60 162Z", STEEL, 2.5),
    ("M0 30C30 30 42 50 40 82C38 112 20 128 0 128S-38 112 -40 82C-42 50 -30 30 0 30Z", WHITE, 3),
    ("M-42 72C-48 34 -22 20 2 22C32 22 48 44 42 72C36 52 20 48 4 50C-18 52 -34 54 -42 72Z", NIGHT, 2),
    ("M-17 78V82M17 78V82M-13 104Q0 113 13 104", "none", 5),
    (_OVAL, "none", 5),
)
"""The frame, shoulders, face, hair, features, and the frame's line again: outline, filling, thickness."""


def _held(scene: Scene, room: Box) -> Drawn:
    """The back of a phone and where the card lies on it."""
    middle = room.x + room.w / 2
    iphone = scene.sight is Sight.HOLD_IPHONE
    top = room.y + (52 if iphone else 6)
    phone = Box(middle - 74, top, 148, _HEIGHT - 30 - (top - room.y), 24, STEEL, NIGHT, 4)
    lens = (
        (Box(phone.x + 14, top + 20, 58, 58, 16, NIGHT), *_lenses(phone.x + 14, top + 20))
        if iphone
        else (Box(middle - 34, top + 26, 68, 68, 34, NIGHT), *_lenses(middle - 29, top + 31))
    )
    card = Box(middle - 106, room.y + (8 if iphone else 20), 212, 58 if iphone else 118, 12, WHITE, INK, 3)
    see_through = Box(card.x, card.y, card.w, card.h, 12, WHITE, INK, 3, see=0.82 if iphone else 0.72)
    chip = _chip(Box(card.x + 14, card.y + card.h / 2 - 18, 44, 36, 6))
    waves = sign(Icon.NFC, Box(card.x + card.w - 58, card.y + card.h / 2 - 22, 44, 44), INK, 3)
    told = paragraph(
        scene.label, Box(room.x, room.y + _HEIGHT - 22, room.w, 0), 20, bold=True, anchor="middle"
    )
    return Drawn(told.bottom, (phone, *lens, see_through, *chip, *waves, *told.shapes), {scene.label: card})


def _lenses(x: float, y: float) -> tuple[Shape, ...]:
    return tuple(Box(x + dx, y + dy, 22, 22, 11, SOFT, HAIR, 2) for dx, dy in ((6, 6), (30, 6), (6, 30)))


def _two_phones(scene: Scene, room: Box) -> Drawn:
    """A code on the old phone that is typed into the new one."""
    wide, high, gap = 134, 196, room.w - 268
    old = Box(room.x, room.y + 28, wide, high, 20, WHITE, NIGHT, 5)
    new = Box(room.x + wide + gap, room.y + 28, wide, high, 20, WHITE, NIGHT, 5)
    code = Box(old.x + 13, old.y + 72, wide - 26, 56, 8, PALE, EDGE, 2)
    boxes = tuple(Box(new.x + 13 + 19 * n, new.y + 82, 15, 36, 3, WHITE, EDGE, 2) for n in range(6))
    shapes: tuple[Shape, ...] = (
        old,
        new,
        Text(old.x + wide / 2, room.y + 20, "Máy cũ", 20, True, INK, "middle"),
        Text(new.x + wide / 2, room.y + 20, "Máy mới", 20, True, INK, "middle"),
        Text(old.x + wide / 2, code.y - 16, scene.label, 20, True, INK, "middle"),
        code,
        Text(code.x + code.w / 2, code.y + 37, "••••••", 26, True, INK, "middle"),
        *boxes,
        Outline("M0 10H22M13 0L24 10L13 20", "none", INK, 5, old.x + wide + gap / 2 - 12, old.y + 90),
    )
    return Drawn(old.bottom, shapes, {scene.label: code})
