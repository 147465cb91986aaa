"""Official figures beside their targets, and the help that was given."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(site: Site) -> list[Route]:
    del site
    return []
