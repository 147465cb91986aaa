"""What stands out this week, on one page."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.insights import Insights, Parts, Spell
from bot.app.staff import Staff
from bot.core.figures import Counted, Figures
from bot.core.visits import VIET_NAM, Kind, View
from bot.core.weeks import Weeks, last_complete
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.desk.wording import lasting
from bot.web.insights import telling
from bot.web.insights.charts import drawn
from bot.web.insights.freshness import freshness
from bot.web.insights.hurdles import errors_in
from bot.web.insights.marks import events
from bot.web.insights.periods import Period, period
from bot.web.insights.responding import KINDS, responding
from bot.web.parts import Site

HERE = "/insights"
CHARTED = 13
"""Weeks of the chart, and those in which it is looked up when an error was met first."""

SERIES = (Kind.RUN, Kind.SIGN)


@dataclass(frozen=True, slots=True)
class Series:
    """Published counts week by week, and of all weeks before them."""

    weekly: Mapping[int, list[Counted]]
    earlier: list[Counted]

    def errors(self) -> dict[int, set[str]]:
        return {week: errors_in(cells) for week, cells in self.weekly.items()}


class Lately:
    """Series that were asked for, as long as the sums they are made of are the same."""

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[int, Weeks], Series] = OrderedDict()

    async def series(self, insights: Insights, weeks: Weeks, span: Weeks) -> Series:
        at = await insights.summed_at()
        kept = self._kept.get((at, weeks)) if at else None
        if kept is not None:
            return kept
        ones = [Weeks(week, week) for week in range(weeks.first, weeks.last + 1)]
        earlier = Weeks(span.first, weeks.first - 1)
        counts = await asyncio.gather(*(insights.helps(one, SERIES) for one in ones))
        series = Series(
            dict(zip((one.first for one in ones), counts, strict=True)),
            await insights.helps(earlier, (Kind.SIGN,)) if len(earlier) else [],
        )
        self._kept[at, weeks] = series
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return series


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page is made from: one answer of `Insights` for each field."""

    now: Mapping[str, Figures]
    spells: tuple[str, Mapping[str, Spell]]
    then: Mapping[str, Figures] | None
    help: list[Counted]
    help_then: list[Counted] | None
    communes: Parts
    series: Series


def routes(site: Site) -> list[Route]:
    lately = Lately()
    return [
        Route(HERE, partial(_page, site, lately), methods=["GET"]),
        Route(f"{HERE}/them", partial(_more, site), methods=["GET"]),
    ]


async def _more(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    return desk_page(site, request, account, "insights/more.html", {})


async def _page(site: Site, lately: Lately, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    span = await staff.insights.span()
    asked = period(HERE, request.query_params, span, now)
    seen = await _seen(staff.insights, lately, asked, span)
    errors, earlier = seen.series.errors(), seen.series.earlier
    stuck = telling.hurdles(site, asked, seen.now, seen.then, errors, earlier)
    told = telling.overview(site, asked, seen.now, seen.then, seen.communes, stuck)
    happened = await events(staff.days_off, staff.outages, _spread(asked, seen.series), now)
    said = {
        "period": asked,
        "empty": not len(span),
        "waiting": await _waiting(staff, now),
        "fresh": freshness(site.parts.book, site.parts.sources, _today(now)),
        "puzzled": telling.puzzled(site.parts.book, staff.puzzling.latest()),
        "marks": [event.told for event in happened if event.within(asked.weeks)],
        "told": told,
        "lines": (told.everything, *told.guides),
        "hurdles": stuck,
        "losses": telling.losses(site, asked, seen.now, seen.then),
        "answers": responding(seen.help),
        "answers_then": responding(seen.help_then) if seen.help_then is not None else None,
        "with_the_bot": telling.with_the_bot(site.parts.book, *seen.spells),
        "outcomes": await drawn(telling.outcomes_chart(asked, seen.now, seen.then)),
        "weekly": await drawn(telling.weekly_chart(seen.series.weekly, last_complete(now), happened)),
    }
    return desk_page(site, request, account, "insights/overview.html", said)


async def _seen(insights: Insights, lately: Lately, asked: Period, span: Weeks) -> Seen:
    last = max(asked.weeks.last, span.first)
    charted = Weeks(max(span.first, last - CHARTED + 1), last)
    guides = await insights.guides(asked.weeks)
    most = max(guides, key=lambda flow: (guides[flow].started, flow), default="")
    walked = await insights.guide(most, asked.weeks) if most else None
    return Seen(
        now=guides,
        spells=(most, walked.spells if walked else {}),
        then=await insights.guides(asked.than) if asked.than else None,
        help=await insights.helps(asked.weeks, KINDS),
        help_then=await insights.helps(asked.than, KINDS) if asked.than else None,
        communes=await insights.parts(View.COMMUNE, asked.weeks),
        series=await lately.series(insights, charted, span) if len(span) else Series({}, []),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits at the desk at this moment: exact, for whoever sees it could open the queue as well."""

    people: int
    longest: str
    on_duty: int


async def _waiting(staff: Staff, now: int) -> Waiting:
    queued = await staff.tickets.queued()
    opened = [at for times in queued.values() for at in times]
    on_duty = await staff.shifts.on_duty(now)
    return Waiting(len(opened), lasting(now - min(opened)) if opened else "", len(on_duty))


def _spread(asked: Period, series: Series) -> Weeks:
    """The weeks that are told of or charted."""
    weeks = [*series.weekly, asked.weeks.first, asked.weeks.last]
    return Weeks(min(weeks), max(weeks))


def _today(now: int) -> date:
    return datetime.fromtimestamp(now + VIET_NAM, UTC).date()
