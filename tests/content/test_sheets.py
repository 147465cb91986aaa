"""Whatever is uploaded is read or refused, never raised at, and no good row is lost among bad ones."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook

from bot.app.campaign_columns import NoTable
from bot.app.campaign_rows import Asked, Reading, read_rows
from bot.app.campaign_units import Names, Unit
from bot.app.sheets import MOST_COLUMNS, MOST_ROWS, Sheet, Unreadable, Why
from bot.content.sheets import read_sheet

TODAY = 20_779  # 22/11/2026
HEAD = "Đơn vị;Ngày;Thẻ đã cấp"


def read(body: bytes, units: tuple[str, ...] = ()) -> Reading:
    sheet = read_sheet(body)
    assert isinstance(sheet, Sheet)
    names = Names(Unit(id, name) for id, name in enumerate(units, 1))
    reading = read_rows(sheet, names, {}, Asked(), TODAY, lambda code: code == "22291")
    assert isinstance(reading, Reading)
    return reading


def rows_of(body: bytes) -> list[tuple[object, ...]]:
    sheet = read_sheet(body)
    assert isinstance(sheet, Sheet), sheet
    return [row.cells for row in sheet.rows]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_csv(encoding: str, between: str, end: str) -> None:
    text = end.join(
        between.join(row) for row in (["Tên xã", "Ngày", "Đã cấp thẻ"], ["Đức Thọ", "1/11/2026", '"1.500"'])
    )
    if encoding == "cp1258":  # letters and tone marks apart, as that encoding has them
        import unicodedata

        text = "".join(
            unicodedata.normalize("NFD", letter) if unicodedata.normalize("NFC", letter) == letter else letter
            for letter in text
        )
        text = text.replace("o\u031b", "ơ").replace("u\u031b", "ư").replace("a\u0306", "ă")
        text = text.replace("a\u0302", "â").replace("e\u0302", "ê").replace("o\u0302", "ô")
    assert rows_of(text.encode(encoding)) == [
        ("Tên xã", "Ngày", "Đã cấp thẻ"),
        ("Đức Thọ", "1/11/2026", "1.500"),
    ]


def test_cells_that_hold_lines_and_signs() -> None:
    body = f'{HEAD}\n"Xã A\n(mới)";1/11/2026;5\n"Xã ""B""";1/11/2026;6\n'.encode()
    assert rows_of(body)[1:] == [("Xã A\n(mới)", "1/11/2026", "5"), ('Xã "B"', "1/11/2026", "6")]
    assert [row.line for row in read(body).good] == [2, 4]


@pytest.mark.parametrize("at", range(3))
def test_a_quote_that_is_never_closed_swallows_no_other_row(at: int) -> None:
    rows = [f"Xã {number};1/11/2026;{number}" for number in range(1, 8)]
    rows[at] = '"' + rows[at]
    rows[at + 3] = '"' + rows[at + 3]
    good = read("\n".join((HEAD, *rows)).encode()).good
    assert {row.line for row in good} >= {2, 3, 4, 5, 6, 7, 8} - {at + 2, at + 5}


def test_a_workbook_keeps_its_lines_dates_and_worked_out_numbers() -> None:
    body = workbook(
        ["Báo cáo tháng 11"],
        [],
        ["TT", "Đơn vị", "Ngày", "Thẻ đã cấp"],
        [1, "Xã A", datetime(2026, 11, 1), 1500],  # noqa: DTZ001 - sheets know no zones
        [2, "Xã B", date(2026, 11, 1), "=1+1"],
    )
    reading = read(body)
    assert [(row.line, row.entries[0].value) for row in reading.good] == [(4, 1500)]
    ((line, fault),) = [(row.line, row.faults[0]) for row in reading.bad]
    assert (line, fault.typed, fault.why and fault.why.why) == (5, "=1+1", "formula")


def test_hostile_workbooks_are_refused() -> None:
    def packed(**parts: bytes) -> bytes:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
            zipfile.ZipFile(io.BytesIO(workbook(["Đơn vị"]))) as real,
        ):
            for name in real.namelist():
                body = parts.get(name.rsplit("/", 1)[-1].partition(".")[0], real.read(name))
                archive.writestr(name, body)
        return out.getvalue()

    assert read_sheet(packed(sheet1=b" " * 101_000_000)) == Unreadable(Why.TOO_BIG)
    assert read_sheet(packed(styles=b" " * 30_000_000)) == Unreadable(Why.TOO_BIG)
    laughs = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 1000 + b'">'
    laughs += b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(6)) + b"]>"
    for part in ("sheet1", "workbook", "styles"):
        assert read_sheet(packed(**{part: laughs + b"<x>&g;</x>"})) == Unreadable(Why.BROKEN)
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c r="XFD9"><v>1</v></c></row>'
    sheet = read_sheet(packed(sheet1=far + b"</sheetData></worksheet>"))
    assert isinstance(sheet, Sheet)
    assert len(sheet.rows) == 1


