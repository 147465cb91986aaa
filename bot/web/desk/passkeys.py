"""Sign in and accept an invitation with a passkey: what the browser proves is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from bot.app.entrance import Entrance
from bot.web.parts import Site

if TYPE_CHECKING:
    from bot.web.desk.sign_in import Gate


def routes(_site: Site, _entrance: Entrance, _gate: Gate) -> list[Route]:
    return []
