"""The tables: python -m bench.channels [--quick] [--only ours,echo] [--no-kills]

Messages a second and processor time a message, through webhook and polling, with fifty residents at once.
All bots take turns, so that a noisy machine hits them alike; a ratio is the median of those of single rounds.
Then what each of them loses at kill -9.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.channels.driver import OURS, THEIRS, Measured, Side
from bench.figures import Figure, show

BOTS = {
    "echo": "aiogram, bare echo, no state",
    "spinning": "the same, press not answered",
    "memory": "aiogram FSM, memory",
    "redis": "aiogram FSM, Redis",
    "dialog": "aiogram_dialog, memory",
    "ptb": "PTB ConversationHandler, Pickle",
    "ours": "ours, SQLite FULL",
    "paced": "ours, 28 messages/s as Telegram wants",
}
KILLED = {"memory", "redis", "dialog", "ptb", "ours", "paced"}
BOUND = "echo"
GOALS = {"echo": 1.5, "redis": 2.5, "ptb": 4.0}
"""How many times as many messages a second as these."""

MODES = ("webhook", "polling")

REDIS_MISSING = (
    "redis-server is missing, so its row is left out; install it with: apt-get install redis-server"
)

PRESSES, KILLS = 2000, 20
PATIENCE = {"paced": 15.0}
USUAL_PATIENCE = 1.5
"""Seconds after which a resident whose press was taken and not answered presses again. Fifty people wait
for two seconds at the pace that Telegram wants, even on a good day.
"""


@dataclass(frozen=True, slots=True)
class Row:
    rounds: tuple[Measured, ...]
    memory: float

    def of(self, what: str) -> float:
        return float(median(getattr(one, what) for one in self.rounds))

    def times(self, other: Row, what: str) -> str:
        """How many times the other's, by rounds that lay side by side."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return f"{median(getattr(mine, what) / getattr(its, what) for mine, its in pairs):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.channels")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--only", default=",".join(BOTS), help="names, with a comma between")
    parser.add_argument("--no-kills", action="store_true")
    parser.add_argument("--no-load", action="store_true")
    asked = parser.parse_args()
    names = [name for name in BOTS if name in asked.only.split(",")]
    if "redis" in names and not shutil.which("redis-server"):
        print(REDIS_MISSING)
        names.remove("redis")
    print(f"bot on core {OURS}, Telegram on core {THEIRS}" if OURS >= 0 else "one core for everything")
    rounds, seconds = (1, 1.5) if asked.quick else (7, 3.0)
    for mode in MODES if not asked.no_load else ():
        _speed(mode, measured([name for name in names if name != "paced"], mode, rounds, seconds))
    if "ours" in names and not asked.no_load:
        show("Memory of our process", memory())
    for mode in MODES if not asked.no_kills else ():
        _losses(mode, {name: lost(name, mode) for name in names if name in KILLED})


def measured(names: Sequence[str], mode: str, rounds: int, seconds: float) -> dict[str, Row]:
    """All bots are up all the time and work in turns."""
    with ExitStack() as stack:
        sides = {name: stack.enter_context(_side(name, mode)) for name in names}
        for side in sides.values():
            side.settle(side.started())
        found: dict[str, list[Measured]] = {name: [] for name in names}
        for _ in range(rounds):
            for name, side in sides.items():
                found[name].append(side.load(seconds))
        return {name: Row(tuple(found[name]), side.resident_memory) for name, side in sides.items()}


def lost(name: str, mode: str) -> dict[str, Any]:
    with _side(name, mode, again=True) as side:
        side.load_libraries()
        side.settle(side.revive())
        told = side.kills(PRESSES, KILLS, PATIENCE.get(name, USUAL_PATIENCE))
        print(f"{mode}: {BOTS[name]}: {told}", file=sys.stderr)
        return told


def memory() -> list[Figure]:
    """What the same bot takes when it was started and nobody has come yet."""
    found = {}
    for mode in ("off", *MODES):
        with _side("paced", mode) as side:
            port = side.started()
            if mode == "off":
                time.sleep(8)  # as long as the others take for their library
            else:
                side.settle(port)
            found[mode] = side.resident_memory
    added = max(found[mode] for mode in MODES) - found["off"]
    return [
        Figure("Telegram off", f"{found['off']:.0f} MB"),
        Figure("Telegram on, webhook", f"{found['webhook']:.0f} MB"),
        Figure("Telegram on, polling", f"{found['polling']:.0f} MB"),
        Figure("added by Telegram", f"{added:.0f} MB", "≤ 200 MB"),
    ]


@contextmanager
def _side(name: str, mode: str, *, again: bool = False) -> Iterator[Side]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        helper = stack.enter_context(_redis(Path(folder))) if name == "redis" else 0
        side = Side(name, mode, Path(folder), helper, again=again)
        try:
            yield side
        finally:
            side.stop()


@contextmanager
def _redis(folder: Path) -> Iterator[int]:
    """A server of our own, on the bot's core and as it is delivered: a snapshot now and then."""
    pinned = ["taskset", "-c", str(OURS)] if OURS >= 0 and shutil.which("taskset") else []
    command = [*pinned, "redis-server", "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--dir"]
    process = subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL)
    while not (folder / "redis.sock").exists():
        time.sleep(0.01)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def _speed(mode: str, rows: Mapping[str, Row]) -> None:
    table = _table(f"Telegram by {mode}, 50 residents at once; the processor is the bot's, with its database")
    for column in ("messages/s", "× echo", "CPU a message", "× echo", "p50", "p99", "memory", "calls", "sim"):
        table.add_column(column, justify="right")
    bound = rows.get(BOUND)
    for name, row in rows.items():
        table.add_row(
            BOTS[name],
            f"{row.of('rate'):.0f}",
            row.times(bound, "rate") if bound else "",
            f"{row.of('cpu') * 1e6:.0f} µs",
            row.times(bound, "cpu") if bound else "",
            f"{row.of('median') * 1e3:.0f} ms",
            f"{row.of('p99') * 1e3:.0f} ms",
            f"{row.memory:.0f} MB",
            f"{row.of('calls'):.1f}",
            f"{row.of('share'):.0%}",
        )
    Console(width=140).print(table)
    ours = rows.get("ours")
    if ours is not None:
        show(
            "Ours, by messages a second",
            [
                Figure(f"× {BOTS[name]}", ours.times(rows[name], "rate"), f"≥ {goal}")
                for name, goal in GOALS.items()
                if name in rows
            ],
        )


def _losses(mode: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    table = _table(f"{KILLS} × kill -9 in {PRESSES} presses, Telegram by {mode}")
    for column in ("places lost", "presses lost", "steps twice", "replies doubled", "longest wait"):
        table.add_column(column, justify="right")
    for name, told in rows.items():
        counts = (str(told[what]) for what in ("places", "lost", "twice", "doubled"))
        table.add_row(BOTS[name], *counts, f"{told['longest']:.1f} s")
    Console(width=140).print(table)


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    return table


if __name__ == "__main__":
    main()
