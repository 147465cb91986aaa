"""What people write into the cells of a sheet: whole numbers, percentages and dates, in several habits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import isfinite

Cell = str | int | float | None
"""A date is text as ISO 8601 writes it."""


class Wrong(StrEnum):
    """Why a cell cannot be read."""

    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_BIG = "too_big"
    FORMULA = "formula"
    NO_DATE = "no_date"
    NO_SUCH_DAY = "no_such_day"


@dataclass(frozen=True, slots=True)
class Unread:
    """`meant` is what was probably meant, as it would be written."""

    why: Wrong
    meant: str = ""


MOST = 200_000_000
"""People: more than there are in the country is a slip."""

_GROUPED = re.compile(r"\d{1,3}(?:([.,\u2019'\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_UNITS = re.compile(r"\s*(?:người|nguoi|thẻ|the|tài khoản|tai khoan|tk)\.?$", re.IGNORECASE)
_DMY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(36_526, 73_051)  # the years 2000 to 2099
_EPOCH = date(1970, 1, 1)
_SANE = 10**15
_LOOKALIKES = str.maketrans("OoIl", "0011")
_NO_NUMBER = Unread(Wrong.NO_NUMBER)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in {"", "-", "–", "—"})


def one_line(text: str) -> str:
    """Somebody's words as they are kept to be shown: on one line, without signs that nobody sees. Some of
    those turn the line around, and others no document can hold.
    """
    letters = (one if one.isprintable() else " " if one.isspace() else "" for one in text)
    return unicodedata.normalize("NFC", " ".join("".join(letters).split()))


def shown(cell: Cell) -> str:
    """A cell as it is quoted back."""
    return one_line("" if cell is None else str(cell))[:60]


def read_count(cell: Cell) -> int | Unread:
    """People. "1.120.269", "1,120,269" and "1 120 269" are the same; "12,5" is nobody's number."""
    if isinstance(cell, float | int):
        return _count_of(cell)
    text = _UNITS.sub("", shown(cell))
    if text.startswith("="):
        return Unread(Wrong.FORMULA)
    if text.startswith(("-", "−")) and text[1:2].isdigit():
        return Unread(Wrong.NEGATIVE)
    if text.isascii() and text.isdigit():
        return _within(text)
    if _GROUPED.fullmatch(text):
        return _within(re.sub(r"\D", "", text))
    if decimal := _DECIMAL.fullmatch(text):
        whole, rest = decimal.groups()
        return _within(whole) if not rest.strip("0") and len(rest) < 3 else Unread(Wrong.FRACTION)
    # letters that look like digits on an old typewriter, and signs in the wrong place
    digits = re.sub(r"[.,\s']", "", text.translate(_LOOKALIKES))
    is_near = digits.isascii() and digits.isdigit() and len(digits) < 10
    return Unread(Wrong.NO_NUMBER, f"{int(digits):,}".replace(",", ".") if is_near else "")


def read_rate(cell: Cell) -> int | Unread:
    """Hundredths of a per cent: "94,4 %" is 9440. A number of at most 1 is how sheets keep a percentage."""
    if isinstance(cell, float | int):
        sane = isfinite(cell) and abs(cell) < _SANE
        return _rate_within(round(cell * (10_000 if is_fraction(cell) else 100))) if sane else _NO_NUMBER
    text = shown(cell).replace(" ", "").removesuffix("%")
    if text.startswith("="):
        return Unread(Wrong.FORMULA)
    found = re.fullmatch(r"([0-9]{1,4})(?:[.,]([0-9]{1,2})0*)?", text)
    if not found:
        return Unread(Wrong.NEGATIVE if text.startswith(("-", "−")) else Wrong.NO_NUMBER)
    return _rate_within(int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")))


def is_fraction(cell: Cell) -> bool:
    """Whether a sheet keeps a percentage as a part of one."""
    return isinstance(cell, float | int) and 0 < cell <= 1


def read_day(cell: Cell) -> int | Unread:
    """Days since 1970. Day before month, as Viet Nam writes it; or ISO 8601; or a sheet's own number."""
    if isinstance(cell, float | int):
        number = int(cell) if isfinite(cell) and abs(cell) < _SANE else 0
        if number in _EXCEL_DAYS:
            return (_EXCEL_EPOCH + timedelta(days=number) - _EPOCH).days
        return Unread(Wrong.NO_DATE)
    text = shown(cell)
    if text.startswith("="):
        return Unread(Wrong.FORMULA)
    if text.isascii() and text.isdigit() and int(text[:6]) in _EXCEL_DAYS:
        return read_day(int(text))
    if (iso := _ISO.fullmatch(text)) and iso[0].isascii():
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if (local := _DMY.fullmatch(text)) and local[0].isascii():
        day, month, year = map(int, local.groups())
        return _day(year + 2000 if year < 100 else year, month, day)
    return Unread(Wrong.NO_DATE)


def _count_of(number: float) -> int | Unread:
    if not isfinite(number) or abs(number) > _SANE:
        return _NO_NUMBER
    if number < 0:
        return Unread(Wrong.NEGATIVE)
    if number != int(number):
        thousands = number * 1000
        # a sheet set to English reads "1.120" as a little more than one
        is_near = number < 1000 and abs(thousands - round(thousands)) < 1e-6
        return Unread(Wrong.FRACTION, f"{round(thousands):,}".replace(",", ".") if is_near else "")
    return _within(str(int(number)))


def _within(digits: str) -> int | Unread:
    return int(digits) if len(digits) < 16 and int(digits) <= MOST else Unread(Wrong.TOO_BIG)


def _rate_within(hundredths: int) -> int | Unread:
    if hundredths < 0:
        return Unread(Wrong.NEGATIVE)
    return hundredths if hundredths <= 100_000 else Unread(Wrong.TOO_BIG)


def _day(year: int, month: int, day: int) -> int | Unread:
    try:
        return (date(year, month, day) - _EPOCH).days
    except ValueError:
        swapped = 1 <= day <= 12 and 1 <= month <= 31
        return Unread(Wrong.NO_SUCH_DAY, f"{month}/{day}/{year}" if swapped else "")
