"""What organisers ask, over millions of stays; and what it costs chats that sums are kept up to date.

python -m bench.insights [--quick]    ten million stays, or a fiftieth of them, on SQLite and on PostgreSQL
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bench.figures import Figure, show
from bench.province import COMMUNE, FILLERS, GUIDE, LAST, PROVINCE_OF
from bench.store import respond
from bot.app.insights import Group, Insights
from bot.core.message import Address, Incoming
from bot.core.visits import Kind, View, week_of
from bot.core.weeks import Weeks, begins_at
from bot.store.open import SqlStore, open_store
from bot.store.weekly import SqlWeeklyCounts
from tests.conftest import KEY, PULL, postgres_server

STAYS = 10_000_000
LAST_WEEK = week_of(LAST)
NOW = begins_at(LAST_WEEK + 1) + 3600
SPANS = {"last week": Weeks(LAST_WEEK, LAST_WEEK), "all weeks": Weeks(LAST_WEEK - 11, LAST_WEEK)}
BUSIEST = Group(View.COMMUNE, COMMUNE[0])
OF_ONE_PROVINCE = [code for code, province in PROVINCE_OF.items() if province == "01"]
HELP = (Kind.TICKET, Kind.REASON, Kind.RATING, Kind.WAITED, Kind.HELPED)

Question = Callable[[Insights, Weeks], Awaitable[object]]

QUESTIONS: dict[str, Question] = {
    "a guide, everybody": lambda insights, weeks: insights.guide(GUIDE[0], weeks),
    "a guide, one commune": lambda insights, weeks: insights.guide(GUIDE[0], weeks, BUSIEST),
    "a guide, one channel": lambda insights, weeks: insights.guide(
        GUIDE[0], weeks, Group(View.CHANNEL, "web")
    ),
    "all guides, everybody": lambda insights, weeks: insights.guides(weeks),
    "all guides, one commune": lambda insights, weeks: insights.guides(weeks, BUSIEST),
    "a guide by province": lambda insights, weeks: insights.parts(View.PROVINCE, weeks, GUIDE[0]),
    "a guide by commune, all 1,000": lambda insights, weeks: insights.parts(View.COMMUNE, weeks, GUIDE[0]),
    "all guides by commune of a province": lambda insights, weeks: insights.parts(
        View.COMMUNE, weeks, within=OF_ONE_PROVINCE
    ),
    "all guides by province": lambda insights, weeks: insights.parts(View.PROVINCE, weeks),
    "all guides by commune, all 1,000": lambda insights, weeks: insights.parts(View.COMMUNE, weeks),
    "steps of a guide by commune of a province": lambda insights, weeks: insights.parts(
        View.COMMUNE, weeks, GUIDE[0], OF_ONE_PROVINCE, (Kind.RUN, Kind.STEP, Kind.WAY, Kind.SIGN)
    ),
    "help, everybody": lambda insights, weeks: insights.helps(weeks, HELP),
    "help, one commune": lambda insights, weeks: insights.helps(weeks, HELP, BUSIEST),
}


async def asked(insights: Insights, rounds: int) -> list[Figure]:
    found = []
    for what, question in QUESTIONS.items():
        for named, weeks in SPANS.items():
            took = []
            for _ in range(rounds):
                began = time.perf_counter()
                await question(insights, weeks)
                took.append((time.perf_counter() - began) * 1000)
            high = statistics.quantiles(took, n=20)[-1]
            told = f"p50 {statistics.median(took):.1f} ms, p95 {high:.1f} ms"
            found.append(Figure(f"{what}, {named}", told, "≤ 300 ms"))
    return found


async def summed(store: SqlStore, counts: SqlWeeklyCounts) -> list[Figure]:
    """Everything at first, then a week that changes while people write."""
    began = time.perf_counter()
    await counts.bring_up_to_date(NOW)
    first = time.perf_counter() - began
    alone = await turns(store, 200, "alone")
    work = asyncio.create_task(again(counts, 3))
    beside = await turns(store, 10_000, "beside", work)
    took = await work
    return [
        Figure("everything summed up for the first time", f"{first:.0f} s"),
        Figure("a week that changes summed up again", f"{statistics.median(took):.1f} s"),
        Figure("a turn, nothing else going on", _spread(alone)),
        Figure("a turn while sums are made", _spread(beside), "some ms more"),
    ]


async def again(counts: SqlWeeklyCounts, rounds: int) -> list[float]:
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        await counts.bring_up_to_date(NOW + number)
        took.append(time.perf_counter() - began)
    return took


async def turns(
    store: SqlStore, most: int, name: str, until: asyncio.Task[list[float]] | None = None
) -> list[float]:
    """People who write a hundred messages a second at most, each to be answered before the next."""
    took = []
    for number in range(most):
        if until is not None and until.done():
            break
        message = Incoming(
            Address("web", f"{name}-{number % 50}"), str(number), "Đã bấm", seed=f"{number:024d}"
        )
        began = time.perf_counter()
        await store.take([message], respond, NOW)
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.01)
    return took


def _spread(took: Sequence[float]) -> str:
    cuts = statistics.quantiles(took, n=100)
    return f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, most {max(took):.0f} ms"


async def figures(store: SqlStore, rounds: int) -> list[Figure]:
    counts = SqlWeeklyCounts(store.backing, PROVINCE_OF)
    found = await summed(store, counts)
    return found + await asked(Insights(counts, lambda: NOW), rounds)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the stays")
    options = parser.parse_args(arguments)
    stays, rounds = (STAYS // 50, 10) if options.quick else (STAYS, 40)
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        path = Path(folder) / "bot.db"
        places = {"SQLite": (f"sqlite:///{path}", path), "PostgreSQL": (server.new_database(),) * 2}
        for database, (url, where) in places.items():
            open_store(url, KEY, PULL).abandon()
            count = FILLERS[database](where, stays)
            show(f"{count:,} stays on {database}", asyncio.run(_measured(url, rounds)))


async def _measured(url: str, rounds: int) -> list[Figure]:
    store = open_store(url, KEY, PULL)
    gc.collect()
    gc.freeze()  # as a started bot does
    try:
        return await figures(store, rounds)
    finally:
        await store.close()


if __name__ == "__main__":
    main()
