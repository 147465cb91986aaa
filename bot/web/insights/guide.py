"""One guide on its own drawing: who came, who left where, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.editions import Issue
from bot.app.insights import EVERYBODY, Insights, Parts, Seen
from bot.core.flow import DAY, Flow
from bot.core.sticking import error_of
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, begins_at, last_complete, named, span_named
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.insights import naming
from bot.web.insights.asking import Asked, asked, query_of
from bot.web.insights.choosing import Choices, choices, name_of, value_of
from bot.web.insights.guide_view import GuideView, Needy, view_of
from bot.web.insights.hurdles import SURE, most_needing
from bot.web.insights.marks import Event, events
from bot.web.insights.outline import Outline, outline
from bot.web.insights.rewording import Reworded, earlier_steps, reworded
from bot.web.insights.worst import worst_of
from bot.web.parts import Site
from bot.web.views import day

CANDIDATES = 25
"""Communes that are asked for a step's numbers: those that lost most people in the guide as a whole."""

LONGER = 4
"""Weeks that are looked at when too few people of one commune were there in those that are shown."""

LEAST_WINDOW = 7 * DAY
"""So long after its last day a week is not final, whatever the guide's windows are."""


def routes(site: Site) -> list[Route]:
    return [Route("/insights/{flow}", partial(_page, site), methods=["GET"])]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    id = request.path_params["flow"]
    issues = await staff.editions.of(id)
    flow = _flow(site, id, issues)
    insights = staff.insights
    span = await insights.span()
    last = _last(span, now)
    told = asked({key: value for key, value in request.query_params.items() if value}, last)
    known = _edition(flow, issues, told)
    seen = await insights.guide(id, told.weeks, told.group)
    before = told.than or told.weeks.before()
    then = await insights.guide(id, before, told.than_group if told.than else told.group)
    choose, communes = await choices(
        site, insights, id, issues, span, told.weeks, [told.group, told.than_group]
    )
    shown = outline(known, seen.figures, earlier_steps(issues)) if seen else None
    happened = await events(staff.days_off, staff.outages, _widest(span, told.weeks, before), now)
    view = None
    if seen is not None and shown is not None and seen.figures.started:
        view = view_of(
            shown,
            seen,
            then,
            compared=told.than is not None,
            errors={one.id: naming.error(site.parts.book, one.id) for one in site.parts.book.errors},
            first_seen=await _first_seen(insights, id, shown, told.weeks.last),
            needy=await _needy(site, insights, id, shown, told, communes),
            guides={other: one.title for other, one in site.parts.book.flows.items()},
        )
    history = () if len(issues) < 2 else await reworded(insights, id, issues, span, now, happened)
    said = _said(site, known, told, seen, view, choose, issues, happened, history, before, span, now)
    return desk_page(site, request, account, "insights/guide.html", said)


def _flow(site: Site, id: str, issues: Sequence[Issue]) -> Flow:
    """The present edition, or the last there was of a guide that is no more."""
    kept = [issue.flow for issue in issues if issue.flow is not None]
    flow = site.parts.book.flows.get(id) or (kept[-1] if kept else None)
    if flow is None:
        raise HTTPException(404)
    return flow


def _edition(flow: Flow, issues: Sequence[Issue], told: Asked) -> Flow:
    """Numbers of one edition stand on that edition's own steps."""
    if told.group.view is not View.VERSION:
        return flow
    known = (issue.flow for issue in issues if issue.version == told.group.part)
    return next(known, None) or flow


def _last(span: Weeks, now: int) -> int:
    """The week that is shown first: the last that is over and has numbers."""
    complete = last_complete(now)
    return complete if not span else span.last if span.first > complete else min(span.last, complete)


def _widest(*all: Weeks) -> Weeks:
    some = [weeks for weeks in all if weeks]
    return Weeks(min(one.first for one in some), max(one.last for one in some)) if some else Weeks(0, -1)


async def _first_seen(insights: Insights, id: str, shown: Outline, last: int) -> dict[tuple[str, str], str]:
    """In which week each known error was first told of at a step."""
    signs = {(stop.id, sign) for stop in shown for sign in stop.figures.signs if error_of(sign)}
    found = await insights.first_seen(id, signs, last) if signs else {}
    return {key: named(week) for key, week in found.items()}


async def _needy(
    site: Site, insights: Insights, id: str, shown: Outline, told: Asked, communes: Parts
) -> Needy | None:
    """The commune where most people are lost at the step where most are. Two parts are never crossed, so it
    is told only when the page looks at everybody.
    """
    worst = worst_of(shown)
    if worst is None or told.group != EVERYBODY:
        return None
    found = await _neediest(site, insights, id, worst.most.id, told.weeks, communes)
    if found is not None or len(told.weeks) >= LONGER:
        return found
    weeks = Weeks(told.weeks.last - LONGER + 1, told.weeks.last)
    communes = await insights.parts(View.COMMUNE, weeks, id)
    longer = await _neediest(site, insights, id, worst.most.id, weeks, communes)
    return replace(longer, longer=True) if longer else await _anywhere(site, insights, weeks)


