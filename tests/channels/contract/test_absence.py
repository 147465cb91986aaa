"""Telegram was blocked once, and may be again."""

from __future__ import annotations

import pytest

from bot.core.book import Book
from tests.channels.contract.absence import absent
from tests.channels.contract.gates import GATES


@pytest.mark.parametrize("door", ["telegram-webhook", "telegram-polling"])
async def test_everything_is_heard_in_order_afterwards(door: str, small: Book, sqlite_url: str) -> None:
    """A day of it is in tests/soak.py."""
    assert await absent(GATES[door], small, sqlite_url, hours=1, people=5) == []
