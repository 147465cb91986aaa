"""What somebody writes of mobile sessions, in a form or in a sheet, becomes sessions or a list of slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.app.sheets import ReadSheet, Row, Unreadable
from bot.core.calendar import MobileSession, Place, repeated
from bot.core.cells import Cell, Unread, one_line, read_day, shown
from bot.core.home_visit import is_dangerous
from bot.core.places import Commune, Places
from bot.core.visits import VIET_NAM, day_of

LONGEST_PLACE = 60
LONGEST_NOTE = 100
MOST_WEEKS = 26
FARTHEST = 365
"""Days ahead."""

LONGEST = 14 * 3600
"""Seconds: more than that is a slip of the pen."""

MOST_DIGITS = 6
"""Enough for "tổ 12, quốc lộ 29", too few for a number to call."""

MOST_ROWS = 300
"""Rows of one sheet."""

PLACES: Mapping[Place, str] = {
    Place.SCHOOL: "trường học",
    Place.MARKET: "chợ",
    Place.HALL: "nhà văn hóa",
    Place.OFFICE: "trụ sở",
    Place.OTHER: "khác",
}
"""As organisers read and write them."""


class Slip(StrEnum):
    """What is wrong with one session as it was written."""

    COMMUNE = "commune"
    WHICH_COMMUNE = "which_commune"
    NO_PLACE = "no_place"
    LONG_PLACE = "long_place"
    UNSAFE = "unsafe"
    LONG_NOTE = "long_note"
    DAY = "day"
    NO_SUCH_DAY = "no_such_day"
    OVER = "over"
    TOO_FAR = "too_far"
    BEGINS = "begins"
    ENDS = "ends"
    NO_LENGTH = "no_length"
    TOO_LONG = "too_long"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Written:
    """One session, or a weekly row of them, in somebody's words. Names are those of the form's fields."""

    xa: Cell = ""
    cho: Cell = ""
    loai: Cell = ""
    ngay: Cell = ""
    tu: Cell = ""
    den: Cell = ""
    tuan: Cell = ""
    ghi_chu: Cell = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """`sessions` only when there are no `slips`."""

    sessions: tuple[MobileSession, ...] = ()
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet. `number` is the one that the sheet's own program shows beside it."""

    number: int
    written: Written
    understood: Understood


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole sheet. `missing` are columns without which nothing can be read, `cut`: it goes on."""

    lines: tuple[Line, ...] = ()
    missing: tuple[str, ...] = ()
    cut: bool = False

    @property
    def good(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.understood.sessions)

    @property
    def bad(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.understood.sessions)


@dataclass(frozen=True, slots=True)
class Reader:
    """`is_safe` says whether words hold no link, no secret, and ask for none."""

    places: Places
    is_safe: Callable[[str], bool]
    sheet: ReadSheet

    def read(self, written: Written, now: int) -> Understood:
        """The sessions that are meant; the first of a weekly row may not be over."""
        slips: list[Slip] = []
        commune = self._commune(shown(written.xa), slips)
        place, note = self._words(written, slips)
        first = _times(written, now, slips)
        weeks = _weeks(written.tuan, slips)
        if slips or commune is None or first is None:
            return Understood(slips=tuple(slips))
        kind = _kind(written.loai, place)
        session = MobileSession(commune.code, place, kind, *first, note)
        return Understood(repeated(session, weeks))

    def plan(self, body: bytes, now: int) -> Plan | Unreadable:
        """What a sheet says; its first row names the columns."""
        sheet = self.sheet(body)
        if isinstance(sheet, Unreadable):
            return sheet
        if not sheet.rows:
            return Plan(missing=NEEDED)
        columns = _columns(sheet.rows[0].cells)
        missing = tuple(name for name in NEEDED if name not in columns.values())
        if missing:
            return Plan(missing=missing)
        rows = sheet.rows[1 : MOST_ROWS + 1]
        lines = tuple(self._line(row, columns, now) for row in rows)
        return Plan(lines, cut=sheet.cut or len(sheet.rows) > MOST_ROWS + 1)

    def _line(self, row: Row, columns: Mapping[int, str], now: int) -> Line:
        told = {columns[at]: cell for at, cell in enumerate(row.cells) if at in columns and cell is not None}
        province = shown(told.pop("tinh", ""))
        if province:
            told["xa"] = f"{shown(told.get('xa', ''))}, {province}"
        written = Written(**told)
        return Line(row.line, written, self.read(written, now))

    def _commune(self, typed: str, slips: list[Slip]) -> Commune | None:
        found = self.places.commune(typed.zfill(5)) if typed.isdigit() else None
        if found is not None:
            return found
        named = self.places.named(typed) or self.places.named(f"xã {typed}")
        communes = named.communes if named else ()
        if len(communes) == 1:
            return communes[0]
        slips.append(Slip.WHICH_COMMUNE if communes else Slip.COMMUNE)
        return None

    def _words(self, written: Written, slips: list[Slip]) -> tuple[str, str]:
        place, note = _tidy(written.cho), _tidy(written.ghi_chu)
        if not place:
            slips.append(Slip.NO_PLACE)
        if len(place) > LONGEST_PLACE:
            slips.append(Slip.LONG_PLACE)
        if len(note) > LONGEST_NOTE:
            slips.append(Slip.LONG_NOTE)
        if not all(self.may_be_said(words) for words in (place, note) if words):
            slips.append(Slip.UNSAFE)
        return place, note

    def may_be_said(self, words: str) -> bool:
        """Whether words that only say where, and what there is, may go to residents in the bot's name."""
        digits = sum(letter.isdigit() for letter in words)
        return digits <= MOST_DIGITS and not is_dangerous(words) and self.is_safe(words)


