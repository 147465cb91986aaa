"""What a guide knows of visits at home: whether one can be asked for, and what was answered for it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.contact import Purpose
from bot.core.flow import Ask, Booking, Flow, Say
from bot.core.home_visit import HomeVisit, Need, Wish, tidied
from bot.core.session import Run

OPEN = "open"
OFFERED = "offered"


def visits_are(visit: HomeVisit | None, *, offered: bool) -> str:
    """What a branch may ask: one is "open" already, or they are "offered" here; else empty."""
    if visit is not None and visit.is_open:
        return OPEN
    return OFFERED if offered else ""


def not_asked(run: Run, flow: Flow, books: Booking | None) -> str:
    """The step that asks for what is missing, for those who came past it; empty when nothing is."""
    if books is None:
        return ""
    wanted = (str(Purpose.HOME_VISIT), books.hamlet, books.landmark, books.slot)
    missing = (name for name in wanted if name not in run.answers)
    return next((step for name in missing if (step := _asks_for(flow, name))), "")


def wish_of(books: Booking, answers: Mapping[str, str | int]) -> Wish:
    hamlet, landmark, slot, days, need = (
        tidied(str(answers.get(name, "")))
        for name in (books.hamlet, books.landmark, books.slot, books.days, books.need)
    )
    return Wish(hamlet, landmark, slot, days, need or Need.OTHER)


def _asks_for(flow: Flow, name: str) -> str:
    """The step at which an answer of that name, or that consent, is given."""
    for step in flow.steps.values():
        ways = step.ways if isinstance(step, (Say, Ask)) else ()
        if isinstance(step, Ask) and step.answer == name:
            return step.id
        if any(way.consent == name or name in dict(way.sets) for way in ways):
            return step.id
    return ""
