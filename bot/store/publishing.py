"""What is published of the runs of all guides, part by part: ready to be added up.

A page that compares a thousand communes would have to look at a cell of each commune, guide and outcome. So
what each week adds to the published cells is kept, added up over all guides. It is made of the weekly sums
alone, after they were brought up to date, and set as they are: added to, it would keep what went wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, func, select, text, tuple_

from bot.app.insights import PartRuns
from bot.core.publishing import Cell, Offset, by_tens, reading
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks
from bot.store.insight_tables import part_runs, summed_guides, weekly_counts
from bot.store.ledger import Database

VIEWS = frozenset({View.COMMUNE, View.POSTER})
"""Views of many parts."""

AT_ONCE = 500
"""Rows that are written in one transaction."""


class Key(NamedTuple):
    week: int
    part: str
    what: str


class Added(NamedTuple):
    """What a week adds."""

    published: int
    counted: int


def of_parts(
    view: View, weeks: Weeks, parts: Collection[str] | None, connection: Connection
) -> list[PartRuns]:
    table = part_runs.c
    asked = table.week.between(weeks.first, weeks.last)
    query = select(
        table.part,
        table.what,
        func.sum(case((asked, table.published), else_=0)),
        func.sum(case((table.week < weeks.first, table.count), else_=0)),
        func.sum(table.count),
    ).where(table.view == view, table.week <= weeks.last)
    if parts is not None:
        query = query.where(table.part.in_(sorted(parts)))
    found: dict[str, PartRuns] = {}
    for part, what, told, before, through in connection.execute(query.group_by(table.part, table.what)):
        known = found.get(part) or PartRuns(part, {}, 0, 0)
        ended = {**known.published, what: int(told)} if told else known.published
        found[part] = PartRuns(part, ended, known.before + int(before), known.through + int(through))
    return list(found.values())


async def put_together(database: Database, offset: Offset) -> None:
    for view in VIEWS:
        wanted: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
        for flow in await database.read_at_leisure(_guides):
            of_one = partial(_of_guide, view, flow, offset)
            for key, added in (await database.read_at_leisure(of_one)).items():
                wanted[key][0] += added.published
                wanted[key][1] += added.counted
        stands = await database.read_at_leisure(partial(_standing, view))
        changed = [
            (key, Added(*wanted.get(key, (0, 0))))
            for key in sorted(wanted.keys() | stands.keys())
            if stands.get(key, Added(0, 0)) != tuple(wanted.get(key, (0, 0)))
        ]
        for start in range(0, len(changed), AT_ONCE):
            await database.write(partial(_set, view, changed[start : start + AT_ONCE]))


def _guides(connection: Connection) -> Sequence[str]:
    return connection.scalars(select(summed_guides.c.flow).distinct()).all()


def _of_guide(view: View, flow: str, offset: Offset, connection: Connection) -> dict[Key, Added]:
    table = weekly_counts.c
    query = select(table.part, table.what, table.week, table.count).where(
        table.view == view, table.kind == Kind.RUN, table.flow == flow
    )
    rows = connection.execute(query.order_by(table.week))
    return dict(_added(view, flow, ((row[0], row[1], row[2], row[3]) for row in rows), offset))


def _added(
    view: View, flow: str, rows: Iterable[tuple[str, str, int, int]], offset: Offset
) -> Iterator[tuple[Key, Added]]:
    """Week after week; what is published of a cell depends on all that was counted in it before."""
    totals: dict[tuple[str, str], int] = {}
    drawn: dict[tuple[str, str], int] = {}  # once for each cell, not for each week of it
    for part, what, week, count in rows:
        cell = part, what
        if cell not in drawn:
            drawn[cell] = offset(reading(Cell(view, part, flow, Kind.RUN, "", what)))
        before = totals.get(cell, 0)
        totals[cell] = through = before + count
        told = by_tens(through, drawn[cell]) - by_tens(before, drawn[cell])
        yield Key(week, part, what), Added(told, count)


def _standing(view: View, connection: Connection) -> dict[Key, Added]:
    table = part_runs.c
    query = select(table.week, table.part, table.what, table.published, table.count).where(table.view == view)
    return {Key(*row[:3]): Added(*row[3:]) for row in map(tuple, connection.execute(query))}


_PUT = text(
    "INSERT INTO part_runs (view, week, part, what, published, count) "
    "VALUES (:view, :week, :part, :what, :published, :counted) ON CONFLICT (view, week, part, what) "
    "DO UPDATE SET published = excluded.published, count = excluded.count"
)


def _set(view: View, rows: Sequence[tuple[Key, Added]], connection: Connection) -> None:
    there = [{"view": view, **key._asdict(), **added._asdict()} for key, added in rows if any(added)]
    if there:
        connection.execute(_PUT, there)
    if gone := [tuple(key) for key, added in rows if not any(added)]:
        key = tuple_(part_runs.c.week, part_runs.c.part, part_runs.c.what)
        connection.execute(delete(part_runs).where(part_runs.c.view == view, key.in_(gone)))