NEEDED = ("xa", "cho", "ngay", "tu", "den")
_NAMES = {
    "xa": ("xa", "xa phuong", "phuong xa", "ma xa", "ten xa", "don vi", "dia ban"),
    "tinh": ("tinh", "tinh thanh", "tinh thanh pho"),
    "cho": ("cho", "dia diem", "noi", "noi den", "o dau", "diem luu dong"),
    "loai": ("loai", "loai dia diem", "kieu"),
    "ngay": ("ngay", "ngay den", "ngay thang"),
    "tu": ("tu", "tu gio", "bat dau", "gio bat dau", "gio vao"),
    "den": ("den", "den gio", "ket thuc", "gio ket thuc"),
    "tuan": ("so tuan", "tuan", "lap lai", "lap may tuan"),
    "ghi_chu": ("ghi chu", "chu thich", "noi dung"),
}
"""What a column may be called, without diacritics."""

_BEGINS = {
    Place.SCHOOL: ("truong", "diem truong"),
    Place.MARKET: ("cho",),
    Place.HALL: ("nha van hoa", "nha sinh hoat", "hoi truong", "dinh", "nha rong", "nha cong dong"),
    Place.OFFICE: ("tru so", "uy ban", "ubnd", "cong an", "trung tam hanh chinh"),
}
"""How the name of a place of each kind begins, without diacritics."""

_COLUMN = {name: field for field, names in _NAMES.items() for name in names}
_CLOCK = re.compile(
    r"([0-9]{1,2})(?:\s*(?::|h|g|giờ|gio)\s*([0-9]{2})?(?::[0-9]{2})?)?\s*(?:phút|phut)?", re.IGNORECASE
)


def _columns(header: tuple[Cell, ...]) -> dict[int, str]:
    return {at: _COLUMN[name] for at, cell in enumerate(header) if (name := _plain(shown(cell))) in _COLUMN}


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def _tidy(cell: Cell) -> str:
    """Words on one line, without marks that a message would show as bold or as a link's brackets."""
    text = "" if cell is None else str(cell)
    return one_line(re.sub(r"[*_<>\[\]{}`]", " ", text))


def _kind(cell: Cell, place: str) -> Place:
    """What kind of place it is, as it was chosen or written; else as its name says."""
    told = _plain(shown(cell))
    if told in set(Place):
        return Place(told)
    return next(
        (kind for kind, begins in _BEGINS.items() if (told or _plain(place)).startswith(begins)), Place.OTHER
    )


def _times(written: Written, now: int, slips: list[Slip]) -> tuple[int, int] | None:
    """When the first session begins and ends."""
    day = read_day(written.ngay)
    begins, ends = _clock(written.tu), _clock(written.den)
    if begins is None:
        slips.append(Slip.BEGINS)
    if ends is None:
        slips.append(Slip.ENDS)
    if isinstance(day, Unread):
        slips.append(Slip.NO_SUCH_DAY if day.why == "no_such_day" else Slip.DAY)
        return None
    if begins is None or ends is None:
        return None
    midnight = day * 86400 - VIET_NAM
    first = midnight + 60 * begins, midnight + 60 * ends
    if ends <= begins:
        slips.append(Slip.NO_LENGTH)
    elif first[1] - first[0] > LONGEST:
        slips.append(Slip.TOO_LONG)
    elif first[1] <= now:
        slips.append(Slip.OVER)
    elif day > day_of(now) + FARTHEST:
        slips.append(Slip.TOO_FAR)
    return first


def _clock(cell: Cell) -> int | None:
    """Minutes since midnight: "18:00", "18h30", "18 giờ", 18, or the part of a day that a sheet keeps."""
    if isinstance(cell, float) and 0 < cell < 1:
        return round(cell * 1440)
    if isinstance(cell, float | int):
        return int(cell) * 60 if 0 <= cell < 24 and cell == int(cell) else None
    found = _CLOCK.fullmatch(shown(cell))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _weeks(cell: Cell, slips: list[Slip]) -> int:
    text = shown(cell).removesuffix(".0")
    if not text:
        return 1
    weeks = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    if not 1 <= weeks <= MOST_WEEKS:
        slips.append(Slip.WEEKS)
    return weeks
