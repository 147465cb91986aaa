"""What stands out this week, on one page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

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
from bot.web.insights.asking import query_of
from bot.web.insights.charts import drawn
from bot.web.insights.freshness import freshness
from bot.web.insights.hurdles import errors_in, most_needing
from bot.web.insights.marks import events
from bot.web.insights.periods import Period, period
from bot.web.insights.responding import KINDS, responding
from bot.web.parts import Site

T = TypeVar("T")

HERE = "/insights"
MORE = (4, 12)
"""Weeks that are looked at when one alone says too little."""

CHARTED = 13
"""Weeks of the chart, and those in which it is looked up when an error was met first."""

SERIES = (Kind.RUN, Kind.SIGN)
LISTED = 8
"""Guides that stand in the table at once."""

OLD = 600
"""Seconds for which counts of older weeks are kept."""


@dataclass(frozen=True, slots=True)
class Series:
    """Published counts week by week, and of all weeks before them."""

    weekly: Mapping[int, list[Counted]]
    earlier: list[Counted]

    def errors(self) -> dict[int, set[str]]:
        return {week: errors_in(cells) for week, cells in self.weekly.items()}


class Lately:
    """Answers that cost much: kept while the sums are the same or, of what hardly changes, some minutes."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[int, Hashable], Any] = OrderedDict()

    async def series(self, insights: Insights, weeks: Weeks, span: Weeks) -> Series:
        """Week by week, and all before them. The last two weeks are read anew whenever sums changed; of those
        before hardly anybody's way ends differently any more.
        """
        at = await insights.summed_at()
        weekly = {}
        for week in range(weeks.first, weeks.last + 1):
            age = at if week >= span.last - 1 else at // OLD
            ask = partial(insights.helps, Weeks(week, week), SERIES)
            weekly[week] = await self.kept(age, ("week", week), ask)
        earlier = Weeks(span.first, weeks.first - 1)
        before = partial(insights.helps, earlier, (Kind.SIGN,))
        return Series(weekly, await self.kept(at // OLD, ("before", earlier), before) if len(earlier) else [])

    async def needy(self, insights: Insights, asked: Period, span: Weeks) -> Needy:
        """A thousand communes are many numbers, and only those of weeks that are over are told."""
        at = await insights.summed_at()
        weeks = insights.weeks_of(View.COMMUNE, asked.weeks)
        return await self.kept(
            at // OLD, ("needy", asked.weeks, weeks), partial(_needy, insights, asked, span)
        )

    async def kept(self, age: int, what: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """`age` 0: nothing was ever summed up."""
        key = (age, what)
        if key not in self._kept or not age:
            self._kept[key] = await ask()
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        answer: T = self._kept[key]
        return answer


@dataclass(frozen=True, slots=True)
class Needy:
    """Communes in the weeks that are asked for, and in more when these say too little."""

    communes: Parts
    wider: tuple[telling.Wider, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page is made from: one answer of `Insights` for each field."""

    now: Mapping[str, Figures]
    spells: tuple[str, Mapping[str, Spell]]
    then: Mapping[str, Figures] | None
    help: list[Counted]
    help_then: list[Counted] | None
    needy: Needy
    series: Series


def routes(site: Site) -> list[Route]:
    lately = Lately()
    return [
        Route(HERE, partial(_page, site, lately), methods=["GET"]),
        Route(f"{HERE}/them", partial(_more, site), methods=["GET"]),
    ]


async def _more(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    guides = [(id, flow.title) for id, flow in site.parts.book.flows.items()]
    return desk_page(site, request, account, "insights/more.html", {"guides": guides})


async def _page(site: Site, lately: Lately, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    staff, now = staff_of(site), site.parts.now()
    span = await staff.insights.span()
    asked = period(HERE, request.query_params, span, now)
    seen = await _seen(staff.insights, lately, asked, span)
    errors, earlier = seen.series.errors(), seen.series.earlier
    stuck = telling.hurdles(site, asked, seen.now, seen.then, errors, earlier)
    told = telling.overview(site, asked, seen.now, seen.then, seen.needy.communes, stuck, seen.needy.wider)
    happened = await events(staff.days_off, staff.outages, _spread(asked, seen.series), now)
    said = {
        "period": asked,
        "empty": not len(span),
        "waiting": await _waiting(staff, now),
        "fresh": freshness(site.parts.book, site.parts.sources, _today(now)),
        "puzzled": telling.puzzled(site.parts.book, staff.puzzling.latest()),
        "marks": [event.told for event in happened if event.within(asked.weeks)],
        "told": told,
        "lines": (told.everything, *told.guides[:LISTED]),
        "more_lines": told.guides[LISTED:],
        "hurdles": stuck,
        "longer": _longer(asked),
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
        needy=await lately.needy(insights, asked, span),
        series=await lately.series(insights, charted, span) if len(span) else Series({}, []),
    )


async def _needy(insights: Insights, asked: Period, span: Weeks) -> Needy:
    """Of a single week as many more as it takes until a place stands out."""
    first = communes = await insights.parts(View.COMMUNE, asked.weeks)
    found: list[telling.Wider] = []
    for count in MORE if len(asked.weeks) == 1 and not asked.running else ():
        standing_out = most_needing(communes)
        weeks = Weeks(max(span.first, asked.weeks.last - count + 1), asked.weeks.last)
        if (standing_out and standing_out.sure) or len(weeks) < 2:
            break
        guides = await insights.guides(weeks)
        communes = await insights.parts(View.COMMUNE, weeks)
        said = f" (tính cả {len(weeks)} tuần)"
        found.append(telling.Wider(guides, communes, urlencode(query_of(weeks)), said))
    return Needy(first, tuple(found))


def _longer(asked: Period) -> str:
    """Where four weeks are shown, for whoever looks at one."""
    wide = next((one.href for one in asked.others if one.text == "4 tuần"), "")
    return wide if len(asked.weeks) == 1 and not asked.running else ""


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
