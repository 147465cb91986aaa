"""The same by place, channel, edition, kind of phone and poster: one of them at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.insights import Insights, Parts
from bot.core.figures import Figures
from bot.core.publishing import BY_WHOLE_WEEKS
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.insights import naming
from bot.web.insights.charts import Bar, Bars, drawn
from bot.web.insights.hurdles import Needing, losses, most_needing
from bot.web.insights.numbers import FEW, counted, of_all, percent
from bot.web.insights.periods import Link, Period, period
from bot.web.insights.telling import Line, line
from bot.web.parts import Site

HERE = "/insights/places"
SHOWN = 50
"""Rows at once; the rest is behind a link."""

CHARTED = 10
ALONE = 0.8
"""Share of all people from which on a province is the one that is meant: others are here and there."""

_OTHERS = {
    View.PROVINCE: "Các tỉnh còn lại và người chưa rõ tỉnh, gộp chung vì ít người",
    View.COMMUNE: "Các xã còn lại và người chưa rõ xã, gộp chung vì ít người",
    View.CHANNEL: "Các kênh còn lại, gộp chung vì ít người",
    View.VERSION: "Các bản còn lại, gộp chung vì ít người",
    View.PHONE: "Loại máy khác, gộp chung vì ít người",
    View.POSTER: "Các tờ còn lại, gộp chung vì ít người",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`province`: only its communes. `by_share`: the worst share first, not the most people."""

    view: View
    flow: str
    province: str
    by_share: bool
    whole: bool
    words: dict[str, str]

    def link(self, text: str, here: bool = False, **changed: str) -> Link:
        told = {name: value for name, value in (self.words | changed).items() if value}
        return Link(text, f"{HERE}?{urlencode(told)}", here)


