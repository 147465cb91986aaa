"""What honest and dishonest helpers write, in the ways in which people type Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "guard"
PAIRS = (("bác", "cháu"), ("cô", "em"), ("chú", "con"), ("bà", "mình"))
"""How the resident and the helper are called."""


@dataclass(frozen=True)
class Sample:
    """`line` is the phrasing, `style` how it was typed."""

    kind: str
    line: int
    style: str
    text: str


def dishonest(name: str) -> list[Sample]:
    """Every phrasing in every style, with every pair of forms of address."""
    return [
        Sample(kind, number, style, write(template, place))
        for number, (kind, template) in enumerate(_lines(name))
        for style, write in STYLES.items()
        for place in range(len(PAIRS))
    ]


def honest(name: str) -> list[Sample]:
    """Every sentence with diacritics, without, and in shorthand."""
    return [
        Sample("", number, style, STYLES[style](template, number % len(PAIRS)))
        for number, (_, template) in enumerate(_lines(name))
        for style in ("full", "plain", "teen")
    ]


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, bar, text = line.rpartition(" | ")
            yield (kind, text) if bar else ("", line)


def _full(template: str, place: int) -> str:
    them, us = PAIRS[place]
    said = template.replace("{b}", them).replace("{c}", us)
    return said[:1].upper() + said[1:]


def _clear(template: str, place: int) -> str:
    return _full(template, place).replace("[", "").replace("]", "")


def _plain(template: str, place: int) -> str:
    return without_marks(_clear(template, place))


def _teen(template: str, place: int) -> str:
    said = _clear(template, place).lower()
    for word, short in _TEEN:
        said = re.sub(rf"(?<!\w){word}(?!\w)", short, said)
    return without_marks(said)


def _disguised(template: str, place: int) -> str:
    """What stands in brackets, in letters apart; a link gets its dots apart."""
    said = _full(template, place)
    hidden = re.sub(r"\[([^]]*)\]", lambda match: _APART[place](match[1]), said)
    return hidden if hidden != said else said.replace(".com", " . com").replace(".net", "[.]net")


def without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def _between(mark: str) -> Callable[[str], str]:
    return lambda words: "  ".join(mark.join(word) for word in words.split())


_APART: tuple[Callable[[str], str], ...] = (
    _between(" "),
    _between("."),
    lambda words: without_marks(_between("-")(words)),
    lambda words: without_marks(" ".join(words.replace(" ", ""))),
)
STYLES: dict[str, Callable[[str, int], str]] = {
    "full": _clear,
    "plain": _plain,
    "teen": _teen,
    "apart": _disguised,
}
_TEEN = (
    ("mật khẩu", "mk"),
    ("số điện thoại", "sdt"),
    ("điện thoại", "dt"),
    ("thẻ căn cước", "the cccd"),
    ("căn cước", "cccd"),
    ("chứng minh", "cmnd"),
    ("số tài khoản", "stk"),
    ("tài khoản", "tk"),
    ("chuyển khoản", "ck"),
    ("nghìn", "k"),
    ("tin nhắn", "tn"),
    ("facebook", "fb"),
    ("telegram", "tele"),
    ("không", "ko"),
    ("được", "dc"),
    ("với", "vs"),
    ("gì", "j"),
    ("rồi", "r"),
    ("nhé", "nha"),
    ("bao nhiêu", "bn"),
    ("em", "e"),
    ("vào", "zo"),
    ("qua", "wa"),
    ("ứng dụng", "app"),
    ("đăng nhập", "dn"),
    ("công an", "ca"),
    ("hướng dẫn", "hd"),
    ("mình", "mk"),
)
