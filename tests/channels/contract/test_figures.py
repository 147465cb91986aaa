"""How much the doors bear."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from bot.app.ports import Store
from bot.core.book import Book
from tests.app.harness.flaws import Forgetful
from tests.channels.contract.crowds import often
from tests.channels.contract.gates import GATES
from tests.channels.contract.house import house
from tests.channels.contract.mutants import mutants

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


@pytest.mark.parametrize("door", ["telegram-polling", "zalo-bot-polling"])
async def test_rubbish_that_is_fetched_leaves_us_standing(door: str, small: Book, sqlite_url: str) -> None:
    gate = GATES[door]
    async with house(gate, sqlite_url, small) as at:
        for body in mutants(at, 100, seed=3):
            gate.fetches(at.fake, body)
        while sum(call.method == "getUpdates" for call in at.fake.calls) < 102:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(10)
        lan = at.person()
        await lan.says("xin chào")
        await lan.hears(within=120)
        assert {where for where, _ in at.faults} <= {"refused", "telegram polling", "zalo_bot.polling"}
