"""A phone screen as a guide's picture shows it: few and large things, each with the words that stand on it.

Screens are described in `flows/_screens/*.yaml`; `pictures/` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class Frame(StrEnum):
    """What the screen belongs to."""

    ANDROID = "android"
    IPHONE = "iphone"
    COMPUTER = "computer"


class Icon(StrEnum):
    """Signs that stand beside words. None of them imitates anybody's mark closer than it is spoken of."""

    BANK = "bank"
    BELL = "bell"
    CAMERA = "camera"
    CAR = "car"
    CARD = "card"
    CHAT = "chat"
    CLOCK = "clock"
    FACE = "face"
    FILES = "files"
    FINGER = "finger"
    GEAR = "gear"
    GLOBE = "globe"
    HEALTH = "health"
    HOME = "home"
    LETTER_A = "letter-a"
    LOCK = "lock"
    MAP = "map"
    MOBILE = "mobile"
    NFC = "nfc"
    PAPER = "paper"
    PEOPLE = "people"
    PERSON = "person"
    PHONE = "phone"
    PHOTO = "photo"
    PLUS = "plus"
    QR = "qr"
    SEARCH = "search"
    SHIELD = "shield"
    SIM = "sim"
    TRASH = "trash"
    TRIANGLE = "triangle"
    UPDATE = "update"
    VNEID = "vneid"
    WALLET = "wallet"
    WIFI = "wifi"


class Tone(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    ERROR = "error"
    STOP = "stop"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that cannot be pressed. `STOP` warns in our own name; `WAITING` has a turning wheel."""

    tone: Tone
    label: str


class Entry(StrEnum):
    FIELD = "field"
    SEARCH = "search"
    BOXES = "boxes"


@dataclass(frozen=True, slots=True)
class Field:
    """Something to type into. `value` is what has been typed; `BOXES` are one for each digit."""

    entry: Entry
    label: str
    value: str = ""
    count: int = 6


class Mark(StrEnum):
    CHECK = "check"
    OPTION = "option"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Toggle:
    """A box to tick, one of several to choose, or a switch."""

    mark: Mark
    label: str
    on: bool = False
    note: str = ""


class Press(StrEnum):
    BUTTON = "button"
    OUTLINE = "outline"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Button:
    press: Press
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list. `button` is a small one at its end; without one a row leads on."""

    label: str
    icon: Icon | None = None
    value: str = ""
    note: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Icons:
    """Signs with a name below: the programs of a home screen, or (`bar`) the row at the foot of a program."""

    named: tuple[tuple[str, Icon], ...]
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A program as a store shows it."""

    label: str
    icon: Icon
    maker: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """A box that lies over the screen."""

    label: str
    title: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A text message. `label` is who sent it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A document as a wallet shows it."""

    label: str
    note: str = ""


class Sight(StrEnum):
    """What is seen through the camera, or how things are held. `CODE` is a QR code on the screen itself."""

    CARD = "card"
    CARD_QR = "card-qr"
    CARD_BACK = "card-back"
    PAPER = "paper"
    QR = "qr"
    CODE = "code"
    FACE = "face"
    HOLD_ANDROID = "hold-android"
    HOLD_IPHONE = "hold-iphone"
    TWO_PHONES = "two-phones"


@dataclass(frozen=True, slots=True)
class Scene:
    label: str
    sight: Sight


Element = Words | Field | Toggle | Button | Row | Icons | Program | Alert | Message | Card | Scene


@dataclass(frozen=True, slots=True)
class Screen:
    """`address` is the bar of a web browser."""

    id: str
    frame: Frame
    title: str
    address: str
    show: tuple[Element, ...]


def labels(element: Element) -> tuple[str, ...]:
    """What a picture may point at, by the words that stand on it."""
    match element:
        case Icons(named=named):
            return tuple(name for name, _ in named)
        case Row(label=label, button=button):
            return _said(label, button)
        case Program(label=label, maker=maker, button=button):
            return _said(label, maker, button)
        case Alert(label=label, buttons=buttons):
            return (label, *buttons)
        case Words() | Field() | Toggle() | Button() | Message() | Card() | Scene():
            return (element.label,)
        case never:
            assert_never(never)


def only_read(element: Element) -> tuple[str, ...]:
    """Labels that are looked at and never tapped: a picture shows them with an arrow, not with a hand."""
    match element:
        case Words() | Message() | Scene() | Alert():
            return (element.label,)
        case Program(maker=maker):
            return _said(maker)
        case _:
            return ()


def pressed(element: Element) -> tuple[str, ...]:
    """The labels of buttons: what a guide tells people to press must be what they see."""
    match element:
        case Button(label=label):
            return (label,)
        case Row(button=button) | Program(button=button):
            return _said(button)
        case Alert(buttons=buttons):
            return buttons
        case _:
            return ()


def _said(*words: str) -> tuple[str, ...]:
    return tuple(word for word in words if word)
