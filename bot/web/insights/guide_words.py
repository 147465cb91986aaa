"""What a guide's numbers are called, for organisers."""

from __future__ import annotations

from bot.core.session import How, Outcome, RunOutcome
from bot.core.sticking import PICTURE, UNCLEAR
from bot.core.visits import View
from bot.web.desk.wording import CHANNELS
from bot.web.insights.numbers import counted
from bot.web.insights.outline import Exit, Share, Stop

OUTCOMES = {
    Outcome.ANSWERED: "đi tiếp",
    Outcome.EXPIRED: "hết giờ không trả lời",
    Outcome.BLOCKED: "chặn bot",
    Outcome.SUPERSEDED: "sang việc khác, không quay lại",
    Outcome.ESCALATED: "xin gặp người",
    Outcome.WENT_OFFLINE: "ra Công an xã hoặc làm ở ngoài",
    Outcome.SKIPPED: "bỏ qua bước",
    Outcome.OUTAGE: "gặp lúc VNeID ngừng",
    Outcome.OPEN: "còn đang làm",
}
"""What became of somebody at a step; what is a loss stands together."""

RUNS = {
    RunOutcome.COMPLETED: "làm xong",
    RunOutcome.WENT_OFFLINE: "ra Công an xã hoặc làm ở ngoài",
    RunOutcome.ESCALATED: "xin gặp người",
    RunOutcome.EXPIRED: "hết giờ không trả lời",
    RunOutcome.BLOCKED: "chặn bot",
    RunOutcome.SUPERSEDED: "sang việc khác, không quay lại",
    RunOutcome.OUTAGE: "gặp lúc VNeID ngừng",
    RunOutcome.OPEN: "còn đang làm",
}

SHARES = {
    Share.ON: "đi tiếp",
    Share.BACK: "quay lại",
    Share.SKIPPED: "bỏ qua",
    Share.STUCK: "bị vướng",
    Share.HUMAN: "xin gặp người",
    Share.OFFLINE: "làm ở ngoài",
    Share.OUTAGE: "VNeID ngừng",
    Share.OPEN: "còn đang làm",
    Share.LOST: "bỏ dở",
}

SIGNS = {PICTURE: "gửi ảnh màn hình", UNCLEAR: "nói điều bot chưa hiểu"}

PHONES = {"android": "máy Android", "iphone": "iPhone"}

VIEWS = {
    View.ALL: "tất cả",
    View.PROVINCE: "tỉnh, thành phố",
    View.COMMUNE: "xã, phường",
    View.CHANNEL: "kênh",
    View.VERSION: "bản hướng dẫn",
    View.PHONE: "loại điện thoại",
    View.POSTER: "tờ dán",
}


def channel(name: str) -> str:
    return CHANNELS.get(name, name)


def place_of(stop: Stop) -> str:
    """As "bước 3 «Chờ tin duyệt»", or "bước giúp thêm «Chưa thấy tin»"."""
    return f"bước {stop.number} «{stop.title}»" if stop.number else f"bước giúp thêm «{stop.title}»"


def exit_told(exit: Exit, *, short: bool = False) -> str:
    """Where people went, without how many: "vướng «Chưa thấy tin» → Chưa thấy tin nhắn"."""
    where = exit.short if short else exit.where
    match exit.way.how:
        case How.STUCK:
            return f"vướng «{exit.why}» → {where}"
        case How.END:
            return where
        case How.BACK:
            return f"quay lại ↩ {where}"
        case How.SKIP:
            return f"bỏ qua → {where}"
        case How.HANDED:
            return f"được người giúp đưa sang → {where}"
        case _ if exit.next:
            return "đi tiếp ↓" if short else f"đi tiếp ↓ {where}"
        case _ if exit.back:
            return f"làm lại ↩ {where}"
        case _:
            return f"sang → {where}"


def lasting(seconds: float) -> str:
    """About how long, as people say it. Finer than a factor of √2 is not known."""
    if seconds < 50:
        return f"{max(5, round(seconds / 5) * 5)} giây"
    minutes = seconds / 60
    if minutes < 55:
        return f"{max(1, round(minutes))} phút"
    hours = minutes / 60
    if hours < 22:
        return f"{_halves(hours)} giờ"
    return f"{_halves(hours / 24)} ngày"


def _halves(number: float) -> str:
    half = round(number * 2) / 2
    return f"{half:g}".replace(".", ",") if number < 5 else counted(round(number))
