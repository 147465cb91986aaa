"""What the sieve costs, and the worst that somebody can type: python -m bench.sieve"""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.figures import Figure, show
from bot.language.sieve import sift
from tests.books import ROOT
from tests.language.test_sieve_patterns import ANCHORED, HOSTILE, MEGABYTE, PATTERNS


def figures() -> list[Figure]:
    texts = [
        line
        for path in sorted((ROOT / "faq" / "phrases").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()[::20]
    ]
    typical = sorted(_least(lambda text=text: sift(text)) for text in texts)  # type: ignore[misc]
    worst = max(_least(lambda piece=piece: sift(piece * 4000)) for piece in HOSTILE)  # type: ignore[misc]
    slowest = max(_pattern(name, piece) for name in PATTERNS for piece in HOSTILE)
    return [
        Figure("sift(), a real message, median", f"{typical[len(typical) // 2] * 1e6:.0f} µs", "≤ 30 µs"),
        Figure("sift(), 4,000 hostile characters, worst", f"{worst * 1e3:.1f} ms", "≤ 5 ms"),
        Figure("slowest pattern on a hostile megabyte", f"{slowest * 1e3:.0f} ms", "≤ 50 ms"),
    ]


def _pattern(name: str, piece: str) -> float:
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE] + "!"
    look = PATTERNS[name].match if name in ANCHORED else PATTERNS[name].search
    return _least(lambda: look(text))


def _least(work: Callable[[], object]) -> float:
    """The least of three, in seconds of processor time."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


if __name__ == "__main__":
    show("Sieve", figures())
