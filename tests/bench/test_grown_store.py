"""The bench fills stores by hand: what it writes must be what the store itself would have written."""

from __future__ import annotations

from pathlib import Path

from bench.store import KEY, PULL, fill
from bot.core.message import Address
from bot.store.open import open_store


async def test_a_filled_store_opens_and_knows_its_people(tmp_path: Path) -> None:
    fill(tmp_path / "filled.db", 20)
    store = open_store(f"sqlite:///{tmp_path / 'filled.db'}", KEY, PULL)
    try:
        for person in range(20):
            assert await store.state(Address("telegram", str(person))) is not None
            assert len(await store.lines(Address("telegram", str(person)), 0, 9)) == 2
    finally:
        await store.close()
