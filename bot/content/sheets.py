"""Bytes that somebody uploads become rows: CSV in whatever encoding, or a workbook's first table.

Nothing in a file is run: of a formula the number is read that the sheet's program kept beside it, and without
one the formula is handed on as text, to be complained of.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.app.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Row, Sheet, Unreadable, Why
from bot.core.cells import Cell

if TYPE_CHECKING:
    from openpyxl import Workbook

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UNPACKED = 96 * 1024 * 1024
"""Bytes of a workbook when it is unpacked; a hundred thousand rows of ten cells take half of it."""

_STRINGS = 24 * 1024 * 1024
"""Bytes of the part that is held in memory as a whole."""

_SHEETS = 8
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MOST = 10**15
_OPEN_LINES = 5
"""Lines that a quoted cell may go on over. A quote that is never closed must not swallow rows."""


def read_sheet(body: bytes) -> Sheet | Unreadable:
    """A `ReadSheet`."""
    if not body.strip():
        return Unreadable(Why.EMPTY)
    if len(body) > MOST_BYTES:
        return Unreadable(Why.TOO_BIG)
    if body.startswith(_COMPOUND):  # .xls, or a workbook behind a password
        return Unreadable(Why.LOCKED if "EncryptedPackage".encode("utf-16-le") in body else Why.OLD_EXCEL)
    if body.startswith(_ZIP):
        return _workbook(body)
    sheet = _text(_decoded(body))
    return sheet if sheet.rows else Unreadable(Why.NO_TABLE)


# --- Text ---------------------------------------------------------------------------------------------


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body.decode("utf-16", "replace")
    elif body[1:400:2].count(0) > len(body[1:400:2]) // 2:
        text = body.decode("utf-16-le", "replace")
    else:
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = body.decode("cp1258", "replace")  # what Windows in Vietnamese saved for twenty years
    return unicodedata.normalize("NFC", text).replace("\0", "")


def _text(text: str) -> Sheet:
    lines = io.StringIO(text, newline=None).read().split("\n")
    told = lines[0].strip().lower()
    start = 1 if told.startswith("sep=") and len(told) == 5 else 0
    between = lines[0].strip()[4] if start else _delimiter(lines)
    rows: list[Row] = []
    for line, cells in _records(lines, start, between):
        if any(cell.strip() for cell in cells):
            if len(rows) == MOST_ROWS:
                return Sheet(tuple(rows), cut=True)
            rows.append(Row(line, tuple(cells[:MOST_COLUMNS])))
    return Sheet(tuple(rows))


def _delimiter(lines: Sequence[str]) -> str:
    """The one that the same number of times stands in most lines; numbers hold commas and points too."""
    looked = [line for line in lines[:200] if line.strip()]

    def fit(sign: str) -> tuple[int, int]:
        counts = Counter(_outside_quotes(line, sign) for line in looked)
        counts.pop(0, None)
        return (max(counts.values(), default=0), -";\t,|".index(sign))

    return max(";\t,|", key=fit)


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def _records(lines: Sequence[str], start: int, between: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its first line. A quote that is never closed is a sign like any other."""
    at = start
    while at < len(lines):
        for ends in range(at + 1, min(len(lines), at + _OPEN_LINES) + 1):
            record = _record("\n".join(lines[at:ends]), between)
            if record is not None:
                break
        else:
            ends, record = at + 1, [cell.strip().strip('"') for cell in lines[at].split(between)]
        yield at + 1, record
        at = ends


def _record(text: str, between: str) -> list[str] | None:
    """None when a quote is open at its end, or when rows of their own would be swallowed by a cell."""
    if text.count('"') % 2:
        return None
    try:
        record = next(csv.reader([text], delimiter=between), [])
    except csv.Error:  # a quote that was closed somewhere else, or a cell of more than 128 kB
        return None if "\n" in text else text.split(between)
    swallowed = "\n" in text and any("\n" in cell and between in cell for cell in record)
    return None if swallowed else record


# --- Workbooks ----------------------------------------------------------------------------------------


def _workbook(body: bytes) -> Sheet | Unreadable:
    """Whatever a foreign library stumbles over in a stranger's file is one thing to us: it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
            sheets = [part for part in parts if "/worksheets/" in part.filename]
        if sum(part.file_size for part in parts) > _UNPACKED or len(parts) > 2000:
            return Unreadable(Why.TOO_BIG)
        if any(part.file_size > _STRINGS for part in parts if "/worksheets/" not in part.filename):
            return Unreadable(Why.TOO_BIG)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _first_table(body, sheets)
    except Exception:  # noqa: BLE001 - see above
        return Unreadable(Why.BROKEN)


def _first_table(body: bytes, sheets: Sequence[zipfile.ZipInfo]) -> Sheet | Unreadable:
    from openpyxl import load_workbook

    values = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    try:
        for number in range(min(len(values.worksheets), _SHEETS)):
            sheet = _cells(values, number)
            if sheet.rows:
                # numbers that were worked out but not kept look like empty cells
                return _with_formulas(body, number, sheet) if _holds_formulas(body, sheets) else sheet
    finally:
        values.close()
    return Unreadable(Why.NO_TABLE)


def _holds_formulas(body: bytes, sheets: Sequence[zipfile.ZipInfo]) -> bool:
    """Reading a sheet twice takes twice as long, and few hold formulas."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for part in sheets:
            before = b""
            with archive.open(part) as stream:
                while chunk := stream.read(1 << 20):
                    if _FORMULA.search(before + chunk):
                        return True
                    before = chunk[-16:]
    return False


def _with_formulas(body: bytes, number: int, sheet: Sheet) -> Sheet:
    from openpyxl import load_workbook

    written = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
    try:
        formulas = {
            row.line: row.cells
            for row in _cells(written, number).rows
            if any(isinstance(cell, str) and cell.startswith("=") for cell in row.cells)
        }
    finally:
        written.close()
    known = {row.line: row.cells for row in sheet.rows}
    if not formulas:
        return sheet
    rows = [
        Row(line, _mended(known.get(line, ()), formulas.get(line, ())))
        for line in sorted(known.keys() | formulas.keys())
    ]
    return Sheet(tuple(rows[:MOST_ROWS]), sheet.cut)


def _mended(values: Sequence[Cell], written: Sequence[Cell]) -> tuple[Cell, ...]:
    pairs = itertools.zip_longest(values, written)
    return tuple(
        formula if value is None and isinstance(formula, str) and formula.startswith("=") else value
        for value, formula in pairs
    )


def _cells(book: Workbook, number: int) -> Sheet:
    sheet = book.worksheets[number]
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    rows: list[Row] = []
    found: Iterable[tuple[object, ...]] = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for line, values in enumerate(itertools.islice(found, 2 * MOST_ROWS), 1):
        cells = tuple(map(_cell, values))
        if any(cell is not None and cell != "" for cell in cells):
            if len(rows) == MOST_ROWS:
                return Sheet(tuple(rows), cut=True)
            rows.append(Row(line, cells))
    return Sheet(tuple(rows))


def _cell(value: object) -> Cell:
    match value:
        case None | bool():
            return None if value is None else str(value)
        case int() | float():
            return value if -_MOST < value < _MOST else str(value)[:500]
        case datetime() | date():
            return value.isoformat()
        case str():
            return unicodedata.normalize("NFC", value).replace("\0", "")[:500]
        case _:
            written = getattr(value, "text", value)  # a formula over several cells
            return str(written)[:500]
