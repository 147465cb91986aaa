"""Who may answer people: invite, change, disable; opening hours are in `shift`."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(_: Site) -> list[Route]:
    return []
