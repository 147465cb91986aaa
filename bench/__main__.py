"""All figures in one run: `make bench`, or python -m bench --quick."""

from __future__ import annotations

import sys

from bench import core, desk, http, insights, matcher, sieve, signing_in, start, store
from bench.figures import show


def main() -> None:
    show("respond()", core.figures())
    show("Start, memory, first load", start.figures())
    show("Sieve", sieve.figures())
    show("HTTP", http.figures())
    show("Signing in", signing_in.figures())
    matcher.main([])
    store.main(sys.argv[1:])
    desk.main(["--quick"])
    insights.main(["--quick"])


if __name__ == "__main__":
    main()
