"""What the doors bear, at full size: too long for a test. `python -m tests.soak` runs and prints it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.core.book import Book
from tests.books import book_of, small_root
from tests.channels.contract.absence import absent
from tests.channels.contract.crowds import often
from tests.channels.contract.gates import GATES
from tests.channels.contract.house import house
from tests.channels.contract.mutants import ALLOWED, harmed
from tests.platforms.clock import virtual

POSTED = ("telegram-webhook", "zalo-oa", "zalo-bot-webhook")
POLLED_OR_POSTED = ("telegram-webhook", "telegram-polling")

PEOPLE = EACH = 50
MUTANTS = 10_000
MOST_MB = 100
SLOWEST_MS = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the table, and what is broken."""

    name: str
    value: str
    faults: tuple[str, ...] = ()


Work = Callable[[Book, str], Coroutine[None, None, Outcome]]


def outcomes(folder: Path) -> Iterator[Outcome]:
    book = book_of(small_root(folder))
    works: list[Work] = [
        *(partial(_often, door) for door in POSTED),
        *(partial(_harmed, door) for door in POSTED),
        *(partial(_absent, door) for door in POLLED_OR_POSTED),
    ]
    for number, work in enumerate(works):
        yield virtual(partial(work, book, f"sqlite:///{folder / f'{number}.db'}"))


async def _often(door: str, book: Book, url: str) -> Outcome:
    begun = time.perf_counter()
    faults = await often(GATES[door], book, url, people=PEOPLE, each=EACH)
    told = f"{PEOPLE * EACH:,} updates, 1-5 times each, in {time.perf_counter() - begun:.0f} s"
    return Outcome(f"{door}: repeated", told, tuple(faults))


async def _harmed(door: str, book: Book, url: str) -> Outcome:
    async with house(GATES[door], url, book) as at:
        await harmed(at, MUTANTS // 10, seed=1)
        before = _megabytes()
        harm = await harmed(at, MUTANTS, seed=2)
        grown = _megabytes() - before
        lan = at.person()
        await lan.says("xin chào")
        await lan.hears()
        faults = [f"status {status}" for status in harm.statuses if status not in ALLOWED]
        faults += [f"{where}: {kind}" for where, kind in {*at.faults} if where != "refused"]
        at.fake.calls.clear()
    p99 = harm.share(0.99) * 1000
    faults += [f"p99 of {p99:.0f} ms"] if p99 > SLOWEST_MS else []
    faults += [f"{grown:.0f} MB more"] if grown > MOST_MB else []
    statuses = ", ".join(f"{status}: {count:,}" for status, count in sorted(harm.statuses.items()))
    told = f"{statuses}; p99 {p99:.1f} ms, most {harm.share(1) * 1000:.0f} ms, {grown:+.0f} MB"
    return Outcome(f"{door}: {MUTANTS:,} mutants", told, tuple(faults))


async def _absent(door: str, book: Book, url: str) -> Outcome:
    begun = time.perf_counter()
    faults = await absent(GATES[door], book, url, hours=23.5, people=20)
    return Outcome(f"{door}: a day away", f"20 people, in {time.perf_counter() - begun:.0f} s", tuple(faults))


def _megabytes() -> float:
    """What the process occupies now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6
