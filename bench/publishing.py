"""What an attacker finds out of twelve weeks of published numbers, how far these are from the truth, and what
an export costs: python -m bench.publishing (--quick: fewer communes; 5: communes of five provinces only, for
each takes minutes).
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.figures import Figure, show
from bot.app.export import Export, Form, Stamp
from bot.core.publishing import Cell, by_tens, reading
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, begins_at
from bot.store.exported import opening
from bot.store.exporting import SqlWeeklySums
from bot.store.insight_tables import weekly_counts
from bot.store.open import open_store
from bot.store.weekly import SqlWeeklyCounts
from tests.conftest import KEY
from tests.privacy.attacker import Attacked, Telling, attack, by_hiding, by_tens_of, drawn
from tests.privacy.society import NAMED, SETTLED, Make, Society, society

FULL = Make(provinces=34, communes=1_000, people=20_000, weeks=12, channels=4, versions=3, phones=2)
QUICK = Make(provinces=6, communes=60, people=2_000, weeks=6, channels=3, versions=2, phones=2)
ROWS = 1_000_000
FIRST = 2900


def itself(cell: Cell) -> Cell:
    """A cell is measured by an offset of its own."""
    return cell


def attacked(here: Society, telling: Telling, provinces: int) -> Attacked:
    """Everything but communes together; and each province with its communes."""
    country = [number for number, part in enumerate(here.parts) if part.view is not View.COMMUNE]
    found = [attack(here, country, telling)]
    print(f"  country: {found[0]}", file=sys.stderr, flush=True)
    for number in here.of(View.PROVINCE)[:provinces]:
        within = int(here.parts[number].name)
        communes = [one for one in here.of(View.COMMUNE) if here.parts[one].within == within]
        found.append(attack(here, [number, *communes], telling))
        print(f"  {len(found)}/{provinces + 1}: {found[-1]}", file=sys.stderr, flush=True)
    return Attacked(*(sum(one[index] for one in map(_three, found)) for index in range(3)))


def _three(found: Attacked) -> tuple[int, int, int]:
    return found.small, found.recovered, found.not_asked


def attacks(make: Make, provinces: int, controls: int) -> Iterator[Figure]:
    """`controls`: how many provinces the usual ways are tried on."""
    here = society(make, 1)
    for name, telling, tried, goal in (
        ("ours", by_tens_of(drawn(1)), provinces, "0"),
        ("an offset for each cell", by_tens_of(drawn(1), itself), controls, ""),
        ("under ten hidden", by_hiding(complementary=False), controls, "many"),
        ("and another of each sum", by_hiding(complementary=True), controls, "many"),
    ):
        found = attacked(here, telling, tried)
        measured = f"{found.recovered:,} of {found.small:,}"
        if found.not_asked:
            measured += f" (at least: {found.not_asked:,} not asked for)"
        yield Figure(f"small numbers found out, {name}", measured, goal)


def errors(make: Make) -> Iterator[Figure]:
    """How far totals and rates are from the truth, over all weeks."""
    here, offset = society(make, 2), drawn(2)
    runs = [number for number, named in enumerate(NAMED) if named.kind is Kind.RUN]
    lost = [number for number in runs if NAMED[number].what in {"expired", "blocked", "superseded"}]

    def told(part: int, cells: Sequence[int]) -> tuple[int, int]:
        truth = [int(here.truth[part, cell, -1, SETTLED]) for cell in cells]
        named = [reading(here.cell(part, cell)) for cell in cells]
        return sum(truth), sum(by_tens(one, offset(name)) for one, name in zip(truth, named, strict=True))

    started = {part: told(part, runs) for part in range(len(here.parts))}
    off = [
        100 * abs(told - truth) / truth for truth, told in (started[one] for one in here.of(View.PROVINCE))
    ]
    yield Figure("totals of provinces off by, worst", f"{max(off):.2f} %", "≤ 2 %")
    yield Figure("smallest province", f"{min(started[one][0] for one in here.of(View.PROVINCE)):,} people")
    for least, most in ((200, 500), (500, 1_000), (1_000, 5_000), (5_000, 10**9)):
        points = [
            100 * abs(told(part, lost)[1] / shown - told(part, lost)[0] / truth)
            for part, (truth, shown) in started.items()
            if least <= truth < most and shown
        ]
        if points:
            measured = f"mean {np.mean(points):.2f}, 95 % ≤ {np.quantile(points, 0.95):.2f} points"
            yield Figure(f"drop-off of {least:,} people or more, off by", measured, "≤ 1 point")


# --- Exports -------------------------------------------------------------------------------------------


def exports(rows: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder), rows)
        for form in Form:
            command = [sys.executable, "-m", "bench.publishing", "--one", folder, form]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds, memory, written, size = map(float, said.split())
            measured = (
                f"{written:,.0f} rows, {size / 1e6:.0f} MB in {seconds:.0f} s, {memory:.0f} MB of memory more"
            )
            yield Figure(f"export .{form} of {rows:,} sums", measured, "≤ 100 MB")


def _fill(folder: Path, rows: int) -> None:
    """As many sums: communes of two guides over two years."""
    store = open_store(f"sqlite:///{folder}/bot.db", KEY, frozenset())
    chance = np.random.default_rng(1)
    weeks, cells = 104, len(NAMED)
    parts = max(1, rows // (weeks * cells * 2))

    def made(flow: str, part: int) -> list[dict[str, object]]:
        counts = chance.poisson(25, (cells, weeks)) + 1
        named = {"view": View.COMMUNE, "part": f"{part:05}", "flow": flow}
        return [
            {**named, **NAMED[cell]._asdict(), "week": FIRST + week, "count": int(counts[cell, week])}
            for cell in range(cells)
            for week in range(weeks)
        ]

    async def fill() -> None:
        for flow in ("kich-hoat", "otp"):
            for part in range(parts):
                found = made(flow, part)
                await store.backing.database.write(
                    lambda connection, found=found: connection.execute(weekly_counts.insert(), found)  # type: ignore[misc]
                )
        await store.close()

    asyncio.run(fill())


async def _one(folder: Path, form: Form) -> None:
    """In a process of its own: seconds, megabytes of memory more than before, rows, bytes."""
    from bot.web.insights.export_words import BookWords
    from tests.books import ROOT, book_of

    store = open_store(f"sqlite:///{folder}/bot.db", KEY, frozenset())
    last = FIRST + 103
    offset = SqlWeeklyCounts(store.backing, {}).offset
    export = Export(
        SqlWeeklySums(store.backing),
        offset,
        {},
        opening(BookWords(book_of(ROOT), {})),
        lambda: begins_at(last + 1),
    )
    stamp = Stamp(begins_at(last + 1), "Lan", Weeks(FIRST, last))
    await export.write(form, folder / f"warm.{form}", Stamp(stamp.at, "Lan", Weeks(FIRST, FIRST)))
    path = folder / f"all.{form}"
    before, begun = _peak(), time.perf_counter()
    written = await export.write(form, path, stamp)
    seconds = time.perf_counter() - begun
    print(seconds, _peak() - before, written, path.stat().st_size)
    await store.close()


def _peak() -> float:
    """The most memory this process ever had, in MB."""
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["--one"]:
        asyncio.run(_one(Path(arguments[1]), Form(arguments[2])))
        return
    quick = "--quick" in arguments
    show("Exports", exports(ROWS // 10 if quick else ROWS))
    show("How far published numbers are from the truth", errors(QUICK if quick else FULL))
    make = QUICK if quick else FULL
    provinces = next((int(one) for one in arguments if one.isdigit()), make.provinces)
    show("An attacker with a solver", attacks(make, provinces, min(2, provinces)))


if __name__ == "__main__":
    main(sys.argv[1:])
