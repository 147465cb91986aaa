"""Templates become answers: escaped always, compressed where the browser takes it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import Response

from bot.web.assets import ASSETS, takes_gzip
from bot.web.insights.numbers import counted
from bot.web.outage import standing
from bot.web.parts import Parts
from bot.web.tongue import NAMES, Tongue, asked, spoken, tongue_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_TEMPLATES.globals["asset"] = {name: asset.address for name, asset in ASSETS.items()}
_TEMPLATES.filters["vn"] = counted


@pass_context
def _translated(context: Context, words: str) -> str:
    said: str = context["tongue"](words)
    return said


@pass_context
def _translated_many(context: Context, one: str, many: str, count: int) -> str:
    return _translated(context, one if count == 1 else many)


_TEMPLATES.policies["ext.i18n.trimmed"] = True
_TEMPLATES.install_gettext_callables(_translated, _translated_many, newstyle=True)  # type: ignore[attr-defined]

PRIVATE = "no-store"
"""For pages that show a conversation or hold something drawn for one visitor."""

PUBLIC = "public, max-age=300"
BRIEFLY = "public, max-age=15"
"""For the same pages while they say that VNeID is down."""

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

_POLICY = "Content-Security-Policy"

DESK_SECURITY = SECURITY | {_POLICY: f"{SECURITY[_POLICY]}; worker-src 'self'; manifest-src 'self'"}
"""The desk can be installed on a phone; residents' pages need no such thing."""


def is_of_the_desk(path: str) -> bool:
    """Pages that one signs in for: those of volunteers, and those of organisers."""
    return path in {"/desk", "/insights"} or path.startswith(("/desk/", "/insights/"))


def page(
    parts: Parts,
    request: Request,
    template: str,
    *,
    status: int = 200,
    cache: str = PRIVATE,
    headers: Mapping[str, str] | None = None,
    locale: str = "",
    fixed: bool = False,
    home: str = "/",
    **said: object,
) -> Response:
    """An answer made from a template, in `locale` or the language that is asked for.

    `fixed`: the language is the conversation's, so the page does not offer another. `home` is where what was
    posted can be read again.
    """
    tongue = tongue_of(parts.book, locale or asked(parts.book, request))
    outage = standing(parts.desk().downtime, parts.now())
    text = _TEMPLATES.get_template(template).render(
        outage=outage,
        organisation=parts.organisation,
        hotline=parts.hotline,
        tongue=tongue,
        href=tongue.href,
        elsewhere=() if fixed else _elsewhere(parts, request, tongue, home),
        **said,
    )
    body = text.encode()
    sent = {
        "Cache-Control": BRIEFLY if outage and cache == PUBLIC else cache,
        "Vary": "Accept-Encoding, Cookie",
        **(headers or {}),
    }
    if len(body) > SMALL and takes_gzip(request):
        body = gzip.compress(body, 6, mtime=0)
        sent["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, headers=sent, media_type="text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in a language. `address` is how search engines are told of it."""

    locale: str
    name: str
    path: str
    address: str
    here: bool


def _elsewhere(parts: Parts, request: Request, tongue: Tongue, home: str) -> tuple[Elsewhere, ...]:
    """The page in all languages there are, if there is more than one."""
    locales = spoken(parts.book)
    path = request.url.path if request.method == "GET" else home
    kept = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "lang"])
    plain = f"{path}?{kept}" if kept else path
    return tuple(
        Elsewhere(
            locale,
            NAMES[locale],
            f"{plain}{'&' if kept else '?'}lang={locale}",
            parts.web_address + Tongue(locale).href(plain) if parts.web_address else "",
            locale == tongue.locale,
        )
        for locale in locales
        if len(locales) > 1
    )


def wants_json(request: Request) -> bool:
    """Whether a program asks, ours or another, and not a person who reads the answer."""
    path = request.url.path
    return (
        path.startswith(("/webhooks/", "/chat/"))
        or path.endswith(".json")
        or "application/json" in request.headers.get("accept", "")
    )
