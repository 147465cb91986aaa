"""What the calendar says: days and hours, and what is wrong with what somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.planning import FARTHEST, LONGEST_NOTE, LONGEST_PLACE, MOST_WEEKS, Slip
from bot.app.sheets import Why
from bot.core.calendar import MobileSession
from bot.core.visits import VIET_NAM, day_of
from bot.core.weeks import day_named

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

SLIPS: Mapping[Slip, str] = {
    Slip.COMMUNE: "chưa rõ xã, phường (ghi mã 5 số, hoặc tên kèm tỉnh)",
    Slip.WHICH_COMMUNE: "nhiều nơi cùng tên này, ghi thêm tỉnh",
    Slip.NO_PLACE: "thiếu địa điểm",
    Slip.LONG_PLACE: f"địa điểm dài quá {LONGEST_PLACE} chữ",
    Slip.UNSAFE: "địa điểm, ghi chú không được có số điện thoại, đường dẫn, chuyện mã hay tiền",
    Slip.LONG_NOTE: f"ghi chú dài quá {LONGEST_NOTE} chữ",
    Slip.DAY: "ngày chưa đọc được (ghi kiểu 28/11/2026)",
    Slip.NO_SUCH_DAY: "không có ngày này trong lịch",
    Slip.OVER: "buổi này đã qua",
    Slip.TOO_FAR: f"ngày xa quá {FARTHEST} ngày",
    Slip.BEGINS: "giờ bắt đầu chưa đọc được (ghi kiểu 18:00)",
    Slip.ENDS: "giờ kết thúc chưa đọc được (ghi kiểu 20:00)",
    Slip.NO_LENGTH: "giờ kết thúc phải sau giờ bắt đầu",
    Slip.TOO_LONG: "dài quá 14 giờ, có lẽ ghi nhầm giờ",
    Slip.WEEKS: f"số tuần là một số từ 1 đến {MOST_WEEKS}",
}

UNREADABLE: Mapping[Why, str] = {
    Why.EMPTY: "Chưa có gì để đọc: chọn một tệp, hoặc dán bảng vào ô.",
    Why.TOO_BIG: "Tệp lớn quá. Lịch chỉ cần vài chục dòng, bạn bỏ bớt hình và trang khác rồi thử lại.",
    Why.OLD_EXCEL: "Tệp .xls kiểu cũ chưa đọc được. Bạn lưu thành .xlsx hoặc .csv rồi thử lại.",
    Why.LOCKED: "Tệp đang khóa bằng mật khẩu. Bạn bỏ mật khẩu rồi thử lại.",
    Why.BROKEN: "Tệp này bị hỏng hoặc không phải bảng tính.",
    Why.NO_TABLE: "Trong tệp không thấy bảng nào.",
}

NAMES: Mapping[str, str] = {
    "xa": "Xã",
    "cho": "Địa điểm",
    "ngay": "Ngày",
    "tu": "Từ giờ",
    "den": "Đến giờ",
}
"""Columns that a sheet must have."""


def day_title(day: int) -> str:
    """Such as "Thứ bảy 28/11/2026"; days since 1970."""
    date = day_named(day)
    return f"{WEEKDAYS[date.weekday()]} {date:%d/%m/%Y}"


def hour(at: int) -> str:
    """Such as "18:00"."""
    minutes = (at + VIET_NAM) % 86400 // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours(session: MobileSession) -> str:
    return f"{hour(session.starts_at)} – {hour(session.ends_at)}"


def told(session: MobileSession, weeks: int = 1) -> str:
    """One row of a sheet, as it was understood."""
    when = f"{day_title(day_of(session.starts_at))}, {hours(session)}"
    often = f", {weeks} tuần liền" if weeks > 1 else ""
    note = f" ({session.note})" if session.note else ""
    return f"{when}{often}: {session.place}{note}"
