"""Visits at home: the list, the day sheet, what was agreed."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.parts import Site


def routes(_: Site) -> list[Route]:
    return []
