"""Published numbers as a SQLite file: tables with keys, views that answer usual questions, and descriptions.

Datasette reads descriptions from a file of metadata only, so there is one for it too (`metadata_of`); in the
database they stand in a table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from bot.app.export import Line, Stamp, Words
from bot.core.events import LOST
from bot.core.visits import Kind, View
from bot.core.weeks import code_of, monday, named
from bot.store.exported_words import about, key_of, stamped

TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "so_lieu": (
        "Mỗi dòng một số: tuần nào, nơi hoặc nhóm nào, hướng dẫn và bước nào, đếm gì, bao nhiêu.",
        {
            "tuan": "Tuần mà những người này bắt đầu hướng dẫn",
            "phan": "Nơi hoặc nhóm; «all:» là tất cả",
            "huong_dan": "Hướng dẫn",
            "dem_gi": "run, step, way, sign: người; stay, stay_way: lượt; ticket, reason, rating: lần xin "
            "gặp người; home: lần hẹn đến nhà",
            "buoc": "Bước; trống: cả hướng dẫn",
            "ma": "Mã kết quả, ngả hoặc dấu hiệu",
            "ket_qua": "Kết quả bằng lời",
            "sang_buoc": "Bước mà ngả này dẫn tới",
            "ly_do": "Điều bị vướng",
            "loi": "Lỗi đọc trên màn hình VNeID",
            "bo_do": "1: tính là bỏ dở",
            "so": "Số, tròn chục",
        },
    ),
    "tuan": ("Các tuần, thứ hai đến chủ nhật.", {"id": "Năm và tuần theo ISO 8601", "ten": "Tên tuần"}),
    "huong_dan": ("Các hướng dẫn.", {"ten": "Tên hướng dẫn"}),
    "buoc": (
        "Các bước theo thứ tự.",
        {"so": "Số của bước; trống: bước giúp thêm", "thu_tu": "Thứ tự trong hướng dẫn", "ten": "Tên bước"},
    ),
    "phan": (
        "Nơi và nhóm: mỗi cách xem chia cùng những người ấy theo một kiểu, đừng cộng các cách xem với nhau.",
        {"cach_xem": "Cách xem", "ma": "Mã xã, tỉnh, kênh …", "ten": "Tên", "thuoc_tinh": "Thuộc tỉnh"},
    ),
    "ly_do": ("Những điều bị vướng, như nút bà con đã bấm.", {"cau": "Bằng lời"}),
    "loi": ("Lỗi của VNeID mà bà con đọc trên màn hình.", {"cau": "Bằng lời"}),
    "thong_tin": ("Tệp này từ đâu ra, trong đó có gì và không có gì.", {}),
    "mo_ta": ("Mô tả các bảng và cột.", {}),
    "buoc_mat_nhieu": ("Bước nào mất nhiều người nhất, qua mọi tuần (tất cả mọi nơi).", {}),
    "buoc_mat_theo_tuan": ("Như trên, từng tuần.", {}),
    "ly_do_theo_tuan": ("Bị vướng điều gì, từng tuần (tất cả mọi nơi).", {}),
    "loi_theo_tuan": ("Lỗi nào hiện trên màn hình, từng tuần (tất cả mọi nơi).", {}),
    "theo_xa": ("Từng xã, từng tuần: bắt đầu, làm xong, bỏ dở.", {}),
}

_STEPS = """
SELECT {week} b.huong_dan, h.ten AS ten_huong_dan, b.so AS so_buoc, b.ten AS buoc,
  sum(s.so) AS toi_buoc, sum(CASE WHEN s.bo_do THEN s.so ELSE 0 END) AS bo_do,
  round(100.0 * sum(CASE WHEN s.bo_do THEN s.so ELSE 0 END) / sum(s.so), 1) AS phan_tram
FROM so_lieu AS s JOIN buoc AS b ON b.id = s.buoc JOIN huong_dan AS h ON h.id = b.huong_dan
WHERE s.phan = 'all:' AND s.dem_gi IN ('step', 'way')
GROUP BY {week} b.id ORDER BY {week} bo_do DESC"""

VIEWS = {
    "buoc_mat_nhieu": _STEPS.format(week=""),
    "buoc_mat_theo_tuan": _STEPS.format(week="s.tuan,"),
    "ly_do_theo_tuan": """
