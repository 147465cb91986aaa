"""Who waits, and whose conversations I have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account
from bot.app.journal import Did
from bot.app.waiting import queue_of, take_next
from bot.core.ticket import Refusal
from bot.web.desk import wording
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.rows import Row, row
from bot.web.parts import Site

SHOWN = 50
"""Requests that a list shows; of more it says how many."""

SHOWN_HELD = 20

WORDS = {
    "dong": "Đã đóng phiếu. Cảm ơn bạn!",
    "lai-may": "Đã chuyển lại cho máy. Người dân vừa được báo.",
    "tra": "Đã trả về hàng chờ, giữ nguyên thứ tự. Người dân vừa được báo.",
    "chuyen": "Đã chuyển cho đồng đội. Người dân vừa được báo.",
    "nhuong": "Đã nhường phiếu.",
    "dong-roi": "Phiếu đó đã đóng rồi.",
    "het": "Không còn ai chờ mà bạn nhận được. Có người mới là trang này hiện ra ngay.",
    "tra-het": "Đã trả lại hết. Nghỉ ngơi nhé, cảm ơn bạn!",
}
"""What is said after something was done, by its name in the address."""

NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Queue:
    """`waiting` may be taken, `held` only asked for. `more` wait beside those shown, `later` are nearer to
    somebody else and come into sight with time. `on_duty`: whoever looks is, `until` when.
    """

    mark: str
    waiting: Sequence[Row]
    more: int
    later: int
    held: Sequence[Row]
    held_more: int
    on_duty: bool
    until: str
    mine: int
    unread: int
    full: bool


@dataclass(frozen=True, slots=True)
class Mine:
    mark: str
    rows: Sequence[Row]
    most: int
    waiting: int


def routes(site: Site) -> list[Route]:
    return [
        Route("/desk", partial(_queue, site), methods=["GET"]),
        Route("/desk/tiep", partial(_next, site), methods=["POST"]),
        Route("/desk/toi", partial(_mine, site), methods=["GET"]),
        Route("/desk/toi/tra-het", partial(_give_all_back, site), methods=["POST"]),
        Route("/desk/them", partial(_more, site), methods=["GET"]),
    ]


async def _queue(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    return await _queue_page(site, request, account, _said(request))


async def _queue_page(
    site: Site, request: Request, account: Account, said: str, refusal: Refusal | None = None
) -> Response:
    now = site.parts.now()
    return desk_page(
        site,
        request,
        account,
        "desk/queue_part.html" if "phan" in request.query_params else "desk/queue.html",
        {
            "queue": await _looked(site, account, now),
            "notice": said,
            "refused": wording.refused(refusal, now, account.most) if refusal else "",
        },
        status=409 if refusal else 200,
    )


async def _looked(site: Site, account: Account, now: int) -> Queue:
    staff, book = staff_of(site), site.parts.book
    beat = await staff.pulse.desk(account.id)  # before looking: what comes in between is seen again
    seen = await queue_of(staff, account, now, SHOWN)
    shift = next((one for one in await staff.shifts.on_duty(now) if one.account.id == account.id), None)
    return Queue(
        mark=beat.mark,
        waiting=[row(book, one.request, now) for one in seen.free],
        more=seen.all_free - len(seen.free),
        later=max(0, beat.waiting - seen.all_free),
        held=[row(book, one.request, now) for one in seen.held[:SHOWN_HELD]],
        held_more=max(0, seen.all_held - SHOWN_HELD),
        on_duty=shift is not None,
        until=wording.hour(shift.until) if shift else "",
        mine=beat.mine,
        unread=beat.unread,
        full=beat.mine >= account.most,
    )


async def _next(site: Site, request: Request) -> Response:
    """Take whoever waits longest of those who may be taken."""
    account, _ = await posted(site, request)
    staff = staff_of(site)
    taken = await take_next(staff, account, site.parts.now())
    match taken:
        case None:
            return _gone_on("/desk?bao=het")
        case Refusal():
            return await _queue_page(site, request, account, "", taken)
        case (key, _):
            await staff.journal.note(account.id, Did.CLAIMED, key)
            return _gone_on(f"/desk/c/{key}?bao=nhan")


async def _mine(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    staff, now = staff_of(site), site.parts.now()
    beat = await staff.pulse.desk(account.id)
    held = await staff.tickets.held(account.id)
    unread_first = sorted(held, key=lambda one: (not one.is_unread, one.opened_at, one.number))
    mine = Mine(
        beat.mark, [row(site.parts.book, one, now) for one in unread_first], account.most, beat.waiting
    )
    template = "desk/mine_part.html" if "phan" in request.query_params else "desk/mine.html"
    return desk_page(
        site, request, account, template, {"mine": mine, "notice": _said(request), "refused": ""}
    )


async def _give_all_back(site: Site, request: Request) -> Response:
    """Everything I have goes back to the queue with a note, at its old age; whoever is on duty leaves."""
    account, form = await posted(site, request)
    staff = staff_of(site)
    note = form.get("chu", "").strip()[:1000]
    note = site.parts.sieve(note).text if note else ""
    held = await staff.tickets.held(account.id)
    await staff.duty.end(account.helper, note)
    for one in held:
        await staff.journal.note(account.id, Did.RETURNED, one.key)
    return _gone_on("/desk/toi?bao=tra-het")


async def _more(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    return desk_page(site, request, account, "desk/more.html", {})


def _said(request: Request) -> str:
    return WORDS.get(request.query_params.get("bao", ""), "")


def _gone_on(onward: str) -> Response:
    return RedirectResponse(onward, 303, headers=NO_STORE)
