"""Health and figures are for the machine itself; the world is told that there is no such page."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_world import Away, world


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 404),
    ],
)
async def test_only_the_machine_itself_is_told(
    path: str, host: str, headers: dict[str, str], status: int, tmp_path: Path
) -> None:
    async with world(tmp_path) as bot:
        answer = await bot.browser(host).get(path, headers=headers)
    assert answer.status_code == status


async def test_a_store_that_is_away_is_not_ready(tmp_path: Path) -> None:
    async with world(tmp_path, store=Away()) as bot:
        browser = bot.browser("127.0.0.1")
        assert (await browser.get("/healthz")).status_code == 200
        assert (await browser.get("/readyz")).status_code == 503


async def test_the_figures_count_messages(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        browser = bot.browser("127.0.0.1")
        await browser.post("/webhooks/rest/webhook", json={"sender": "x" * 40, "message": "chào"})
        assert "bot_messages_total 1.0" in (await browser.get("/metrics")).text
