"""Official figures in words: numbers as Viet Nam writes them, what is wrong with a row, what to expect."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from bot.app.campaign_columns import CODE, COLUMNS, DAY, DEADLINE
from bot.app.campaign_rows import Fault, What
from bot.app.sheets import MOST_BYTES, MOST_ROWS, Why
from bot.core.campaign import (
    BASES,
    Amount,
    Base,
    Expected,
    FirstOnly,
    Measure,
    Nothing,
    NotMoving,
    Outlook,
    Rate,
    Reached,
    half_up,
    percent,
    rate_key,
    target_key,
)
from bot.core.cells import Unread, Wrong
from bot.core.weeks import day_named

MEASURES: Mapping[Measure, str] = {
    Measure.PEOPLE: "Người trong độ tuổi",
    Measure.PRESENT: "Có mặt tại địa bàn",
    Measure.CARDS: "Thẻ căn cước đã cấp",
    Measure.NO_CARD: "Người chưa có thẻ",
    Measure.ACCOUNTS: "Tài khoản định danh đã cấp",
    Measure.ACTIVATED: "Tài khoản đã kích hoạt",
}

OF: Mapping[Base, str] = {
    Base.TARGET: "chỉ tiêu",
    Base.ACCOUNTS: "tài khoản đã cấp",
    Base.PEOPLE: "người trong độ tuổi",
    Base.PRESENT: "người có mặt tại địa bàn",
}

_PERCENT = "\u00a0%"
"""Stays with its number at the end of a line."""

FAR = 3650
"""Days beyond which a forecast names no date."""


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def decimal(value: Fraction, decimals: int = 1) -> str:
    """With a comma, and without noughts at its end."""
    scaled = half_up(abs(value) * 10**decimals)
    whole, rest = divmod(scaled, 10**decimals)
    shown = f"{rest:0{decimals}}".rstrip("0") if decimals else ""
    sign = "−" if value < 0 and scaled else ""
    return f"{sign}{number(whole)}" + (f",{shown}" if shown else "")


def share(rate: Rate) -> str:
    """One decimal, as offices publish; of what they state themselves, as many as they state."""
    if rate.stated:
        return f"{decimal(rate.share * 100, 2)}{_PERCENT}"
    rounded = percent(rate.share)
    whole, rest = divmod(half_up(rounded * 10), 10)
    return f"{number(whole)},{rest}{_PERCENT}"


def amount(people: Amount) -> str:
    if people.is_derived:
        return f"khoảng {number(people.low)} – {number(people.high)}"
    return number(people.low)


def pace(value: Fraction) -> str:
    """People a day: small numbers with a decimal."""
    return decimal(value, 1 if abs(value) < 10 else 0)


def date_of(day: int) -> str:
    found = day_named(day)
    return f"{found.day}/{found.month}/{found.year}"


def short_date(day: int) -> str:
    found = day_named(day)
    return f"{found.day}/{found.month}"


def key_named(key: str) -> str:
    for measure, bases in BASES.items():
        if key == target_key(measure):
            return f"Chỉ tiêu: {_inside(MEASURES[measure])}"
        for base in bases:
            if key == rate_key(measure, base):
                return f"Tỷ lệ {_inside(MEASURES[measure])} so với {OF[base]}"
    return MEASURES[Measure(key)]


def value_shown(key: str, value: int) -> str:
    return f"{decimal(Fraction(value, 100), 2)} %" if "%" in key else number(value)


def outlook(expected: Outlook, measure: Measure) -> str:
    match expected:
        case Nothing():
            return "Chưa đủ số để dự báo"
        case Reached(over):
            return f"Đã đạt, vượt {number(over)}" if over else "Đã đạt"
        case FirstOnly():
            return "Mới có một lần số liệu, chưa thấy nhịp"
        case NotMoving(rate) if rate < 0:
            return "Số đang tăng lên" if measure is Measure.NO_CARD else "Số mới thấp hơn số cũ, cần xem lại"
        case NotMoving():
            return "Số đứng yên, chưa thấy nhịp"
        case Expected(day, late):
            return _expected(day, late)
        case never:
            assert_never(never)


def _expected(day: int, late: int | None) -> str:
    if late is None:
        return f"Với nhịp này sẽ xong {_when(day)}"
    if late > FAR:
        return "Với nhịp này còn rất lâu mới xong"
    if late > 0:
        return f"Với nhịp này sẽ chậm {number(late)} ngày ({_when(day)})"
    if late < 0:
        return f"Với nhịp này sẽ sớm {number(-late)} ngày ({_when(day)})"
    return "Với nhịp này sẽ vừa kịp hạn"


def unreadable(why: Why) -> str:
    match why:
        case Why.EMPTY:
            return "Tệp trống, hoặc bạn chưa chọn tệp."
        case Why.TOO_BIG:
            most = f"{MOST_BYTES >> 20} MB, {number(MOST_ROWS)} dòng"
            return f"Tệp lớn quá. Mỗi lần nhận tệp đến {most}: bạn chia nhỏ nhé."
        case Why.OLD_EXCEL:
            return "Đây là tệp Excel kiểu cũ (.xls). Bạn mở ra, chọn «Lưu thành» rồi chọn .xlsx nhé."
        case Why.LOCKED:
            return "Tệp có mật khẩu nên không đọc được. Bạn lưu một bản không mật khẩu nhé."
        case Why.BROKEN:
            return (
                "Tệp hỏng hoặc không phải bảng tính. Bạn mở bằng Excel, lưu lại thành .xlsx rồi thử lại nhé."
            )
        case Why.NO_TABLE:
            return "Không thấy bảng nào trong tệp."
        case never:
            assert_never(never)


def fault(found: Fault) -> str:
    """What is wrong or odd, and what was probably meant."""
    typed = f"«{found.typed}»"
    match found.what:
        case What.NO_UNIT:
            return "Thiếu tên đơn vị."
        case What.SUM:
            return f"{typed} là dòng cộng, không phải đơn vị."
        case What.UNIT_UNSURE:
            return f"Chưa có đơn vị {typed}. Có phải «{found.meant}»?"
        case What.UNIT_SEVERAL:
            return f"Có nhiều đơn vị tên {typed}: {found.meant}. Ghi thêm cột «Thuộc»."
        case What.NO_SUCH_CODE:
            return f"Không có xã, tỉnh nào mã {typed}."
        case What.NO_DAY:
            return "Thiếu ngày của số liệu."
        case What.CELL:
            return f"{column(found.column)}: {_cell(found)}"
        case What.FUTURE:
            return f"Ngày {typed} chưa tới."
        case What.NOTHING:
            return "Không có số nào."
        case What.CONFLICT:
            value = value_shown(found.column, int(found.typed))
            other = value_shown(found.column, int(found.meant))
            return (
                f"Dòng {found.line} cũng đơn vị này, ngày này, nhưng ghi {other}; dòng này ghi {value} "
                f"({_inside(column(found.column))}). Máy giữ dòng {found.line}; nếu sai, hãy sửa tệp."
            )
        case What.REPEATED:
            return f"Trùng dòng {found.line}, bỏ qua."
        case What.TWIN:
            return f"{typed} gần giống «{found.meant}» trong cùng tệp. Nếu là một, bạn sửa tên rồi nhập lại."
        case What.OVER:
            return f"{column(found.column)} nhiều hơn {_inside(MEASURES[Measure(found.meant)])}."
        case What.FALLING if found.than is not None:
            return _falling(found, found.than.day, found.than.value)
        case What.FALLING:
            return f"{column(found.column)}: tổng giảm."
        case What.OVER_WHOLE:
            return f"{column(found.column)}: {typed} là hơn 100 %."
        case What.FRACTION:
            return f"{column(found.column)}: {typed} được hiểu là {value_shown('%', int(found.meant))}."
        case What.EARLY:
            return f"Ngày {typed} đã rất lâu."
        case What.DEADLINE_BEFORE:
            return f"Hạn {typed} trước ngày của số liệu."
        case never:
            assert_never(never)


def column(key: str) -> str:
    if key in {DAY, DEADLINE, CODE}:
        return COLUMNS[key][0].capitalize()
    return key_named(key)


def _cell(found: Fault) -> str:
    why = found.why or Unread(Wrong.NO_NUMBER)
    maybe = f" Có phải {why.meant}?" if why.meant else ""
    typed = f"«{found.typed}»"
    match why.why:
        case Wrong.NO_NUMBER:
            return f"{typed} không phải số.{maybe}"
        case Wrong.NEGATIVE:
            return f"{typed} là số âm."
        case Wrong.FRACTION:
            return f"{typed} là số lẻ, mà đây là số người.{maybe}"
        case Wrong.TOO_BIG:
            return f"{typed} lớn quá."
        case Wrong.FORMULA:
            return f"{typed} là công thức chưa có kết quả. Bạn dán lại bằng «Dán giá trị» nhé."
        case Wrong.NO_DATE:
            return f"{typed} không phải ngày. Ghi kiểu 30/11/2026."
        case Wrong.NO_SUCH_DAY:
            return f"Không có ngày {typed}.{maybe}"
        case never:
            assert_never(never)


def _falling(found: Fault, day: int, value: int) -> str:
    told = f"{column(found.column)}: {value_shown(found.column, int(found.typed))}"
    if value > int(found.typed):
        return f"{told}, ít hơn ngày {date_of(day)} ({number(value)})."
    return f"{told}, nhiều hơn ngày {date_of(day)} ({number(value)}) sau đó."


def _when(day: int) -> str:
    try:
        return f"ngày {date_of(day)}"
    except OverflowError:
        return "rất lâu nữa"


def _inside(words: str) -> str:
    return words[:1].lower() + words[1:]
