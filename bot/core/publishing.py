"""How a number of people is published: by tens, so that nobody can be told from it.

A cell counts the people of one part of one view (`visits.View`), week by week. Published of it are
differences of its running total, rounded down to tens after an offset has been added that is drawn once, for
good, and that nobody outside knows. Cells that may be the same people have the same offset (`reading`). So

* every published number is a multiple of `K`, less than `K` away from the truth, for whichever weeks: errors
  do not add up over weeks, and are as often above as below;
* published weeks add up to what is published of all of them together, so nothing is gained by subtracting;
* the same people are measured by few offsets, however many cells they fill and however often one looks: by
  ten different ones they could be counted;
* a part is shown by itself only when at least `SHOWN_FROM` are published of it, so that more than `K` people
  are behind it; smaller parts are merged upwards. What is shown depends on published numbers alone.

Sums on a page are sums of published cells. Nothing else about people ever leaves `app/insights.py`. The
argument in full, and what is not promised, is in `docs/architecture.md` ("What is published");
`bench/publishing.py` attacks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.core.visits import Kind, View

K = 10
"""People: no published number is smaller, and none says more than to which ten it belongs."""

SHOWN_FROM = 2 * K
"""Published people from which on a part is shown by itself: then there are more than `K` of them."""

BY_WHOLE_WEEKS = frozenset({View.PROVINCE, View.COMMUNE, View.POSTER})
"""Views that are published only when a week is over: numbers of a village that change by the hour would tell
who was there.
"""

_AS_ALL = frozenset({View.VERSION, View.PHONE})
"""Views that are mostly one part: at any time nearly everybody walks the newest version."""

_BY_OUTCOME = frozenset({Kind.RUN, Kind.STEP, Kind.STAY})
"""Kinds whose cells are added up on a page: with an offset in common all would err to the same side."""


class Cell(NamedTuple):
    """What is counted, without when: see `visits.Kind` for `what`."""

    view: View
    part: str
    flow: str
    kind: Kind
    step: str
    what: str


Offset = Callable[[Cell], int]
"""A number from 0 to K - 1 for each name: as good as drawn at random, always the same, known to nobody."""


def published(cell: Cell, before: int, through: int, offset: Offset) -> int:
    """What is published of some weeks of a cell, from its running totals before and through them."""
    drawn = offset(reading(cell))
    return by_tens(through, drawn) - by_tens(before, drawn)


def by_tens(total: int, offset: int) -> int:
    """The tens that are published of a total; `offset` is from 0 to K - 1."""
    return (total + offset) // K * K


def reading(cell: Cell) -> Cell:
    """By whose offset a cell is measured. The same people fill many cells: those who went on from step to
    step, and to where all of them were lost, in each view. That must not make many measurements of them.
    """
    what = cell.what if cell.kind in _BY_OUTCOME else ""
    view, part = (View.ALL, "") if cell.view in _AS_ALL else (cell.view, cell.part)
    return Cell(view, part, cell.flow, Kind.RUN, "", what)
