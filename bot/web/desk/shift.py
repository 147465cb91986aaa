"""Begin and end a shift; when a commune's volunteers are there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.bell import DESK
from bot.app.journal import Did
from bot.app.shifts import LONGEST, Duty, Shift
from bot.app.staff import Staff
from bot.app.timetables import holidays_around, hours_of
from bot.core.desk import EVERYWHERE, Desk
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.areas import named
from bot.web.desk.hours import ALL, Hours, Written, may_write, read, shown
from bot.web.desk.wording import hour
from bot.web.parts import Site

PAGE = "/desk/ca"
HOURS = (1, 2, 3)
UNTIL_CLOSING = "dong"
MOST_WORDS = 500
"""Letters of a note for whoever comes next."""


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    until: str
    areas: tuple[str, ...]
    me: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`until`: my shift ends then; empty off duty. `closing`: when the place closes, if that is to be
    offered. `holding`: conversations that go back to the queue with the shift.
    """

    until: str
    closing: str
    holding: int
    there: tuple[Colleague, ...]
    hours: Hours
    written: Written
    told: str


TOLD = {
    "het": "Bạn đã hết ca.",
    "gio": "Đã ghi giờ mở cửa. Bà con được báo theo giờ mới ngay từ bây giờ.",
    "bo": "Đã bỏ giờ riêng. Nơi này theo giờ chung.",
}


def routes(site: Site) -> list[Route]:
    duty = staff_of(site).duty
    return [
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(f"{PAGE}/vao", partial(_begin, site, duty), methods=["POST"]),
        Route(f"{PAGE}/het", partial(_end, site, duty), methods=["POST"]),
        Route(f"{PAGE}/gio", partial(_write, site), methods=["POST"]),
    ]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    told = TOLD.get(request.query_params.get("xong", ""), "")
    given = request.query_params.get("tra", "")
    if told and given.isdecimal():
        told += f" {int(given)} người về lại hàng chờ."
    return await _shown(site, request, account, told)


async def _begin(site: Site, duty: Duty, request: Request) -> Response:
    """Whoever comes on duty sees at once who waits."""
    account, form = await posted(site, request)
    now = site.parts.now()
    wanted = form.get("den", "")
    if wanted == UNTIL_CLOSING:
        until = await _closing(staff_of(site), account, now)
    else:
        until = now + 3600 * int(wanted) if wanted in map(str, HOURS) else 0
    if not until:
        raise HTTPException(400)
    await duty.begin(account.id, until)
    await staff_of(site).journal.note(account.id, Did.SHIFT_BEGAN)
    return RedirectResponse("/desk", 303)


async def _end(site: Site, duty: Duty, request: Request) -> Response:
    account, form = await posted(site, request)
    given = await duty.end(account.helper, form.get("nhan", "").strip()[:MOST_WORDS])
    await staff_of(site).journal.note(account.id, Did.SHIFT_ENDED)
    return RedirectResponse(f"{PAGE}?xong=het" + (f"&tra={given}" if given else ""), 303)


async def _write(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.LEAD)
    staff = staff_of(site)
    if form.get("bo"):
        place = form.get("cho", EVERYWHERE)
        if not may_write(site, account, place):
            raise HTTPException(403)
        await staff.timetables.drop(place)
    else:
        written = read(site, account, form)
        if isinstance(written, Written):
            return await _shown(site, request, account, "", written)
        place = written.place
        await staff.timetables.save(written, account.id, site.parts.now())
    await staff.journal.note(account.id, Did.HOURS_CHANGED, place)
    site.parts.bell.ring((DESK,))
    return RedirectResponse(f"{PAGE}?xong={'bo' if form.get('bo') else 'gio'}", 303)


async def _shown(
    site: Site, request: Request, account: Account, told: str, written: Written | None = None
) -> Response:
    staff, now = staff_of(site), site.parts.now()
    there = await staff.shifts.on_duty(now)
    mine = next((shift for shift in there if shift.account.id == account.id), None)
    closing = await _closing(staff, account, now)
    page = Page(
        hour(mine.until) if mine else "",
        hour(closing) if closing else "",
        len(await staff.tickets.held(account.id)),
        tuple(_colleague(site, shift, account) for shift in there),
        shown(site, account, await staff.timetables.all(), now),
        written or Written(),
        told,
    )
    status = 422 if written else 200
    return desk_page(
        site, request, account, "desk/shift.html", {"page": page, "lengths": HOURS}, status=status
    )


def _colleague(site: Site, shift: Shift, account: Account) -> Colleague:
    who = shift.account
    areas = tuple(named(site, who.areas).values()) or (ALL.lower(),)
    return Colleague(who.shown, hour(shift.until), areas, who.id == account.id)


async def _closing(staff: Staff, account: Account, now: int) -> int:
    """When the last of somebody's places closes; 0 when none is open, or it is too long until then."""
    timetables = await staff.timetables.all()
    if not timetables:
        return 0
    hours = hours_of(timetables, holidays_around(staff.days_off, now))
    desk = Desk(hours=hours, province_of=staff.province_of)
    open_now = [desk.hours_of(place) for place in account.areas or (EVERYWHERE,)]
    closing = max((one.next_change(now) for one in open_now if one.is_open(now)), default=0)
    return closing if closing - now <= LONGEST else 0
