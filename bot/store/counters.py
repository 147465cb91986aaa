"""Read the counters of one guide back as the sums that the core adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from bot.core.tally import Tally
from bot.core.visits import ArrowKey, RunKey, StepKey, TimeKey
from bot.store.tables import arrow_counts, run_counts, step_counts, time_counts

K = TypeVar("K", RunKey, StepKey, ArrowKey, TimeKey)


def counts(connection: Connection, flow: str) -> Tally:
    return Tally(
        runs=_read(connection, run_counts, flow, RunKey._make, len(RunKey._fields)),
        steps=_read(connection, step_counts, flow, StepKey._make, len(StepKey._fields)),
        arrows=_read(connection, arrow_counts, flow, ArrowKey._make, len(ArrowKey._fields)),
        times=_read(connection, time_counts, flow, TimeKey._make, len(TimeKey._fields)),
    )


def _read(
    connection: Connection, table: Table, flow: str, make: Callable[[Any], K], width: int
) -> dict[K, list[int]]:
    rows = connection.execute(select(table).where(table.c.flow == flow))
    return {make(row[:width]): list(row[width:]) for row in rows}
