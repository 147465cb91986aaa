"""Exported files hold what pages show of each week, on both databases; and nothing that is calculated."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight_world import CountsInMemory, campaign
from sqlalchemy import Connection, insert

from bot.app.export import REST, Block, Export, Form, Line, Said, Stamp, Sum, Telling
from bot.app.insights import COUNTS_OF_PEOPLE, Insights, Parts
from bot.core.figures import Counted, figures
from bot.core.publishing import K
from bot.core.session import RunOutcome
from bot.core.visits import Kind, View, way_of
from bot.core.weeks import Weeks, begins_at, code_of
from bot.store import exported, exporting
from bot.store.exported import MOST_ROWS, harmless, opening
from bot.store.exported_db import TABLES, VIEWS, metadata_of
from bot.store.exported_words import COLUMNS, stamped
from bot.store.exporting import SqlWeeklySums
from bot.store.insight_tables import summed_guides, weekly_counts
from bot.store.open import SqlStore
from bot.store.weekly import SqlWeeklyCounts

LAST = 2965
NOW = begins_at(LAST + 1)
PROVINCES = {"22291": "66", "22285": "66", "22255": "66", "22240": "66", "00070": "01"}
STAMP = Stamp(NOW, "Lan", Weeks(LAST - 3, LAST), "Xã Hòa Xuân")
EVIL = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", " =1", '=HYPERLINK("http://x")')


class Plain:
    """`export.Words` that say the codes; steps have titles that somebody typed."""

    def __init__(self, title: str = "Bước {}") -> None:
        self._title = title

    def view(self, view: View) -> str:
        return str(view)

    def part(self, view: View, part: str) -> tuple[str, str]:
        return f"{view} {part}", PROVINCES.get(part, "")

    def guide(self, flow: str) -> str:
        return flow

    def steps(self, _flow: str) -> tuple[str, ...]:
        return ("mo-kich-hoat", "nhap-so", "khong-ai-toi")

    def step(self, _flow: str, step: str) -> tuple[int, str]:
        return 1, self._title.format(step)

    def kind(self, kind: Kind) -> str:
        return str(kind)

    def what(self, _flow: str, kind: Kind, _step: str, what: str) -> Said:
        to, _, reason = (*what.split(" "), "", "")[:3]
        walked = kind in {Kind.WAY, Kind.STAY_WAY} and to not in set(RunOutcome)
        error = what.removeprefix("error:") if what.startswith("error:") else ""
        return Said(what, to if walked else "", reason if walked else "", error)


def in_memory() -> CountsInMemory:
    counts = CountsInMemory()
    campaign(counts, LAST, 4)
    counts.add(LAST, Kind.TICKET, "solved", 33, step="nhap-so")
    counts.add(LAST, Kind.HOME, "done", 12, flow="")
    counts.add(LAST + 1, Kind.RUN, RunOutcome.COMPLETED, 500)  # this week is not over
    counts.add(LAST, Kind.RUN, RunOutcome.COMPLETED, 90, groups=((View.COMMUNE, ""),))
    return counts


async def filled(store: SqlStore, counts: CountsInMemory) -> Export:
    """The same sums in a store."""
    rows = [
        {**cell._asdict(), "week": week, "count": number}
        for cell, by_week in counts.cells.items()
        for week, number in by_week.items()
        if number
    ]

    def work(connection: Connection) -> None:
        connection.execute(insert(weekly_counts), rows)
        known = {(row["week"], row["flow"]) for row in rows}
        connection.execute(insert(summed_guides), [{"week": week, "flow": flow} for week, flow in known])

    await store.backing.database.write(work)
    return out_of(store)


def out_of(store: SqlStore, title: str = "Bước {}") -> Export:
    offset = SqlWeeklyCounts(store.backing, PROVINCES).offset
    return Export(SqlWeeklySums(store.backing), offset, PROVINCES, opening(Plain(title)), lambda: NOW)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def test_every_number_of_the_file_is_on_a_page(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 100)  # a part at a time
    export = await filled(store, in_memory())
    heard: list[int] = []
    written = await export.write(Form.CSV, tmp_path / "all.csv", STAMP, heard.append)
    assert sum(heard) == await export.size()
    rows = read(tmp_path / "all.csv")
    assert len(rows) == written
    insights = Insights(SqlWeeklyCounts(store.backing, PROVINCES), lambda: NOW)
    assert {row["tuan"] for row in rows} == {code_of(week) for week in range(LAST - 3, LAST + 1)}
    in_all = [row for row in rows if row["cach_xem"] == View.ALL and row["dem_gi"] == Kind.RUN]
    seen = await insights.guide("kich-hoat", Weeks(LAST - 3, LAST))
    assert seen is not None
    assert sum(int(row["so"]) for row in in_all) == seen.figures.started
    for week in range(LAST - 3, LAST + 1):
        parts = await insights.parts(View.COMMUNE, Weeks(week, week), "kich-hoat", kinds=COUNTS_OF_PEOPLE)
        within = ["22291", "22285", "22255", "22240"]
        of_province = await insights.parts(View.COMMUNE, Weeks(week, week), "kich-hoat", within=within)
        found = Counter[str]()
        for row in rows:
            if (row["tuan"], row["cach_xem"], row["dem_gi"]) == (code_of(week), View.COMMUNE, Kind.RUN):
                found[row["ma_phan"]] += int(row["so"])
        told = {part: one.started for part, one in parts.shown.items()}
        if of_province.rest:
            told[f"{REST}:66"] = of_province.rest.started
        assert {part: number for part, number in found.items() if part != REST} == told
    assert {row["dem_gi"] for row in rows} >= {Kind.TICKET, Kind.HOME, Kind.WAY, Kind.SIGN}
    assert all(int(row["so"]) % K == 0 and int(row["so"]) > 0 for row in rows)
    assert all("Lan" in row["nguon"] for row in rows)


histories = st.lists(
    st.tuples(
        st.integers(LAST - 3, LAST),
        st.sampled_from(["22291", "22285", "00070", ""]),
        st.sampled_from([RunOutcome.COMPLETED, RunOutcome.EXPIRED, RunOutcome.OPEN]),
        st.integers(1, 40),
    ),
    max_size=15,
)


@settings(max_examples=1000, deadline=None)
@given(histories)
def test_any_history_is_exported_as_pages_show_it(
    history: list[tuple[int, str, RunOutcome, int]],
) -> None:
    counts = CountsInMemory()
    for week, part, outcome, number in history:
        counts.add(week, Kind.RUN, outcome, number, groups=((View.CHANNEL, part),))
        counts.add(
            week,
            Kind.WAY,
            way_of("otp", "choice", ""),
            number,
            step="nhap-so",
            groups=((View.CHANNEL, part),),
        )
    telling = Telling(Block(View.CHANNEL, "kich-hoat", 0, ()), LAST, counts.offset, {})
    lines = [*telling.lines(sums_of(counts, View.CHANNEL)), *telling.rest()]
    insights = Insights(counts, lambda: NOW)
    for week in range(LAST - 3, LAST + 1):
        parts = finished(insights.parts(View.CHANNEL, Weeks(week, week), "kich-hoat", kinds=COUNTS_OF_PEOPLE))
        of_week = sorted((line for line in lines if line.week == week), key=lambda line: line.part)
        told = {part: figures(map(counted, of)) for part, of in groupby(of_week, lambda line: line.part)}
        assert told == {**parts.shown, **({REST: parts.rest} if parts.rest else {})}


def counted(line: Line) -> Counted:
    return Counted(line.kind, line.step, line.what, line.number)


def finished(asked: object) -> Parts:
    """What a coroutine answers that waits for nothing."""
    try:
        asked.send(None)  # type: ignore[attr-defined]
    except StopIteration as answer:
        found: Parts = answer.value
        return found
    raise AssertionError("it waits")


def sums_of(counts: CountsInMemory, view: View) -> Iterator[Sum]:
    cells = sorted(
        (cell for cell in counts.cells if cell.view is view), key=lambda cell: (cell.part, *cell[3:])
    )
    for cell in cells:
        for week, number in sorted(counts.cells[cell].items()):
            yield Sum(cell.kind, cell.part, cell.step, cell.what, week, number)


# --- What files are ------------------------------------------------------------------------------------


async def test_a_database_has_keys_that_hold_and_answers_usual_questions(
    sqlite_store: SqlStore, tmp_path: Path
) -> None:
    path = tmp_path / "so-lieu.db"
    written = await (await filled(sqlite_store, in_memory())).write(Form.DB, path, STAMP)
    database = sqlite3.connect(path)
    try:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM so_lieu").fetchone() == (written,)
        keys = {row[2] for row in database.execute("PRAGMA foreign_key_list(so_lieu)")}
        assert keys == {"tuan", "phan", "huong_dan", "buoc", "ly_do", "loi"}
        worst = database.execute("SELECT buoc, toi_buoc, bo_do FROM buoc_mat_nhieu").fetchone()
        assert worst[0] == "Bước tin-duyet"
        assert worst[1] > worst[2] > 0
        for view in VIEWS:
            assert database.execute(f"SELECT count(*) FROM {view}").fetchone()[0] > 0  # noqa: S608
        assert "khong-ai-toi" in {row[0] for row in database.execute("SELECT ma FROM buoc")}
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type != 'index'")}
        assert tables == set(TABLES)
        for table, (_, columns) in TABLES.items():
            there = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            assert set(columns) <= there, table
        described = {row[0] for row in database.execute("SELECT bang FROM mo_ta")}
        assert described == tables
        (made,) = database.execute("SELECT noi_dung FROM thong_tin WHERE dieu = 'Xuất từ'").fetchone()
    finally:
        database.close()
    assert "Lan" in made
    assert f"{code_of(LAST - 3)} đến {code_of(LAST)}" in made
    metadata = metadata_of("so-lieu", STAMP)
    assert set(metadata["databases"]["so-lieu"]["tables"]) == tables
    assert json.dumps(metadata)


async def test_a_workbook_is_split_into_sheets_and_text_stays_text(
    sqlite_store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_ROWS == 2**20
    monkeypatch.setattr(exported, "MOST_ROWS", 300)
    await filled(sqlite_store, in_memory())
    path = tmp_path / "so-lieu.xlsx"
    written = await out_of(sqlite_store, '=HYPERLINK("http://x")').write(Form.XLSX, path, STAMP)
    book = openpyxl.load_workbook(path)
    numbers = [sheet for sheet in book if sheet.title.startswith("Số liệu")]
    assert len(numbers) > 2
    assert all(sheet.max_row <= 300 for sheet in numbers)
    assert sum(sheet.max_row - 1 for sheet in numbers) == written
    assert {"Đọc trước", "Hướng dẫn", "Bước", "Nơi và nhóm"} <= set(book.sheetnames)
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in {"s", "n"} for cell in values)
    assert all(cell.hyperlink is None for cell in values)
    assert not [cell for cell in values if str(cell.value).startswith(tuple("=+-@\t\r\0"))]
    assert [cell.value for cell in numbers[0][1]] == [title for _, title in COLUMNS]


@pytest.mark.parametrize("text", EVIL)
async def test_no_cell_begins_a_formula(sqlite_store: SqlStore, tmp_path: Path, text: str) -> None:
    await filled(sqlite_store, in_memory())
    path = tmp_path / "so-lieu.csv"
    await out_of(sqlite_store, text).write(Form.CSV, path, STAMP)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in path.read_bytes()
    values = [value for row in read(path) for value in row.values()]
    assert any(value.startswith("'") for value in values)
    assert not [value for value in values if value.lstrip()[:1] in set("=+-@＝＋－＠")]


def test_numbers_of_people_who_were_made_up_say_so() -> None:
    assert "SỐ LIỆU MÔ PHỎNG" in stamped(replace(STAMP, simulated=True))
    assert "MÔ PHỎNG" not in stamped(STAMP)


def test_negative_control_a_formula_is_seen() -> None:
    assert [text for text in EVIL if text.lstrip(" \t\r\n\0")[:1] in set("=+-@＝")] == list(EVIL)
    assert all(harmless(text).startswith("'") for text in EVIL)
    assert harmless("Xã Hòa Xuân") == "Xã Hòa Xuân"


async def test_an_empty_store_makes_files_that_open(sqlite_store: SqlStore, tmp_path: Path) -> None:
    export = out_of(sqlite_store)
    stamp = Stamp(NOW, "Lan", Weeks(0, -1))
    assert [await export.write(form, tmp_path / f"nothing.{form}", stamp) for form in Form] == [0, 0, 0]
    assert read(tmp_path / "nothing.csv") == []
    assert openpyxl.load_workbook(tmp_path / "nothing.xlsx").sheetnames[0] == "Đọc trước"
    database = sqlite3.connect(tmp_path / "nothing.db")
    assert database.execute("SELECT count(*) FROM so_lieu").fetchone() == (0,)
    database.close()
