"""Where the weekly digest is sent: chats that typed a code, devices of organisers; and how it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.digests import LONGEST_NAME, PUSH, TELEGRAM, Entry
from bot.app.journal import Did
from bot.core.weeks import last_complete
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.insights.digest_text import week_digest
from bot.web.outage import told_time
from bot.web.parts import Site

PAGE = "/insights/digests"

DEEDS = ("thu", "tat", "bat", "bo")
"""What is done with an address: try it, switch it off and on, take it away."""

TOLD: Mapping[str, str] = {
    "may": "Đã thêm. Từ thứ Hai tới, bản tin hiện trên những máy bạn bật thông báo.",
    "may-roi": "Máy của bạn đã có trong danh sách rồi.",
    "chua-bat": "Bạn chưa bật thông báo trên máy nào. Bật trước ở Bàn trực → Thông báo, rồi quay lại đây.",
    "tat": "Đã tắt. Nơi này không nhận bản tin nữa cho đến khi bạn bật lại.",
    "bat": "Đã bật lại.",
    "bo": "Đã bỏ khỏi danh sách.",
    "thu": "Đang gửi thử, trong vòng nửa phút là tới. Nếu không thấy, xem dòng trạng thái bên dưới.",
    "khong": "Nơi này không còn trong danh sách.",
    "ten": "Chưa lấy được mã: bạn ghi tên nơi nhận trước, ví dụ «Nhóm điều phối xã Hòa Xuân».",
}

_WHY: Mapping[str, str] = {
    PUSH: "không còn máy nào bật thông báo",
    TELEGRAM: "bot bị chặn hoặc bị đưa khỏi nhóm",
}

_TELEGRAM = re.compile(r"/([A-Za-z0-9_]{3,40})")


@dataclass(frozen=True, slots=True)
class Row:
    """An address in words. `waits`: its code was not typed yet; `trouble`: nothing can be sent there."""

    id: int
    name: str
    channel: str
    state: str
    waits: bool
    resting: bool
    trouble: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A code, shown once. `bot` is the bot's name in Telegram, empty while that is not known."""

    name: str
    code: str
    bot: str


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(f"{PAGE}/telegram", partial(_offer, site), methods=["POST"]),
        Route(f"{PAGE}/may", partial(_add_own, site), methods=["POST"]),
        *(
            Route(f"{PAGE}/{{id:int}}/{deed}", partial(_change, site, deed), methods=["POST"])
            for deed in DEEDS
        ),
    ]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    return await _shown(site, request, account)


async def _offer(site: Site, request: Request) -> Response:
    """The code is on this page alone, so it is no other page's address."""
    account, form = await posted(site, request, Role.ORGANISER)
    name = " ".join(site.parts.sieve(form.get("ten", "")[: 4 * LONGEST_NAME]).text.split())[:LONGEST_NAME]
    if not name:
        return _back("ten")
    id, code = await staff_of(site).digests.offer(name, account.id)
    await staff_of(site).journal.note(account.id, Did.DIGEST_CHANGED, str(id))
    return await _shown(site, request, account, Offer(name, code, _bot(site)))


async def _add_own(site: Site, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    staff = staff_of(site)
    if staff.notices is None or not await staff.notices.devices(account):
        return _back("chua-bat")
    id = await staff.digests.add_own(f"Máy của {account.shown}", account.id)
    if id is None:
        return _back("may-roi")
    await staff.journal.note(account.id, Did.DIGEST_CHANGED, str(id))
    return _back("may")


async def _change(site: Site, deed: str, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    id = request.path_params["id"]
    digests = staff_of(site).digests
    if id >= 2**63:
        raise HTTPException(404)
    match deed:
        case "thu":
            done = await digests.try_out(id)
        case "tat" | "bat":
            done = await digests.kept.rest(id, deed == "tat")
        case _:
            done = await digests.kept.remove(id)
    if done:
        await staff_of(site).journal.note(account.id, Did.DIGEST_CHANGED, str(id))
    return _back(deed if done else "khong")


async def _shown(site: Site, request: Request, account: Account, offer: Offer | None = None) -> Response:
    staff, now = staff_of(site), site.parts.now()
    digest = await week_digest(staff.insights, site.parts.book, last_complete(now))
    text = digest.text(site.parts.web_address)
    said = {
        "rows": [_row(entry, now) for entry in await staff.digests.kept.entries(now)],
        "paragraphs": [part.splitlines() for part in text.split("\n\n")],
        "letters": len(text),
        "offer": offer,
        "told": TOLD.get(request.query_params.get("xong", ""), ""),
        "telegram": bool(_bot(site)),
        "longest_name": LONGEST_NAME,
    }
    return desk_page(site, request, account, "insights/digests.html", said)


def _row(entry: Entry, now: int) -> Row:
    if entry.until:
        state = f"Chờ gõ mã, đến {told_time(entry.until, now)}"
    elif entry.lost_at:
        state = f"Không gửi được từ {told_time(entry.lost_at, now)}: {_WHY[entry.channel]}"
    else:
        state = "Đang tắt" if entry.resting else "Nhận 8 giờ sáng thứ Hai"
    return Row(
        entry.id,
        entry.name,
        "Thông báo trên máy" if entry.channel == PUSH else "Telegram",
        state,
        waits=bool(entry.until),
        resting=entry.resting,
        trouble=bool(entry.lost_at) and not entry.until,
    )


def _bot(site: Site) -> str:
    door = next((door for door in site.parts.doors("") if door.channel == "telegram"), None)
    found = _TELEGRAM.fullmatch(urlsplit(door.link).path) if door else None
    return found[1] if found else ""


def _back(told: str) -> Response:
    return RedirectResponse(f"{PAGE}?xong={told}", 303)
