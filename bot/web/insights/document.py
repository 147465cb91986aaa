"""The weekly report as a file of Word, with the margins, type and headings that offices use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bot.web.insights.weekly import ROUNDED, WeekReport

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

FONT = "Times New Roman"
TEXT, SMALL = 13, 11
"""Points."""

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def document(report: WeekReport, wish: str) -> bytes:
    """`wish` are the organiser's own words for the last part; lines to fill in when it is empty."""
    import docx

    made = docx.Document()
    _page(made)
    _head(made, report)
    _title(made, report)
    _heading(made, "1. Kết quả")
    rows = [(one.name, one.now, one.before, one.change) for one in report.results]
    _table(made, ("Nội dung", "Tuần này", "Tuần trước", "Thay đổi"), rows)
    _heading(made, "2. Chỗ người dân vướng nhiều nhất")
    if report.stuck:
        rows = [(one.what, one.where, one.people, one.before) for one in report.stuck]
        _table(made, ("Vướng", "Ở đâu", "Số người", "Tuần trước"), rows)
    else:
        made.add_paragraph("Chưa đủ số liệu để nêu.")
    _heading(made, "3. Xã, phường cần đến")
    _list(made, report.places or ("Chưa có nơi nào bỏ dở nhiều hơn hẳn nơi khác.",))
    number = 4
    if report.official:
        _heading(made, f"{number}. Số liệu chính thức ({report.measure})")
        units = [(one.name, one.rate, one.told, one.gap, one.outlook or one.day) for one in report.official]
        _table(made, ("Đơn vị", "Tỷ lệ", "Đã đạt", "Còn thiếu", "Dự kiến"), units)
        number += 1
    if report.done:
        _heading(made, f"{number}. Việc trong tuần")
        _list(made, report.done)
        number += 1
    _heading(made, f"{number}. Kiến nghị")
    for line in wish.splitlines() if wish.strip() else ("…" * 40,) * 2:
        made.add_paragraph(line)
    note = made.add_paragraph()
    note.add_run(ROUNDED).italic = True
    note.runs[0].font.size = _points(SMALL)
    _signature(made)
    return _bytes(made)


def _page(made: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    for name in ("Normal", "Heading 1", "Title", "List Bullet"):
        style = made.styles[name]
        style.font.name = FONT
        style.font.size = _points(TEXT)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), FONT)
        spacing = style.paragraph_format
        spacing.space_before = spacing.space_after = _points(2)


def _head(made: Document, report: WeekReport) -> None:
    """The office on the left, the country on the right, as on every official paper."""
    table = made.add_table(2, 2)
    left, right = table.rows[0].cells
    _lines(left, (report.organisation.upper() or "ĐƠN VỊ: ……………………", "Số: ……/BC-……"), bold=1)
    _lines(right, COUNTRY, bold=2)
    day = report.day
    place = f"…………, ngày {day.day:02} tháng {day.month:02} năm {day.year}"
    cell = table.rows[1].cells[1]
    _lines(cell, (place,), bold=0)
    cell.paragraphs[0].runs[0].italic = True


def _title(made: Document, report: WeekReport) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for words in ("BÁO CÁO", f"Hỗ trợ người dân cài đặt, kích hoạt VNeID, {report.week}"):
        paragraph = made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(words).bold = True


def _heading(made: Document, words: str) -> None:
    from docx.shared import RGBColor

    heading = made.add_heading(words, level=1)
    for run in heading.runs:
        run.font.color.rgb = RGBColor(0, 0, 0)
        run.font.name = FONT


def _table(made: Document, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = made.add_table(1, len(heads), "Table Grid")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    _repeat_head(table)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = _points(0)
                for run in paragraph.runs:
                    run.font.size = _points(SMALL)


def _repeat_head(table: Table) -> None:
    """On a second page the head stands again, and is read aloud as one."""
    from docx.oxml import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - Word knows it, the library does not


def _list(made: Document, lines: Sequence[str]) -> None:
    for line in lines:
        made.add_paragraph(line, "List Bullet")


def _signature(made: Document) -> None:
    table = made.add_table(1, 2)
    _lines(table.rows[0].cells[0], ("Nơi nhận:", "- ……………;", "- Lưu: VT."), bold=1, middle=False)
    _lines(table.rows[0].cells[1], ("NGƯỜI LẬP BÁO CÁO", "(Ký, ghi rõ họ tên)"), bold=1)


def _lines(cell: object, lines: Sequence[str], *, bold: int, middle: bool = True) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.table import _Cell

    assert isinstance(cell, _Cell)  # noqa: S101 - the library names its cells so
    for place, words in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        if middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(words)
        run.bold = place < bold
        run.font.size = _points(SMALL + 1)


def _points(size: int) -> int:
    from docx.shared import Pt

    return Pt(size)


def _bytes(made: Document) -> bytes:
    """The same report is the same file: no time of its own, no name of whoever made it."""
    core = made.core_properties
    core.author = core.last_modified_by = core.comments = ""
    core.created = core.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - a stamp, no moment
    target = BytesIO()
    made.save(target)
    return target.getvalue()
