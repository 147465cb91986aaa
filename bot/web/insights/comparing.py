"""Two outlines of a guide side by side: other weeks, another edition, another place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comparing import ENOUGH, Part, Trend, trend
from bot.core.events import LOST
from bot.core.figures import Figures, StepFigures
from bot.core.session import RunOutcome
from bot.web.insights.numbers import counted, percent
from bot.web.insights.outline import Outline


@dataclass(frozen=True, slots=True)
class Change:
    """A row: what it is of, how many of how many then and now, and the change in words."""

    step: str
    name: str
    then: str
    now: str
    told: str
    trend: Trend


def compared(now: Outline, then: Figures) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The guide as a whole, and each step where somebody was lost in one of the two."""
    here = now.figures
    whole = (
        change("", "làm xong", _runs(then, RunOutcome.COMPLETED), _runs(here, RunOutcome.COMPLETED)),
        change(
            "",
            "ra Công an xã hoặc làm ở ngoài",
            _runs(then, RunOutcome.WENT_OFFLINE),
            _runs(here, RunOutcome.WENT_OFFLINE),
        ),
        change("", "xin gặp người", _runs(then, RunOutcome.ESCALATED), _runs(here, RunOutcome.ESCALATED)),
        change(
            "",
            "bỏ dở",
            Part(then.lost, then.started, 3, len(RunOutcome)),
            Part(here.lost, here.started, 3, len(RunOutcome)),
        ),
    )
    steps = tuple(
        change(stop.id, stop.name, lost(then.step(stop.id)), lost(stop.figures))
        for stop in now
        if stop.figures.lost or then.step(stop.id).lost
    )
    return whole, steps


def lost(figures: StepFigures) -> Part:
    """Those who were lost at a step, of all who came."""
    others = sum(outcome not in LOST for outcome in figures.outcomes) + len(figures.ways)
    return Part(figures.lost, figures.reached, len(LOST), len(LOST) + others)


def change(step: str, name: str, then: Part, now: Part) -> Change:
    found = trend(then, now)
    return Change(step, name, part_told(then), part_told(now), _told(found, then, now), found)


def part_told(part: Part) -> str:
    """As "320 trong 1.060 người (30 %)"; without the percentage when they are few."""
    if not part.all:
        return "chưa có người"
    told = f"{counted(part.some)} trong {counted(part.all)} người"
    return f"{told} ({percent(part.some, part.all)})" if part.all >= ENOUGH else f"{told}: còn ít"


def _told(found: Trend, then: Part, now: Part) -> str:
    match found:
        case Trend.UNKNOWN:
            return "chưa đủ người để nói"
        case Trend.SAME:
            return "chưa đủ để nói là khác"
        case Trend.UP | Trend.DOWN:
            word = "tăng" if found is Trend.UP else "giảm"
            points = f"{abs(now.share - then.share) * 100:.1f}".replace(".", ",").removesuffix(",0")
            return f"{word} {points} điểm phần trăm, {_people(now.some - then.some)}"


def _people(more: int) -> str:
    if not more:
        return "số người như nhau"
    return f"{'nhiều' if more > 0 else 'ít'} hơn {counted(abs(more))} người"


def _runs(figures: Figures, outcome: RunOutcome) -> Part:
    return Part(figures.runs.get(outcome, 0), figures.started, 1, len(RunOutcome))
