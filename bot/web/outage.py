"""That VNeID is down, as every page says it while it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.desk import clock, day
from bot.core.outage import Downtime, Reason
from bot.core.visits import day_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`since` as "09:05", with the day if it was another one."""

    reason: Reason
    since: str


def standing(downtime: Downtime, now: int) -> Standing | None:
    outage = downtime.current
    return None if outage is None else Standing(outage.reason, told_time(outage.started_at, now))


def told_time(at: int, now: int) -> str:
    return clock(at) if day_of(at) == day_of(now) else f"{clock(at)}, {day(at)}"
