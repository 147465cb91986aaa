"""A new visitor costs nothing on the web, so one network cannot fill the volunteers' queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from web_world import World, world

from bot.app.conversation import answering
from bot.core.desk import EVERYWHERE, Desk
from bot.store.desk_tables import tickets
from bot.store.open import SqlStore
from bot.web import parts
from bot.web.limits import Buckets, Rate

CALL = "Đồng ý, nhờ người giúp"
STAFFED = Desk(staff={EVERYWHERE: 1}, on_duty={EVERYWHERE: 1})


async def asks(browser: httpx.AsyncClient, sender: str) -> list[dict[str, Any]]:
    """Somebody new asks for a human and agrees; the last answer."""
    for message in ("!begin.", "?1.1", "gặp người"):
        said = await tell(browser, sender, message)
    buttons = {button["title"]: button["payload"] for button in said[-1].get("buttons", [])}
    return await tell(browser, sender, buttons[CALL]) if CALL in buttons else said


async def tell(browser: httpx.AsyncClient, sender: str, message: str) -> list[dict[str, Any]]:
    answer = await browser.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
    assert answer.status_code == 200, answer.text
    said: list[dict[str, Any]] = answer.json()
    return said


async def requests(here: World) -> int:
    assert isinstance(here.store, SqlStore)
    count = select(func.count()).select_from(tickets)
    return await here.store.backing.database.read(lambda connection: connection.scalar(count) or 0)


async def crowd(here: World, *, first: str = "widget-0", most: int = 5) -> list[dict[str, Any]]:
    """So many new visitors of one network ask; what the last one hears."""
    here.inbox._answer = answering(here.parts.book, lambda: STAFFED)
    browser = here.browser(host="10.0.0.9")
    for number in range(most):
        said = await asks(browser, f"{first}{number:012}")
    return said


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CALL_RATE", Rate(burst=3, per_second=3 / 3600))


async def test_one_network_cannot_fill_the_queue(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        said = await crowd(here)
        assert await requests(here) == 3
        assert "đường mạng" in said[-1]["text"]
        assert "1900 0368" in said[-1]["text"]
        other = await asks(here.browser(host="10.0.0.10"), "widget-another-0001")
        assert "đường mạng" not in other[-1]["text"]
        assert await requests(here) == 4, "other networks are not harmed"
        here.clock.forward(1300)
        await crowd(here, first="widget-1", most=1)
        assert await requests(here) == 5, "after a while there is room again"


async def test_who_waits_already_is_not_turned_away(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await crowd(here)
        said = await tell(here.browser(host="10.0.0.9"), f"widget-0{0:012}", "gặp người")
        assert "đường mạng" not in said[-1]["text"]


async def test_a_site_that_does_not_count_lets_the_queue_be_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Buckets, "has", lambda *_: True)
    async with world(tmp_path) as here:
        await crowd(here)
        assert await requests(here) == 5


def test_looking_takes_nothing() -> None:
    buckets = Buckets(Rate(burst=1, per_second=1 / 60))
    assert all(buckets.has("a", 0) for _ in range(3))
    assert buckets.take("a", 0) == 0
    assert not buckets.has("a", 30)
    assert buckets.has("a", 60)