async def _anywhere(site: Site, insights: Insights, weeks: Weeks) -> Needy | None:
    """The commune that stands out for sure in all guides together: the one the overview names."""
    parts = await insights.parts(View.COMMUNE, weeks)
    found = most_needing(parts)
    if found is None or not found.sure:
        return None
    name = naming.part(site, View.COMMUNE, found.part)
    here = found.figures
    return Needy(found.part, name, here.lost, here.started, parts.weeks, longer=True, anywhere=True)


async def _neediest(
    site: Site, insights: Insights, id: str, step: str, weeks: Weeks, communes: Parts
) -> Needy | None:
    """Of those communes alone that lost most in the guide as a whole: of a thousand this takes too long. None
    when hardly anybody was lost in any: rounding would choose it.
    """
    within = [part for part, one in sorted(communes.shown.items(), key=lambda one: -one[1].lost) if one.lost]
    if not within:
        return None
    kinds = (Kind.RUN, Kind.STEP, Kind.WAY)
    parts = await insights.parts(View.COMMUNE, weeks, id, within[:CANDIDATES], kinds)
    found = [(one.step(step), part) for part, one in parts.shown.items()]
    figures, part = max(found, key=lambda one: (one[0].lost, one[1]), default=(None, ""))
    if figures is None or figures.lost < SURE:
        return None
    name = naming.part(site, View.COMMUNE, part)
    return Needy(part, name, figures.lost, figures.reached, parts.weeks)


@dataclass(frozen=True, slots=True)
class Shortcut:
    name: str
    query: Mapping[str, str]


def _said(
    site: Site,
    flow: Flow,
    told: Asked,
    seen: Seen | None,
    view: GuideView | None,
    choose: Choices,
    issues: Sequence[Issue],
    happened: Sequence[Event],
    history: Sequence[Reworded],
    before: Weeks,
    span: Weeks,
    now: int,
) -> dict[str, object]:
    weeks = seen.weeks if seen else told.weeks
    until = begins_at(weeks.last + 1) + _longest(flow)
    return {
        "guide": flow,
        "view": view,
        "few": seen is None,
        "nothing": not span,
        "weeks": span_named(weeks) if weeks else "",
        "group": name_of(site, told.group, issues),
        "than": _than_told(site, told, issues),
        "before": span_named(before),
        "unfinished": day(until) if until > now else "",
        "running": weeks.last > last_complete(now),
        "happened": [one for one in happened if one.within(weeks)],
        "happened_then": [one for one in happened if one.within(before) and not one.within(weeks)],
        "choose": choose,
        "chosen": _chosen(told),
        "shortcuts": _shortcuts(told, span, last_complete(now)),
        "history": history,
        "names": {id: one.title for id, one in site.parts.book.flows.items()},
    }


def _longest(flow: Flow) -> int:
    return max([LEAST_WINDOW, *(getattr(step, "window", 0) for step in flow.steps.values())])


def _than_told(site: Site, told: Asked, issues: Sequence[Issue]) -> str:
    if told.than is None:
        return ""
    group = name_of(site, told.than_group, issues)
    return f"{span_named(told.than)}{f', {group}' if group else ''}"


def _chosen(told: Asked) -> dict[str, str]:
    weeks = query_of(told.weeks)
    than = query_of(told.than) if told.than else {"tu": "", "den": ""}
    same = told.than_group == told.group
    return {
        **weeks,
        "xem": value_of(told.group),
        "so_tu": than["tu"],
        "so_den": than["den"],
        "so_xem": "" if same else value_of(told.than_group) or "all",
    }


def _shortcuts(told: Asked, span: Weeks, complete: int) -> list[Shortcut]:
    """Weeks that are asked for most, and the comparison with as many weeks before."""
    if not span:
        return []
    spans = {
        "Tuần vừa xong": Weeks(complete, complete),
        "4 tuần": Weeks(complete - 3, complete),
        "8 tuần": Weeks(complete - 7, complete),
        "Tuần này (chưa đủ)": Weeks(complete + 1, complete + 1),
    }
    found = [
        Shortcut(name, query_of(weeks, told.group)) for name, weeks in spans.items() if weeks != told.weeks
    ]
    if told.than is None:
        than = query_of(told.weeks.before())
        query = query_of(told.weeks, told.group) | {f"so_{key}": value for key, value in than.items()}
        found.append(Shortcut("So với trước đó", query))
    return found
