"""Posters to print, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.insights import Insights
from bot.app.journal import Did
from bot.app.posters import LONGEST, MOST_NUMBER, Poster
from bot.core.cells import one_line
from bot.core.figures import Figures
from bot.core.places import Commune, commune_of, read_poster, real
from bot.core.session import RunOutcome
from bot.core.visits import View
from bot.core.weeks import Weeks, code_of, last_complete, span_named
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.areas import areas_in
from bot.web.insights.asking import MOST_WEEKS, asked
from bot.web.insights.numbers import counted
from bot.web.onward import qr
from bot.web.parts import Site
from bot.web.poster import Entry, entries
from bot.web.views import day

ADDRESS = "/insights/posters"
USUAL = 4
"""Weeks that are shown unless others are asked for."""

FAULTS = {
    "xa": "Chưa rõ xã, phường nào. Bạn ghi mã xã (5 số), hoặc tên kèm tỉnh, ví dụ: xã Hòa Xuân, Đắk Lắk.",
    "cho": f"Bạn ghi nơi treo, ngắn thôi (tối đa {LONGEST} chữ), ví dụ: Nhà văn hóa thôn 3.",
    "loi": "Nơi treo chỉ ghi tên nơi: không ghi số điện thoại, đường dẫn, mã hay tiền.",
    "het": f"Xã này đã có {MOST_NUMBER} áp phích, không làm thêm được.",
}


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a poster, or of several, in published numbers; all empty when that is too little."""

    started: str = ""
    finished: str = ""
    offline: str = ""
    asked: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`place` is empty for what people read off a commune's posters without a number."""

    code: str
    commune: str
    place: str
    since: str
    retired: bool
    came: Came


@dataclass(frozen=True, slots=True)
class Results:
    """`rest` is what posters have together that may not be shown by themselves."""

    period: str
    rows: tuple[Row, ...]
    rest: Came
    periods: tuple[tuple[str, str, bool], ...]


