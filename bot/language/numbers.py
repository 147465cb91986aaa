"""Whole numbers as people write them: digits, words, ordinals, with and without diacritics."""

from __future__ import annotations

import re

from bot.language.normalise import plain, tokens
from bot.language.syllables import listed

LARGEST = 10**12


def numbers(text: str) -> list[int]:
    """All whole numbers in the text, in order."""
    typed = tokens(_GROUPED.sub(_without_dots, text[:400]))
    words = [plain(token) for token in typed]
    found: list[int] = []
    at = 0
    while at < len(words):
        value, length = _in_digits(words, at)
        if length == 0:
            value, length = _spelt(typed, words, at)
        if length:
            found.append(value)
        at += max(1, length)
    return found


def the_number(text: str) -> int | None:
    """The one whole number in the text; None if there is none or more than one."""
    found = numbers(text)
    return found[0] if len(found) == 1 and found[0] < LARGEST and not _HALF.search(text) else None


def _in_digits(words: list[str], at: int) -> tuple[int, int]:
    match = _LEADING_DIGITS.fullmatch(words[at])
    if match is None:
        return 0, 0
    value, unit = int(match[1]), match[2]
    following = words[at + 1] if at + 1 < len(words) else ""
    if not unit and following in _MULTIPLES:
        return value * _MULTIPLES[following], 2
    return value * _MULTIPLES.get(unit, 1), 1


def _spelt(typed: list[str], words: list[str], start: int) -> tuple[int, int]:
    """The value of the number words from `start` on, and how many words they are."""
    total = part = 0
    at = start
    while at < len(words):
        word = words[at]
        if word in _UNITS and _says_number(typed, words, at, begun=at > start):
            unit = _UNITS[word]
            if part % 10 and at > start:
                break
            part += unit
        elif word == "muoi" and _is(typed[at], "mười", "mươi", "mưoi", "muơi"):
            if part % 10 and part < 10:
                part *= 10
            elif part % 100 == 0 or part > 100:
                # "mười" begins the tens; "hai mươi" after hundreds multiplies the last digit
                part = part + 10 if part % 10 == 0 else part - part % 10 + part % 10 * 10
            else:
                break
        elif word == "tram" and 0 < part < 10 and _is(typed[at], "trăm"):
            part *= 100
        elif word in _MULTIPLES and 0 < part < 1000 and _is(typed[at], "nghìn", "ngàn", "triệu"):
            total, part = total + part * _MULTIPLES[word], 0
        elif word in {"linh", "le"} and part >= 100 and at + 1 < len(words) and words[at + 1] in _UNITS:
            pass
        else:
            break
        at += 1
    return (total + part, at - start) if total + part else (0, 0)


def _says_number(typed: list[str], words: list[str], at: int, *, begun: bool) -> bool:
    """Whether a word that can be a digit is one here: "ba" is also a father, "năm" also a year."""
    word, written = words[at], typed[at]
    if not _is(written, *_WRITTEN[word]):
        return False
    if word in {"lam", "nham", "tu", "mot"} and begun:
        return True
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 1] if at else ""
    if word in {"lam", "nham"}:
        return False
    if word == "nam" and (before.isdigit() or (before in _UNITS and not begun)):
        return False
    if written == word == "tu":
        return before == "thu"
    if written == word == "sau" and (after[:1].isdigit() or after in _UNITS or after == "muoi"):
        return False
    return after not in _NOT_BEFORE.get(word, ())


def _is(token: str, *written: str) -> bool:
    """A word typed without diacritics may be any of its readings; with them it must be the right one."""
    return token.isascii() or token in written


def _without_dots(match: re.Match[str]) -> str:
    return re.sub(r"[.,]", "", match[0])


_WRITTEN = {
    "mot": ("một", "mốt"),
    "hai": ("hai",),
    "ba": ("ba",),
    "bon": ("bốn",),
    "tu": ("tư",),
    "nam": ("năm",),
    "lam": ("lăm",),
    "nham": ("nhăm",),
    "sau": ("sáu",),
    "bay": ("bảy", "bẩy"),
    "tam": ("tám",),
    "chin": ("chín",),
}
_UNITS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_MULTIPLES = {"k": 1000, "nghin": 1000, "ngan": 1000, "tr": 10**6, "trieu": 10**6}
_NOT_BEFORE = {
    "mot": frozenset(listed("vai it chut luc lat so")),
    "ba": frozenset(listed("toi me em con noi ngoai cu gia chi anh chau minh bac")),
    "nam": frozenset(listed("nay ngoai sau truoc vien")),
    "bay": frozenset(listed("gio")),
    "sau": frozenset(listed("do khi nay ngay")),
    "tam": frozenset(listed("tru thoi hoan vang ngung")),
    "hai": frozenset(listed("quan duong phong")),
}
_GROUPED = re.compile(r"\b\d{1,3}(?:[.,]\d{3})+\b")
_LEADING_DIGITS = re.compile(r"([0-9]{1,15})([a-z]{0,6})")
_HALF = re.compile(r"rưỡi|ruoi\b|\d[.,]\d{1,2}\b", re.IGNORECASE)
