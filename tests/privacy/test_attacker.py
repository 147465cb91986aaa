"""Nobody finds out how many a few people were, whatever they see and compute; with usual ways they do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bot.core.publishing import Cell, K, by_tens, reading
from bot.core.visits import Kind, View
from tests.privacy.attacker import Known, attack, by_hiding, by_tens_of, drawn
from tests.privacy.society import FLOW, Make, society

SMALL = Make(provinces=2, communes=4, people=60, weeks=4, channels=2, versions=2, phones=1)


@pytest.mark.parametrize("seed", range(2))
def test_no_small_number_is_found_out(seed: int) -> None:
    here = society(SMALL, seed)
    found = attack(here, range(len(here.parts)), by_tens_of(drawn(seed)))
    assert found.small > 300
    assert (found.recovered, found.not_asked) == (0, 0)


@pytest.mark.parametrize("complementary", [False, True])
def test_negative_control_hidden_cells_are_found_out(complementary: bool) -> None:
    here = society(SMALL, 0)
    found = attack(here, range(len(here.parts)), by_hiding(complementary=complementary))
    assert found.recovered > found.small / 2


# --- Whoever looks all the time ------------------------------------------------------------------------

SAME_PEOPLE = [
    Cell(view, part, FLOW, kind, step, what)
    for view, part in (
        (View.ALL, ""),
        (View.PROVINCE, "66"),
        (View.COMMUNE, "22291"),
        (View.CHANNEL, "web"),
        (View.VERSION, "v1"),
        (View.PHONE, "android"),
    )
    for kind, step, what in (
        *((Kind.WAY, f"buoc-{number}", f"buoc-{number + 1} choice") for number in range(8)),
        *((Kind.STAY_WAY, f"buoc-{number}", f"buoc-{number + 1} choice") for number in range(8)),
        (Kind.SIGN, "buoc-3", "unclear"),
        (Kind.STEP, "buoc-8", "expired"),
        (Kind.STAY, "buoc-8", "expired"),
        (Kind.RUN, "", "expired"),
    )
]
"""Where one commune alone uses the bot: the same people in each step's numbers, and in each view."""


def watched(named: Callable[[Cell], Cell], seed: int) -> list[int]:
    """One person comes between any two looks. Which of the numbers at those looks can be told for sure."""
    offset = drawn(seed)
    looks = 2 * K
    known = Known([0.0] * (looks + 1), [1000.0] * (looks + 1))
    offsets: dict[Cell, int] = {}
    for look in range(looks + 1):
        if look:
            known.between(0, [(look, 1), (look - 1, -1)], np.inf)
        for cell in SAME_PEOPLE:
            name = named(cell)
            if name not in offsets:
                offsets[name] = known.unknown(0, K - 1)
            tens = by_tens(look, offset(name))
            known.between(tens, [(look, 1), (offsets[name], 1)], tens + K - 1)
    solve = known.solver()
    counted = []
    for look in range(1, looks + 1):
        goal = np.zeros(len(known.low))
        goal[look] = 1
        most, least = solve(goal)[look], solve(-goal)[look]
        if np.ceil(least - 1e-6) == np.floor(most + 1e-6):
            counted.append(look)
    return counted


def test_who_looks_all_the_time_cannot_count_along() -> None:
    assert not any(watched(reading, seed) for seed in range(3))


def _itself(cell: Cell) -> Cell:
    return cell


def test_negative_control_a_measurement_for_each_cell_lets_one_count_along() -> None:
    assert watched(_itself, 0)


def test_the_same_people_are_measured_by_fewer_offsets_than_ten() -> None:
    assert len({reading(cell) for cell in SAME_PEOPLE}) < K
