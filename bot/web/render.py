"""Templates become answers: escaped always, compressed where the browser takes it."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from bot.web.assets import ASSETS, takes_gzip
from bot.web.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["asset"] = {name: asset.address for name, asset in ASSETS.items()}

PRIVATE = "no-store"
"""For pages that show a conversation or hold something drawn for one visitor."""

PUBLIC = "public, max-age=300"
SMALL = 600
"""Bytes under which compressing gains nothing."""

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page(
    parts: Parts,
    request: Request,
    template: str,
    *,
    status: int = 200,
    cache: str = PRIVATE,
    headers: Mapping[str, str] | None = None,
    **said: object,
) -> Response:
    text = _TEMPLATES.get_template(template).render(
        organisation=parts.organisation, hotline=parts.hotline, **said
    )
    body = text.encode()
    sent = {"Cache-Control": cache, "Vary": "Accept-Encoding, Cookie", **(headers or {})}
    if len(body) > SMALL and takes_gzip(request):
        body = gzip.compress(body, 6, mtime=0)
        sent["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, headers=sent, media_type="text/html; charset=utf-8")


def wants_json(request: Request) -> bool:
    """Whether a program asks, ours or another, and not a person who reads the answer."""
    path = request.url.path
    return (
        path.startswith(("/webhooks/", "/chat/"))
        or path.endswith(".json")
        or "application/json" in request.headers.get("accept", "")
    )
