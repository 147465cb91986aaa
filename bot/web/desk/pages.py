"""Every page of the desk."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.desk import (
    chat,
    journal,
    knowledge,
    live,
    notices,
    queue,
    shift,
    sign_in,
    team,
    visits,
    watched,
)
from bot.web.parts import Site

_PAGES = (queue, chat, live, sign_in, team, journal, watched, shift, visits, knowledge, notices)


def routes(site: Site) -> list[Route]:
    """Nothing without staff: there is no desk then."""
    if site.parts.staff is None:
        return []
    return [route for page in _PAGES for route in page.routes(site)]
