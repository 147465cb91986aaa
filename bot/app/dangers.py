"""What a helper may not ask of a resident, and how a volunteer hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from bot.core.message import Secret


class Danger(StrEnum):
    """Kinds of what is held back. `NEW` is none: whoever wrote it is new here."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - the name of a danger
    ID_NUMBER = "id_number"
    DOCUMENT = "document"
    MONEY = "money"
    OTHER_CHANNEL = "other_channel"
    LINK = "link"
    INSTALL = "install"
    NEW = "new"


class Guard(Protocol):
    """Pure: which dangers a helper's words hold."""

    def __call__(self, text: str, before: str = "", /) -> tuple[Danger, ...]:
        """`before` is what the same person said just before: a question may be asked in two messages."""
        ...


KINDS = {
    Secret.ID_CARD: Danger.ID_NUMBER,
    Secret.OLD_ID_CARD: Danger.ID_NUMBER,
    Secret.CARD_QR: Danger.ID_NUMBER,
    Secret.PHONE: Danger.OTHER_CHANNEL,
    Secret.EMAIL: Danger.OTHER_CHANNEL,
    Secret.OTP: Danger.CODE,
    Secret.PASSCODE: Danger.CODE,
    Secret.PASSWORD: Danger.PASSWORD,
    Secret.BANK_CARD: Danger.MONEY,
    Secret.BANK_ACCOUNT: Danger.MONEY,
}
"""What it means when the sieve finds one of these in a helper's words."""

_WHY = {
    Danger.CODE: (
        "Câu này có vẻ hỏi mã OTP hoặc mã passcode của người dân.",
        "Bác tự nhập mã vào ô trên màn hình VNeID, không đọc cho ai, kể cả cháu ạ.",
    ),
    Danger.PASSWORD: (
        "Câu này có vẻ hỏi mật khẩu của người dân.",
        "Bác tự gõ mật khẩu vào VNeID, đừng nói cho ai biết ạ. Quên thì bác bấm «Quên mật khẩu».",
    ),
    Danger.ID_NUMBER: (
        "Câu này có vẻ hỏi số căn cước, hoặc có một dãy số giấy tờ.",
        "Bác tự nhập số trên thẻ vào VNeID, đừng gửi số vào đây ạ.",
    ),
    Danger.DOCUMENT: (
        "Câu này có vẻ xin ảnh giấy tờ, ảnh khuôn mặt hoặc ảnh màn hình.",
        "Bác gõ lại dòng chữ đang hiện trên màn hình giúp cháu, không cần gửi ảnh ạ.",
    ),
    Danger.MONEY: (
        "Câu này có vẻ nói chuyện đưa tiền, chuyển khoản hoặc số tài khoản.",
        "Tình nguyện viên giúp miễn phí, bác không phải trả tiền cho ai ạ.",
    ),
    Danger.OTHER_CHANNEL: (
        "Câu này có vẻ rủ sang chỗ khác: Zalo, số điện thoại, nhóm kín hoặc phần mềm điều khiển máy.",
        "Mình nhắn tiếp ngay trong khung chat này bác nhé. Cần gọi thì bác gọi tổng đài 1900 0368 ạ.",
    ),
    Danger.LINK: (
        "Câu này có một đường dẫn không nằm trong danh sách an toàn.",
        "Bác tự mở kho ứng dụng hoặc trang dichvucong.gov.vn trên máy, không bấm đường dẫn lạ ạ.",
    ),
    Danger.INSTALL: (
        "Câu này có vẻ bảo cài ứng dụng ngoài VNeID, hoặc cài từ chỗ không chính thức.",
        "Bác chỉ tải VNeID trong App Store hoặc CH Play thôi ạ.",
    ),
    Danger.NEW: (
        "Bạn mới tham gia nên tin đầu được một người khác xem qua rồi mới gửi.",
        "",
    ),
}


LOOKS = {danger: looks for danger, (looks, _) in _WHY.items()} | {
    Danger.NEW: "Người viết mới tham gia: mỗi tin cần thêm một người xem.",
}
"""To whoever decides: what the words look like."""


def sentence(why: Sequence[Danger]) -> str:
    """To the volunteer: what their words look like, and one that is safe."""
    if not why:
        return ""
    looks, safe = _WHY[why[0]]
    if not safe:
        return looks
    more = " ".join(_WHY[danger][0] for danger in why[1:])
    said = f"{looks} {more}".strip()
    return f"{said} Tin chưa gửi đi. Bạn thử nói thế này: «{safe}»"
