"""Every page for organisers. `guide` comes last: its address takes any word."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.insights import (
    calendar,
    campaign,
    digests,
    export,
    guide,
    outage,
    overview,
    places,
    posters,
    report,
)
from bot.web.parts import Site

_PAGES = (overview, places, campaign, calendar, posters, outage, report, export, digests, guide)


def routes(site: Site) -> list[Route]:
    """Nothing without staff: nobody could sign in."""
    if site.parts.staff is None:
        return []
    return [route for page in _PAGES for route in page.routes(site)]
