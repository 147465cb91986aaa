"""All pages for residents as one application; health and metrics are added by the wiring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from bot.web import assets, chat, errors, guide, health, onward, pictures, poster, privacy, rest, webhooks
from bot.web.desk import pages as desk
from bot.web.insights import pages as insights
from bot.web.parts import Parts, Site, site_of
from bot.web.render import DESK_SECURITY, PRIVATE, SECURITY, is_of_the_desk


def build_app(parts: Parts) -> FastAPI:
    site = site_of(parts)
    app = _App(site, title="VNeID guide bot", docs_url=None, redoc_url=None, redirect_slashes=False)
    for routes in (chat, poster, guide, onward, privacy, rest, health, pictures):
        app.router.routes.extend(routes.routes(site))
    app.router.routes.extend(desk.routes(site))
    app.router.routes.extend(insights.routes(site))
    app.router.routes.extend(assets.routes())
    rest.describe(app)
    errors.install(app, site)
    return app


_UNASKABLE = re.compile(r"\0|/[0-9]{19,}(?![^/])")
"""A zero byte, or the number of something that is larger than any."""


class _App(FastAPI):
    """FastAPI, with the security headers on every answer and a short way for the busiest routes."""

    def __init__(self, site: Site, **settings: Any) -> None:  # noqa: ANN401 - FastAPI's own settings
        super().__init__(**settings)
        self._site = site
        self._security = _headers(SECURITY)
        self._desk_security = _headers(DESK_SECURITY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return

        at_desk = is_of_the_desk(scope["path"])
        security = self._desk_security if at_desk else self._security

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *security]
                if at_desk and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", PRIVATE.encode()))
                message["headers"] = headers
            await send(message)

        if _UNASKABLE.search(scope["path"]) or b"%00" in scope.get("query_string", b""):
            # nothing of ours has such an address, and no database can even be asked for it
            unknown = errors.trouble(self._site, Request(scope, receive), 404)
            await unknown(scope, receive, sealed)
        elif scope["path"] in self._site.parts.webhooks:
            await webhooks.answer(self._site.parts.webhooks[scope["path"]], scope, receive, sealed)
        elif rest.is_message(scope):
            await rest.answer(self._site, scope, receive, sealed)
        else:
            await super().__call__(scope, receive, sealed)


def _headers(told: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]


__all__ = ["Parts", "build_app"]
