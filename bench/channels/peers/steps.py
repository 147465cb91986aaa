"""What every peer says: ten messages, as long as our guide's and with as many buttons."""

from __future__ import annotations

TOKEN = "42:AAbenchbenchbenchbenchbenchbenchbench"  # noqa: S105 - of a bench

COUNT = 10

CHOICES = ("Đã bấm", "Không thấy nút này", "VNeID đứng, báo bảo trì")
SHORTCUTS = ("Quay lại", "Gặp người", "Menu")
LAST = "Menu"

ON = "next"
"""What the first button says. The others are there to be seen."""


def text(step: int) -> str:
    if step == COUNT:
        return "Chúc mừng bác, tài khoản dùng được rồi, không cần làm gì thêm đâu ạ. " * 4
    choices = "\n".join(f"{number}. {label}" for number, label in enumerate(CHOICES, 1))
    return (
        f"Bác làm đúng rồi ạ.\n\n<b>Bước {step}/{COUNT}: Mở màn hình kích hoạt</b>\n\nBác mở <b>VNeID</b>, "
        "bấm «Kích hoạt tài khoản định danh điện tử», hoặc nút «Kích hoạt» ở màn hình đăng nhập.\n\n"
        f"Bấm xong sẽ thấy hai ô để gõ số. Bác quay lại đây trả lời em nhé, cứ từ từ ạ.\n\n{choices}"
    )


def rows(step: int) -> list[list[tuple[str, str]]]:
    """Labels and data, row by row."""
    if step == COUNT:
        return [[(LAST, "menu")]]
    first, *others = CHOICES
    stuck = [[(label, f"stuck:{number}")] for number, label in enumerate(others)]
    return [[(first, ON)], *stuck, [(label, f"word:{number}") for number, label in enumerate(SHORTCUTS)]]
