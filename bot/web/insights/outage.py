"""One button says that VNeID is down: from then on residents hear it and no clock moves. Another ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.bell import DESK
from bot.app.journal import Did
from bot.app.outage import Entry
from bot.core.cells import one_line
from bot.core.outage import Reason
from bot.core.outage_over import GRACE, by_day
from bot.core.publishing import SHOWN_FROM
from bot.core.visits import VIET_NAM
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.wording import lasting
from bot.web.outage import told_time
from bot.web.parts import Site

PAGE = "/insights/outage"

SHOWN = 30
"""Outages that the page lists."""

DAY = 86400

REASONS: Mapping[Reason, str] = {
    Reason.LOGIN: "VNeID không đăng nhập được",
    Reason.OTP: "VNeID không gửi mã OTP",
    Reason.PORTAL: "Cổng dịch vụ công bảo trì",
    Reason.OTHER: "VNeID trục trặc kiểu khác",
}

TOLD: Mapping[str, str] = {
    "bat": "Đã báo. Từ giờ ai nhắn bot cũng nghe tin này trước tiên, và mọi đồng hồ đứng lại.",
    "roi": "Đã có người báo ngừng trước bạn một chút. Lần đó vẫn đang tính, bạn không cần làm gì thêm.",
    "het": "Đã ghi là VNeID chạy lại. Bot chờ một phút rồi mới nhắn, phòng khi bấm nhầm.",
    "het-roi": "Lần ngừng này đã có người báo hết rồi.",
}

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:h.]([0-5][0-9])\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """An outage in words. `heard` is how many people were told, as it is published; `news`: how far the news
    of its end has come.
    """

    id: int
    reason: str
    since: str
    until: str
    lasted: str
    note: str
    by: str
    ended_by: str
    heard: str
    news: str


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(f"{PAGE}/bat-dau", partial(_begin, site), methods=["POST"]),
        Route(f"{PAGE}/het", partial(_finish, site), methods=["POST"]),
    ]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    names = {person.id: person.shown for person in await staff.people.all()}
    entries = await staff.outages.entries(SHOWN)
    rows = [row(entry, names, now) for entry in entries]
    lasts = bool(entries) and not entries[0].outage.ended_at
    said = {
        "current": rows[0] if lasts else None,
        "past": rows[1:] if lasts else rows,
        "reasons": REASONS,
        "told": TOLD.get(request.query_params.get("xong", ""), ""),
        "fault": "gio" if request.query_params.get("loi") == "gio" else "",
    }
    return desk_page(site, request, account, "insights/outage.html", said)


async def _begin(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    reason = form.get("ly_do", "")
    if reason not in set(Reason):
        raise HTTPException(400)
    since = began(form.get("tu", ""), now)
    if since is None:
        return RedirectResponse(f"{PAGE}?loi=gio", 303)
    note = site.parts.sieve(one_line(form.get("ghi_chu", ""))).text
    begun = await staff.outages.begin(Reason(reason), note, since, account.id, now)
    if begun:
        await staff.journal.note(account.id, Did.OUTAGE_BEGAN, reason)
        site.parts.bell.ring((DESK,))
    return RedirectResponse(f"{PAGE}?xong={'bat' if begun else 'roi'}", 303)


async def _finish(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.LEAD)
    staff, id = staff_of(site), form.get("lan", "")
    if not (id.isascii() and id.isdecimal() and len(id) < 16):
        raise HTTPException(400)
    finished = await staff.outages.finish(int(id), account.id, site.parts.now())
    if finished:
        await staff.journal.note(account.id, Did.OUTAGE_ENDED, id)
        site.parts.bell.ring((DESK,))
    return RedirectResponse(f"{PAGE}?xong={'het' if finished else 'het-roi'}", 303)


def began(typed: str, now: int) -> int | None:
    """The last time it was so late ("9:00"), within a day; now where nothing was typed, None for nonsense."""
    if not typed.strip():
        return now
    found = _TIME.match(typed.strip())
    if found is None:
        return None
    midnight = (now + VIET_NAM) // DAY * DAY - VIET_NAM
    at = midnight + 3600 * int(found[1]) + 60 * int(found[2])
    return at if at <= now else at - DAY


def row(entry: Entry, names: Mapping[int, str], now: int) -> Row:
    outage = entry.outage
    return Row(
        id=outage.id,
        reason=REASONS[outage.reason],
        since=told_time(outage.started_at, now),
        until=told_time(outage.ended_at, now) if outage.ended_at else "",
        lasted=lasting((outage.ended_at or now) - outage.started_at),
        note=entry.note,
        by=names.get(entry.by, "không rõ"),
        ended_by=names.get(entry.ended_by, "không rõ") if outage.ended_at else "",
        heard=_heard(entry.told),
        news=_news(entry, now),
    )


def _heard(told: int) -> str:
    """Small numbers are not told: they may be about one hamlet."""
    if told < SHOWN_FROM:
        return f"dưới {SHOWN_FROM} người"
    return f"khoảng {told:,}".replace(",", ".") + " người"


def _news(entry: Entry, now: int) -> str:
    ended = entry.outage.ended_at
    if not ended:
        return ""
    due = by_day(ended + GRACE)
    if not entry.announced or now < due:
        return f"gửi từ {told_time(due, now)}" if now < due else "đang gửi"
    return "đã gửi"
