"""How long it takes to hear that a name or a passphrase is wrong: python -m bench.signing_in

What must not be told apart is a name that somebody has and one that nobody has.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, show
from bot.app.accounts import Draft, Role
from bot.app.entrance import Wrong
from bot.staffing import entrance_of
from bot.store.journal import SqlJournal
from bot.store.open import open_store

GUESSES = 60


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> list[Figure]:
    store = open_store(f"sqlite:///{folder}/bot.db", bytes(range(32)), frozenset())
    clock = itertools.count(1_800_000_000, 3600)
    entrance = entrance_of(
        store.backing,
        SqlJournal(store.backing, lambda: next(clock)),
        lambda: next(clock),
        lambda size: "x" * size,
    )
    try:
        account = await entrance.accounts.add(Draft("lan", "Lan", Role.VOLUNTEER), 0)
        assert account is not None
        await entrance.accounts.choose(account.id, await entrance.passphrases.hash("bún riêu con mèo"), "", 0)
        times: dict[str, list[float]] = {"lan": [], "minh": []}
        for name in ("lan", "minh") * (GUESSES + 1):
            begun = time.perf_counter()
            assert isinstance(await entrance.sign_in(name, "đoán mò một câu", "", "", ""), Wrong)
            times[name].append(time.perf_counter() - begun)
    finally:
        await store.close()
    known, unknown = (statistics.mean(times[name][1:]) for name in ("lan", "minh"))
    return [
        Figure("a wrong passphrase", f"{known * 1e3:.1f} ms"),
        Figure("a name nobody has", f"{unknown * 1e3:.1f} ms"),
        Figure("mean gap", f"{abs(known - unknown) * 1e3:.2f} ms", "≤ 5 ms"),
    ]


if __name__ == "__main__":
    show("Signing in", figures())
