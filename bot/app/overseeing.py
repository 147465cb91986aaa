"""Act at once on what residents report, whoever is looking."""

from __future__ import annotations

from contextlib import suppress

from bot.app.bell import DESK, Bell
from bot.app.ports import StoreDown
from bot.app.watching import Watching

EVERY = 5.0
"""Seconds between two looks when no bell rings: another process may have committed a report."""


async def run_overseeing(watching: Watching, bell: Bell) -> None:
    """Look again and again, until cancelled."""
    while True:
        with suppress(StoreDown):  # what is not decided now is decided at the next look
            await watching.freeze_reported()
        await bell.wait(DESK, EVERY)
