"""The page that gives the numbers away, and the command that does the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from desk_world import Desk, desk_world, press, signature
from insight_world import CountsInMemory, campaign
from sqlalchemy import Connection, insert
from typer.testing import CliRunner
from web_world import START

from bot import cli
from bot.app.accounts import Role
from bot.app.journal import Did
from bot.core.weeks import code_of, last_complete
from bot.store.insight_tables import summed_guides, weekly_counts

LAST = last_complete(START)


async def fill(desk: Desk) -> None:
    counts = CountsInMemory()
    campaign(counts, LAST, 3)
    rows = [
        {**cell._asdict(), "week": week, "count": number}
        for cell, by_week in counts.cells.items()
        for week, number in by_week.items()
        if number
    ]

    def work(connection: Connection) -> None:
        connection.execute(insert(weekly_counts), rows)
        weeks = {row["week"] for row in rows}
        connection.execute(insert(summed_guides), [{"week": week, "flow": "kich-hoat"} for week in weeks])

    await desk.store.backing.database.write(work)


@pytest.mark.parametrize(
    ("form", "begins"), [("csv", b"\xef\xbb\xbftuan"), ("xlsx", b"PK"), ("db", b"SQLite")]
)
async def test_an_organiser_gets_the_file_and_it_is_noted(tmp_path: Path, form: str, begins: bytes) -> None:
    async with desk_world(tmp_path) as desk:
        await fill(desk)
        account = await desk.member(Role.ORGANISER)
        browser = await desk.signed_in(account)
        page = (await browser.get("/insights/export")).text
        assert page.count('name="dang"') == 3
        assert "Không có người nào" in page
        answer = await press(browser, "/insights/export", dang=form)
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert answer.headers["cache-control"] == "no-store"
        assert f"so-lieu-vneid-{code_of(LAST)}.{form}" in answer.headers["content-disposition"]
        (noted,) = await desk.staff.journal.records(0, 5, did=Did.EXPORTED)
    assert noted.who == account.id
    assert noted.what == f"{form} {code_of(LAST - 2)} {code_of(LAST)}"


async def test_before_the_first_week_is_over_there_is_nothing_to_get(tmp_path: Path) -> None:
    async with desk_world(tmp_path) as desk:
        browser = await desk.signed_in(Role.ORGANISER)
        assert "chưa có gì để tải" in (await browser.get("/insights/export")).text
        assert (await press(browser, "/insights/export", dang="csv")).status_code == 404
        words = {"chu_ky": await signature(browser), "dang": "pdf"}
        assert (await browser.post("/insights/export", data=words)).status_code == 400


def test_the_command_writes_a_file_for_datasette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATABASE__URL", f"sqlite:///{tmp_path}/bot.db")
    run = CliRunner()
    made = run.invoke(cli.app, ["export", str(tmp_path / "so-lieu.db")])
    assert made.exit_code == 0, made.output
    assert "không có người nào" in made.output
    assert (tmp_path / "so-lieu.metadata.json").exists()
    database = sqlite3.connect(tmp_path / "so-lieu.db")
    assert database.execute("SELECT count(*) FROM so_lieu").fetchone() == (0,)
    database.close()
    refused = run.invoke(cli.app, ["export", str(tmp_path / "so-lieu.pdf")])
    assert refused.exit_code != 0
    assert ".xlsx" in refused.output
