"""One row of the table, and the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, as text, beside what it should be."""

    what: str
    measured: str
    goal: str = ""


def show(title: str, figures: Iterable[Figure]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("goal", justify="right")
    for figure in figures:
        table.add_row(figure.what, figure.measured, figure.goal)
    Console(width=110).print(table)
