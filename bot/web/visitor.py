"""Who asks, by cookie or form, and whether to let them in: checks made before any work."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from ipaddress import IPv6Address
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.app.platform import Raw
from bot.app.ports import Taken
from bot.core.message import Address
from bot.web.parts import Site

COOKIE = "vneid_chat"
COOKIE_AGE = 30 * 24 * 3600
CHANNEL = "web"
TOKEN_BYTES = 32
FORM_BYTES = 48 * 1024
"""A message of 4,000 Vietnamese letters as a form sends it."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,128}")
_OWN_SITE = frozenset({"same-origin", "none"})


def address_of(token: str) -> Address:
    return Address(CHANNEL, token)


def key_of(sender: str, client_msg_id: str) -> str:
    """The dedupe key of a browser's message. Hashed with its sender: one sender can neither use up nor
    read back what belongs to another, and the store holds nothing that opens a conversation.
    """
    return blake2b(f"{sender}\0{client_msg_id}".encode(), digest_size=16).hexdigest()


def cookie_token(request: Request) -> str:
    """The visitor's token; empty when they have none or it is none of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


def token_for(site: Site, request: Request, offered: str) -> str:
    """The token a message belongs to: the cookie's, else the one its page was born with.

    A first message that is sent twice (a double press, a lost line) so reaches one conversation though
    the browser had no cookie yet.
    """
    return cookie_token(request) or (offered if _TOKEN.fullmatch(offered) else site.parts.draw(TOKEN_BYTES))


def remember(site: Site, request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="lax",
        secure=is_https(site, request),
    )


def admit_host(site: Site, request: Request) -> None:
    _let_in(site.hosts.take(host_of(request), site.parts.now()))


async def receive(site: Site, request: Request, raw: Raw) -> Taken:
    """Take a visitor's message; whoever asks for a human takes one of those that their network has."""
    host, now = host_of(request), site.parts.now()
    taken = await site.parts.inbox.receive(replace(raw, crowded=not site.calls.has(host, now)))
    if taken.called and not taken.repeated:
        site.calls.take(host, now)
    return taken


def admit_person(site: Site, token: str) -> None:
    _let_in(site.persons.take(token, site.parts.now()))


def host_of(request: Request) -> str:
    """The visitor's network; for IPv6 the part that one household has."""
    host = request.client.host if request.client else ""
    if ":" not in host:
        return host
    try:
        return IPv6Address(host.partition("%")[0]).exploded[:19]
    except ValueError:
        return host


def refuse_foreign(request: Request) -> None:
    """Only our own pages may post. Raises 403."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in _OWN_SITE:
            raise HTTPException(403)
        return
    # browsers without that header (old phones) send Origin with every post
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403)


async def read_body(request: Request, most: int) -> bytes:
    """Raises 413 as soon as there is too much."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > most:
        raise HTTPException(413)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise HTTPException(413)
        chunks.append(chunk)
    return b"".join(chunks)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a plain form, also kept on the request for a page that offers to send it again.

    Raises 413 or 415.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = await read_body(request, FORM_BYTES)
    try:
        form = dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise HTTPException(400) from None
    form = {name: value.replace("\0", "") for name, value in form.items()}  # PostgreSQL keeps none of those
    request.state.form = form
    return form


def _let_in(wait: int) -> None:
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})


def is_https(site: Site, request: Request) -> bool:
    if request.url.scheme == "https":
        return True
    # behind a proxy that ends TLS and does not say so
    ours = urlsplit(site.parts.web_address)
    return ours.scheme == "https" and ours.netloc == request.headers.get("host", "")
