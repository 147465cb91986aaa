"""The week on one page, to print or to go on writing in."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(site: Site) -> list[Route]:
    del site
    return []
