"""What the weekly report says, gathered once for the page and for the file that offices go on writing in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.app.staff import Staff
from bot.core.figures import Figures
from bot.core.session import RunOutcome
from bot.core.visits import VIET_NAM, View
from bot.core.weeks import Weeks, begins_at, named
from bot.web.desk.admission import staff_of
from bot.web.insights import campaign, naming
from bot.web.insights.changes import changed
from bot.web.insights.hurdles import Hurdle, Needing, Sort, added_up, hurdles, in_need, sure
from bot.web.insights.marks import events
from bot.web.insights.numbers import counted, of_all, percent
from bot.web.insights.responding import KINDS, Responding, responding
from bot.web.parts import Site

MOST_HURDLES = 10
MOST_PLACES = 5
LONGER = 4
"""Weeks that are looked at when one alone says too little of every place."""

MOST_UNITS = 8
MOST_CHANGES = 4

ROUNDED = (
    "Số người làm tròn đến chục để không ai bị nhận ra. Người «làm xong» là người đi hết hướng dẫn của "
    "chương trình; đó không phải số tài khoản đã kích hoạt."
)


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the first table; `before` is the week before, empty when there was none."""

    name: str
    now: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Stuck:
    what: str
    where: str
    people: str
    before: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Official figures of one unit, as they were entered, with their day."""

    name: str
    rate: str
    told: str
    gap: str
    outlook: str
    day: str


@dataclass(frozen=True, slots=True)
class WeekReport:
    """A week in the words of the report. `measure` says what is told of the units in `official`."""

    organisation: str
    week: str
    day: date
    empty: bool
    results: tuple[Result, ...]
    stuck: tuple[Stuck, ...]
    places: tuple[str, ...]
    measure: str
    official: tuple[Unit, ...]
    done: tuple[str, ...]


async def week_report(site: Site, week: int) -> WeekReport:
    """Raises StoreDown."""
    staff, now = staff_of(site), site.parts.now()
    this, before = Weeks(week, week), Weeks(week - 1, week - 1)
    span = await staff.insights.span()
    seen = await staff.insights.guides(this)
    was = await staff.insights.guides(before) if span.first <= before.last else None
    needing = await _in_need(staff, week)
    helped = responding(await staff.insights.helps(this, KINDS))
    helped_before = responding(await staff.insights.helps(before, KINDS)) if was is not None else None
    measure, whole, rows = await campaign.standings(site)
    found = [one for one in rows if one.told][:MOST_UNITS]
    return WeekReport(
        organisation=site.parts.organisation,
        week=named(week),
        day=datetime.fromtimestamp(now + VIET_NAM, UTC).date(),
        empty=not seen,
        results=_results(seen, was, helped, helped_before),
        stuck=tuple(_stuck(site, one) for one in sure(hurdles(seen, was))[:MOST_HURDLES]),
        places=tuple(_place(site, one, weeks) for one, weeks in needing[:MOST_PLACES]),
        measure=f"{measure} so với {whole}" if found else "",
        official=tuple(
            Unit(one.unit.name, one.rate, one.told, one.gap, one.outlook, one.day) for one in found
        ),
        done=await _done(site, staff, this, now, seen),
    )


def _results(
    seen: Mapping[str, Figures],
    was: Mapping[str, Figures] | None,
    helped: Responding,
    helped_before: Responding | None,
) -> tuple[Result, ...]:
    now, then = added_up(seen.values()), added_up(was.values()) if was is not None else None

    def of_runs(name: str, number: int, number_before: int) -> Result:
        if then is None:
            return Result(name, of_all(number, now.started), "", "")
        told = changed(number, now.started, number_before, then.started)
        return Result(name, of_all(number, now.started), of_all(number_before, then.started), told)

    def of_help(name: str, number: int, number_before: int | None) -> Result:
        return Result(name, counted(number), "" if number_before is None else counted(number_before), "")

    runs = (
        ("Làm xong hướng dẫn", RunOutcome.COMPLETED),
        ("Ra Công an xã hoặc làm ở ngoài", RunOutcome.WENT_OFFLINE),
        ("Xin gặp người", RunOutcome.ESCALATED),
    )
    started = Result("Bắt đầu một hướng dẫn", counted(now.started), counted(then.started) if then else "", "")
    return (
        started,
        *(of_runs(name, now.runs.get(one, 0), then.runs.get(one, 0) if then else 0) for name, one in runs),
        of_runs("Bỏ dở", now.lost, then.lost if then else 0),
        of_help("Được tình nguyện viên trả lời", helped.met, helped_before.met if helped_before else None),
        of_help(
            "Đã đến giúp tại nhà", helped.homes_done, helped_before.homes_done if helped_before else None
        ),
    )


def _stuck(site: Site, one: Hurdle) -> Stuck:
    book = site.parts.book
    before = "" if one.before is None else counted(one.before)
    if one.sort is Sort.ERROR:
        return Stuck(f"VNeID báo «{naming.error(book, one.what)}»", "nhiều bước", counted(one.people), before)
    what = f"«{naming.reason(book, one.flow, one.step, one.what)}»"
    where = f"{naming.step(book, one.flow, one.step)}, «{naming.guide(book, one.flow)}»"
    return Stuck(what, where, counted(one.people), before)


async def _in_need(staff: Staff, week: int) -> list[tuple[Needing, int]]:
    """Of the week; when too few were there for any place to stand out, of four, as the overview does."""
    found: list[tuple[Needing, int]] = []
    span = await staff.insights.span()
    for count in (1, LONGER):
        weeks = Weeks(max(span.first, week - count + 1), week)
        found = [(one, len(weeks)) for one in in_need(await staff.insights.parts(View.COMMUNE, weeks))]
        if any(one.sure for one, _ in found):
            return found
    return found


def _place(site: Site, one: Needing, weeks: int) -> str:
    here, others = one.figures, one.elsewhere
    name = naming.part(site, View.COMMUNE, one.part)
    shares = f"{percent(here.lost, here.started)}; nơi khác {percent(others.lost, others.started)}"
    when = f" (tính cả {weeks} tuần)" if weeks > 1 else ""
    told = f"{name}{when}: {counted(here.lost)} trong {counted(here.started)} người bỏ dở ({shares})"
    return told if one.sure else f"{told}; số còn ít nên chưa chắc"


async def _done(site: Site, staff: Staff, weeks: Weeks, now: int, guides: Collection[str]) -> tuple[str, ...]:
    """What happened or was changed: outages, holidays, wordings."""
    told = [event.told for event in await events(staff.days_off, staff.outages, weeks, now)]
    begins, ends = begins_at(weeks.first), begins_at(weeks.last + 1)
    issues = [(flow, issue) for flow in guides for issue in await staff.editions.of(flow)]
    changes = [
        f"Sửa lời «{naming.guide(site.parts.book, flow)}»: {issue.change}"
        for flow, issue in issues
        if begins <= issue.first_seen < ends and issue.change
    ]
    return (*told, *changes[:MOST_CHANGES])
