"""All pages for residents as one application; health and metrics are added by the wiring."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import assets, chat, errors, guide, onward, privacy, rest
from bot.web.parts import Parts, site_of
from bot.web.render import SECURITY


def build_app(parts: Parts) -> FastAPI:
    site = site_of(parts)
    app = FastAPI(title="VNeID guide bot", docs_url=None, redoc_url=None, redirect_slashes=False)
    # the first is the busiest
    for routes in (rest, chat, guide, onward, privacy):
        app.router.routes.extend(routes.routes(site))
    app.router.routes.extend(assets.routes())
    rest.describe(app)
    errors.install(app, site)
    app.add_middleware(Sealed)
    return app


class Sealed:
    """Gives every answer the security headers. Plain ASGI: it costs microseconds and never buffers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._raw = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._raw]
            await send(message)

        await self._app(scope, receive, sealed)


__all__ = ["Parts", "build_app"]