def test_what_is_too_much_is_cut_and_said() -> None:
    body = (HEAD + "\n" + "x;;\n" * (MOST_ROWS + 5)).encode()
    sheet = read_sheet(body)
    assert isinstance(sheet, Sheet)
    assert (len(sheet.rows), sheet.cut) == (MOST_ROWS, True)
    assert len(rows_of(b";".join([b"x"] * 200))[0]) == MOST_COLUMNS


@settings(max_examples=300, deadline=None)
@given(some.binary(max_size=400) | some.text(max_size=300).map(str.encode))
def test_no_bytes_raise(noise: bytes) -> None:
    for body in (noise, b"PK\x03\x04" + noise, b"\xff\xfe" + noise, HEAD.encode() + b"\n" + noise):
        sheet = read_sheet(body)
        if isinstance(sheet, Sheet):
            read_rows(sheet, Names([Unit(1, "Xã A")]), {}, Asked(), TODAY, bool)


WORKBOOK = workbook(["Đơn vị", "Ngày", "Thẻ đã cấp"], ["Xã A", "1/11/2026", 5])
"""Made once: the moment stands in it, and so it is not always as long."""


@settings(max_examples=60, deadline=None)
@given(some.data())
def test_no_bytes_inside_a_workbook_raise(data: some.DataObject) -> None:
    body = bytearray(WORKBOOK)
    for _ in range(data.draw(some.integers(1, 20))):
        body[data.draw(some.integers(0, len(body) - 1))] = data.draw(some.integers(0, 255))
    read_sheet(bytes(body))


CELLS = some.text(some.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(some.lists(some.lists(CELLS, min_size=1, max_size=4), max_size=12), some.randoms())
def test_good_rows_are_found_among_whatever_else(others: list[list[str]], chance: object) -> None:
    """Good rows are about units that nothing else is about."""
    good = [[f"Đơn vị tốt {number}", "1/11/2026", f"{number}.000"] for number in range(1, 5)]
    rows = [*good, *(row for row in others if not any("tốt" in cell for cell in row))]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([HEAD.split(";"), *rows])
    names = tuple(row[0] for row in good)
    found = {
        row.name: row.entries[0].value for row in read(out.getvalue().encode(), names).good if row.entries
    }
    assert {name: found.get(name) for name in names} == {f"Đơn vị tốt {n}": n * 1000 for n in range(1, 5)}


def test_columns_are_known_by_what_offices_call_them() -> None:
    sheet = read_sheet("Xã, phường;Tính đến ngày;CCCD đã cấp;Tài khoản đã kích hoạt;Ghi chép".encode())
    assert isinstance(sheet, Sheet)
    reading = read_rows(sheet, Names([]), {}, Asked(), TODAY, bool)
    assert isinstance(reading, Reading)
    assert reading.unread == ("Ghi chép",)
    nothing = read_rows(Sheet(sheet.rows[:0]), Names([]), {}, Asked(), TODAY, bool)
    assert nothing == NoTable(())


@pytest.mark.parametrize(
    ("typed", "known", "sure"),
    [
        ("Hà Tĩnh", "Hà Tĩnh", True),
        ("HÀ  TĨNH", "Hà Tĩnh", True),
        ("Hà Tỉnh", "Hà Tĩnh", False),
        ("Tỉnh Hà Tĩnh", "Hà Tĩnh", False),
        ("Phường 11", "Phường 1", None),
        ("Thị xã Kỳ Anh", "Huyện Kỳ Anh", None),
        ("Cà Mau", "Hà Tĩnh", None),
    ],
)
def test_names_that_are_nearly_known_are_asked_about(typed: str, known: str, sure: bool | None) -> None:
    reading = read(f"{HEAD}\n{typed};1/11/2026;5".encode(), (known,))
    if sure is False:
        assert reading.bad[0].faults[0].meant == known
    else:
        assert [new.name for new in reading.new] == ([] if sure else [typed])
