"""Whoever comes from outside, or finds a phone that lies open."""

from __future__ import annotations

from typing import Any

import pytest
from desk_world import WORDS, Desk, press
from sqlalchemy.exc import DataError

from bot.store.accounts import SqlAccounts
from bot.store.tickets import SqlTickets
from bot.web.desk import own
from bot.web.desk.own import JUST_NOW


async def test_a_phone_that_lies_open_does_not_give_the_account_away(desk: Desk) -> None:
    browser = await desk.signed_in()
    desk.here.clock.forward(JUST_NOW + 1)
    answer = await press(browser, "/desk/tai-khoan/doi")
    assert answer.headers["location"] == "/desk/vao?ve=/desk/tai-khoan"
    assert (await browser.get("/desk")).status_code == 303, "and is signed out"


async def test_who_has_just_signed_in_may_choose_anew(desk: Desk) -> None:
    browser = await desk.signed_in()
    answer = await press(browser, "/desk/tai-khoan/doi")
    assert answer.headers["location"].startswith("/desk/moi/")


async def test_without_that_it_would_be_given_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "JUST_NOW", 10**9)
    browser = await desk.signed_in()
    desk.here.clock.forward(JUST_NOW + 1)
    answer = await press(browser, "/desk/tai-khoan/doi")
    assert answer.headers["location"].startswith("/desk/moi/")


@pytest.mark.parametrize(
    "path",
    ["/desk/c/a%00b", "/desk/kho?c=a%00b", "/desk/live?c=%00", "/desk/vao?ve=%00"],
)
async def test_what_a_database_cannot_be_asked_never_reaches_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """PostgreSQL refuses a zero byte with an error that holds what was asked."""

    async def picky(*asked: Any) -> None:
        if any("\0" in str(one) for one in asked):
            raise DataError("SELECT", {}, ValueError())

    for method in ("request", "chat"):
        monkeypatch.setattr(SqlTickets, method, picky)
    browser = await desk.signed_in()
    assert (await browser.get(path)).status_code == 404


async def test_nor_does_a_name_that_is_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    known = SqlAccounts.credentials

    async def noted(self: SqlAccounts, name: str) -> Any:
        asked.append(name)
        return await known(self, name)

    monkeypatch.setattr(SqlAccounts, "credentials", noted)
    browser = desk.here.browser(headers={"Host": "localhost"})
    answer = await browser.post("/desk/vao", data={"ten": "a\0b", "mat_khau": WORDS, "ma": ""})
    assert answer.status_code == 401
    assert asked
    assert all("\0" not in name for name in asked)
