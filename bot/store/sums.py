"""The statements that sum up the counters of a week and tell what differs from the sums that stand.

Each is about one table of counters, one week and one guide; those about help are about all guides at once.
Counters are grouped twice, by commune and by channel and version, and every view is made of one of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)

from bot.core.session import Outcome, RunOutcome
from bot.core.visits import HOME_COLUMNS, Kind, View
from bot.store.desk_tables import help_counts
from bot.store.insight_tables import (
    cell_counts,
    commune_provinces,
    help_time_counts,
    home_counts,
    sign_counts,
    summed_guides,
    weekly_counts,
)
from bot.store.ledger import SumRow
from bot.store.tables import arrow_counts, run_counts, step_counts, time_counts


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column of counters is about. `what` is a text, or the columns that say it; so is `kind`."""

    kind: Kind | tuple[str]
    what: str | tuple[str, ...]
    column: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table of counters with what its sums keep beside the view (`keys`), and which `kinds` they become;
    communes and provinces have only those `by_place`.
    """

    table: Table
    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    kinds: frozenset[Kind]
    by_place: frozenset[Kind]


_STANDING = tuple(outcome for outcome in Outcome if outcome not in {Outcome.ANSWERED, Outcome.SKIPPED})
_WALKED = ("to", "how", "reason")

_RUNS = Source(
    run_counts,
    (),
    tuple(Measure(Kind.RUN, outcome, outcome) for outcome in RunOutcome),
    frozenset({Kind.RUN}),
    frozenset({Kind.RUN}),
)
_STEPS = Source(
    step_counts,
    ("step",),
    (
        *(Measure(Kind.STEP, outcome, f"persons_{outcome}") for outcome in _STANDING),
        *(Measure(Kind.STAY, outcome, f"visits_{outcome}") for outcome in _STANDING),
    ),
    frozenset({Kind.STEP, Kind.STAY}),
    frozenset({Kind.STEP}),
)
_ARROWS = Source(
    arrow_counts,
    ("step", *_WALKED),
    (Measure(Kind.WAY, _WALKED, "persons"), Measure(Kind.STAY_WAY, _WALKED, "visits")),
    frozenset({Kind.WAY, Kind.STAY_WAY}),
    frozenset({Kind.WAY}),
)
_TIMES = Source(
    time_counts,
    ("step", "bucket"),
    (Measure(Kind.TIME, ("bucket",), "visits"),),
    frozenset({Kind.TIME}),
    frozenset(),
)
_SIGNS = Source(
    sign_counts,
    ("step", "sign"),
    (Measure(Kind.SIGN, ("sign",), "persons"),),
    frozenset({Kind.SIGN}),
    frozenset({Kind.SIGN}),
)
_HELPS = Source(
    help_counts,
    ("flow", "step", "reason", "closing"),
    (
        Measure(Kind.TICKET, ("closing",), "tickets"),
        Measure(Kind.REASON, ("reason",), "tickets"),
        *(Measure(Kind.RATING, str(score), f"rated_{score}") for score in (1, 2, 3)),
    ),
    frozenset({Kind.TICKET, Kind.REASON, Kind.RATING}),
    frozenset({Kind.TICKET, Kind.REASON, Kind.RATING}),
)
_HELP_TIMES = Source(
    help_time_counts,
    ("flow", "clock", "bucket"),
    (Measure(("clock",), ("bucket",), "tickets"),),
    frozenset({Kind.WAITED, Kind.HELPED}),
    frozenset({Kind.WAITED, Kind.HELPED}),
)
_HOMES = Source(
    home_counts,
    (),
    tuple(Measure(Kind.HOME, column, column) for column in HOME_COLUMNS),
    frozenset({Kind.HOME}),
    frozenset({Kind.HOME}),
)

Differences = Select[tuple[Any, ...]]
"""Rows of `SumRow`, to be asked for with `week`, its `first` and `last` day, and `flow`."""


@cache
def of_a_guide() -> tuple[Differences, ...]:
    """What is to be asked for each guide of a week."""
    sources = (_RUNS, _STEPS, _ARROWS, _TIMES, _SIGNS)
    is_it = weekly_counts.c.flow == _FLOW
    return (*(_differences(source, is_it) for source in sources), _differences_of_cells())


@cache
def of_help() -> tuple[Differences, ...]:
    """What is to be asked once for a week."""
    known = select(summed_guides.c.flow).where(summed_guides.c.week == _WEEK)
    return tuple(
        _differences(source, weekly_counts.c.flow.in_(known)) for source in (_HELPS, _HELP_TIMES, _HOMES)
    )


_WEEK: ColumnElement[int] = bindparam("week", type_=BigInteger())
_FLOW: ColumnElement[str] = bindparam("flow", type_=Text())
_CELL = ("view", "part", "flow", "kind", "step", "what")


def of_the_week(table: Table) -> ColumnElement[bool]:
    return table.c.day.between(bindparam("first"), bindparam("last"))


def _differences(source: Source, standing_of: ColumnElement[bool]) -> Differences:
    has_version = "version" in source.table.c
    people = _long(source, ("channel", "version") if has_version else ("channel",), source.kinds)
    views = [View.ALL, View.CHANNEL, *([View.VERSION] if has_version else [])]
    counted = [
        _seen(people, View.ALL, literal("")),
        *(_seen(people, view, people.c[str(view)]) for view in views[1:]),
    ]
    if source.by_place:
        places = _long(source, ("commune",), source.by_place)
        views += [View.COMMUNE, View.PROVINCE]
        counted += [_seen(places, View.COMMUNE, places.c.commune), _by_province(places)]
    return _differing(counted, views, source.kinds, standing_of)


def _differences_of_cells() -> Differences:
    """What is counted for the parts of one view alone is nearly a sum already."""
    table = cell_counts.c
    keys = [table[name] for name in _CELL]
    counted = select(*keys, _sum(table.persons).label("count")).where(of_the_week(cell_counts))
    return _differing(
        [counted.where(table.flow == _FLOW).group_by(*keys)],
        [View.PHONE, View.POSTER],
        frozenset({Kind.RUN, Kind.STEP, Kind.WAY}),
        weekly_counts.c.flow == _FLOW,
    )


def _long(source: Source, apart: Sequence[str], kinds: frozenset[Kind]) -> CTE:
    """A row for each kind and `what`, from a row with a column for each of them."""
    measures = [one for one in source.measures if isinstance(one.kind, tuple) or one.kind in kinds]
    wide = _grouped(source, apart, [one.column for one in measures])
    rows = [
        select(
            *(wide.c[name] for name in apart),
            (wide.c.flow if "flow" in wide.c else literal("")).label("flow"),
            (wide.c[one.kind[0]] if isinstance(one.kind, tuple) else literal(str(one.kind))).label("kind"),
            (wide.c.step if "step" in wide.c else literal("")).label("step"),
            _what(wide, one.what).label("what"),
            wide.c[one.column].label("count"),
        ).where(wide.c[one.column] != 0)
        for one in measures
    ]
    return union_all(*rows).cte()


def _grouped(source: Source, apart: Sequence[str], columns: Sequence[str]) -> CTE:
    table = source.table.c
    of_one_guide = "flow" in table and "flow" not in source.keys
    keys = [table[name] for name in (*apart, *source.keys)]
    sums = (_sum(table[name]).label(name) for name in dict.fromkeys(columns))
    flow = [_FLOW.label("flow")] if of_one_guide else []
    rows = select(*keys, *flow, *sums).where(of_the_week(source.table)).group_by(*keys)
    return (rows.where(table.flow == _FLOW) if of_one_guide else rows).cte()


def _what(wide: CTE, what: str | tuple[str, ...]) -> ColumnElement[str]:
    """As `visits.way_of` writes an arrow; a number as its digits."""
    if isinstance(what, str):
        return literal(str(what))
    parts: list[ColumnElement[str]] = [cast(wide.c[name], Text) for name in what]
    return func.rtrim(reduce(lambda one, other: one + " " + other, parts)) if parts[1:] else parts[0]


def _seen(rows: CTE, view: View, part: ColumnElement[str]) -> Select[Any]:
    table = rows.c
    return select(
        literal(str(view)).label("view"),
        part.label("part"),
        table.flow,
        table.kind,
        table.step,
        table.what,
        table.count,
    )


def _by_province(places: CTE) -> Select[Any]:
    known = commune_provinces.c
    seen = _seen(places, View.PROVINCE, func.coalesce(known.province, ""))
    return seen.select_from(places.outerjoin(commune_provinces, known.commune == places.c.commune))


def _differing(
    counted: Sequence[Select[Any]],
    views: Sequence[View],
    kinds: frozenset[Kind],
    standing_of: ColumnElement[bool],
) -> Differences:
    """Everything counted and everything that stands on one pile; what is the same in both is left out."""
    stands = weekly_counts.c
    standing = select(*(stands[name] for name in _CELL), literal(0).label("count"), stands.count.label("was"))
    standing = standing.where(
        and_(stands.view.in_(views), stands.kind.in_(sorted(kinds)), stands.week == _WEEK, standing_of)
    )
    pile = union_all(*(one.add_columns(literal(0).label("was")) for one in counted), standing).subquery()
    keys = [pile.c[name] for name in _CELL]
    count = _sum(pile.c.count)
    row = {**{name: pile.c[name] for name in _CELL}, "week": _WEEK, "number": count}
    return select(*(row[name] for name in SumRow._fields)).group_by(*keys).having(count != _sum(pile.c.was))


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    """PostgreSQL adds up to a decimal number."""
    return cast(func.sum(column), BigInteger)
