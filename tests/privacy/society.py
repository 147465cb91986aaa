"""People who walk a guide, and the truth about them that nobody is to see: every cell at every look.

Random, and small villages are many: the sizes of communes follow Zipf's law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.publishing import Cell
from bot.core.visits import Kind, View, way_of

FLOW = "kich-hoat"

FRESH, SETTLED = 0, 1

Ints = NDArray[np.int64]


class Exit(NamedTuple):
    """How a stay at a step ends: by a way to another step or to the end (`to`), or by an outcome."""

    what: str
    share: float
    to: str = ""


GUIDE: Mapping[str, Sequence[Exit]] = {
    "mo-app": (
        Exit(way_of("nhap-so", "choice", ""), 0.80, "nhap-so"),
        Exit(way_of("khong-thay", "stuck", "khong-thay"), 0.10, "khong-thay"),
        Exit("expired", 0.07),
        Exit("superseded", 0.03),
    ),
    "khong-thay": (
        Exit(way_of("nhap-so", "choice", ""), 0.60, "nhap-so"),
        Exit("expired", 0.30),
        Exit("escalated", 0.10),
    ),
    "nhap-so": (
        Exit(way_of("gioi-thieu", "choice", ""), 0.78, "gioi-thieu"),
        Exit(way_of("gioi-thieu", "skip", ""), 0.07, "gioi-thieu"),
        Exit("expired", 0.12),
        Exit("blocked", 0.03),
    ),
    # nobody can be lost where the bot does not wait
    "gioi-thieu": (Exit(way_of("otp", "onward", ""), 1.0, "otp"),),
    "otp": (
        Exit(way_of("completed", "end", ""), 0.70, "completed"),
        Exit(way_of("sai-otp", "stuck", "sai-otp"), 0.20, "sai-otp"),
        Exit("expired", 0.10),
    ),
    "sai-otp": (
        Exit(way_of("completed", "end", ""), 0.50, "completed"),
        Exit("expired", 0.30),
        Exit("escalated", 0.20),
    ),
}
"""In an order in which nobody goes back, so that an attacker may know: who comes in goes out."""

START = next(iter(GUIDE))


class Named(NamedTuple):
    """A cell without its view and part."""

    kind: Kind
    step: str
    what: str


def _named() -> Iterator[Named]:
    runs = {"open", "completed"}
    for step, exits in GUIDE.items():
        for one in exits:
            yield Named(Kind.WAY if one.to else Kind.STEP, step, one.what)
            if not one.to:
                runs.add(one.what)
        if len(exits) > 1:
            yield Named(Kind.STEP, step, "open")
    yield from (Named(Kind.RUN, "", run) for run in sorted(runs))


NAMED = tuple(_named())
_NUMBER = {named: number for number, named in enumerate(NAMED)}


class Part(NamedTuple):
    view: View
    name: str
    within: int
    """The number of the province, for a commune; -1 for everything else."""


@dataclass(frozen=True)
class Society:
    """`truth[part, cell, week, state]`: how many through that week; FRESH: as it stood when the week ended,
    SETTLED: when everybody had gone on or was lost. Of the last week there is nothing settled yet.
    """

    parts: tuple[Part, ...]
    truth: Ints

    def cell(self, part: int, number: int) -> Cell:
        one, named = self.parts[part], NAMED[number]
        return Cell(one.view, one.name, FLOW, *named)

    def of(self, view: View) -> list[int]:
        return [number for number, part in enumerate(self.parts) if part.view is view]


@dataclass(frozen=True)
class Make:
    """Provinces, communes in all, people a week in all, channels, editions, phones (some are not known)."""

    provinces: int
    communes: int
    people: int
    weeks: int
    channels: int = 3
    versions: int = 2
    phones: int = 2


def society(make: Make, seed: int) -> Society:
    """Some of the people go on for days: at the end of their own week they still stand on a step."""
    chance = np.random.default_rng(seed)
    weights = 1 / np.arange(1, make.communes + 1)
    weights /= weights.sum()
    chance.shuffle(weights)
    province_of = np.concatenate(
        [np.arange(make.provinces), chance.integers(0, make.provinces, make.communes - make.provinces)]
    )
    count = make.people * make.weeks
    commune = chance.choice(make.communes, count, p=weights)
    week = np.arange(count) % make.weeks
    groups: dict[View, Ints] = {
        View.ALL: np.zeros(count, np.int64),
        View.PROVINCE: province_of[commune],
        View.COMMUNE: commune,
        View.CHANNEL: chance.choice(make.channels, count, p=_falling(make.channels)),
        View.VERSION: np.minimum(week * make.versions // make.weeks, make.versions - 1),
        View.PHONE: chance.choice(make.phones + 1, count, p=_falling(make.phones + 1)),
    }
    parts: list[Part] = []
    seen: list[tuple[Ints, int]] = []
    for view, group in groups.items():
        several = make.phones if view is View.PHONE else int(group.max()) + 1
        for number in range(several):
            within = int(province_of[number]) if view is View.COMMUNE else -1
            parts.append(Part(view, str(number), within))
        seen.append((group, len(parts) - several))
    later, soon = _walked(count, chance)
    return Society(tuple(parts), _looked_at(seen, len(parts), make, week, soon, later))


def _falling(count: int) -> NDArray[np.float64]:
    shares = 1 / np.arange(1, count + 1) ** 1.5
    return np.asarray(shares / shares.sum())


def _walked(count: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Who fills which cells, once settled, and at the end of the own week: rows of (person, cell)."""
    late = chance.random(count) < 0.2
    standing = late & (chance.random(count) < 0.5)  # have not moved again by the end of their week
    at = np.full(count, 0)
    steps = list(GUIDE)
    stopped = np.where(standing, chance.integers(0, len(steps) - 1, count), len(steps))
    now: list[Ints] = []
    final: list[Ints] = []
    for number, step in enumerate(steps):
        here = np.flatnonzero(at == number)
        exits = GUIDE[step]
        chosen = chance.choice(len(exits), len(here), p=[one.share for one in exits])
        on_the_way = stopped[here] >= 0
        waits = on_the_way & (stopped[here] <= number) & (len(exits) > 1)
        if waits.any():
            now.append(_rows(here[waits], Named(Kind.STEP, step, "open")))
            now.append(_rows(here[waits], Named(Kind.RUN, "", "open")))
        soon = on_the_way & ~waits
        stopped[here[waits]] = -1
        for index, one in enumerate(exits):
            took = here[chosen == index]
            took_soon = here[(chosen == index) & soon]
            named = Named(Kind.WAY if one.to else Kind.STEP, step, one.what)
            final.append(_rows(took, named))
            now.append(_rows(took_soon, named))
            ends = "" if one.to in GUIDE else one.to or one.what
            if ends:
                final.append(_rows(took, Named(Kind.RUN, "", ends)))
                now.append(_rows(took_soon, Named(Kind.RUN, "", ends)))
            at[took] = steps.index(one.to) if one.to in GUIDE else -1
    return np.concatenate(final), np.concatenate(now)


def _rows(people: Ints, named: Named) -> Ints:
    return np.column_stack([people, np.full(len(people), _NUMBER[named])])


def _looked_at(
    seen: Sequence[tuple[Ints, int]], parts: int, make: Make, week: Ints, soon: Ints, later: Ints
) -> Ints:
    by_week = []
    for rows in (soon, later):
        counted = np.zeros((parts, len(NAMED), make.weeks), np.int64)
        for group, first in seen:
            part = first + group[rows[:, 0]]
            known = group[rows[:, 0]] < (make.phones if first == seen[-1][1] else parts)
            np.add.at(counted, (part[known], rows[known, 1], week[rows[known, 0]]), 1)
        by_week.append(counted)
    now, final = by_week
    through = np.cumsum(final, axis=2)
    truth = np.stack([through, through], axis=3)
    truth[:, :, :, FRESH] += now - final
    truth[:, :, -1, SETTLED] = truth[:, :, -1, FRESH]
    return truth
