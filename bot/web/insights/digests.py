"""Where the week's figures are sent."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(site: Site) -> list[Route]:
    del site
    return []
