from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.deeds import DESKS
from bot.content.transcripts import Player
from bot.core.book import Book
from bot.language.sieve import sift
from tests.books import ROOT, book_of, small_root


@pytest.fixture(scope="session")
def book() -> Book:
    """The real content."""
    return book_of(ROOT)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """One guide with every kind of step."""
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@pytest.fixture
def talk(small: Book) -> Player:
    """Somebody who agreed to be remembered and is called "bác"."""
    player = Player(small, sift)
    player.say("xin chào")
    player.press(1)
    player.press(1)
    return player


@pytest.fixture
def walking(talk: Player) -> Player:
    """The same person at the first question of the guide."""
    talk.say("tôi muốn kích hoạt vneid")
    return talk


@pytest.fixture
def asking(walking: Player) -> Player:
    """At the first question of the guide, with somebody on duty."""
    walking.desk = DESKS["there"]
    return walking


@pytest.fixture
def queued(asking: Player) -> Player:
    asking.say("gặp người")
    asking.press(1)
    return asking


@pytest.fixture
def helped(queued: Player) -> Player:
    queued.deed("claim Lan")
    return queued


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the small content to change."""
    return small_root(tmp_path)
