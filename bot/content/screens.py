"""The screens that pictures show: `flows/_screens/*.yaml` become core objects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.fields import fields, is_id, items, one_of, text, whole
from bot.content.problems import Problem, Spot, fault, quote, suggest
from bot.content.source import Items, Node, Pairs, Scalar, parse, read_document
from bot.core.screen import (
    Alert,
    Button,
    Card,
    Element,
    Entry,
    Field,
    Frame,
    Icon,
    Icons,
    Mark,
    Message,
    Press,
    Program,
    Row,
    Scene,
    Screen,
    Sight,
    Toggle,
    Tone,
    Words,
    labels,
    pressed,
)

FOLDER = "flows/_screens"
_SHORT, _LONG = 60, 120
_MOST_ICONS = 9
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES) + "đ"
DRAWABLE = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?…«»‹›•·+-–—@#/()%&*°\"'“”_<>="
    + _LETTERS
    + _LETTERS.upper()
)
"""What the font of the pictures has; another sign would become an empty box."""


@dataclass(slots=True)
class Screens:
    """`read` are those without a fault, `places` all that are named, `buttons` every label to press.

    `lost` when a file could not be read, so that what it names is not known.
    """

    read: dict[str, Screen] = field(default_factory=dict)
    places: dict[str, Spot] = field(default_factory=dict)
    buttons: list[Scalar] = field(default_factory=list)
    lost: bool = False


def read_screens(root: Path, problems: list[Problem]) -> Screens:
    screens = Screens()
    for path in sorted((root / FOLDER).glob("*.yaml")):
        document = read_document(root, path, problems)
        node = parse(document, problems) if document else None
        found = fields(node, ("screens",), (), problems) if node else None
        listed = found.get("screens") if found else None
        if not isinstance(listed, Pairs):
            screens.lost = True
            if listed is not None:
                problems.append(fault(listed.spot, '"screens" phải có các màn hình, mỗi màn hình một tên'))
            continue
        for key, value in listed.pairs:
            _add(key, value, screens, problems)
    return screens


def _add(key: Scalar, node: Node, screens: Screens, problems: list[Problem]) -> None:
    if not is_id(key, problems):
        return
    other = screens.places.get(key.value)
    if other is not None:
        where = f"{other.file} dòng {other.line}"
        problems.append(fault(key.spot, f"màn hình {quote(key.value)} đã có", f"ở {where}"))
        return
    screens.places[key.value] = key.spot
    screen = _screen(key, node, screens, problems)
    if screen is not None:
        screens.read[key.value] = screen


def _screen(key: Scalar, node: Node, screens: Screens, problems: list[Problem]) -> Screen | None:
    before = len(problems)
    found = fields(node, ("show",), ("frame", "title", "address"), problems, key)
    if found is None:
        return None
    frame = Frame(one_of(found.get("frame"), tuple(Frame), problems) or Frame.ANDROID)
    title, address = _words(found, "title", problems), _words(found, "address", problems)
    entries = items(found.get("show"), problems)
    if "show" in found and not entries and len(problems) == before:
        problems.append(fault(found["show"].spot, "màn hình này chưa có gì để vẽ"))
    taken: dict[str, Node] = {}
    show: list[Element] = []
    for entry in entries:
        element = _element(entry, problems)
        if element is None:
            continue
        show.append(element)
        screens.buttons.extend(_scalars(entry, pressed(element)))
        _refuse_twice(entry, element, taken, problems)
    return Screen(key.value, frame, title, address, tuple(show)) if len(problems) == before else None


def _refuse_twice(entry: Node, element: Element, taken: dict[str, Node], problems: list[Problem]) -> None:
    """A picture points by words, so the same words must not stand in two places."""
    for label in labels(element):
        if label in taken:
            message = f"chữ {quote(label)} có ở hai chỗ trên màn hình này"
            hint = f"chỗ kia ở dòng {taken[label].spot.line}; khoanh thì không biết chỗ nào"
            problems.append(fault(next(_scalars(entry, (label,)), entry).spot, message, hint))
        taken.setdefault(label, entry)


def _scalars(node: Node, values: tuple[str, ...]) -> Iterator[Scalar]:
    """Where in an element some of its words are written."""
    match node:
        case Scalar():
            if " ".join(node.value.split()) in values:
                yield node
        case Pairs(pairs=pairs):
            for key, value in pairs:
                yield from _scalars(key, values)
                yield from _scalars(value, values)
        case Items(items=inside):
            for item in inside:
                yield from _scalars(item, values)


_Found = Mapping[str, Node]
_Reader = Callable[[_Found, list[Problem]], Element | None]


def _element(node: Node, problems: list[Problem]) -> Element | None:
    if not isinstance(node, Pairs):
        fields(node, (), (), problems)
        return None
    keys = {key.value: key for key, _ in node.pairs}
    kinds = [kind for kind in KINDS if kind in keys]
    if len(kinds) > 1:
        names = " và ".join(quote(kind) for kind in kinds)
        problems.append(
            fault(keys[kinds[1]].spot, f"một phần không thể có cả {names}", "tách thành hai phần")
        )
        return None
    if not kinds:
        first = next(iter(keys.values()), None)
        known = suggest(first.value, KINDS) if first else ""
        hint = known or "xem docs/noi-dung.md, mục Hình minh hoạ"
        shown = quote(first.value) if first else "trống"
        problems.append(fault(first.spot if first else node.spot, f"không có loại phần tử {shown}", hint))
        return None
    optional, reader = KINDS[kinds[0]]
    before = len(problems)
    found = fields(node, (kinds[0],), optional, problems)
    element = reader(found, problems) if found else None
    return element if len(problems) == before else None


def _words(found: _Found, key: str, problems: list[Problem], most: int = _SHORT) -> str:
    """Words that can be drawn; empty when they are not there or have a fault."""
    node = found.get(key)
    scalar = text(node, problems)
    if scalar is None:
        return ""
    value = " ".join(scalar.value.split())
    strange = next((letter for letter in value if letter not in DRAWABLE), "")
    if strange:
        message = f"không vẽ được ký tự {quote(strange)} (U+{ord(strange):04X})"
        problems.append(fault(scalar.find(re.escape(strange)), message, "dùng chữ và dấu câu thường"))
    elif len(value) > most:
        problems.append(fault(scalar.spot, f"dài {len(value)} ký tự, tối đa {most}", "hình chỉ hợp chữ ngắn"))
    return value


def _told(tone: Tone) -> _Reader:
    return lambda found, problems: Words(tone, _words(found, tone, problems, _LONG))


def _entry(entry: Entry) -> _Reader:
    def read(found: _Found, problems: list[Problem]) -> Element:
        count = whole(found.get("count"), problems)
        if count is not None and not 4 <= count <= 8:
            problems.append(fault(found["count"].spot, "số ô phải từ 4 đến 8"))
        return Field(entry, _words(found, entry, problems), _words(found, "value", problems), count or 6)

    return read


def _toggle(mark: Mark) -> _Reader:
    def read(found: _Found, problems: list[Problem]) -> Element:
        on = one_of(found.get("state"), ("bat", "tat"), problems) == "bat"
        return Toggle(mark, _words(found, mark, problems, _LONG), on, _words(found, "note", problems, _LONG))

    return read


def _press(press: Press) -> _Reader:
    return lambda found, problems: Button(press, _words(found, press, problems))


def _row(found: _Found, problems: list[Problem]) -> Element:
    return Row(
        _words(found, "row", problems),
        _icon(found.get("icon"), problems),
        _words(found, "value", problems),
        _words(found, "note", problems, _LONG),
        _words(found, "action", problems),
    )


def _icons(key: str) -> _Reader:
    def read(found: _Found, problems: list[Problem]) -> Element | None:
        node = found[key]
        if not isinstance(node, Pairs) or not node.pairs:
            problems.append(fault(node.spot, "viết như {Cài đặt: gear, Ảnh: photo}"))
            return None
        if len(node.pairs) > _MOST_ICONS:
            problems.append(fault(node.spot, f"có {len(node.pairs)} hình, tối đa {_MOST_ICONS}"))
        named = [(_words({"": name}, "", problems), _icon(icon, problems)) for name, icon in node.pairs]
        return Icons(tuple((name, icon) for name, icon in named if icon is not None), bar=key == "tabs")

    return read


def _program(found: _Found, problems: list[Problem]) -> Element:
    return Program(
        _words(found, "program", problems),
        _icon(found.get("icon"), problems) or Icon.VNEID,
        _words(found, "maker", problems),
        _words(found, "action", problems),
    )


def _alert(found: _Found, problems: list[Problem]) -> Element:
    buttons = [_words({"": button}, "", problems) for button in items(found.get("actions"), problems)]
    return Alert(_words(found, "alert", problems, _LONG), _words(found, "title", problems), tuple(buttons))


def _message(found: _Found, problems: list[Problem]) -> Element:
    if "says" not in found:
        problems.append(fault(found["message"].spot, 'tin nhắn thiếu mục "says"', "chữ trong tin nhắn"))
    return Message(_words(found, "message", problems), _words(found, "says", problems, _LONG))


def _card(found: _Found, problems: list[Problem]) -> Element:
    return Card(_words(found, "card", problems), _words(found, "note", problems))


def _scene(key: str, of: Mapping[str, Sight]) -> _Reader:
    """A scene of several kinds; the first is meant when none is named."""

    def read(found: _Found, problems: list[Problem]) -> Element:
        which = one_of(found.get("of"), tuple(of), problems) or next(iter(of))
        return Scene(_words(found, key, problems), of[which])

    return read


def _icon(node: Node | None, problems: list[Problem]) -> Icon | None:
    name = one_of(node, tuple(Icon), problems)
    return Icon(name) if name in tuple(Icon) else None


_CAMERA = {
    sight.value: sight for sight in (Sight.CARD_QR, Sight.CARD, Sight.CARD_BACK, Sight.PAPER, Sight.QR)
}
_HOLD = {"android": Sight.HOLD_ANDROID, "iphone": Sight.HOLD_IPHONE}

KINDS: Mapping[str, tuple[tuple[str, ...], _Reader]] = {
    **{tone.value: ((), _told(tone)) for tone in Tone},
    "field": (("value",), _entry(Entry.FIELD)),
    "search": (("value",), _entry(Entry.SEARCH)),
    "boxes": (("value", "count"), _entry(Entry.BOXES)),
    **{mark.value: (("state", "note"), _toggle(mark)) for mark in Mark},
    **{press.value: ((), _press(press)) for press in Press},
    "row": (("icon", "value", "note", "action"), _row),
    "icons": ((), _icons("icons")),
    "tabs": ((), _icons("tabs")),
    "program": (("icon", "maker", "action"), _program),
    "alert": (("title", "actions"), _alert),
    "message": (("says",), _message),
    "card": (("note",), _card),
    "camera": (("of",), _scene("camera", _CAMERA)),
    "qr": ((), _scene("qr", {"qr": Sight.CODE})),
    "face": ((), _scene("face", {"face": Sight.FACE})),
    "hold": (("of",), _scene("hold", _HOLD)),
    "two-phones": ((), _scene("two-phones", {"two-phones": Sight.TWO_PHONES})),
}
"""Each kind of element: the keys it may have besides its own, and how it is read."""