SELECT s.tuan, h.ten AS huong_dan, b.ten AS buoc, l.cau AS ly_do, sum(s.so) AS nguoi
FROM so_lieu AS s JOIN ly_do AS l ON l.id = s.ly_do JOIN buoc AS b ON b.id = s.buoc
  JOIN huong_dan AS h ON h.id = s.huong_dan
WHERE s.phan = 'all:' AND s.dem_gi = 'way' GROUP BY s.tuan, l.id ORDER BY s.tuan, nguoi DESC""",
    "loi_theo_tuan": """
SELECT s.tuan, h.ten AS huong_dan, b.ten AS buoc, l.cau AS loi, sum(s.so) AS nguoi
FROM so_lieu AS s JOIN loi AS l ON l.id = s.loi JOIN buoc AS b ON b.id = s.buoc
  JOIN huong_dan AS h ON h.id = s.huong_dan
WHERE s.phan = 'all:' AND s.dem_gi = 'sign' GROUP BY s.tuan, s.buoc, l.id
ORDER BY s.tuan, nguoi DESC""",
    "theo_xa": """
SELECT s.tuan, p.ma, p.ten AS xa, p.thuoc_tinh, h.ten AS huong_dan, sum(s.so) AS bat_dau,
  sum(CASE WHEN s.ma = 'completed' THEN s.so ELSE 0 END) AS lam_xong,
  sum(CASE WHEN s.bo_do THEN s.so ELSE 0 END) AS bo_do
