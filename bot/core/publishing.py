"""How a number of people is published: by tens, so that nobody can be told from it.

A cell counts the people of one part of one view (`visits.View`), week by week. Published of it are
differences of its running total, rounded down to tens after an offset has been added that belongs to the cell
for good and that nobody outside knows. So

* every published number is a multiple of `K`, less than `K` away from the truth, for whichever weeks: errors
  do not add up over weeks, and are as often above as below;
* published weeks add up to what is published of all of them together, so nothing is gained by subtracting;
* a part is shown by itself only when at least `SHOWN_FROM` are published of it, so that more than `K` people
  are behind it; smaller parts are merged upwards. What is shown depends on published numbers alone.

Sums on a page are sums of published cells. Nothing else about people ever leaves `app/insights.py`.
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


class Cell(NamedTuple):
    """What is counted, without when: see `visits.Kind` for `what`."""

    view: View
    part: str
    flow: str
    kind: Kind
    step: str
    what: str


Offset = Callable[[Cell], int]
"""The cell's own number from 0 to K - 1: as good as drawn at random, always the same, known to nobody."""


def published(before: int, through: int, offset: int) -> int:
    """What is published of some weeks, from the running totals before and through them."""
    return (through + offset) // K * K - (before + offset) // K * K
