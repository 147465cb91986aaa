"""Official figures beside their targets, and the help that was given: the board and each unit's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.campaign import Entered
from bot.app.campaign_units import Unit
from bot.core.campaign import (
    BASES,
    Base,
    Measure,
    NotMoving,
    Official,
    Standing,
    ranks,
    rate_key,
    standing,
    usual_base,
)
from bot.core.cells import one_line
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.areas import named
from bot.web.desk.wording import moment
from bot.web.insights import campaign_entry, campaign_import
from bot.web.insights.campaign_help import help_of, helps_of
from bot.web.insights.campaign_unit import TABS, cards, days, expected, odd
from bot.web.insights.campaign_words import (
    MEASURES,
    OF,
    amount,
    date_of,
    number,
    pace,
    share,
    short_date,
)
from bot.web.insights.lines import LARGE, SPARK, Spark, spark
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/insights/campaign"
MOST_SOURCES = 6
ORDERS = {"thieu": "Còn thiếu nhiều nhất", "ty-le": "Tỷ lệ thấp nhất", "ten": "Tên"}
TOLD = {
    "ghi": "Đã ghi số liệu.",
    "nhap": "Đã giữ các dòng tốt của tệp.",
    "bo": "Đã bỏ tệp. Không số nào thay đổi.",
    "hoan-tac": "Đã hoàn tác lần nhập tệp vừa rồi.",
    "het": "Lần nhập này không còn: đã được giữ, đã bỏ, hoặc chờ quá hai ngày.",
    "xoa": "Đã xoá số liệu của ngày đó.",
    "don-vi": "Đã sửa đơn vị.",
    "xoa-don-vi": "Đã xoá đơn vị.",
    "trung": "Chưa sửa được: tên trùng với đơn vị khác, mã không có, hoặc đơn vị nằm trong chính nó.",
    "con-so": "Chưa xoá được đơn vị: còn số liệu hoặc còn đơn vị bên trong.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A unit on the board. Numbers are words already; `behind`: it will not be there in time."""

    unit: Unit
    rank: int | None
    rate: str
    told: str
    gap: str
    needed: str
    pace: str
    outlook: str
    behind: bool
    day: str
    spark: Spark | None
    parts: int
    sort: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is asked for in the address."""

    measure: Measure
    base: Base
    order: str

    def query(self, **other: str) -> str:
        return urlencode({"muc": str(self.measure), "theo": str(self.base), "xep": self.order} | other)


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_board, site), methods=["GET"]),
        *campaign_entry.routes(site),
        *campaign_import.routes(site),
        Route(f"{PAGE}/{{id:int}}", partial(_board, site), methods=["GET"]),
        Route(f"{PAGE}/{{id:int}}/sua", partial(_change, site), methods=["POST"]),
        Route(f"{PAGE}/{{id:int}}/xoa", partial(_drop, site), methods=["POST"]),
    ]


async def _board(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    campaign = staff_of(site).campaign
    units = {unit.id: unit for unit in await campaign.units()}
    id = request.path_params.get("id", 0)
    if id and id not in units:
        raise HTTPException(404)
    parts = [unit for unit in units.values() if unit.within == id]
    ids = [one.id for one in parts]
    own = (await campaign.official([id])).get(id, {}) if id else {}
    newest = await campaign.newest(ids)
    shown = _asked(request, [newest.get(one, {}) for one in ids] or [own])
    series = await campaign.official(ids, [shown.measure])
    official = {one: {**newest.get(one, {}), **series.get(one, {})} for one in ids}
    rows = _rows(parts, official, shown, campaign.today, _counted(units.values()))
    latest = await campaign.latest() if account.role >= Role.ORGANISER else None
    names = {one.id: one.shown for one in await staff_of(site).people.all()}
    unit = units.get(id)
    entered = await campaign.entered(id) if id else ()
    said: dict[str, object] = {
        "told": TOLD.get(request.query_params.get("xong", ""), ""),
        "unit": unit,
        "path": _path(unit, units),
        "rows": rows,
        "shown": shown,
        "number": number,
        "tabs": TABS,
        "bases": [(base, OF[base]) for base in BASES[shown.measure]],
        "orders": ORDERS,
        "sources": "; ".join((await campaign.sources(ids, shown.measure))[:MOST_SOURCES]),
        "here": f"{PAGE}/{id}" if id else PAGE,
        "today": date_of(campaign.today),
        "spark": SPARK,
        "large": LARGE,
        "of": OF[shown.base],
        "measure": MEASURES[shown.measure],
        "cards": cards(own, campaign.today, _by_figure(entered)) if id else (),
        "odd": odd(own) if id else (),
        "days": days(entered, names),
        "help": await help_of(site, unit.code) if unit and unit.code else None,
        "helps": await helps_of(site, parts),
        "place": named(site, [unit.code]).get(unit.code, "") if unit and unit.code else "",
        "latest": latest and (latest.key, names.get(latest.by, "người đã nghỉ"), moment(latest.at)),
        "units": sorted(units.values(), key=lambda one: one.name),
    }
    return desk_page(site, request, account, "insights/campaign.html", said)


async def standings(site: Site) -> tuple[str, str, list[Row]]:
    """The units at the top, as the board shows them first: of which measure, of how many, and each unit."""
    campaign = staff_of(site).campaign
    units = await campaign.units()
    parts = [unit for unit in units if not unit.within]
    official = await campaign.official([unit.id for unit in parts])
    known = list(official.values())
    measure = _usual_measure(known)
    shown = Shown(measure, usual_base(known, measure), "thieu")
    rows = _rows(parts, official, shown, campaign.today, _counted(units))
    return MEASURES[measure], OF[shown.base], rows


async def _change(site: Site, request: Request) -> Response:
    """Rename a unit, tie it to a place, move it; or delete it."""
    account, form = await posted(site, request, Role.ORGANISER)
    campaign = staff_of(site).campaign
    id = request.path_params["id"]
    if form.get("xoa"):
        units = {unit.id: unit for unit in await campaign.units()}
        within = units[id].within if id in units else 0
        done = await campaign.drop_unit(id, account.id)
        return back(within if done else id, "xoa-don-vi" if done else "con-so")
    code, above = form.get("ma", "").strip(), form.get("thuoc", "")
    name = one_line(form.get("ten", ""))[:80]
    unit = Unit(
        id, name, code, int(above) if above.isascii() and above.isdecimal() and len(above) < 16 else 0
    )
    done = (
        bool(name) and (not code or campaign.is_place(code)) and await campaign.change_unit(unit, account.id)
    )
    return back(id, "don-vi" if done else "trung")


async def _drop(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    day = form.get("ngay", "")
    if not (day.isascii() and day.isdecimal() and len(day) < 7):
        raise HTTPException(400)
    await staff_of(site).campaign.drop_day(request.path_params["id"], int(day), account.id)
    return back(request.path_params["id"], "xoa")


def back(unit: int, told: str) -> Response:
    where = f"{PAGE}/{unit}" if unit else PAGE
    return RedirectResponse(f"{where}?xong={told}", 303, headers={"Cache-Control": PRIVATE})


def _asked(request: Request, officials: Sequence[Official]) -> Shown:
    query = request.query_params
    measure = next((one for one in TABS if one == query.get("muc")), None) or _usual_measure(officials)
    base = next((one for one in BASES[measure] if one == query.get("theo")), None)
    order = query.get("xep", "")
    return Shown(measure, base or usual_base(officials, measure), order if order in ORDERS else "thieu")


def _usual_measure(officials: Sequence[Official]) -> Measure:
    def known(measure: Measure) -> int:
        keys = {str(measure), *(rate_key(measure, base) for base in BASES[measure])}
        return sum(bool(keys & official.keys()) for official in officials)

    return max(TABS, key=known)


def _counted(units: Iterable[Unit]) -> Mapping[int, int]:
    """How many parts each unit has."""
    return Counter(unit.within for unit in units)


def _by_figure(entered: Iterable[Entered]) -> Mapping[tuple[str, int], str]:
    return {(one.key, one.day): one.source for one in entered}


def _path(unit: Unit | None, units: Mapping[int, Unit]) -> list[Unit]:
    """What a unit is a part of, the largest first."""
    above: list[Unit] = []
    while unit and unit.within in units:
        unit = units[unit.within]
        above.insert(0, unit)
    return above


def _rows(
    parts: Sequence[Unit],
    official: Mapping[int, Official],
    shown: Shown,
    today: int,
    counts: Mapping[int, int],
) -> list[Row]:
    stands = {
        unit.id: standing(official.get(unit.id, {}), shown.measure, shown.base, today) for unit in parts
    }
    shares = {id: one.rate.share for id, one in stands.items() if one.rate}
    places = ranks(shares, shown.measure)
    rows = [_row(unit, stands[unit.id], places.get(unit.id), shown.measure, counts) for unit in parts]
    match shown.order:
        case "ten":
            return sorted(rows, key=lambda row: row.unit.name)
        case "ty-le":
            return sorted(rows, key=lambda row: (-(row.rank or 0), row.unit.name))
        case _:
            return sorted(rows, key=lambda row: (*row.sort, row.unit.name))


def _row(unit: Unit, seen: Standing, rank: int | None, measure: Measure, counts: Mapping[int, int]) -> Row:
    latest, rate = seen.latest, seen.rate
    told = number(latest.value) if latest else ""
    if rate and rate.whole and latest:
        told += f" / {amount(rate.whole)}"
    missing = Fraction(seen.gap.middle) if seen.gap else Fraction(-1)
    return Row(
        unit,
        rank,
        (share(rate) + (" (theo báo cáo)" if rate.stated else "")) if rate else "",
        told,
        amount(seen.gap) if seen.gap else "",
        number(seen.needed) if seen.needed else "",
        pace(seen.pace) if seen.pace is not None else "",
        expected(seen, measure),
        _is_behind(seen),
        short_date(latest.day) if latest else "",
        spark(seen.points),
        counts.get(unit.id, 0),
        (-missing, rate.share if rate else Fraction(2)),
    )


def _is_behind(seen: Standing) -> bool:
    late = getattr(seen.outlook, "late", None)
    return isinstance(seen.outlook, NotMoving) or bool(late and late > 0)
