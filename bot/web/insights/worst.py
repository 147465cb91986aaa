"""Where most are lost, where the step is worst, and why: what an organiser is told first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.comparing import ENOUGH
from bot.core.events import LOST
from bot.core.sticking import error_of, reason_of
from bot.web.insights.guide_words import OUTCOMES, SIGNS, place_of
from bot.web.insights.numbers import FEW, counted, percent
from bot.web.insights.outline import Outline, Stop


class Sign(StrEnum):
    """By what it was seen: a choice that says so, an error on the screen, or how they went about it."""

    STUCK = "stuck"
    ERROR = "error"
    HABIT = "habit"


@dataclass(frozen=True, slots=True)
class Reason:
    """What kept people at a step, and how many showed it by the `sign` that it is counted by."""

    kind: Sign
    words: str
    count: int
    sign: str

    @property
    def told(self) -> str:
        return f"{counted(self.count)} người"


@dataclass(frozen=True, slots=True)
class Worst:
    """`most`: where most people are lost. `worst`: where the greatest share is, if that is another step."""

    most: Stop
    worst: Stop | None


def worst_of(outline: Outline) -> Worst | None:
    """None when nobody was lost."""
    lossy = [stop for stop in outline if stop.figures.lost]
    if not lossy:
        return None
    most = max(lossy, key=lambda stop: stop.figures.lost)
    many = [stop for stop in lossy if stop.figures.reached >= ENOUGH]
    worst = max(many, key=_share, default=None)
    differs = worst is not None and worst.id != most.id and _share(worst) > _share(most)
    return Worst(most, worst if differs else None)


def _share(stop: Stop) -> float:
    return stop.figures.lost / stop.figures.reached


def reasons(stop: Stop, errors: Mapping[str, str]) -> list[Reason]:
    """What kept people at a step, the most frequent first; `errors` are the words on the screen by id."""
    said = {exit.way.reason: exit.why for exit in stop.exits if exit.why}
    found = []
    for sign, people in stop.figures.signs.items():
        reason, error = reason_of(sign), error_of(sign)
        if reason:
            found.append(Reason(Sign.STUCK, said.get(reason, reason.replace("-", " ")), people, sign))
        elif error:
            found.append(Reason(Sign.ERROR, errors.get(error, error.replace("-", " ")), people, sign))
        else:
            found.append(Reason(Sign.HABIT, SIGNS.get(sign, sign), people, sign))
    return sorted(found, key=lambda one: (-one.count, one.kind is Sign.HABIT, one.words))


def most_told(stop: Stop) -> str:
    """As "Bước 3 «Chờ tin duyệt» mất nhiều người nhất: 320 trong 1.060 người tới bước này (30 %)."""
    return f"{_begin(place_of(stop))} mất nhiều người nhất: {_of_those(stop)}"


def worst_told(stop: Stop) -> str:
    return f"Tính theo phần trăm thì {place_of(stop)} mất nhiều nhất: {_of_those(stop)}"


def reason_told(stop: Stop, errors: Mapping[str, str]) -> str:
    """The most frequent thing that kept people there; when nobody told any, how they left."""
    known = [one for one in reasons(stop, errors) if one.kind is not Sign.HABIT]
    if known:
        first = known[0]
        named = f"VNeID báo «{first.words}»" if first.kind is Sign.ERROR else f"«{first.words}»"
        return f"Hay gặp nhất ở bước này: {named} ({first.told})."
    outcome, count = max(
        ((outcome, count) for outcome, count in stop.figures.outcomes.items() if outcome in LOST),
        key=lambda one: one[1],
    )
    return f"Không ai nói vướng chỗ nào; {counted(count)} người {OUTCOMES[outcome]}."


def _of_those(stop: Stop) -> str:
    return f"{of_those(stop.figures.lost, stop.figures.reached)}."


def of_those(lost: int, reached: int) -> str:
    """As "320 trong 1.060 người tới bước này (30 %)"; no percentage of a few."""
    told = f"{counted(lost)} trong {counted(reached)} người tới bước này"
    return f"{told} ({percent(lost, reached)})" if reached >= FEW else f"{told}: còn ít, xem thêm"


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]
