"""python -m tests.soak: 200 times kill -9 in 20,000 messages, and whether every promise was kept."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.app.harness.platform import Plan
from tests.app.harness.play import Outcome, play

PLAN = Plan(messages=20_000, kills=200, seed=20_261_121)
SHOWN = 20


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(PLAN, Path(folder))
    for name, value in rows(outcome):
        print(f"{name:<20} {value:>14}")
    faults = list(outcome.figures.faults)
    if outcome.figures.doubled_sends > outcome.plan.kills:
        faults.append("more replies were sent twice than there were kills")
    for fault in faults[:SHOWN]:
        print(f"BROKEN: {fault}")
    if len(faults) > SHOWN:
        print(f"… and {len(faults) - SHOWN} more")
    return 1 if faults else 0


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
