"""One guide on its own drawing: who came, who left where, and why."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(site: Site) -> list[Route]:
    del site
    return []
