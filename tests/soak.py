"""python -m tests.soak: what is too long for a test, and whether every promise was kept.

200 times kill -9 in 20,000 messages; then the doors, with simulated platforms before them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.app.harness.platform import Plan
from tests.app.harness.play import Outcome, play
from tests.channels.contract.long import outcomes

PLAN = Plan(messages=20_000, kills=200, seed=20_261_121)
SHOWN = 20


def main() -> int:
    faults = [*_killed(), *_doors()]
    for fault in faults[:SHOWN]:
        print(f"BROKEN: {fault}")
    if len(faults) > SHOWN:
        print(f"… and {len(faults) - SHOWN} more")
    return 1 if faults else 0


def _killed() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(PLAN, Path(folder))
    for name, value in rows(outcome):
        print(f"{name:<20} {value:>14}")
    faults = list(outcome.figures.faults)
    if outcome.figures.doubled_sends > outcome.plan.kills:
        faults.append("more replies were sent twice than there were kills")
    return faults


def _doors() -> list[str]:
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes(Path(folder)):
            print(f"{outcome.name:<34} {outcome.value}", flush=True)
            faults += [f"{outcome.name}: {fault}" for fault in outcome.faults]
    return faults


def rows(outcome: Outcome) -> list[tuple[str, str]]:
    figures = outcome.figures
    starts = sorted(outcome.restarts)
    return [
        ("messages", f"{outcome.plan.messages:,}"),
        ("kills", f"{outcome.plan.kills:,}"),
        ("lost", f"{figures.lost:,}"),
        ("doubled transitions", f"{figures.doubled:,}"),
        ("out of order", f"{figures.out_of_order:,}"),
        ("doubled sends", f"{figures.doubled_sends:,} of {outcome.replies:,}"),
        ("restart p50", f"{_share(starts, 0.5):.2f} s"),
        ("restart p99", f"{_share(starts, 0.99):.2f} s"),
        ("seconds", f"{outcome.seconds:.0f}"),
    ]


def _share(ordered: list[float], share: float) -> float:
    """The value below which this share of all lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


if __name__ == "__main__":
    sys.exit(main())
