"""What exported files say about themselves: what is in them, what is not, and where they come from."""

from __future__ import annotations

import time

from bot.app.export import Stamp
from bot.core.publishing import SHOWN_FROM, K
from bot.core.visits import VIET_NAM
from bot.core.weeks import code_of

COLUMNS = (
    ("tuan", "Tuần"),
    ("tu_ngay", "Từ ngày"),
    ("den_ngay", "Đến ngày"),
    ("cach_xem", "Cách xem"),
    ("ma_phan", "Mã nơi hoặc nhóm"),
    ("ten_phan", "Nơi hoặc nhóm"),
    ("thuoc_tinh", "Thuộc tỉnh"),
    ("ma_huong_dan", "Mã hướng dẫn"),
    ("huong_dan", "Hướng dẫn"),
    ("dem_gi", "Đếm gì"),
    ("ma_buoc", "Mã bước"),
    ("so_buoc", "Bước số"),
    ("buoc", "Bước"),
    ("ma_ket_qua", "Mã kết quả"),
    ("ket_qua", "Kết quả, ngả, dấu hiệu"),
    ("so", "Số"),
)
"""Columns of the long table: their names for programs, and for people."""

_INSIDE = """
Trong tệp có gì
Số người và số lượt đi qua từng bước của các hướng dẫn VNeID, đếm theo tuần (thứ hai đến chủ nhật), chỉ
những tuần đã trọn.

Trong tệp không có gì
Không có người nào: không tên, không số điện thoại, không câu nhắn, không giờ giấc, không mã nào dẫn về
một người.

Số tròn chục
Mọi số đều là bội của {k}, lệch số thật dưới {k}, cộng nhiều tuần cũng không lệch thêm. Không có dòng nào
nghĩa là dưới {k}, chưa chắc là không có ai.

Nơi ít người
Tuần nào một xã, một kênh, một nhóm có dưới {shown_from} người thì gộp vào dòng «còn lại» của tỉnh hoặc
của tất cả.

Một cách xem mỗi lần
Các cách xem (tất cả, tỉnh, xã, kênh, bản hướng dẫn, loại máy, áp phích) là cùng những người ấy chia theo
nhiều kiểu: đừng cộng các cách xem với nhau.

Người và lượt
«Người» đếm mỗi người một lần ở mỗi bước dù quay lại mấy lần; «lượt» đếm mọi lần dừng. Người được tính
vào tuần họ bắt đầu hướng dẫn.

Xong hướng dẫn chưa phải là kích hoạt
«Làm xong» là đi hết hướng dẫn trong trò chuyện. Số tài khoản đã kích hoạt là số của Công an.
"""

ABOUT = tuple(
    (head, " ".join(rest))
    for head, *rest in (
        block.split("\n") for block in _INSIDE.strip().format(k=K, shown_from=SHOWN_FROM).split("\n\n")
    )
)
"""Headings, each with what there is to say."""


def about(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    weeks = stamp.weeks
    told = f"{code_of(weeks.first)} đến {code_of(weeks.last)}" if len(weeks) else "chưa có tuần nào"
    return (("Các tuần", told), *ABOUT)


def stamped(stamp: Stamp) -> str:
    """As "xuất 22/11/2026 09:30, Lan, tuần 2026-W39 đến 2026-W46"."""
    at = time.strftime("%d/%m/%Y %H:%M", time.gmtime(stamp.at + VIET_NAM))
    weeks = stamp.weeks
    told = f"tuần {code_of(weeks.first)} đến {code_of(weeks.last)}" if len(weeks) else "chưa có tuần nào"
    made_up = "SỐ LIỆU MÔ PHỎNG" if stamp.simulated else ""
    return ", ".join(filter(None, (made_up, f"xuất {at}", stamp.by, stamp.organisation, told)))


def key_of(*parts: str) -> str:
    """Ids of several codes together, empty when the last one is."""
    return "/".join(parts) if parts[-1] else ""
