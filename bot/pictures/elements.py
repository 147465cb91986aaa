"""Each kind of element as shapes, laid out from the top of the room that is left."""

from __future__ import annotations

from typing import assert_never

from bot.core.screen import (
    Alert,
    Button,
    Card,
    Element,
    Entry,
    Field,
    Icon,
    Icons,
    Mark,
    Message,
    Press,
    Program,
    Row,
    Scene,
    Toggle,
    Tone,
    Words,
)
from bot.pictures.icons import sign, tile
from bot.pictures.measure import width, wrap
from bot.pictures.scenes import scene
from bot.pictures.shapes import (
    ALARM,
    BLUSH,
    EDGE,
    HAIR,
    INK,
    LINK,
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

_SMALL, _PLAIN, _LARGE = 17, 20, 23
_PAD = 14
"""Between a box and the words in it."""


def draw(element: Element, room: Box) -> Drawn:
    """The element at the top of the room; how high the room is does not matter."""
    match element:
        case Words():
            return _words(element, room)
        case Field():
            return _field(element, room)
        case Toggle():
            return _toggle(element, room)
        case Button():
            return _button(element.label, element.press, room)
        case Row():
            return _row(element, room)
        case Icons():
            return _tabs(element, room) if element.bar else _icons(element, room)
        case Program():
            return _program(element, room)
        case Alert():
            return _alert(element, room)
        case Message():
            return _message(element, room)
        case Card():
            return _card(element, room)
        case Scene():
            return scene(element, room)
        case never:
            assert_never(never)


def _words(words: Words, room: Box) -> Drawn:
    match words.tone:
        case Tone.HEADING:
            told = paragraph(words.label, room, _LARGE, bold=True)
            return _named(words.label, _around(room, told), told)
        case Tone.TEXT:
            told = paragraph(words.label, room, 19, fill=SOFT)
            return _named(words.label, _around(room, told), told)
        case Tone.ERROR:
            return _notice(words.label, room, ALARM, BLUSH)
        case Tone.STOP:
            return _notice(words.label, room, WHITE, ALARM)
        case Tone.WAITING:
            told = paragraph(words.label, Box(room.x + 50, room.y + 6, room.w - 50, 0), 19, fill=SOFT)
            place = Box(room.x - 8, room.y - 2, room.w + 16, max(44, told.bottom + 4 - room.y), 8)
            wheel = Outline("M20 4A16 16 0 1 1 4 20", "none", STEEL, 5, room.x, room.y)
            return _named(words.label, place, Drawn(place.bottom, (wheel, *told.shapes)))
        case never:
            assert_never(never)


def _notice(words: str, room: Box, ink: str, ground: str) -> Drawn:
    """A fault that the screen tells, or, the other way round in colour, a warning of ours."""
    told = paragraph(words, Box(room.x + 52, room.y + 13, room.w - 66, 0), _PLAIN, bold=True, fill=ink)
    box = Box(room.x, room.y, room.w, told.bottom + 13 - room.y, 10, ground, ALARM, 2)
    x, y = room.x + 27, room.y + box.h / 2
    disc = Box(x - 16, y - 16, 32, 32, 16, ink)
    sign = (
        Box(x - 10, y - 3, 20, 6, 2, ground)  # no entry
        if ink == WHITE
        else Text(x, y + 9, "!", 24, True, ground, "middle")
    )
    return _named(words, box, Drawn(box.bottom, (box, disc, sign, *told.shapes)))


def _field(entry: Field, room: Box) -> Drawn:
    match entry.entry:
        case Entry.FIELD if entry.value:
            box = Box(room.x, room.y, room.w, 68, 10, WHITE, EDGE, 2)
            label = Text(box.x + _PAD, box.y + 24, entry.label, 16, False, SOFT)
            value = Text(box.x + _PAD, box.y + 53, entry.value, 22, True)
            return _named(entry.label, box, Drawn(box.bottom, (box, label, value)))
        case Entry.FIELD:
            told = paragraph(
                entry.label, Box(room.x + _PAD, room.y + 16, room.w - 2 * _PAD, 0), _PLAIN, fill=SOFT
            )
            box = Box(room.x, room.y, room.w, told.bottom + 15 - room.y, 10, WHITE, EDGE, 2)
            return _named(entry.label, box, Drawn(box.bottom, (box, *told.shapes)))
        case Entry.SEARCH:
            box = Box(room.x, room.y, room.w, 56, 28, PALE, EDGE, 2)
            glass = sign(Icon.SEARCH, Box(box.x + 14, box.y + 13, 30, 30), INK, 2.6)
            typed = entry.value or entry.label
            label = Text(box.x + 56, box.y + 36, typed, 22, bool(entry.value), INK if entry.value else SOFT)
            return _named(entry.label, box, Drawn(box.bottom, (box, *glass, label)))
        case Entry.BOXES:
            return _boxes(entry, room)
        case never:
            assert_never(never)


def _boxes(entry: Field, room: Box) -> Drawn:
    told = paragraph(entry.label, room, _PLAIN, bold=True)
    gap = 8
    side = min(48.0, (room.w - gap * (entry.count - 1)) / entry.count)
    top = told.bottom + 8
    shapes: list[Shape] = list(told.shapes)
    for number in range(entry.count):
        x = room.x + number * (side + gap)
        shapes.append(Box(x, top, side, 54, 8, WHITE, EDGE, 2))
        if number < len(entry.value):
            shapes.append(Text(x + side / 2, top + 36, entry.value[number], 26, True, INK, "middle"))
    place = Box(room.x - 8, room.y - 2, entry.count * (side + gap) - gap + 16, top + 58 - room.y, 6)
    return _named(entry.label, place, Drawn(top + 54, tuple(shapes)))


def _toggle(toggle: Toggle, room: Box) -> Drawn:
    switch = toggle.mark is Mark.SWITCH
    left, beside = (0, 76) if switch else (46, 46)
    words = Box(room.x + left, room.y + 9, room.w - beside, 0)
    told = paragraph(toggle.label, words, _PLAIN)
    note = paragraph(toggle.note, Box(words.x, told.bottom + 2, words.w, 0), _SMALL, fill=SOFT)
    bottom = max(room.y + 44, (note if toggle.note else told).bottom + 6)
    middle = (room.y + bottom) / 2
    match toggle.mark:
        case Mark.SWITCH:
            mark = _switch(Box(room.x + room.w - 60, middle - 17, 60, 34, 17), on=toggle.on)
        case Mark.CHECK:
            box = Box(room.x + 2, room.y + 6, 32, 32, 7, STEEL if toggle.on else WHITE, STEEL, 2.5)
            tick = Outline("M8 17L14 23L25 10", "none", WHITE, 4.5, box.x, box.y)
            mark = (box, tick) if toggle.on else (box,)
        case Mark.OPTION:
            ring = Box(room.x + 2, room.y + 6, 32, 32, 16, WHITE, STEEL, 2.5)
            dot = Box(room.x + 10, room.y + 14, 16, 16, 8, STEEL)
            mark = (ring, dot) if toggle.on else (ring,)
        case never:
            assert_never(never)
    place = Box(room.x - 8, room.y, room.w + 16, bottom - room.y, 8)
    return _named(toggle.label, place, Drawn(bottom, (*told.shapes, *note.shapes, *mark)))


def _switch(place: Box, *, on: bool) -> tuple[Shape, ...]:
    ground = Box(place.x, place.y, place.w, place.h, place.round, STEEL if on else HAIR, STEEL, 2)
    x = place.x + (place.w - 30 if on else 4)
    return ground, Box(x, place.y + 4, 26, 26, 13, WHITE, STEEL, 2)


def _button(label: str, press: Press, room: Box) -> Drawn:
    size = 21 if press is not Press.LINK else _PLAIN
    pad = 14 if press is not Press.LINK else 6
    fill = {Press.BUTTON: WHITE, Press.OUTLINE: INK, Press.LINK: LINK}[press]
    told = paragraph(
        label,
        Box(room.x + 10, room.y + pad, room.w - 20, 0),
        size,
        bold=True,
        fill=fill,
        anchor="middle",
        underline=press is Press.LINK,
    )
    height = told.bottom + pad - room.y
    match press:
        case Press.BUTTON:
            place = Box(room.x, room.y, room.w, height, 12, STEEL)
            return _named(label, place, Drawn(place.bottom, (place, *told.shapes)))
        case Press.OUTLINE:
            place = Box(room.x, room.y, room.w, height, 12, WHITE, STEEL, 2.5)
            return _named(label, place, Drawn(place.bottom, (place, *told.shapes)))
        case Press.LINK:
            wide = (
                max(width(line, size, bold=True) for line in wrap(label, size, room.w - 20, bold=True)) + 24
            )
            place = Box(room.x + (room.w - wide) / 2, room.y, wide, height, 8)
            return _named(label, place, Drawn(place.bottom, told.shapes))
        case never:
            assert_never(never)


def _row(row: Row, room: Box) -> Drawn:
    left = room.x + (48 if row.icon else 4)
    tail = row.button or row.value
    end = width(tail, _SMALL, bold=True) if tail else 0
    beside = end + 44 if tail else 24
    below = beside > room.w * 0.5
    wide = room.x + room.w - left - (24 if below else beside)
    many = len(wrap(row.label, _PLAIN, wide, bold=True)) + (1 if row.note else 0)
    words = Box(left, room.y + (17 if many == 1 and not below else 12), wide, 0)
    told = paragraph(row.label, words, _PLAIN, bold=True)
    note = paragraph(row.note, Box(left, told.bottom + 1, words.w, 0), _SMALL, fill=SOFT)
    bottom = (note if row.note else told).bottom
    shapes: list[Shape] = [*told.shapes, *note.shapes]
    spots: dict[str, Box] = {}
    height = 40
    if tail and below:
        at = Box(left, bottom + 6, end + 28, height, 10)
        bottom += height + 6
    else:
        at = Box(
            room.x + room.w - end - 28, max(room.y + 8, (room.y + bottom) / 2 - 14), end + 28, height, 10
        )
    if row.button:
        shapes.append(Box(at.x, at.y, at.w, at.h, at.round, WHITE, STEEL, 2.5))
        shapes.append(Text(at.x + at.w / 2, at.y + 27, row.button, _SMALL, True, INK, "middle"))
        spots[row.button] = at
    elif row.value:
        anchor, x = ("start", at.x) if below else ("end", at.x + at.w - 26)
        shapes.append(Text(x, at.y + 27, row.value, _SMALL, False, SOFT, anchor))
    bottom = max(bottom + 12, room.y + 60)
    middle = (room.y + bottom) / 2
    if not row.button:
        shapes.append(Outline("M0 0L8 8L0 16", "none", SOFT, 3, room.x + room.w - 14, middle - 8))
    if row.icon:
        shapes.extend(sign(row.icon, Box(room.x + 2, room.y + 13, 34, 34)))
    shapes.append(Box(room.x, bottom - 1, room.w, 1.5, 0, HAIR))
    spots[row.label] = Box(room.x - 4, room.y + 1, room.w + 8, bottom - room.y - 3, 8)
    return Drawn(bottom, tuple(shapes), spots)


def _icons(icons: Icons, room: Box) -> Drawn:
    cell = room.w / 3
    top = room.y
    shapes: list[Shape] = []
    spots: dict[str, Box] = {}
    for first in range(0, len(icons.named), 3):
        bottom = top
        line = icons.named[first : first + 3]
        start = room.x + (3 - len(line)) * cell / 2
        for place, (label, icon) in enumerate(line):
            x = start + place * cell
            shapes.extend(tile(icon, Box(x + (cell - 66) / 2, top, 66, 66)))
            told = paragraph(label, Box(x + 2, top + 70, cell - 4, 0), _SMALL, anchor="middle")
            shapes.extend(told.shapes)
            spots[label] = Box(x + 3, top - 5, cell - 6, told.bottom + 6 - top, 12)
            bottom = max(bottom, told.bottom)
        top = bottom + 16
    return Drawn(top - 16, tuple(shapes), spots)


TABS = 76
"""Height of the row at a program's foot."""


def _tabs(tabs: Icons, room: Box) -> Drawn:
    cell = room.w / len(tabs.named)
    shapes: list[Shape] = [
        Box(room.x, room.y, room.w, TABS, 0, WHITE),
        Box(room.x, room.y, room.w, 2, 0, HAIR),
    ]
    spots: dict[str, Box] = {}
    for number, (label, icon) in enumerate(tabs.named):
        x = room.x + number * cell
        shapes.extend(sign(icon, Box(x + cell / 2 - 17, room.y + 7, 34, 34)))
        size = min(16.0, 16 * (cell - 6) / width(label, 16))
        shapes.append(Text(x + cell / 2, room.y + 62, label, size, True, INK, "middle"))
        spots[label] = Box(x + 4, room.y + 3, cell - 8, TABS - 5, 10)
    return Drawn(room.y + TABS, tuple(shapes), spots)


def _program(program: Program, room: Box) -> Drawn:
    side = 74
    left = room.x + side + 14
    words = Box(left, room.y - 3, room.w - side - 14, 0)
    name = paragraph(program.label, words, _LARGE, bold=True)
    maker = paragraph(program.maker, Box(left, name.bottom + 5, words.w, 0), 18, fill=SOFT)
    shapes = [*tile(program.icon, Box(room.x, room.y, side, side)), *name.shapes, *maker.shapes]
    bottom = max(room.y + side, maker.bottom)
    spots = {program.label: Box(room.x - 3, room.y - 4, room.w + 6, bottom + 7 - room.y, 12)}
    if program.maker:
        spots[program.maker] = Box(left - 3, name.bottom + 5, words.w + 6, maker.bottom - name.bottom - 1, 8)
    if program.button:
        button = _button(program.button, Press.BUTTON, Box(room.x, bottom + 12, room.w, 0))
        shapes.extend(button.shapes)
        spots.update(button.spots)
        bottom = button.bottom
    return Drawn(bottom, tuple(shapes), spots)


def _alert(alert: Alert, room: Box) -> Drawn:
    inner = Box(room.x + 16, room.y + 18, room.w - 32, 0)
    title = paragraph(alert.title, inner, _LARGE, bold=True, anchor="middle")
    start = title.bottom + (6 if alert.title else 0)
    told = paragraph(alert.label, Box(inner.x, start, inner.w, 0), _PLAIN, anchor="middle")
    top = told.bottom + 14
    shapes: list[Shape] = [*title.shapes, *told.shapes]
    spots = {alert.label: Box(inner.x - 6, start - 4, inner.w + 12, told.bottom - start + 8, 8)}
    for number, label in enumerate(alert.buttons):
        press = Press.OUTLINE if number else Press.BUTTON
        button = _button(label, press, Box(inner.x, top, inner.w, 0))
        shapes.extend(button.shapes)
        spots.update(button.spots)
        top = button.bottom + 10
    box = Box(room.x, room.y, room.w, top + 8 - room.y, 18, WHITE, NIGHT, 2)
    return Drawn(box.bottom, (box, *shapes), spots)


def _message(message: Message, room: Box) -> Drawn:
    sender = paragraph(message.label, Box(room.x + 40, room.y + 2, room.w - 40, 0), _PLAIN, bold=True)
    face = sign(Icon.CHAT, Box(room.x, room.y - 2, 32, 32))
    told = paragraph(message.text, Box(room.x + _PAD, sender.bottom + 18, room.w - 2 * _PAD, 0), _PLAIN)
    bubble = Box(room.x, sender.bottom + 6, room.w, told.bottom + 4 - sender.bottom, 16, PALE, EDGE, 1.5)
    place = Box(room.x - 2, room.y - 4, room.w + 4, bubble.bottom + 6 - room.y, 14)
    return _named(message.label, place, Drawn(bubble.bottom, (*face, *sender.shapes, bubble, *told.shapes)))


def _card(card: Card, room: Box) -> Drawn:
    lines = len(wrap(card.label, 22, room.w - 98, bold=True)) + (1 if card.note else 0)
    words = Box(room.x + 84, room.y + (30 if lines == 1 else 18), room.w - 98, 0)
    told = paragraph(card.label, words, 22, bold=True, fill=WHITE)
    note = paragraph(card.note, Box(words.x, told.bottom + 2, words.w, 0), _SMALL, fill=WHITE)
    place = Box(room.x, room.y, room.w, max(88, note.bottom + 18 - room.y), 14, STEEL)
    signed = sign(Icon.CARD, Box(room.x + 16, room.y + place.h / 2 - 28, 56, 56), WHITE)
    return _named(card.label, place, Drawn(place.bottom, (place, *signed, *told.shapes, *note.shapes)))


def _around(room: Box, told: Drawn) -> Box:
    """The place of bare words, with air for a ring."""
    return Box(room.x - 8, room.y, room.w + 16, told.bottom - room.y + 2)


def _named(label: str, place: Box, drawn: Drawn) -> Drawn:
    return Drawn(drawn.bottom, drawn.shapes, {label: place})
