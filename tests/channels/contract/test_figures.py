"""How much the doors bear."""

from __future__ import annotations

from typing import cast

import pytest

from bot.app.ports import Store
from bot.core.book import Book
from tests.app.harness.flaws import Forgetful
from tests.channels.contract.crowds import often
from tests.channels.contract.gates import GATES

POSTED = ("telegram-webhook", "zalo-oa", "zalo-bot-webhook")


@pytest.mark.parametrize("door", POSTED)
async def test_each_update_takes_effect_once_however_often_it_comes(
    door: str, small: Book, sqlite_url: str
) -> None:
    """The whole figure, 2,500 updates, is in tests/soak.py."""
    assert await often(GATES[door], small, sqlite_url, people=40, each=10) == []


async def test_a_store_that_forgets_would_be_seen(small: Book, sqlite_url: str) -> None:
    def forgetful(store: Store) -> Store:
        return cast("Store", Forgetful(store))

    found = await often(GATES["zalo-bot-webhook"], small, sqlite_url, people=5, each=4, flaw=forgetful)
    assert any("turns for 4 updates" in fault for fault in found)
