"""All pages for residents as one application; health and metrics are added by the wiring."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from bot.web import assets, chat, errors, guide, health, onward, pictures, poster, privacy, rest, webhooks
from bot.web.desk import pages as desk
from bot.web.parts import Parts, Site, site_of
from bot.web.render import SECURITY


def build_app(parts: Parts) -> FastAPI:
    site = site_of(parts)
    app = _App(site, title="VNeID guide bot", docs_url=None, redoc_url=None, redirect_slashes=False)
    for routes in (chat, poster, guide, onward, privacy, rest, health, pictures):
        app.router.routes.extend(routes.routes(site))
    app.router.routes.extend(desk.routes(site))
    app.router.routes.extend(assets.routes())
    rest.describe(app)
    errors.install(app, site)
    return app


class _App(FastAPI):
    """FastAPI, with the security headers on every answer and a short way for the busiest routes."""

    def __init__(self, site: Site, **settings: Any) -> None:  # noqa: ANN401 - FastAPI's own settings
        super().__init__(**settings)
        self._site = site
        self._security = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._security]
            await send(message)

        if scope["path"] in self._site.parts.webhooks:
            await webhooks.answer(self._site.parts.webhooks[scope["path"]], scope, receive, sealed)
        elif rest.is_message(scope):
            await rest.answer(self._site, scope, receive, sealed)
        else:
            await super().__call__(scope, receive, sealed)


__all__ = ["Parts", "build_app"]
