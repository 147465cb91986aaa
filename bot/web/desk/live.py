"""What changes while a page is open, as it changes."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(_: Site) -> list[Route]:
    return []