def routes(site: Site) -> list[Route]:
    return [
        Route(ADDRESS, partial(_list, site), methods=["GET"]),
        Route(f"{ADDRESS}/moi", partial(_make, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{code}}", partial(_print, site), methods=["GET"]),
        Route(f"{ADDRESS}/{{code}}/thu", partial(_try, site), methods=["GET"]),
        Route(f"{ADDRESS}/{{code}}/go", partial(_retire, site), methods=["POST"]),
        Route(f"{ADDRESS}/{{code}}/treo", partial(_hang, site), methods=["POST"]),
    ]


async def _list(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    return await _shown(site, request, account)


async def _make(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    staff = staff_of(site)
    typed, place = form.get("xa", "").strip(), one_line(form.get("cho", ""))
    codes, unknown = areas_in(site, typed)
    fault = ""
    if unknown or len(codes) != 1 or not real(site.parts.book.places, codes[0]):
        fault = "xa"
    elif not place or len(place) > LONGEST:
        fault = "cho"
    elif not staff.reader.may_be_said(place):
        fault = "loi"
    made = None if fault else await staff.posters.make(codes[0], place, account.id, site.parts.now())
    if made is None:
        return await _shown(site, request, account, FAULTS[fault or "het"], form)
    await staff.journal.note(account.id, Did.POSTER_CHANGED, made.code)
    return RedirectResponse(f"{ADDRESS}/{made.code}", 303)


async def _retire(site: Site, request: Request) -> Response:
    return await _changed(site, request, hangs=False)


async def _hang(site: Site, request: Request) -> Response:
    return await _changed(site, request, hangs=True)


async def _changed(site: Site, request: Request, *, hangs: bool) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    staff, code = staff_of(site), request.path_params["code"]
    found = await staff.posters.one(code)
    if found is None:
        raise HTTPException(404)
    if hangs:
        await staff.posters.hang_again(code)
    else:
        await staff.posters.retire(code, site.parts.now())
    await staff.journal.note(account.id, Did.POSTER_CHANGED, code)
    return RedirectResponse(f"{ADDRESS}#p{code}", 303)


async def _print(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    code, commune, poster = await _asked_for(site, request)
    link = link_of(site, request, code)
    side, drawn = qr(link, error="q")
    said = {
        "code": code,
        "commune": commune,
        "place": poster.place if poster else "",
        "link": link,
        "typed": urlsplit(link).netloc,
        "side": side,
        "drawn": drawn,
        "big": request.query_params.get("kho") == "a3",
        "warnings": warnings(link),
        "doors": doors(site, code),
    }
    return desk_page(site, request, account, "insights/poster.html", said)


async def _try(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    code, commune, poster = await _asked_for(site, request)
    link = link_of(site, request, code)
    side, drawn = qr(link, error="q")
    said = {
        "code": code,
        "commune": commune,
        "place": poster.place if poster else "",
        "link": link,
        "here": urlsplit(link).path,
        "side": side,
        "drawn": drawn,
        "warnings": warnings(link),
        "doors": doors(site, code),
    }
    return desk_page(site, request, account, "insights/poster_try.html", said)


def link_of(site: Site, request: Request, code: str) -> str:
    base = site.parts.web_address or str(request.base_url)
    return f"{base.rstrip('/')}/c/{code}"


def warnings(link: str) -> tuple[str, ...]:
    """Why a poster with this link should not hang anywhere yet."""
    parts = urlsplit(link)
    if parts.hostname in {"localhost", "127.0.0.1", "::1", "test"}:
        return (
            "Địa chỉ này chỉ mở được trên máy chủ. Đặt organisation.web_address trong config.yaml rồi in.",
        )
    if parts.scheme != "https":
        return ("Địa chỉ này chưa có https, điện thoại sẽ báo «không an toàn». Nên bật https rồi hãy in.",)
    return ()


def doors(site: Site, code: str) -> list[Entry]:
    return list(entries(site.parts.doors(code)))


async def _asked_for(site: Site, request: Request) -> tuple[str, Commune, Poster | None]:
    """The code, its commune, and the poster; None for the one of a commune without a number."""
    code: str = request.path_params["code"]
    commune = site.parts.book.places.commune(commune_of(code)) if read_poster(code) else None
    poster = await staff_of(site).posters.one(code)
    if commune is None or (poster is None and code != commune.code):
        raise HTTPException(404)
    return code, commune, poster


async def _shown(
    site: Site, request: Request, account: Account, fault: str = "", form: dict[str, str] | None = None
) -> Response:
    staff = staff_of(site)
    results = await results_of(
        site, staff.insights, list(await staff.posters.all()), weeks_of(request, site.parts.now())
    )
    said = {"results": results, "fault": fault, "form": form or {}, "longest": LONGEST}
    return desk_page(site, request, account, "insights/posters.html", said, status=422 if fault else 200)


def weeks_of(request: Request, now: int) -> Weeks:
    """Whole weeks only: a poster is a place."""
    last = last_complete(now)
    query = request.query_params
    if {"tu", "den"} & set(query):
        return asked(query, last).weeks
    return Weeks(last - USUAL + 1, last)


async def results_of(site: Site, insights: Insights, made: list[Poster], weeks: Weeks) -> Results:
    parts = await insights.parts(View.POSTER, weeks)
    known = {poster.code for poster in made}
    rows = [
        Row(
            poster.code,
            _label(site, poster.commune),
            poster.place,
            day(poster.made_at),
            poster.retired,
            came(parts.shown.get(poster.code)),
        )
        for poster in made
    ]
    rows += [
        Row(code, _label(site, commune_of(code)), "", "", retired=False, came=came(figures))
        for code, figures in parts.shown.items()
        if code not in known
    ]
    return Results(span_named(parts.weeks), tuple(rows), came(parts.rest), _periods(weeks))


def came(figures: Figures | None) -> Came:
    if figures is None:
        return Came()
    runs = figures.runs
    return Came(
        counted(figures.started),
        counted(runs.get(RunOutcome.COMPLETED, 0)),
        counted(runs.get(RunOutcome.WENT_OFFLINE, 0)),
        counted(runs.get(RunOutcome.ESCALATED, 0)),
        counted(figures.lost),
    )


def _label(site: Site, code: str) -> str:
    commune = site.parts.book.places.commune(code)
    return commune.label if commune else code


def _periods(weeks: Weeks) -> tuple[tuple[str, str, bool], ...]:
    """Name, address and whether it is shown now."""
    spans = (("1 tuần", 1), ("4 tuần", USUAL), ("12 tuần", 12), ("2 năm", MOST_WEEKS))
    return tuple(
        (
            name,
            f"{ADDRESS}?tu={code_of(weeks.last - count + 1)}&den={code_of(weeks.last)}",
            len(weeks) == count,
        )
        for name, count in spans
    )
