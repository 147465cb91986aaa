"""What columns of official figures are called, and which row of a sheet names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.app.campaign_units import plain
from bot.app.sheets import Sheet
from bot.core.campaign import COUNT_KEYS, RATE_KEYS, TARGET_KEYS, Base, Measure, rate_key, target_key
from bot.core.cells import Cell, is_blank, shown

UNIT, WITHIN, CODE, DAY, DEADLINE, SOURCE = "unit", "within", "code", "day", "deadline", "source"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    UNIT: ("đơn vị", "tên đơn vị", "địa phương", "địa bàn", "xã", "xã phường", "huyện", "tỉnh", "tên xã"),
    WITHIN: ("thuộc", "thuộc đơn vị", "trực thuộc", "đơn vị cấp trên"),
    CODE: ("mã", "mã đơn vị", "mã xã", "mã tỉnh", "mã hành chính"),
    DAY: ("ngày", "ngày số liệu", "tính đến ngày", "ngày báo cáo", "tính đến"),
    Measure.PEOPLE: (
        "số người trong độ tuổi",
        "trong độ tuổi",
        "nhân khẩu đủ điều kiện",
        "dân số đủ điều kiện",
    ),
    Measure.PRESENT: ("có mặt tại địa bàn", "số người có mặt", "có mặt", "nhân khẩu có mặt"),
    Measure.CARDS: ("thẻ đã cấp", "số thẻ đã cấp", "cccd đã cấp", "đã cấp cccd", "đã cấp thẻ"),
    Measure.NO_CARD: ("chưa có thẻ", "số người chưa có thẻ", "chưa được cấp thẻ", "chưa cấp cccd"),
    Measure.ACCOUNTS: ("tài khoản đã cấp", "số tài khoản", "tài khoản định danh", "đã cấp tài khoản"),
    Measure.ACTIVATED: ("đã kích hoạt", "tài khoản đã kích hoạt", "số kích hoạt", "kích hoạt"),
    rate_key(Measure.CARDS, Base.PEOPLE): ("tỷ lệ thẻ trên độ tuổi", "tỷ lệ cấp thẻ", "tỷ lệ thẻ"),
    rate_key(Measure.CARDS, Base.PRESENT): ("tỷ lệ thẻ trên có mặt",),
    rate_key(Measure.CARDS, Base.TARGET): ("tỷ lệ thẻ so với chỉ tiêu",),
    rate_key(Measure.NO_CARD, Base.PEOPLE): ("tỷ lệ chưa có thẻ",),
    rate_key(Measure.NO_CARD, Base.PRESENT): ("tỷ lệ chưa có thẻ trên có mặt",),
    rate_key(Measure.ACCOUNTS, Base.PEOPLE): ("tỷ lệ tài khoản trên độ tuổi",),
    rate_key(Measure.ACCOUNTS, Base.TARGET): ("tỷ lệ tài khoản so với chỉ tiêu", "tỷ lệ tài khoản"),
    rate_key(Measure.ACTIVATED, Base.ACCOUNTS): ("tỷ lệ kích hoạt trên tài khoản",),
    rate_key(Measure.ACTIVATED, Base.PEOPLE): ("tỷ lệ kích hoạt trên độ tuổi",),
    rate_key(Measure.ACTIVATED, Base.TARGET): ("tỷ lệ kích hoạt so với chỉ tiêu", "tỷ lệ kích hoạt"),
    target_key(Measure.CARDS): ("chỉ tiêu thẻ", "chỉ tiêu cấp thẻ"),
    target_key(Measure.NO_CARD): ("chỉ tiêu còn chưa có thẻ",),
    target_key(Measure.ACCOUNTS): ("chỉ tiêu tài khoản",),
    target_key(Measure.ACTIVATED): ("chỉ tiêu kích hoạt",),
    DEADLINE: ("hạn", "hạn chót", "hạn hoàn thành", "thời hạn"),
    SOURCE: ("nguồn", "nguồn số liệu", "báo cáo", "ghi chú"),
}
"""What columns are called; the first name stands in the file that is offered to fill in."""

_HEAD_ROWS = 30
_MAYBE_COLUMN = 88
_NUMBERS = frozenset({"stt", "tt", "so tt", "so thu tu"})


class NoTable(NamedTuple):
    """There is no row that names the columns; `closest` are the words that looked most like it."""

    closest: tuple[str, ...]


def head_of(sheet: Sheet) -> tuple[int, dict[int, str], tuple[str, ...]] | NoTable:
    """Where the row with the names of columns is, which column is what, and which names nobody knows."""
    best: tuple[int, dict[int, str]] = (0, {})
    for at, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        found = _columns(row.cells)
        if len(found) > len(best[1]) and UNIT in found.values():
            best = (at, found)
    at, columns = best
    if not set(columns.values()) & {*COUNT_KEYS, *RATE_KEYS, *TARGET_KEYS}:
        first = sheet.rows[0].cells if sheet.rows else ()
        return NoTable(tuple(shown(cell) for cell in first if not is_blank(cell))[:8])
    cells = sheet.rows[at].cells
    unread = tuple(
        shown(cell)
        for index, cell in enumerate(cells)
        if index not in columns and not is_blank(cell) and plain(shown(cell)) not in _NUMBERS
    )
    return at, columns, unread


def _columns(cells: Sequence[Cell]) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, cell in enumerate(cells):
        column = _column(shown(cell)) if isinstance(cell, str) else None
        if column is not None and column not in found.values():
            found[index] = column
    return found


_BY_NAME = {plain(name): column for column, names in COLUMNS.items() for name in names}


def _column(name: str) -> str | None:
    told = plain(re.sub(r"\(.*?\)|%", " ", name))
    if told in _BY_NAME:
        return _BY_NAME[told]
    if len(told) < 6:
        return None
    likely = process.extract(told, _BY_NAME.keys(), scorer=fuzz.ratio, score_cutoff=_MAYBE_COLUMN, limit=2)
    columns = {_BY_NAME[name] for name, *_ in likely}
    return columns.pop() if len(columns) == 1 else None
