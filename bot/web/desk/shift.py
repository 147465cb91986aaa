"""Begin and end a shift; when a commune's volunteers are there."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(_: Site) -> list[Route]:
    return []