@dataclass(frozen=True, slots=True)
class Row:
    """`worst`: the step of the guide that loses the most people there; only when one guide is looked at."""

    line: Line
    part: str = ""
    worst: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` in their order, `more` of them not shown; `rest` is what is merged."""

    rows: tuple[Row, ...]
    more: int
    rest: Row | None
    above: Row | None
    needing: str


def routes(site: Site) -> list[Route]:
    return [Route(HERE, partial(_page, site), methods=["GET"])]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    insights = staff.insights
    span = await insights.span()
    chosen = period(HERE, request.query_params, span, now)
    asked = await _asked(site, request, chosen.weeks)
    within = _within(site, asked.province)
    told_of = insights.weeks_of(asked.view, chosen.weeks)
    parts = await insights.parts(asked.view, chosen.weeks, asked.flow or None, within)
    then = None
    if chosen.than:
        then = await insights.parts(asked.view, chosen.than, asked.flow or None, within)
    table = await _table(site, asked, chosen, parts, then)
    said = {
        "period": chosen,
        "empty": not len(span),
        "not_yet": bool(len(span)) and asked.view in BY_WHOLE_WEEKS and not len(told_of),
        "partly": bool(len(told_of)) and told_of != chosen.weeks,
        "view": asked.view,
        "what": naming.PARTS[asked.view],
        "views": [
            asked.link(name, asked.view is view and not asked.province, chia=view, tinh="", het="")
            for view, name in naming.PARTS.items()
        ],
        "province": naming.part(site, View.PROVINCE, asked.province) if asked.province else "",
        "flow": asked.flow,
        "flows": [(flow.id, flow.title) for flow in site.parts.book.flows.values()],
        "words": asked.words,
        "orders": (
            asked.link("Nhiều người bỏ dở nhất", not asked.by_share, xep=""),
            asked.link("Tỉ lệ bỏ dở cao nhất", asked.by_share, xep="ti-le"),
        ),
        "table": table,
        "few": _more_weeks(chosen, table),
        "outage": any(row.line.outage for row in (*table.rows, table.rest, table.above) if row),
        "chart": await drawn(_chart(asked, table.rows)),
        "all": asked.link("", het="1").href,
    }
    return desk_page(site, request, account, "insights/places.html", said)


async def _asked(site: Site, request: Request, weeks: Weeks) -> Asked:
    """Without a wish: the communes of the province where nearly all are, or the provinces."""
    query = request.query_params
    known = {str(view): view for view in naming.PARTS}
    view = known.get(query.get("chia", ""))
    provinces = set(staff_of(site).province_of.values())
    province = query.get("tinh", "") if query.get("tinh", "") in provinces else ""
    flow = query.get("huong-dan", "") if query.get("huong-dan", "") in site.parts.book.flows else ""
    if view is None:
        found = (await staff_of(site).insights.parts(View.PROVINCE, weeks)).shown
        home = next(iter(found), "")
        alone = home and found[home].started >= ALONE * sum(one.started for one in found.values())
        province = province or (home if alone else "")
        view = View.COMMUNE if province or not found else View.PROVINCE
    by_share, whole = query.get("xep", "") == "ti-le", bool(query.get("het", ""))
    weeks_asked = {name: query[name] for name in ("tu", "den", "so_tu", "so_den") if query.get(name)}
    province = province if view is View.COMMUNE else ""
    words = {"chia": str(view), "tinh": province, "huong-dan": flow, "xep": "ti-le" if by_share else ""}
    return Asked(view, flow, province, by_share, whole, words | weeks_asked)


def _more_weeks(chosen: Period, table: Table) -> str:
    """Where to look when a single week says too little of every row."""
    few = all(row.line.started < FEW for row in table.rows)
    wide = next((one.href for one in chosen.others if one.text.startswith("4")), "")
    return wide if few and len(chosen.weeks) == 1 and not chosen.running else ""


def _within(site: Site, province: str) -> list[str] | None:
    if not province:
        return None
    return [code for code, within in staff_of(site).province_of.items() if within == province]


async def _table(site: Site, asked: Asked, chosen: Period, parts: Parts, then: Parts | None) -> Table:
    ordered = sorted(parts.shown.items(), key=lambda item: _order(item, by_share=asked.by_share))
    shown = ordered if asked.whole else ordered[:SHOWN]
    insights = staff_of(site).insights
    worst = await _worst(site, insights, asked, chosen.weeks, [part for part, _ in shown])
    rows = tuple(
        Row(_line(site, asked, chosen, part, seen, then), part, worst.get(part, "")) for part, seen in shown
    )
    # not compared: other parts were merged then
    rest = Row(line(_OTHERS[asked.view], "", parts.rest, None)) if parts.rest is not None else None
    above = await _above(site, insights, asked, chosen)
    return Table(rows, len(ordered) - len(shown), rest, above, _needing(site, asked, parts))


def _order(item: tuple[str, Figures], *, by_share: bool) -> tuple[float, float, str]:
    """Of few people a share says nothing: they come last then."""
    part, seen = item
    share = seen.lost / seen.started
    if by_share:
        return (seen.started < FEW, -share, part)
    return (-seen.lost, -share, part)


def _line(site: Site, asked: Asked, chosen: Period, part: str, seen: Figures, then: Parts | None) -> Line:
    name = naming.part(site, asked.view, part)
    href = ""
    if asked.view is View.COMMUNE and asked.province:
        name = name.partition(", ")[0]  # the province stands above
    if asked.view is View.PROVINCE:
        href = asked.link("", chia="commune", tinh=part).href
    elif asked.flow:
        href = f"/insights/{asked.flow}?{chosen.query(xem=f'{asked.view}:{part}')}"
    return line(name, href, seen, then.shown.get(part) if then else None)


async def _above(site: Site, insights: Insights, asked: Asked, chosen: Period) -> Row | None:
    """The province's own numbers, above its communes."""
    if not asked.province:
        return None
    weeks, one = chosen.weeks, [asked.province]
    found = await insights.parts(View.PROVINCE, weeks, asked.flow or None, one)
    then = await insights.parts(View.PROVINCE, chosen.than, asked.flow or None, one) if chosen.than else None
    seen = found.shown.get(asked.province)
    if seen is None:
        return None
    name = naming.part(site, View.PROVINCE, asked.province)
    return Row(line(name, "", seen, then.shown.get(asked.province) if then else None))


async def _worst(
    site: Site, insights: Insights, asked: Asked, weeks: Weeks, parts: list[str]
) -> dict[str, str]:
    """Of the rows that are shown; of all guides together there are no steps, and posters count none."""
    if not asked.flow or not parts or asked.view is View.POSTER:
        return {}
    kinds = (Kind.RUN, Kind.STEP, Kind.WAY)
    seen = await insights.parts(asked.view, weeks, asked.flow, parts[:SHOWN], kinds)
    worst = {}
    for part, one in seen.shown.items():
        found = next(iter(losses({asked.flow: one}, None)), None)
        if found is not None:
            where = naming.step(site.parts.book, asked.flow, found.step)
            worst[part] = f"{where}: {of_all(found.lost, found.reached)}"
    return worst


def _needing(site: Site, asked: Asked, parts: Parts) -> str:
    found = most_needing(parts)
    if found is None:
        return ""
    name = naming.part(site, asked.view, found.part)
    head = "Nơi cần đến nhất" if asked.view in {View.COMMUNE, View.PROVINCE} else "Vướng hơn hẳn"
    if not found.sure:
        head = "Có thể nên xem (số còn ít nên chưa chắc)"
    return f"{head}: {name}. {_lost(found)}"


def _lost(found: Needing) -> str:
    here, others = found.figures, found.elsewhere
    people = f"{counted(here.lost)} trong {counted(here.started)} người bỏ dở"
    return f"{people} ({percent(here.lost, here.started)}); nơi khác {percent(others.lost, others.started)}."


def _chart(asked: Asked, rows: tuple[Row, ...]) -> Bars:
    """By what the table is sorted by; shares only where enough people are behind them."""
    fit = [row.line for row in rows if not asked.by_share or row.line.started >= FEW][:CHARTED]
    if asked.by_share:
        bars = (Bar(one.name, one.lost / one.started, one.lost_told) for one in fit)
        return Bars("Tỉ lệ bỏ dở cao nhất", tuple(bars))
    bars = (Bar(one.name, max(0, one.lost), one.lost_told) for one in fit)
    return Bars("Nhiều người bỏ dở nhất", tuple(bars))
