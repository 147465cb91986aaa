"""What organisers write of mobile sessions: understood, or refused with every reason and its line."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.app.planning import MOST_ROWS, MOST_WEEKS, Line, Plan, Reader, Slip, Written
from bot.app.sheets import Unreadable, Why
from bot.content.sheets import read_sheet
from bot.core.calendar import Place
from bot.language.guard import guarding
from bot.language.sieve import sift
from bot.web.insights.calendar import table_of
from tests.books import PLACES

NOW = 1_795_000_000
"""18:06 on 18/11/2026 in Viet Nam."""

GUARD = guarding("https://vneid.example.vn")


def is_safe(words: str) -> bool:
    return not GUARD(words) and not sift(words).found


READER = Reader(PLACES, is_safe, read_sheet)
GOOD = Written("xã Hòa Xuân, Đắk Lắk", "Nhà văn hóa thôn 3", "hall", "2026-11-28", "18:00", "20:00")


def written(**changes: object) -> Written:
    return replace(GOOD, **changes)  # type: ignore[arg-type]


def local(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC) + timedelta(hours=7):%d/%m/%Y %H:%M}"


def test_a_session_is_understood() -> None:
    (session,) = READER.read(GOOD, NOW).sessions
    assert (session.commune, session.place, session.kind) == ("22291", "Nhà văn hóa thôn 3", Place.HALL)
    assert (local(session.starts_at), local(session.ends_at)) == ("28/11/2026 18:00", "28/11/2026 20:00")
    assert not session.called_off


@pytest.mark.parametrize(
    "xa", ["22291", 22291, "xã Hòa Xuân, tỉnh Phú Yên", "Hòa Xuân, Đắk Lắk", "xa hoa xuan dak lak"]
)
def test_a_commune_is_known_by_code_or_name(xa: object) -> None:
    assert READER.read(written(xa=xa), NOW).sessions[0].commune == "22291"


@pytest.mark.parametrize("tu", ["18:00", "18h", "18H00", "18 giờ", "18g00", "18:00:00", 18, 0.75, "18"])
@pytest.mark.parametrize("ngay", ["2026-11-28", "28/11/2026", "28-11-2026", "2026-11-28T00:00:00", 46354])
def test_days_and_hours_are_read_as_people_write_them(tu: object, ngay: object) -> None:
    understood = READER.read(written(tu=tu, ngay=ngay), NOW)
    assert [local(one.starts_at) for one in understood.sessions] == ["28/11/2026 18:00"], understood


@pytest.mark.parametrize(
    ("changes", "slips"),
    [
        ({"xa": "xã Không Có Thật"}, {Slip.COMMUNE}),
        ({"xa": ""}, {Slip.COMMUNE}),
        ({"xa": "99999"}, {Slip.COMMUNE}),
        ({"xa": "xã Tân Tiến"}, {Slip.WHICH_COMMUNE}),
        ({"cho": " "}, {Slip.NO_PLACE}),
        ({"cho": "a " * 40}, {Slip.LONG_PLACE}),
        ({"cho": "nhắn zalo 0912345678"}, {Slip.UNSAFE}),
        ({"ghi_chu": "xem http://bit.ly/abc"}, {Slip.UNSAFE}),
        ({"ghi_chu": "mang tiền phí 50.000 đồng nộp cho cán bộ"}, {Slip.UNSAFE}),
        ({"ghi_chu": "đọc mã OTP cho cán bộ"}, {Slip.UNSAFE}),
        ({"ghi_chu": "b" * 101}, {Slip.LONG_NOTE}),
        ({"ngay": "mai"}, {Slip.DAY}),
        ({"ngay": "31/02/2027"}, {Slip.NO_SUCH_DAY}),
        ({"ngay": "17/11/2026"}, {Slip.OVER}),
        ({"ngay": "28/11/2028"}, {Slip.TOO_FAR}),
        ({"tu": "tối"}, {Slip.BEGINS}),
        ({"tu": "25:00"}, {Slip.BEGINS}),
        ({"tu": 24}, {Slip.BEGINS}),
        ({"tu": float("nan")}, {Slip.BEGINS}),
        ({"den": "18:60"}, {Slip.ENDS}),
        ({"den": "17:00"}, {Slip.NO_LENGTH}),
        ({"tu": "6:00", "den": "22:00"}, {Slip.TOO_LONG}),
        ({"tuan": "0"}, {Slip.WEEKS}),
        ({"tuan": str(MOST_WEEKS + 1)}, {Slip.WEEKS}),
        ({"tuan": "vài"}, {Slip.WEEKS}),
        (
            {"xa": "", "cho": "", "ngay": "", "tu": "", "den": ""},
            {Slip.COMMUNE, Slip.NO_PLACE, Slip.DAY, Slip.BEGINS, Slip.ENDS},
        ),
    ],
)
def test_every_slip_is_told_at_once(changes: dict[str, object], slips: set[Slip]) -> None:
    understood = READER.read(written(**changes), NOW)
    assert understood.sessions == ()
    assert set(understood.slips) == slips


def test_one_that_has_begun_may_still_be_entered() -> None:
    assert READER.read(written(ngay="18/11/2026", tu="17:00", den="19:00"), NOW).sessions


def test_without_the_guard_a_lure_would_get_through() -> None:
    """Negative control."""
    careless = Reader(PLACES, lambda _: True, read_sheet)
    assert careless.read(written(ghi_chu="xem http://bit.ly/abc"), NOW).sessions


# ---- sheets


SHEET = """xã;địa điểm;ngày;từ giờ;đến giờ;số tuần;ghi chú
22291;Nhà văn hóa thôn 3;28/11/2026;18:00;20:00;4;
xã Tây Hòa, Đắk Lắk;Chợ Phú Thứ;29/11/2026;6h30;9h;;mang giấy
xã Không Có;Chợ;29/11/2026;6:00;9:00;;
22291;;hôm nào;18:00;17:00;;
"""


def plan_of(body: bytes) -> Plan:
    plan = READER.plan(body, NOW)
    assert isinstance(plan, Plan)
    return plan


def test_bad_rows_are_told_by_their_line() -> None:
    plan = plan_of(SHEET.encode())
    assert [(line.number, len(line.understood.sessions)) for line in plan.good] == [(2, 4), (3, 1)]
    assert [(line.number, set(line.understood.slips)) for line in plan.bad] == [
        (4, {Slip.COMMUNE}),
        (5, {Slip.NO_PLACE, Slip.DAY}),
    ]
    assert plan.good[1].understood.sessions[0].kind is Place.MARKET, "told by its name"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("between", [";", "\t", ","])
def test_a_sheet_comes_from_whatever_program(code: str, between: str) -> None:
    text = SHEET.replace("xã Tây Hòa, Đắk Lắk", "22255").replace(";", between)
    assert [line.number for line in plan_of(text.encode(code)).good] == [2, 3]


def test_a_workbook_with_real_dates_and_times_is_read() -> None:
    book = Workbook()
    table = book.worksheets[0]
    table.append(["Tỉnh", "Xã/phường", "Địa điểm", "Ngày", "Bắt đầu", "Kết thúc"])
    table.append(
        [
            "Đắk Lắk",
            "Hòa Xuân",
            "Trường tiểu học",
            date(2026, 11, 28),
            time(18),
            time(20, 30),
        ]
    )
    out = io.BytesIO()
    book.save(out)
    (line,) = plan_of(out.getvalue()).good
    (session,) = line.understood.sessions
    assert (session.commune, session.kind) == ("22291", Place.SCHOOL)
    assert (local(session.starts_at), local(session.ends_at)) == ("28/11/2026 18:00", "28/11/2026 20:30")


def test_a_sheet_without_its_columns_is_refused_by_name() -> None:
    assert set(plan_of(b"a;b\n1;2\n").missing) == {"xa", "cho", "ngay", "tu", "den"}
    assert READER.plan(b"", NOW) == Unreadable(Why.EMPTY)


def test_a_sheet_without_end_is_cut() -> None:
    row = "22291;chợ {};28/11/2026;18:00;20:00\n"
    text = "xã;địa điểm;ngày;từ;đến\n" + "".join(row.format(number) for number in range(MOST_ROWS + 1))
    plan = plan_of(text.encode())
    assert plan.cut
    assert len(plan.lines) == MOST_ROWS


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(WORDS, WORDS, st.integers(1, MOST_WEEKS))
def test_what_was_shown_as_good_is_what_is_kept(place: str, note: str, weeks: int) -> None:
    """The good rows go through the browser once more."""
    reader = Reader(PLACES, lambda _: True, read_sheet)
    understood = reader.read(written(cho=place, ghi_chu=note, tuan=str(weeks)), NOW)
    if understood.slips:
        return  # nothing was left of the words
    again = reader.plan(table_of(Plan((Line(2, GOOD, understood),))).encode(), NOW)
    assert isinstance(again, Plan)
    assert [line.understood for line in again.lines] == [understood]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    READER.plan(body, NOW)
