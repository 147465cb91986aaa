"""Two processes on one PostgreSQL, where everything at the desk happens at once: python -m bench.desk_night

200 residents write, ask for a person and erase; eight volunteers claim, speak, close, hold and release;
timers and purges run. Nothing may meet a deadlock, nobody may hear that the database is down.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter

from bench.figures import Figure, show
from bot.store.open import open_store
from tests.app.harness.desk import enlist, look, volunteers
from tests.conftest import KEY, PULL, postgres_server

PROCESSES = 2
RESIDENTS = 200
VOLUNTEERS = 8

TWICE_OPEN = (
    "SELECT count(*) FROM (SELECT conversation_id FROM tickets WHERE closed_at IS NULL "
    "GROUP BY conversation_id HAVING count(*) > 1) AS twice"
)
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def _prepare(url: str) -> None:
    store = open_store(url, KEY, PULL)
    await enlist(store, volunteers(VOLUNTEERS))
    await store.close()


async def _looked(url: str, *statements: str) -> list[object]:
    store = open_store(url, KEY, PULL)
    found = [(await look(store, statement))[0][0] for statement in statements]
    await store.close()
    return found


def figures(url: str, seconds: int) -> list[Figure]:
    asyncio.run(_prepare(url))
    each = [str(RESIDENTS // PROCESSES), str(VOLUNTEERS // PROCESSES), str(seconds)]
    command = [sys.executable, "-m", "tests.app.harness.night", url]
    nights = [
        subprocess.Popen([*command, str(number), *each], stdout=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]
    done: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for night in nights:
        told = json.loads(night.communicate(timeout=seconds + 90)[0])
        done.update(told["done"])
        faults.update(told["faults"])
    for fault, count in faults.most_common(20):
        print(f"BROKEN {count} x {fault}")
    deadlocks, twice = asyncio.run(_looked(url, DEADLOCKS, TWICE_OPEN))
    return [
        Figure("deadlocks that PostgreSQL counted", str(deadlocks), "0"),
        Figure("faults", str(faults.total()), "0"),
        Figure("people with two open tickets", str(twice), "0"),
        *(Figure(what, f"{count:,}") for what, count in sorted(done.items())),
    ]


def main(seconds: int = 60) -> None:
    with postgres_server() as server:
        title = f"{RESIDENTS} residents, {VOLUNTEERS} volunteers, {PROCESSES} processes, {seconds} s"
        show(title, figures(server.new_database(), seconds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
