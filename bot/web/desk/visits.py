"""Visits at home: the list, one visit and what is agreed, a sheet for the day, asking for one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account
from bot.app.journal import Did
from bot.app.ports import Acted
from bot.app.tickets import Request as Ticket
from bot.app.visits import Seen, Visiting
from bot.core.home_visit import (
    BY_TEAM,
    OUTCOMES,
    Declined,
    Meeting,
    Not,
    Stage,
    Why,
    today,
)
from bot.core.ticket import Closing
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.visit_forms import Filled, day_of, meeting_of, revision_of, wish_of
from bot.web.desk.visit_views import begun, card, date, errors, guides, labels_of, row
from bot.web.parts import Site

ADDRESS = "/desk/tham-nha"

REFUSED: Mapping[Not, str] = {
    Not.CHANGED: "Có người vừa đổi lịch này. Bạn xem lại bên dưới rồi làm tiếp.",
    Not.OVER: "Lịch hẹn này đã xong hoặc đã thôi, không đổi được nữa.",
    Not.OPEN: "Người dân này đang có một lịch hẹn rồi, chưa hẹn thêm được.",
    Not.TOLD_BADLY: "Chỉ ghi tên người, tên tổ, tên nơi. Không ghi số điện thoại, đường dẫn, mã hay tiền.",
    Not.NO_SUCH_DAY: "Chọn ngày từ hôm nay đến 60 ngày tới.",
    Not.NOT_YOURS: "Bạn không còn giữ cuộc trò chuyện này. Nhận lại rồi hãy hỏi người dân.",
    Not.NOT_AGREED: "Chưa hẹn ngày nào thì chưa ghi kết quả được.",
    Not.OFFICIAL: "Người đến là tình nguyện viên: không ghi tên cơ quan hay cấp bậc, dễ nhầm với Công an.",
    Not.TOO_NEW: "Bạn mới tham gia nên chưa tự hẹn đến nhà được. Nhờ trưởng nhóm hoặc một bạn cũ hẹn giúp.",
}


def routes(site: Site) -> list[Route]:
    return [
        Route(ADDRESS, partial(_list, site), methods=["GET"]),
        Route(f"{ADDRESS}/moi", partial(_new, site), methods=["GET"]),
        Route(f"{ADDRESS}/moi", partial(_offer, site), methods=["POST"]),
        Route(f"{ADDRESS}/ngay/{{day}}", partial(_sheet, site), methods=["GET"]),
        Route(f"{ADDRESS}/{{visit}}", partial(_one, site), methods=["GET"]),
        Route(f"{ADDRESS}/{{visit}}/hen", partial(_agree, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{visit}}/xong", partial(_finish, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{visit}}/thoi", partial(_call_off, site), methods=["POST"]),
    ]


async def _list(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    groups = await _visiting(site).listed(account)
    entries = [one for group in groups for one in group.entries]
    labels, now = labels_of(site.parts.book), site.parts.now()
    said = {
        "waiting": [row(labels, one, now) for one in entries if one.visit.stage is Stage.REQUESTED],
        "days": [
            {
                "day": begun(labels.day(group.day)),
                "place": labels.place(group.commune),
                "sheet": f"{ADDRESS}/ngay/{date(group.day)}?xa={group.commune}",
                "late": group.day < today(now),
                "rows": [row(labels, one, now) for one in group.entries],
            }
            for group in groups
            if group.day
        ],
        "over": [row(labels, one, now) for one in entries if not one.visit.is_open],
    }
    return desk_page(site, request, account, "desk/visits.html", said)


async def _one(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    seen = await _seen(site, request, account)
    await staff_of(site).journal.note(account.id, Did.VISIT_VIEWED, seen.entry.visit.key)
    return _shown(site, request, account, seen)


async def _new(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    ticket = await _ticket(site, account, request.query_params.get("c", ""))
    return _asked(site, request, account, ticket, Filled())


async def _offer(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    ticket = await _ticket(site, account, form.get("c", ""))
    wish = wish_of(form)
    if wish is None:
        return _asked(site, request, account, ticket, Filled(form, "Ghi thôn hoặc tổ, và chọn buổi."))
    done = await _visiting(site).offer(
        account, ticket.key, ticket.conversation, wish, form.get("ma_gui", "")[:64] or site.parts.draw(16)
    )
    if isinstance(done, Declined):
        return _asked(site, request, account, ticket, Filled(form, REFUSED[done.why]))
    await staff_of(site).journal.note(account.id, Did.VISIT_CHANGED, ticket.key)
    return RedirectResponse(f"/desk/c/{ticket.key}", 303)


async def _sheet(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    day = day_of(request.path_params["day"])
    if day is None:
        raise HTTPException(404)
    commune = request.query_params.get("xa", "")[:5]
    entries = await _visiting(site).day_sheet(account, day, commune)
    labels = labels_of(site.parts.book)
    for entry in entries:
        await staff_of(site).journal.note(account.id, Did.VISIT_VIEWED, entry.visit.key)
    said = {
        "day": labels.day(day),
        "place": labels.place(commune) if commune else "",
        "visits": [card(labels, one.visit) for one in entries],
    }
    return desk_page(site, request, account, "desk/visits_sheet.html", said)


async def _agree(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    seen = await _seen(site, request, account)
    plan = meeting_of(form)
    if plan is None:
        return _shown(site, request, account, seen, "Chọn ngày, buổi, ghi ai đến và nhận ra bằng gì.", form)
    done = await _visiting(site).agree(account, seen, revision_of(form), plan)
    return await _after(site, request, account, seen, done, form)


async def _finish(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    seen = await _seen(site, request, account)
    closing = form.get("ket_qua", "")
    if closing not in set(OUTCOMES):
        return _shown(site, request, account, seen, "Chọn một kết quả.", form)
    known = {id for id, _ in errors(site.parts.book)}
    error = form.get("loi", "") if form.get("loi", "") in known else ""
    flow = form.get("viec", "") if form.get("viec", "") in site.parts.book.flows else ""
    done = await _visiting(site).finish(account, seen, revision_of(form), Closing(closing), flow, error)
    return await _after(site, request, account, seen, done, form)


async def _call_off(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    seen = await _seen(site, request, account)
    why = form.get("ly_do", "")
    if why not in set(BY_TEAM):
        return _shown(site, request, account, seen, "Chọn một lý do: người dân được báo đúng như vậy.", form)
    done = await _visiting(site).call_off(account, seen, revision_of(form), Why(why))
    return await _after(site, request, account, seen, done, form)


async def _after(
    site: Site,
    request: Request,
    account: Account,
    seen: Seen,
    done: Acted | Declined,
    form: Mapping[str, str],
) -> Response:
    """On to the visit as it is now; refused: the same page, with what was typed and why not."""
    key = seen.entry.visit.key
    if isinstance(done, Declined):
        fresh = await _visiting(site).one(account, key)
        return _shown(site, request, account, fresh or seen, REFUSED[done.why], form)
    await staff_of(site).journal.note(account.id, Did.VISIT_CHANGED, key)
    return RedirectResponse(f"{ADDRESS}/{key}?r={'bao' if done.lines else 'chua-bao'}", 303)


def _shown(
    site: Site,
    request: Request,
    account: Account,
    seen: Seen,
    refusal: str = "",
    form: Mapping[str, str] | None = None,
) -> Response:
    book, now = site.parts.book, site.parts.now()
    labels, visit = labels_of(book), seen.entry.visit
    said = {
        "visit": card(labels, visit),
        "maker": seen.entry.maker,
        "form_of_address": seen.xung_ho or "bác",
        "told": request.query_params.get("r", "") if not refusal else "",
        "silent": not seen.may_be_told(now),
        "until": labels.moment(seen.until) if seen.until and seen.may_be_told(now) else "",
        "refusal": refusal,
        "open": visit.is_open,
        "agreed": visit.stage is Stage.AGREED,
        "first": date(today(now)),
        "last": date(today(now) + 60),
        "filled": form or _agreed_form(account, site, visit.meeting),
        "slots": labels.slots,
        "signs": labels.signs,
        "outcomes": labels.outcomes,
        "reasons": labels.reasons,
        "errors": errors(book),
        "guides": guides(book),
        "flow": visit.flow,
    }
    return desk_page(site, request, account, "desk/visits_one.html", said, status=409 if refusal else 200)


def _agreed_form(account: Account, site: Site, meeting: Meeting | None) -> dict[str, str]:
    if meeting is None:
        team = f", {site.parts.organisation}" if site.parts.organisation else ""
        return {"ai": f"{account.shown}{team}", "dau_badge": "1"}
    signs = {f"dau_{sign}": "1" for sign in meeting.signs}
    return {"ngay": date(meeting.day), "buoi": str(meeting.slot), "ai": meeting.who, **signs}


def _asked(site: Site, request: Request, account: Account, ticket: Ticket, filled: Filled) -> Response:
    labels = labels_of(site.parts.book)
    said = {
        "ticket": ticket.key,
        "number": ticket.number,
        "place": labels.place(ticket.commune),
        "filled": filled.form,
        "refusal": filled.refusal,
        "slots": labels.slots,
        "needs": labels.needs,
        "once": filled.form.get("ma_gui", "") or site.parts.draw(16),
    }
    status = 409 if filled.refusal else 200
    return desk_page(site, request, account, "desk/visits_new.html", said, status=status)


async def _ticket(site: Site, account: Account, key: str) -> Ticket:
    """The open request that the account holds."""
    ticket = await staff_of(site).tickets.request(key) if key else None
    if ticket is None or ticket.closed_at:
        raise HTTPException(404)
    if ticket.holder != account.id:
        raise HTTPException(403)
    return ticket


async def _seen(site: Site, request: Request, account: Account) -> Seen:
    seen = await _visiting(site).one(account, request.path_params["visit"])
    if seen is None:
        raise HTTPException(404)
    return seen


def _visiting(site: Site) -> Visiting:
    return staff_of(site).visiting
