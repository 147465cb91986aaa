"""When the mobile team is where: the calendar, entered by hand or from a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.calendar import Planned
from bot.app.journal import Did
from bot.app.planning import LONGEST_NOTE, LONGEST_PLACE, MOST_WEEKS, PLACES, Line, Plan, Written
from bot.app.sheets import Unreadable, Why
from bot.core.calendar import MobileSession
from bot.core.visits import day_of
from bot.core.weeks import day_named
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.insights.calendar_words import NAMES, SLIPS, UNREADABLE, day_title, hour, hours, told
from bot.web.insights.uploads import uploaded
from bot.web.parts import Site

ADDRESS = "/insights/calendar"
MOST_BYTES = 1024 * 1024
"""Of a sheet: a few hundred rows have ample room in it."""

CHANGED_MEANWHILE = "Có người vừa sửa buổi này. Bạn xem lại bên dưới rồi sửa tiếp."
TOLD = {
    "them": "Đã thêm {} buổi vào lịch. Bà con hỏi là máy báo ngay.",
    "co": "Các buổi này đã có trong lịch, không thêm nữa.",
    "sua": "Đã sửa. Bà con hỏi là máy báo giờ mới.",
    "huy": "Đã báo hủy. Bà con hỏi thì máy nói là buổi này không có nữa.",
    "lai": "Buổi này lại diễn ra như trong lịch.",
}


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    hours: str
    place: str
    kind: str
    commune: str
    note: str
    called_off: bool


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    rows: tuple[Row, ...]


def routes(site: Site) -> list[Route]:
    return [
        Route(ADDRESS, partial(_list, site), methods=["GET"]),
        Route(f"{ADDRESS}/moi", partial(_add, site), methods=["POST"]),
        Route(f"{ADDRESS}/nhap", partial(_import, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{id:int}}", partial(_one, site), methods=["GET"]),
        Route(f"{ADDRESS}/{{id:int}}", partial(_change, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{id:int}}/huy", partial(_call_off, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{id:int}}/lai", partial(_hold, site), methods=["POST"]),
    ]


async def _list(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    return await _shown(site, request, account)


async def _add(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    understood = staff_of(site).reader.read(written_of(form), site.parts.now())
    if understood.slips:
        return await _shown(site, request, account, [SLIPS[slip] for slip in understood.slips], form)
    return await _kept(site, account, understood.sessions)


async def _import(site: Site, request: Request) -> Response:
    """A sheet is shown as it was understood; what is good in it is kept when somebody says so."""
    account, form, upload = await uploaded(site, request, Role.ORGANISER, "tep", MOST_BYTES)
    pasted = form.get("bang", "").encode()
    body = upload.body or pasted if upload.body is not None else None
    staff, now = staff_of(site), site.parts.now()
    plan = staff.reader.plan(body, now) if body is not None else Unreadable(Why.TOO_BIG)
    if isinstance(plan, Unreadable):
        return await _shown(site, request, account, [UNREADABLE[plan.why]])
    if plan.missing:
        names = ", ".join(f"«{NAMES[name]}»" for name in plan.missing)
        return await _shown(
            site, request, account, [f"Dòng đầu của bảng phải ghi tên cột. Còn thiếu: {names}."]
        )
    if form.get("giu") and plan.good:
        return await _kept(site, account, [one for line in plan.good for one in line.understood.sessions])
    said = {
        "good": [_understood(site, line) for line in plan.good],
        "bad": [(line.number, _quoted(line.written), _slips(line)) for line in plan.bad],
        "cut": plan.cut,
        "table": table_of(plan),
        "count": sum(len(line.understood.sessions) for line in plan.good),
    }
    return desk_page(site, request, account, "insights/calendar_import.html", said)


async def _one(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    return _editing(site, request, account, await _planned(site, request))


async def _change(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    planned = await _planned(site, request)
    written = replace(written_of(form), tuan="")
    understood = staff_of(site).reader.read(written, site.parts.now())
    if understood.slips:
        slips = [SLIPS[slip] for slip in understood.slips]
        return _editing(site, request, account, planned, slips, form)
    session = replace(understood.sessions[0], called_off=planned.session.called_off)
    return await _saved(site, request, account, planned, session, form, "sua")


async def _call_off(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    planned = await _planned(site, request)
    session = replace(planned.session, called_off=True)
    return await _saved(site, request, account, planned, session, form, "huy")


async def _hold(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    planned = await _planned(site, request)
    session = replace(planned.session, called_off=False)
    return await _saved(site, request, account, planned, session, form, "lai")


async def _saved(
    site: Site,
    request: Request,
    account: Account,
    planned: Planned,
    session: MobileSession,
    form: Mapping[str, str],
    done: str,
) -> Response:
    """Only onto what the one who changes it has seen."""
    staff = staff_of(site)
    seen = form.get("ban", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    if not await staff.calendar.change(planned.id, revision, session, account.id, site.parts.now()):
        fresh = await _planned(site, request)
        return _editing(site, request, account, fresh, [CHANGED_MEANWHILE])
    await staff.journal.note(account.id, Did.CALENDAR_CHANGED, str(planned.id))
    return RedirectResponse(f"{ADDRESS}?r={done}", 303)


async def _kept(site: Site, account: Account, sessions: Sequence[MobileSession]) -> Response:
    staff = staff_of(site)
    added = await staff.calendar.add(sessions, account.id, site.parts.now())
    if added:
        await staff.journal.note(account.id, Did.CALENDAR_CHANGED)
    return RedirectResponse(f"{ADDRESS}?r={'them' if added else 'co'}&n={added}", 303)


async def _planned(site: Site, request: Request) -> Planned:
    id: int = request.path_params["id"]
    planned = await staff_of(site).calendar.one(id) if id < 2**63 else None
    if planned is None:
        raise HTTPException(404)
    return planned


async def _shown(
    site: Site,
    request: Request,
    account: Account,
    faults: Sequence[str] = (),
    form: Mapping[str, str] | None = None,
) -> Response:
    now = site.parts.now()
    planned = await staff_of(site).calendar.ahead(now)
    count = request.query_params.get("n", "")
    said = {
        "days": days_of(site, planned),
        "faults": faults,
        "form": form or {},
        "told": TOLD.get(request.query_params.get("r", ""), "").format(count if count.isdigit() else ""),
        "first": f"{day_named(day_of(now)):%Y-%m-%d}",
        **_LIMITS,
    }
    return desk_page(site, request, account, "insights/calendar.html", said, status=422 if faults else 200)


def _editing(
    site: Site,
    request: Request,
    account: Account,
    planned: Planned,
    faults: Sequence[str] = (),
    form: Mapping[str, str] | None = None,
) -> Response:
    said = {
        "planned": planned,
        "commune": _label(site, planned.session.commune),
        "title": day_title(day_of(planned.session.starts_at)),
        "over": planned.session.ends_at <= site.parts.now(),
        "faults": faults,
        "form": form or form_of(planned.session),
        "first": f"{day_named(day_of(site.parts.now())):%Y-%m-%d}",
        **_LIMITS,
    }
    status = 409 if faults else 200
    return desk_page(site, request, account, "insights/calendar_one.html", said, status=status)


_LIMITS: Mapping[str, object] = {
    "kinds": [(str(kind), name) for kind, name in PLACES.items()],
    "longest": LONGEST_PLACE,
    "longest_note": LONGEST_NOTE,
    "most_weeks": MOST_WEEKS,
}


def days_of(site: Site, planned: Sequence[Planned]) -> list[Day]:
    def row(one: Planned) -> Row:
        session = one.session
        return Row(
            one.id,
            hours(session),
            session.place,
            PLACES[session.kind],
            _label(site, session.commune),
            session.note,
            session.called_off,
        )

    by_day = groupby(planned, key=lambda one: day_of(one.session.starts_at))
    return [Day(day_title(day), tuple(map(row, group))) for day, group in by_day]


def written_of(form: Mapping[str, str]) -> Written:
    return Written(**{field.name: form.get(field.name, "") for field in fields(Written)})


def form_of(session: MobileSession) -> dict[str, str]:
    """A session as its form would be filled in."""
    return {
        "xa": session.commune,
        "cho": session.place,
        "loai": str(session.kind),
        "ngay": f"{day_named(day_of(session.starts_at)):%Y-%m-%d}",
        "tu": hour(session.starts_at),
        "den": hour(session.ends_at),
        "ghi_chu": session.note,
    }


def table_of(plan: Plan) -> str:
    """The good rows once more, as a sheet that is read the same way when they are to be kept."""
    out = io.StringIO()
    out.write("sep=;\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(("xã", "chỗ", "loại", "ngày", "từ", "đến", "số tuần", "ghi chú"))
    for line in plan.good:
        sessions = line.understood.sessions
        filled = form_of(sessions[0])
        note = filled.pop("ghi_chu")
        writer.writerow((*filled.values(), len(sessions), note))
    return out.getvalue()


def _understood(site: Site, line: Line) -> tuple[int, str, str]:
    sessions = line.understood.sessions
    return line.number, _label(site, sessions[0].commune), told(sessions[0], len(sessions))


def _quoted(written: Written) -> str:
    cells = (getattr(written, field.name) for field in fields(Written))
    return " | ".join(str(cell)[:40] for cell in cells if cell not in {"", None})


def _slips(line: Line) -> str:
    return "; ".join(SLIPS[slip] for slip in line.understood.slips)


def _label(site: Site, code: str) -> str:
    commune = site.parts.book.places.commune(code)
    return commune.label if commune else code
