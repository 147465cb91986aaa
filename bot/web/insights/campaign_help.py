"""What the bot and volunteers did in a unit's place, beside its official figures, never mixed with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.app.campaign_units import Unit
from bot.app.insights import EVERYBODY, Group, Insights
from bot.core.session import RunOutcome
from bot.core.ticket import Closing
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, span_named
from bot.web.desk.admission import staff_of
from bot.web.parts import Site

GUIDE = "kich-hoat"
"""The guide about activation."""


@dataclass(frozen=True, slots=True)
class Help:
    """Published numbers, tens. `finished` None: too few to be told."""

    weeks: str
    finished: int | None
    helped: int
    visited: int


async def help_of(site: Site, code: str) -> Help | None:
    """In one commune or province; None when nothing was counted yet."""
    insights = staff_of(site).insights
    group = Group(View.COMMUNE if len(code) > 2 else View.PROVINCE, code) if code else EVERYBODY
    weeks = await _weeks(insights, group.view)
    if not weeks:
        return None
    seen = await insights.guide(GUIDE, weeks, group)
    helps = await insights.helps(weeks, {Kind.TICKET, Kind.HOME}, group)
    solved = sum(one.number for one in helps if one.kind is Kind.TICKET and one.what == Closing.SOLVED)
    visited = sum(one.number for one in helps if one.kind is Kind.HOME and one.what == "done")
    finished = seen.figures.runs.get(RunOutcome.COMPLETED, 0) if seen else None
    return Help(span_named(weeks), finished, solved, visited)


async def helps_of(site: Site, units: Sequence[Unit]) -> tuple[str, Mapping[int, int | None]] | None:
    """People who finished the guide, by unit; and of which weeks. None when no unit is tied to a place."""
    insights = staff_of(site).insights
    found: dict[int, int | None] = {}
    told = ""
    for view, length in ((View.PROVINCE, 2), (View.COMMUNE, 5)):
        wanted = {unit.code: unit.id for unit in units if len(unit.code) == length}
        weeks = await _weeks(insights, view)
        if not wanted or not weeks:
            continue
        parts = await insights.parts(view, weeks, GUIDE, wanted)
        told = span_named(weeks)
        for code, id in wanted.items():
            seen = parts.shown.get(code)
            found[id] = seen.runs.get(RunOutcome.COMPLETED, 0) if seen else None
    return (told, found) if found else None


async def _weeks(insights: Insights, view: View) -> Weeks:
    return insights.weeks_of(view, await insights.span())
