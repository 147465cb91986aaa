"""What can be chosen above a page: weeks, and from where to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.app.editions import Issue
from bot.app.insights import EVERYBODY, Group, Insights, Parts
from bot.core.visits import View
from bot.core.weeks import Weeks, code_of, named
from bot.web.desk.areas import named as places_named
from bot.web.insights.asking import MOST_WEEKS
from bot.web.insights.guide_words import PHONES, VIEWS, channel
from bot.web.parts import Site
from bot.web.views import day

MOST_COMMUNES = 40
"""Communes in the list; the page by place leads to all of them."""

_CHOSEN = (View.PROVINCE, View.COMMUNE, View.CHANNEL, View.PHONE, View.VERSION)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Groups by the name of their view."""

    weeks: tuple[Option, ...]
    groups: tuple[tuple[str, tuple[Option, ...]], ...]


async def choices(
    site: Site,
    insights: Insights,
    flow: str,
    issues: Sequence[Issue],
    span: Weeks,
    weeks: Weeks,
    asked: Iterable[Group],
) -> tuple[Choices, Parts]:
    """Groups with enough people in these weeks, and those that were asked for; and all communes."""
    found = {view: await insights.parts(view, weeks, flow) for view in _CHOSEN}
    groups = []
    for view, parts in found.items():
        shown = [*parts.shown][: MOST_COMMUNES if view is View.COMMUNE else None]
        shown += [one.part for one in asked if one.view is view and one.part not in shown]
        options = [Option(f"{view}:{part}", name_of(site, Group(view, part), issues)) for part in shown]
        if options:
            groups.append((VIEWS[view], tuple(options)))
    told = range(span.last, max(span.first, span.last - MOST_WEEKS) - 1, -1)
    return Choices(tuple(Option(code_of(week), named(week)) for week in told), tuple(groups)), found[
        View.COMMUNE
    ]


def name_of(site: Site, group: Group, issues: Sequence[Issue] = ()) -> str:
    """What a group is called; empty for everybody."""
    match group.view:
        case View.ALL:
            return ""
        case View.PROVINCE | View.COMMUNE:
            return places_named(site, [group.part])[group.part]
        case View.CHANNEL:
            return channel(group.part)
        case View.PHONE:
            return PHONES.get(group.part, group.part)
        case View.POSTER:
            return f"tờ dán {group.part}"
        case View.VERSION:
            return _edition(group.part, issues)


def value_of(group: Group) -> str:
    return "" if group == EVERYBODY else f"{group.view}:{group.part}"


def _edition(version: str, issues: Sequence[Issue]) -> str:
    for issue in issues:
        if issue.version == version:
            return f"bản từ {day(issue.first_seen)}{' (đang dùng)' if issue.current else ''}"
    return f"bản {version}"