FROM so_lieu AS s JOIN phan AS p ON p.id = s.phan JOIN huong_dan AS h ON h.id = s.huong_dan
WHERE p.cach_xem = 'commune' AND s.dem_gi = 'run'
GROUP BY s.tuan, p.id, h.id ORDER BY s.tuan, bat_dau DESC""",
}

_COLUMNS = (
    *("tuan", "phan", "huong_dan", "dem_gi", "buoc", "ma"),
    *("ket_qua", "sang_buoc", "ly_do", "loi", "bo_do", "so"),
)
_LOST = frozenset(str(outcome) for outcome in LOST)
_LOSING = frozenset({Kind.RUN, Kind.STEP, Kind.STAY})


class DbFile:
    """Numbers refer to tables that are written last, of what was met."""

    def __init__(self, path: Path, stamp: Stamp, words: Words) -> None:
        self._raw = sqlite3.connect(path, check_same_thread=False)  # lines may come from several threads
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            self._raw.execute(f"PRAGMA {pragma}")
        self._db = Database(self._raw)
        self._stamp = stamp
        self._words = words
        self._weeks: dict[int, None] = {}
        self._parts: dict[tuple[View, str], None] = {}
        self._steps: dict[tuple[str, str], None] = {}
        self._flows: dict[str, None] = {}
        self._reasons: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._said: dict[tuple[str, Kind, str, str], tuple[Any, ...]] = {}
        text = dict.fromkeys(_COLUMNS, str)
        self._create("tuan", {"id": str, "ten": str, "tu_ngay": str, "den_ngay": str})
        self._create("huong_dan", {"id": str, "ten": str})
        self._create(
            "buoc",
            {"id": str, "huong_dan": str, "ma": str, "so": int, "thu_tu": int, "ten": str},
            [("huong_dan", "huong_dan", "id")],
        )
        self._create("phan", {"id": str, "cach_xem": str, "ma": str, "ten": str, "thuoc_tinh": str})
        self._create("ly_do", {"id": str, "buoc": str, "cau": str}, [("buoc", "buoc", "id")])
        self._create("loi", {"id": str, "cau": str})
        self._table = self._create(
            "so_lieu",
            {**text, "bo_do": int, "so": int},
            [
                *(("tuan", "tuan", "id"), ("phan", "phan", "id"), ("huong_dan", "huong_dan", "id")),
                *(("buoc", "buoc", "id"), ("sang_buoc", "buoc", "id")),
                *(("ly_do", "ly_do", "id"), ("loi", "loi", "id")),
            ],
            pk=None,
        )

    def take(self, lines: Iterable[Line]) -> int:
        taken = 0

        def rows() -> Iterator[Sequence[Any]]:
            nonlocal taken
            yield _COLUMNS
            for row in self._rows(lines):
                taken += 1
                yield row

        self._table.insert_all(rows(), batch_size=1_000)
        return taken

    def close(self) -> None:
        self._write_tables()
        for name, query in VIEWS.items():
            self._db.create_view(name, query.strip())
        self._db["so_lieu"].create_index(["phan", "huong_dan", "tuan"])  # type: ignore[union-attr]
        self._raw.commit()
        self._raw.close()

    def _create(
        self,
        name: str,
        columns: dict[str, type],
        refers: Sequence[tuple[str, str, str]] = (),
        pk: str | None = "id",
    ) -> Table:
        return self._db.create_table(name, columns, pk=pk, foreign_keys=list(refers))

    def _rows(self, lines: Iterable[Line]) -> Iterator[Sequence[Any]]:
        weeks: dict[int, str] = {}
        for week, view, part, flow, kind, step, what, count in lines:
            if week not in weeks:
                weeks[week] = code_of(week)
                self._weeks.setdefault(week)
            self._parts.setdefault((view, part))
            said = self._said.get((flow, kind, step, what))
            if said is None:
                said = self._said[flow, kind, step, what] = self._told(flow, kind, step, what)
            yield (weeks[week], f"{view}:{part}" if view is not View.ALL else "all:", *said, count)

    def _told(self, flow: str, kind: Kind, step: str, what: str) -> tuple[Any, ...]:
        self._flows.setdefault(flow)
        told = self._words.what(flow, kind, step, what)
        for one in filter(None, (step, told.to)):
            self._steps.setdefault((flow, one))
        at, to = (key_of(flow, one) or None for one in (step, told.to))
        reason = key_of(flow, step, told.reason) or None
        if reason:
            self._reasons[reason] = told.words
        if told.error:
            self._errors[told.error] = told.words
        lost = int(kind in _LOSING and what in _LOST)
        return (flow, str(kind), at, what, told.words, to, reason, told.error or None, lost)

    def _write_tables(self) -> None:
        words = self._words
        self._fill("tuan", (_week(week) for week in sorted(self._weeks)))
        self._fill("huong_dan", ({"id": flow, "ten": words.guide(flow)} for flow in self._flows))
        steps = dict.fromkeys((flow, step) for flow in self._flows for step in words.steps(flow))
        for number, (flow, step) in enumerate({**steps, **self._steps}, 1):
            place, title = words.step(flow, step)
            row = {"id": key_of(flow, step), "huong_dan": flow, "ma": step, "so": place or None}
            self._fill("buoc", [{**row, "thu_tu": number, "ten": title}])
        for view, part in self._parts:
            name, province = words.part(view, part)
            row = {"id": f"{view}:{part}", "cach_xem": str(view), "ma": part, "ten": name}
            self._fill("phan", [{**row, "thuoc_tinh": province}])
        self._fill(
            "ly_do",
            ({"id": id, "buoc": id.rpartition("/")[0], "cau": said} for id, said in self._reasons.items()),
        )
        self._fill("loi", ({"id": id, "cau": said} for id, said in self._errors.items()))
        told = (("Xuất từ", stamped(self._stamp)), *about(self._stamp))
        self._fill("thong_tin", ({"dieu": what, "noi_dung": said} for what, said in told))
        self._fill("mo_ta", (dict(zip(("bang", "cot", "mo_ta"), row, strict=True)) for row in _told()))

    def _fill(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        self._db[table].insert_all(rows)  # type: ignore[union-attr]


def metadata_of(name: str, stamp: Stamp) -> dict[str, Any]:
    """What `datasette NAME.db --metadata NAME.metadata.json` shows beside the tables."""
    return {
        "title": "Số liệu hướng dẫn VNeID",
        "description": " ".join(said for _, said in about(stamp)),
        "source": stamped(stamp),
        "databases": {
            name: {
                "description": stamped(stamp),
                "tables": {
                    table: {"description": said, "columns": dict(columns)}
                    for table, (said, columns) in TABLES.items()
                },
            }
        },
    }


def _told() -> Iterator[tuple[str, str, str]]:
    for table, (said, columns) in TABLES.items():
        yield table, "", said
        for column, words in columns.items():
            yield table, column, words


def _week(week: int) -> dict[str, str]:
    first = monday(week)
    last = first + timedelta(days=6)
    return {"id": code_of(week), "ten": named(week), "tu_ngay": f"{first}", "den_ngay": f"{last}"}
