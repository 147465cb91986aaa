"""What a page for organisers is asked for: which weeks, compared with which, from which group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.insights import EVERYBODY, Group
from bot.core.visits import View
from bot.core.weeks import Weeks, code_of, week_named

MOST_WEEKS = 104
"""Weeks that one page looks at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`weeks` and `group` are shown; `than` are those they are compared with, None: with nothing."""

    weeks: Weeks
    group: Group = EVERYBODY
    than: Weeks | None = None
    than_group: Group = EVERYBODY


def asked(query: Mapping[str, str], last: int) -> Asked:
    """Read `tu`, `den` (weeks as "2026-W47"), `xem` ("commune:22291"), and the same with `so_` in front.

    `last` is the week that is shown unless another is asked for. What cannot be read counts as not asked: an
    address that somebody kept must not end in an error.
    """
    weeks = _past(_weeks(query, "", last), last) or Weeks(last, last)
    than = _past(_weeks(query, "so_", weeks.first - 1), last)
    group, than_group = _group(query.get("xem", "")), _group(query.get("so_xem", ""))
    if than is None and "so_xem" in query:
        than = weeks
    return Asked(weeks, group, than, than_group if "so_xem" in query else group)


def query_of(weeks: Weeks, group: Group = EVERYBODY) -> dict[str, str]:
    """What `asked` reads back as these."""
    told = {"tu": code_of(weeks.first), "den": code_of(weeks.last)}
    return told if group == EVERYBODY else told | {"xem": f"{group.view}:{group.part}"}


def _weeks(query: Mapping[str, str], prefix: str, last: int) -> Weeks | None:
    first = week_named(query.get(f"{prefix}tu", ""))
    ends = week_named(query.get(f"{prefix}den", ""))
    if first is None and ends is None:
        return None
    ends = max(first, last) if first is not None and ends is None else ends
    assert ends is not None  # noqa: S101 - one of the two was there
    first = ends if first is None else first
    first, ends = min(first, ends), max(first, ends)
    return Weeks(max(first, ends - MOST_WEEKS + 1), ends)


def _past(weeks: Weeks | None, last: int) -> Weeks | None:
    """Nothing is known of weeks to come, and the calendar ends with the year 9999."""
    if weeks is None or weeks.first > last + 1:
        return None
    return weeks.until(last + 1)


def _group(told: str) -> Group:
    view, _, part = told.partition(":")
    return Group(View(view), part) if part and view in set(View) - {View.ALL} else EVERYBODY
