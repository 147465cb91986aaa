"""Every test of the contract runs once behind each door, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest

from bot.core.book import Book
from tests.books import ROOT, book_of, small_root
from tests.channels.contract.gates import GATES
from tests.channels.contract.house import Gate
from tests.platforms.clock import LOOPS


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return LOOPS


@pytest.fixture(params=GATES)
def gate(request: pytest.FixtureRequest) -> Gate:
    return GATES[request.param]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def real() -> Book:
    return book_of(ROOT)
