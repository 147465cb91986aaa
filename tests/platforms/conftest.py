"""All tests of the simulated platforms run in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
from aiohttp import ClientSession

from tests.platforms.clock import LOOPS
from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram.plain import Client


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return LOOPS


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def call(telegram: FakeTelegram) -> AsyncIterator[Client]:
    async with ClientSession() as session:
        yield Client(telegram, session)
