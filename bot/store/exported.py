"""Files that published numbers are written to, line by line: a long table, a workbook, a database.

Names of steps, places and errors are typed by people: nothing that a spreadsheet would take for a formula is
written as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TextIO, assert_never, cast

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bot.app.export import Form, Line, Opening, Sink, Stamp, Words
from bot.core.visits import View
from bot.core.weeks import code_of, monday
from bot.store.exported_db import DbFile
from bot.store.exported_words import COLUMNS, about, stamped

MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel can have."""

_DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def opening(words: Words) -> Opening:
    """How files are begun."""
    return partial(_open, words)


def _open(words: Words, form: Form, path: Path, stamp: Stamp) -> Sink:
    match form:
        case Form.CSV:
            return CsvFile(path, stamp, words)
        case Form.XLSX:
            return XlsxFile(path, stamp, words)
        case Form.DB:
            return DbFile(path, stamp, words)
        case never:
            assert_never(never)


def harmless(text: str) -> str:
    """Text that no spreadsheet calculates: an apostrophe before what would begin a formula."""
    text = _CONTROL.sub("", text)
    return f"'{text}" if text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS) else text


class Rows:
    """Lines with their codes put in words, as rows of `COLUMNS`."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._heads: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._tails: dict[tuple[object, ...], tuple[str | int, ...]] = {}

    def of(self, lines: Iterable[Line]) -> Iterator[tuple[str | int, ...]]:
        for week, view, part, flow, kind, step, what, count in lines:
            head = self._heads.get((week, view, part))
            if head is None:
                head = self._heads[week, view, part] = self._head(week, view, part)
            tail = self._tails.get((flow, kind, step, what))
            if tail is None:
                words = self._words
                number, title = words.step(flow, step) if step else (0, "")
                said = words.what(flow, kind, step, what).words
                texts = (flow, words.guide(flow), words.kind(kind), step, title, what, said)
                flow_, guide, kind_, step_, title, what_, said = map(harmless, texts)
                tail = (flow_, guide, kind_, step_, number or "", title, what_, said)
                self._tails[flow, kind, step, what] = tail
            yield (*head, *tail, count)

    def _head(self, week: int, view: View, part: str) -> tuple[str, ...]:
        name, province = self._words.part(view, part)
        first = monday(week)
        last = first + timedelta(days=6)
        texts = (code_of(week), f"{first}", f"{last}", self._words.view(view), part, name, province)
        if len(self._heads) > 50_000:  # blocks are about one view: what is kept of another is of no use
            self._heads.clear()
        return tuple(map(harmless, texts))


class CsvFile:
    """RFC 4180, in UTF-8 with a mark that makes Excel read it as such. Each row says where it comes from."""

    def __init__(self, path: Path, stamp: Stamp, words: Words) -> None:
        self._file: TextIO = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = Rows(words)
        self._from = harmless(stamped(stamp))
        self._write = csv.writer(self._file)
        self._write.writerow([*(name for name, _ in COLUMNS), "nguon"])

    def take(self, lines: Iterable[Line]) -> int:
        written = (self._write.writerow((*row, self._from)) for row in self._rows.of(lines))
        return sum(size > 0 for size in written)

    def close(self) -> None:
        self._file.close()


class XlsxFile:
    """A workbook written row by row; text stays text."""

    def __init__(self, path: Path, stamp: Stamp, words: Words) -> None:
        self._book = xlsxwriter.Workbook(
            path,
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": "Số liệu hướng dẫn VNeID", "comments": stamped(stamp)})
        self._bold = self._book.add_format({"bold": True})
        self._rows = Rows(words)
        self._words = words
        self._flows: dict[str, None] = {}
        self._parts: dict[tuple[View, str], None] = {}
        self._table(
            "Đọc trước", ("Điều", "Nội dung"), [("Xuất từ", stamped(stamp)), *about(stamp)], (24, 110)
        )
        self._sheets = 0
        self._sheet: Worksheet | None = None
        self._row = MOST_ROWS
        self._written = 0

    def take(self, lines: Iterable[Line]) -> int:
        before = self._written
        for row in self._rows.of(self._noted(lines)):
            if self._row >= MOST_ROWS:
                self._next_sheet()
            sheet = cast("Worksheet", self._sheet)
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(self._row, column, value)
                elif value:
                    sheet.write_string(self._row, column, value)
            self._row += 1
            self._written += 1
        return self._written - before

    def close(self) -> None:
        if self._sheet is None:
            self._next_sheet()
        words = self._words
        self._table("Hướng dẫn", ("Mã", "Tên"), [(flow, words.guide(flow)) for flow in self._flows], (24, 60))
        self._table(
            "Bước",
            ("Hướng dẫn", "Số", "Mã bước", "Tên bước"),
            [
                (flow, str(number or ""), step, title)
                for flow in self._flows
                for step in words.steps(flow)
                for number, title in (words.step(flow, step),)
            ],
            (24, 6, 24, 60),
        )
        self._table(
            "Nơi và nhóm",
            ("Cách xem", "Mã", "Tên", "Thuộc"),
            [(words.view(view), part, *words.part(view, part)) for view, part in self._parts],
            (20, 16, 40, 30),
        )
        self._book.close()

    def _noted(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self._flows.setdefault(line.flow)
            self._parts.setdefault((line.view, line.part))
            yield line

    def _next_sheet(self) -> None:
        self._sheets += 1
        name = "Số liệu" if self._sheets == 1 else f"Số liệu {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for column, (_, title) in enumerate(COLUMNS):
            self._sheet.write_string(0, column, title, self._bold)
        self._row = 1

    def _table(
        self, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> None:
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, harmless(value))
