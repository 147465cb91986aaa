"""What the desk says in words: waiting times, reasons, channels, refusals. Volunteers read Vietnamese."""

from __future__ import annotations

from typing import assert_never

from bot.core.ticket import Closing, No, Reason, Refusal
from bot.core.visits import VIET_NAM
from bot.web.views import clock

MINUTE = 60
HOUR = 3600
DAY = 86400

REASONS = {
    Reason.ASKED: "xin gặp người",
    Reason.STEP: "bước này cần người",
    Reason.LOOP: "quay vòng ở một bước",
    Reason.UNCLEAR: "máy hai lần không hiểu",
    Reason.DISTRESS: "đang hoảng, nghi bị lừa",
}

CHANNELS = {
    "web": "trang web",
    "telegram": "Telegram",
    "zalo_oa": "Zalo",
    "zalo_bot": "Zalo Bot",
    "rest": "khung trò chuyện",
}

LANGUAGES = {"vi": "tiếng Việt", "en": "tiếng Anh"}

OUTCOMES = {
    Closing.SOLVED: "Đã xong",
    Closing.OFFICE: "Phải ra Công an xã",
    Closing.VISIT: "Hẹn đến nhà",
    Closing.UNSOLVED: "Chưa giải quyết được",
    Closing.GONE: "Không thấy trả lời nữa",
}
"""How whoever closes a conversation may say that it ended."""


def reason(value: str) -> str:
    return REASONS[Reason(value)]


def channel(name: str) -> str:
    return CHANNELS.get(name, name)


def language(locale: str) -> str:
    return LANGUAGES.get(locale, locale)


def lasting(seconds: int) -> str:
    """About how long, as people say it: "4 phút", "2 giờ 10 phút", "3 ngày"."""
    if seconds < MINUTE:
        return "chưa đầy 1 phút"
    if seconds < HOUR:
        return f"{seconds // MINUTE} phút"
    if seconds < DAY:
        hours, minutes = divmod(seconds // MINUTE, 60)
        return f"{hours} giờ {minutes} phút" if minutes else f"{hours} giờ"
    return f"{seconds // DAY} ngày"


def since(at: int, now: int) -> str:
    """A time that is over: "19:05, 4 phút trước"."""
    shown = at_hour(at, now)
    return f"{shown}, {lasting(now - at)} trước" if now - at >= MINUTE else shown


def at_hour(at: int, now: int) -> str:
    """The day only if it was another one."""
    return hour(at) if _day(at) == _day(now) else clock(at)


def hour(at: int) -> str:
    return clock(at)[:5]


def moment(at: int) -> str:
    """Such as "19:05 ngày 23/11"."""
    return clock(at).replace(" · ", " ngày ")


def refused(refusal: Refusal, now: int, most: int) -> str:
    """Why something was not done, and what can be done instead; names who has it and since when."""
    who = refusal.name or "Một bạn khác"
    when = f" từ {since(refusal.since, now)}" if refusal.since else ""
    match refusal.why:
        case No.TAKEN:
            return f"{who} đã nhận người này{when}. Bạn có thể xin nhận, hoặc giúp người tiếp theo."
        case No.NOT_YOURS if refusal.name:
            return f"Phiếu này đang ở chỗ {who}{when}, nên việc vừa rồi chưa làm. Chữ bạn viết vẫn còn."
        case No.NOT_YOURS:
            return "Phiếu đã về hàng chờ vì lâu không thấy bạn, nên việc vừa rồi chưa làm. Bạn nhận lại nhé."
        case No.CLOSED:
            return "Phiếu này đã đóng: người dân thôi chờ, hoặc đã được giúp xong."
        case No.FULL if refusal.name:
            return f"{refusal.name} đang giúp đủ số người rồi. Xong bớt một người thì mới nhận thêm được."
        case No.FULL:
            return f"Bạn đang giúp {most} người, đủ số rồi. Xong hoặc trả bớt một người rồi nhận tiếp nhé."
        case No.BARRED:
            return "Người dân đã báo không muốn bạn giúp phiếu này nữa, nên bạn không nhận được."
        case No.ASK_FIRST:
            return f"{who} đã xin nhận trước bạn{when}. Bạn giúp người khác trước nhé."
        case No.NO_SUCH_STEP:
            return "Hướng dẫn không có bước đó nữa. Bạn chọn bước khác nhé."
        case No.NO_SUCH_PERSON:
            return "Không thấy bạn đó trong ca. Bạn chọn người khác, hoặc trả về hàng chờ."
        case never:
            assert_never(never)


def _day(at: int) -> int:
    return (at + VIET_NAM) // DAY
