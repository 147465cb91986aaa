"""How hard each step is for whom: drawn once from the seed, with places that are clearly bad.

Whoever looks at the pages has to find them: the worst step of `kich-hoat` and its reason, the communes that
need a visit, and the commune in which an update of the app broke something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from bot.core.book import Book
from bot.core.flow import Ask, Say, Way, waits
from bot.simulating.editions import CHANGED
from bot.simulating.people import Person, Town

WORST = ("kich-hoat", "nhap-ma", "khong-co-ma")
"""The step that everybody should find, and the reason that most give there."""

STAYS_STUCK = (("khong-co-ma", "van-khong-co-ma"), ("cho-ma-lai", "sim-khong-nhan-ma"))
"""Where those go who are stuck there, and why half of them come no farther."""

UPDATE_ERROR = "E2"
"""What the app shows since its update, where it broke."""


@dataclass(frozen=True, slots=True)
class Odds:
    """What somebody at a step does instead of going on, each out of one. `stuck` by the name of the way."""

    lost: float = 0.01
    away: float = 0.035
    human: float = 0.004
    asks: float = 0.018
    error: float = 0.008
    shows: float = 0.006
    strays: float = 0.005
    unclear: float = 0.01
    stuck: Mapping[str, float] | None = None

    def harder(self, times: float) -> Odds:
        stuck = {name: min(0.6, share * (1 + (times - 1) / 2)) for name, share in (self.stuck or {}).items()}
        return replace(
            self,
            lost=min(0.6, self.lost * times),
            human=min(0.1, self.human * times),
            error=min(0.2, self.error * times),
            stuck=stuck,
        )


@dataclass(frozen=True, slots=True)
class Hardship:
    """`worse` by commune; `broken` is the commune that an update struck, from `broken_at` on. Until
    `changed_at` the words of the step `CHANGED` were worse.
    """

    steps: Mapping[tuple[str, str], Odds]
    worse: Mapping[str, float]
    broken: str
    broken_at: int
    changed_at: int

    def odds(self, flow: str, step: str, person: Person, now: int, times: int) -> Odds:
        """`times`: how often this person has been at this step; who tries again mostly gets on."""
        odds = self.steps.get((flow, step), Odds()).harder(self.worse.get(person.commune, 1.0))
        if (flow, step) == CHANGED and now < self.changed_at:
            odds = odds.harder(3)
        if times > 1:
            odds = replace(odds.harder(0.6), away=odds.away / 2)
        if now >= self.broken_at and step in BREAKS:
            struck = person.commune == self.broken
            odds = (
                replace(odds, error=0.45, lost=max(odds.lost, 0.2)) if struck else replace(odds, error=0.03)
            )
        return odds


BREAKS = frozenset({"mo-kich-hoat", "nhap-so", "dang-nhap", "mo-app"})
"""Steps at which the app is opened or asks the server."""


def hardship(book: Book, town: Town, broken_at: int, changed_at: int, random: Random) -> Hardship:
    """The biggest commune is the worst: few people in a week would not show it."""
    steps = {
        (flow.id, step.id): _odds(step.ways, random)
        for flow in book.flows.values()
        for step in flow.steps.values()
        if waits(step) and isinstance(step, (Say, Ask))
    }
    flow, step, reason = WORST
    if (flow, step) in steps:
        ways = book.flows[flow].steps[step]
        assert isinstance(ways, Say)  # noqa: S101 - it has choices
        seldom = {way.stuck: 0.02 for way in ways.ways if way.stuck}
        steps[flow, step] = Odds(lost=0.16, human=0.03, error=0.02, stuck={**seldom, reason: 0.5})
        for at, again in STAYS_STUCK:
            steps[flow, at] = Odds(lost=0.11, human=0.1, stuck={again: 0.6})
    first, *others = (commune.code for commune in town.communes[:12])
    second, third, broken = random.sample(others, 3)
    return Hardship(steps, {first: 4.0, second: 2.6, third: 2.0}, broken, broken_at, changed_at)


def _odds(ways: tuple[Way, ...], random: Random) -> Odds:
    bad = random.random() < 0.1
    lost = random.uniform(0.05, 0.09) if bad else random.uniform(0.004, 0.02)
    names = [way.stuck for way in ways if way.stuck]
    shares = [random.uniform(0.2, 1) ** 2 for _ in names]
    whole = random.uniform(0.1, 0.2) if bad else random.uniform(0.03, 0.09)
    stuck = {name: whole * share / sum(shares) for name, share in zip(names, shares, strict=True)}
    return Odds(lost=lost, stuck=stuck)
