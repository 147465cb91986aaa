"""People who are made up: their numbers add up, come out the same again, and never meet real ones."""

from __future__ import annotations

import asyncio
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot import cli, wiring
from bot.config import Channels, Database, Settings, Telegram
from bot.core.tally import Tally
from bot.keys import NotReady
from bot.simulating.command import Wanted, simulate
from bot.store.insight_tables import COUNTERS, weekly_counts
from tests.core.test_sums import check_sums
from tests.program import bot, serving

ENDS = 1_790_000_000
FEW = Wanted(60, 1, 7, ENDS)


@pytest.fixture(scope="module", autouse=True)
def trained() -> None:
    wiring.train_matcher()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a store in which 60 people have been."""
    made = of(tmp_path_factory.mktemp("simulated"))
    passed: list[float] = []
    told = simulate(made, FEW, passed.append)
    assert "60 người dân trong 1 tuần" in told[0]
    assert passed == sorted(passed)
    assert passed[-1] == 1.0
    return made


def of(folder: Path) -> Settings:
    return Settings(database=Database(url=f"sqlite:///{folder}/bot.db"), key_file=folder / "bot.key")


def test_sums_hold(settings: Settings) -> None:
    tally = counted(settings)
    assert sum(row[0] for row in tally.runs.values()) >= 60
    check_sums(tally)


def test_a_counter_that_is_off_is_found(settings: Settings) -> None:
    tally = counted(settings)
    next(iter(tally.steps.values()))[0] += 1
    with pytest.raises(AssertionError):
        check_sums(tally)


def test_the_same_seed_makes_the_same_numbers(settings: Settings, tmp_path: Path) -> None:
    again, other = of(tmp_path / "again"), of(tmp_path / "other")
    simulate(again, FEW, lambda _: None)
    assert rows(again) == rows(settings)
    simulate(other, Wanted(20, 1, 8, ENDS), lambda _: None)
    assert rows(other) != rows(settings)


def test_every_page_has_something_to_show(settings: Settings) -> None:
    full = [table.name for table in (*(table for table, _ in COUNTERS), weekly_counts)]
    full.remove("home_counts")  # 60 people ask for too few visits
    full += ["posters", "mobile_sessions", "tickets", "people", "editions"]
    assert {name: look(settings, f"SELECT count(*) FROM {name}")[0][0] > 0 for name in full} == dict.fromkeys(  # noqa: S608
        full, True
    )


def test_nothing_waits_to_be_sent(settings: Settings) -> None:
    assert look(settings, "SELECT DISTINCT status FROM lines") == [("sent",)]
    assert len(look(settings, "SELECT DISTINCT channel FROM conversations")) > 1


@pytest.mark.parametrize("trace", ["conversation", "counter", "account"])
def test_a_store_with_real_people_is_left_alone(tmp_path: Path, trace: str) -> None:
    settings = of(tmp_path)
    leave[trace](settings)
    before = look(settings, "SELECT count(*) FROM conversations"), look(settings, "SELECT * FROM settings")
    with pytest.raises(NotReady, match="người thật"):
        simulate(settings, FEW, lambda _: None)
    after = look(settings, "SELECT count(*) FROM conversations"), look(settings, "SELECT * FROM settings")
    assert after == before


def test_nobody_is_added_to_those_who_are_there(settings: Settings) -> None:
    with pytest.raises(NotReady, match="đã mô phỏng"):
        simulate(settings, FEW, lambda _: None)


def test_the_command_refuses_with_two(tmp_path: Path) -> None:
    leave["counter"](of(tmp_path))
    done = bot("simulate", "--residents", "5", folder=tmp_path)
    assert done.returncode == 2
    assert "người thật" in done.stderr


def test_the_command_makes_a_store_that_a_bot_serves_from(tmp_path: Path) -> None:
    done = bot("simulate", "--residents", "3", "--weeks", "1", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    link = re.search(r"/desk/moi/[\w-]{43}", done.stdout)
    assert link
    with serving(tmp_path) as address, urllib.request.urlopen(address.rstrip("/") + link[0]) as page:  # noqa: S310
        assert "Mô phỏng" in page.read().decode()


def test_whoever_serves_from_it_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for simulated in (False, True):

        def announced(
            _: Settings, announce: Callable[[str, str, bool], None], made: bool = simulated
        ) -> None:
            announce("http://127.0.0.1/", "", made)

        monkeypatch.setattr(wiring, "serve", announced)
        monkeypatch.setattr(wiring, "run", lambda _: None)
        cli.run()
        assert ("SỐ LIỆU MÔ PHỎNG" in capsys.readouterr().out) is simulated


def test_no_platform_is_opened_for_them() -> None:
    loud = Settings(channels=Channels(telegram=Telegram(enabled=True, token=SecretStr("1:" + "a" * 35))))
    assert loud.channels.telegram.enabled
    assert not loud.silenced().channels.telegram.enabled


async def test_pages_know_that_it_is_simulated(settings: Settings, tmp_path: Path) -> None:
    async with wiring.running(settings) as there:
        assert there.staff.simulated
    async with wiring.running(of(tmp_path)) as there:
        assert not there.staff.simulated


def counted(settings: Settings) -> Tally:
    """All counters of runs, steps and arrows."""
    store = wiring.open_the_store(settings)
    tally = Tally()
    try:
        flows = [row[0] for row in look(settings, "SELECT DISTINCT flow FROM run_counts")]
        for flow in flows:
            one = asyncio.run(store.counts(flow))
            tally.runs |= one.runs
            tally.steps |= one.steps
            tally.arrows |= one.arrows
    finally:
        store.abandon()
    return tally


def rows(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is counted."""
    return {
        table.name: sorted(look(settings, f"SELECT * FROM {table.name}"))  # noqa: S608
        for table, _ in COUNTERS
    }


def look(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    engine = create_engine(settings.database.url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def change(settings: Settings, statement: str) -> None:
    wiring.open_the_store(settings).abandon()
    engine = create_engine(settings.database.url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


leave: dict[str, Callable[[Settings], None]] = {
    "conversation": lambda settings: change(
        settings,
        "INSERT INTO conversations (revision, channel, home, created_at, heard_at, state) "
        "VALUES (0, 'web', x'00', 1, 1, x'00')",
    ),
    "counter": lambda settings: change(
        settings, "INSERT INTO home_counts VALUES (20000, 'web', '', 1, 0, 0)"
    ),
    "account": lambda settings: change(
        settings,
        "INSERT INTO people (name, shown, role, areas, skills, most, watched, created_at) "
        "VALUES ('lan', 'Lan', 'volunteer', '', '', 3, 0, 1)",
    ),
}
"""What somebody leaves behind."""
