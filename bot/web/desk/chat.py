"""One conversation: what was tried, what was said, and what can be done."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account
from bot.app.journal import Did, Journal
from bot.core.ticket import Refusal
from bot.web.desk import deeds, wording
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.desk.lately import Lately
from bot.web.desk.scene import SHOWN, Composer, composer, may_read, scene
from bot.web.parts import Site

ADDRESS = "/desk/c/{key}"

SAME_VIEW = 600
"""Seconds in which a page that looks again is one view, not many."""

WORDS = {
    "nhan": "Bạn đã nhận phiếu này. Người dân vừa được báo có bạn đây.",
    "xin": "Đã hỏi. Nếu một phút nữa chưa ai trả lời, bạn bấm «Nhận luôn».",
    "giu": "Bạn vẫn giữ phiếu này.",
    "ghi-chu": "Đã ghi chú.",
    "dang-cho": "Câu của bạn đang chờ một người xem lại rồi mới gửi.",
}
"""What is said after something was done, by the name of the deed."""


def routes(site: Site) -> list[Route]:
    lately = Lately(SAME_VIEW)
    return [
        Route(ADDRESS, partial(_chat, site, lately), methods=["GET"]),
        *deeds.routes(site, partial(chat_page, site, lately)),
    ]


async def _chat(site: Site, lately: Lately, request: Request) -> Response:
    account = await signed_in(site, request)
    said = WORDS.get(request.query_params.get("bao", ""), "")
    return await chat_page(site, lately, request, account, request.path_params["key"], said=said)


async def chat_page(
    site: Site,
    lately: Lately,
    request: Request,
    account: Account,
    key: str,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    back: Composer | None = None,
) -> Response:
    """The page, or with `phan` only what changes on it. `refusal` is why something was not done, `back` the
    words that come back into the field.
    """
    parts, staff = site.parts, staff_of(site)
    now = parts.now()
    beat = await staff.pulse.chat(account.id, key)  # before looking: what comes in between is seen again
    chat = await staff.tickets.chat(key, 0, SHOWN)
    if chat is None:
        raise HTTPException(404)
    reads = await may_read(staff, account, chat.request, now)
    if reads is None:
        if not chat.request.closed_at:
            raise HTTPException(403)
        return RedirectResponse("/desk?bao=dong-roi", 303, headers={"Cache-Control": "no-store"})
    part = "phan" in request.query_params
    if reads:
        await note_view(staff.journal, lately, account, key, now, anew=not part)
    after = _number(request.query_params.get("sau", "")) if part else 0
    shown = await scene(parts, staff, account, chat, reads=reads, mark=beat.mark, after=after)
    field = back or Composer()
    if shown.hold.mine and back is None and not part:
        field = await composer(staff, account, chat, request.query_params.get("mau", ""))
    return desk_page(
        site,
        request,
        account,
        "desk/chat_part.html" if part else "desk/chat.html",
        {
            "scene": shown,
            "field": field,
            "beat": beat,
            "notice": said,
            "refused": wording.refused(refusal, now, account.most) if refusal else "",
            "message": parts.draw(16),
            "deed": parts.draw(16),
            "lines": max((line.id for line in chat.lines), default=0) if reads else 0,
        },
        status=409 if refusal else 422 if field.error else 200,
    )


async def note_view(
    journal: Journal, lately: Lately, account: Account, key: str, now: int, *, anew: bool = False
) -> None:
    """Nothing is shown of which it could not be noted that it was, not at the second try either."""
    view = f"{account.id}.{key}"
    if not lately.is_new(view, now, anew=anew):
        return
    try:
        await journal.note(account.id, Did.VIEWED, key)
    except BaseException:
        lately.forget(view)
        raise


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
