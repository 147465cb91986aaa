"""A store that looks as after a long campaign: millions of stays, and the counters that belong to them.

Written in bulk, with the counters added up by NumPy, so that ten million stays take minutes and not days.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from bot.core.session import How, Outcome, RunOutcome
from bot.core.visits import (
    ARROW_COLUMNS,
    HELP_COLUMNS,
    RUN_COLUMNS,
    SIGN_COLUMNS,
    STEP_COLUMNS,
    ArrowKey,
    CellKey,
    HelpKey,
    HelpTimeKey,
    Kind,
    RunKey,
    SignKey,
    StepKey,
    TimeKey,
    View,
    VisitRow,
    bucket_of,
    way_of,
    week_of,
)
from bot.store.desk_tables import help_counts
from bot.store.insight_tables import cell_counts, help_time_counts, sign_counts
from bot.store.tables import arrow_counts, run_counts, step_counts, time_counts, visits

LAST = 20_835
"""The last day: a Sunday."""

DAYS, GUIDES, STEPS, COMMUNES, PROVINCES = 84, 20, 12, 1_000, 34
CHANNELS = ("telegram", "web", "zalo_bot", "zalo_oa")
VERSIONS = ("v1", "v2", "v3")
PHONES = ("android", "iphone", "basic")
GUIDE = tuple(f"guide-{number:02d}" for number in range(GUIDES))
STEP = tuple(f"step-{number:02d}" for number in range(STEPS))
COMMUNE = tuple(f"{20_000 + number}" for number in range(COMMUNES))
PROVINCE_OF = {code: f"{number % PROVINCES + 1:02d}" for number, code in enumerate(COMMUNE)}
STAYED = (Outcome.EXPIRED, Outcome.ESCALATED)
GOES_ON = 0.91

Write = Callable[[str, Sequence[str], Iterator[tuple[Any, ...]]], None]


@dataclass(slots=True)
class Walks:
    """The runs of one day, one array per property, and how far each came."""

    guide: Any
    version: Any
    channel: Any
    commune: Any
    phone: Any
    steps: Any
    ended: Any


def fill(write: Write, stays: int, seed: int = 1) -> int:
    """Write so many stays and their counters, day by day; returns how many there are."""
    chance = np.random.default_rng(seed)
    mean = (1 - GOES_ON**STEPS) / (1 - GOES_ON)
    shares = 1 / (np.arange(COMMUNES) + 10.0) ** 0.8
    total = 0
    for day in range(LAST - DAYS + 1, LAST + 1):
        walks = _walks(chance, int(stays / DAYS / mean), shares / shares.sum())
        total += _write_day(write, chance, day, walks)
    for week in {week_of(day) for day in range(LAST - DAYS + 1, LAST + 1)}:
        write("touched", ("week", "slot"), iter([(week, 0)]))
    return total


def _walks(chance: Any, runs: int, shares: Any) -> Walks:
    came = np.minimum(chance.geometric(1 - GOES_ON, runs), STEPS + 1)
    stayed = np.where(chance.random(runs) < 0.8, 0, 1)  # expired, or asked a human
    return Walks(
        guide=(GUIDES * chance.random(runs) ** 2).astype(int),
        version=chance.integers(0, len(VERSIONS), runs),
        channel=chance.integers(0, len(CHANNELS), runs),
        commune=chance.choice(COMMUNES, runs, p=shares),
        phone=chance.integers(0, len(PHONES), runs),
        steps=np.minimum(came, STEPS),
        ended=np.where(came > STEPS, 2, stayed),
    )


def _write_day(write: Write, chance: Any, day: int, walks: Walks) -> int:
    """Each row of the arrays below is a stay; `out` says how it ended, on the way 0 or stuck 1."""
    runs = len(walks.guide)
    of = np.repeat(np.arange(runs), walks.steps)
    step = np.arange(len(of)) - np.repeat(np.cumsum(walks.steps) - walks.steps, walks.steps)
    is_last = step == walks.steps[of] - 1
    lost = is_last & (walks.ended[of] < 2)
    stuck = chance.random(len(of)) < 0.04
    seconds = chance.lognormal(4, 1.2, len(of)).astype(int)
    place = _code((walks.guide, GUIDES), (walks.version, 3), (walks.channel, 4), (walks.commune, COMMUNES))
    here = _code((place[of], GUIDES * 12 * COMMUNES), (step, STEPS))
    out = np.where(lost, walks.ended[of], 2)
    _visits(write, chance, day, walks, of, step, lost, stuck, seconds)
    _runs(write, day, place, walks.ended)
    _steps(write, day, here, out)
    _arrows(write, day, here[~lost], stuck[~lost])
    _times(write, day, here[~lost], seconds[~lost])
    _signs(write, day, here[chance.random(len(here)) < 0.05])
    _phones(write, day, walks, of, step, lost, out, stuck)
    _helps(write, chance, day, walks)
    return len(of)


def _code(*parts: tuple[Any, int]) -> Any:
    """Several small numbers as one, the first most significant: sorting it sorts by all."""
    code = np.zeros(len(parts[0][0]), dtype=np.int64)
    for number, size in parts:
        code = code * size + number
    return code


def _key(day: int, code: int) -> tuple[int, str, str, str, str]:
    rest, commune = divmod(code, COMMUNES)
    rest, channel = divmod(rest, 4)
    guide, version = divmod(rest, 3)
    return day, GUIDE[guide], VERSIONS[version], CHANNELS[channel], COMMUNE[commune]


def _step_key(day: int, code: int) -> tuple[int, str, str, str, str, str]:
    place, step = divmod(code, STEPS)
    return (*_key(day, place), STEP[step])


def _next(step: str) -> tuple[str, str]:
    number = STEP.index(step) + 1
    return (STEP[number], How.CHOICE) if number < STEPS else ("completed", How.END)


def _visits(
    write: Write, chance: Any, day: int, walks: Walks, of: Any, step: Any, lost: Any, stuck: Any, seconds: Any
) -> None:
    ids = [f"{number:016x}" for number in chance.integers(0, 2**62, len(walks.guide))]
    begins = day * 86400 + 3600

    def rows() -> Iterator[tuple[Any, ...]]:
        columns = zip(
            of.tolist(), step.tolist(), lost.tolist(), stuck.tolist(), seconds.tolist(), strict=True
        )
        guide, version, channel, commune, ended = (
            column.tolist()
            for column in (walks.guide, walks.version, walks.channel, walks.commune, walks.ended)
        )
        for run, number, is_lost, is_stuck, took in columns:
            at, name = begins + number * 300, STEP[number]
            if is_lost:
                walked = (str(STAYED[ended[run]]), "", "", "")
            else:
                to, how = _next(name)
                walked = ("answered", to, "stuck", "sai-so") if is_stuck else ("answered", to, str(how), "")
            yield (
                *(ids[run], number + 1, day, GUIDE[guide[run]], VERSIONS[version[run]]),
                *(CHANNELS[channel[run]], COMMUNE[commune[run]], name, at, at + took, *walked, 0, 0),
            )

    write(visits.name, VisitRow._fields, rows())


def _runs(write: Write, day: int, place: Any, ended: Any) -> None:
    columns = [RUN_COLUMNS.index(name) for name in (*STAYED, RunOutcome.COMPLETED)]

    def rows() -> Iterator[tuple[Any, ...]]:
        for code, counts in _crossed(place, ended, 3):
            values = [0] * len(RUN_COLUMNS)
            values[0] = sum(counts)
            for column, count in zip(columns, counts, strict=True):
                values[column] = count
            yield (*_key(day, code), *values)

    write(run_counts.name, (*RunKey._fields, *RUN_COLUMNS), rows())


def _crossed(codes: Any, kinds: Any, width: int) -> Iterator[tuple[int, list[int]]]:
    """How many of each kind there are of each code, codes rising."""
    found, inverse = np.unique(codes, return_inverse=True)
    counts = np.bincount(inverse * width + kinds, minlength=len(found) * width).reshape(-1, width)
    return zip(found.tolist(), counts.tolist(), strict=True)


def _steps(write: Write, day: int, here: Any, out: Any) -> None:
    outcomes = (*STAYED, Outcome.ANSWERED)
    people = [STEP_COLUMNS.index(f"persons_{outcome}") for outcome in outcomes]
    stays = [STEP_COLUMNS.index(f"visits_{outcome}") for outcome in outcomes]

    def rows() -> Iterator[tuple[Any, ...]]:
        for code, counts in _crossed(here, out, 3):
            values = [0] * len(STEP_COLUMNS)
            values[0] = values[1] = sum(counts)
            for person, stay, count in zip(people, stays, counts, strict=True):
                values[person] = values[stay] = count
            yield (*_step_key(day, code), *values)

    write(step_counts.name, (*StepKey._fields, *STEP_COLUMNS), rows())


def _arrows(write: Write, day: int, here: Any, stuck: Any) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for code, (onward, aside) in _crossed(here, stuck.astype(int), 2):
            key = _step_key(day, code)
            to, how = _next(key[-1])
            if onward:
                yield (*key, to, str(how), "", onward, onward)
            if aside:
                yield (*key, to, "stuck", "sai-so", aside, aside)

    write(arrow_counts.name, (*ArrowKey._fields, *ARROW_COLUMNS), rows())


def _times(write: Write, day: int, here: Any, seconds: Any) -> None:
    known, inverse = np.unique(seconds, return_inverse=True)
    buckets = np.array([bucket_of(one) for one in known.tolist()])[inverse]
    found, counts = np.unique(here * 64 + np.minimum(buckets, 63), return_counts=True)
    rows = (
        (*_step_key(day, code // 64), code % 64, count)
        for code, count in zip(found.tolist(), counts.tolist(), strict=True)
    )
    write(time_counts.name, (*TimeKey._fields, "visits"), rows)


def _signs(write: Write, day: int, here: Any) -> None:
    found, counts = np.unique(here, return_counts=True)
    rows = (
        (*_step_key(day, code), "error:otp-limit", count, count)
        for code, count in zip(found.tolist(), counts.tolist(), strict=True)
    )
    write(sign_counts.name, (*SignKey._fields, *SIGN_COLUMNS), rows)


def _phones(
    write: Write, day: int, walks: Walks, of: Any, step: Any, lost: Any, out: Any, stuck: Any
) -> None:
    counts: dict[tuple[Any, ...], int] = {}
    ends = (*STAYED, RunOutcome.COMPLETED)
    code = _code((walks.phone, 3), (walks.guide, GUIDES), (walks.ended, 3))
    for one, count in zip(*(part.tolist() for part in np.unique(code, return_counts=True)), strict=True):
        counts[PHONES[one // 60], GUIDE[one // 3 % GUIDES], Kind.RUN, "", ends[one % 3]] = count
    kind = np.where(lost, out, np.where(stuck, 3, 2))
    code = _code((walks.phone[of], 3), (walks.guide[of], GUIDES), (step, STEPS), (kind, 4))
    for one, count in zip(*(part.tolist() for part in np.unique(code, return_counts=True)), strict=True):
        name = STEP[one // 4 % STEPS]
        part, guide = divmod(one // 48, GUIDES)
        to, how = _next(name)
        ways = (*STAYED, way_of(to, how, ""), way_of(to, "stuck", "sai-so"))
        named = Kind.STEP if one % 4 < 2 else Kind.WAY
        counts[PHONES[part], GUIDE[guide], named, name, ways[one % 4]] = count
    rows = ((day, View.PHONE.value, *map(str, key), count) for key, count in counts.items())
    write(cell_counts.name, (*CellKey._fields, "persons"), rows)


def _helps(write: Write, chance: Any, day: int, walks: Walks) -> None:
    """Everybody who asked a human was answered; one in three says how it was."""
    asked = np.flatnonzero(walks.ended == 1)
    helps: dict[tuple[Any, ...], list[int]] = {}
    times: dict[tuple[Any, ...], int] = {}
    for run in asked.tolist():
        at = (day, CHANNELS[walks.channel[run]], COMMUNE[walks.commune[run]], GUIDE[walks.guide[run]])
        step = STEP[walks.steps[run] - 1]
        row = helps.setdefault((*at, step, "asked", "solved", f"{at[-1]}/{step}", ""), [0] * 7)
        row[0] += 1
        row[1] += 1
        row[4 + run % 3] += run % 2
        for clock, seconds in zip(("waited", "helped"), chance.integers(10, 3600, 2).tolist(), strict=True):
            key = (*at, clock, bucket_of(seconds))
            times[key] = times.get(key, 0) + 1
    write(help_counts.name, (*HelpKey._fields, *HELP_COLUMNS), ((*k, *v) for k, v in helps.items()))
    write(help_time_counts.name, (*HelpTimeKey._fields, "tickets"), ((*k, v) for k, v in times.items()))


def into_sqlite(path: Path, stays: int) -> int:
    """Fill a database that has our schema; nobody else uses it."""
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        raw.execute(f"PRAGMA {pragma}")

    def write(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608

    raw.execute("BEGIN")
    total = fill(write, stays)
    raw.execute("COMMIT")
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    return total


def into_postgres(url: str, stays: int) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:

        def write(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
            names = ", ".join(f'"{name}"' for name in columns)
            with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)

        total = fill(write, stays)
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")  # as autovacuum would
    return total


FILLERS: Mapping[str, Callable[..., int]] = {"SQLite": into_sqlite, "PostgreSQL": into_postgres}
