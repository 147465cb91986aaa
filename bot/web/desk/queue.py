"""Who waits, and whose conversations I have."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(_: Site) -> list[Route]:
    return []
