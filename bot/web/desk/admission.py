"""Who asks at the desk, and whether they may: checked before any work."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import blake2b
from typing import NoReturn
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.app.accounts import Account, Role
from bot.app.staff import Staff
from bot.web.parts import Site
from bot.web.render import page
from bot.web.visitor import admit_host, read_form, refuse_foreign

COOKIE = "vneid_desk"
SIGN_IN = "/desk/vao"
SIGNATURE = "chu_ky"
"""The field, and the header, in which a page proves that it is ours."""


def staff_of(site: Site) -> Staff:
    assert site.parts.staff is not None  # noqa: S101 - without staff there are no such routes
    return site.parts.staff


async def signed_in(site: Site, request: Request, least: Role = Role.VOLUNTEER) -> Account:
    """Who asks. Sends strangers to sign in (a program hears 401), and refuses who may not with 403."""
    admit_host(site, request)
    token = request.cookies.get(COOKIE, "")
    account = await staff_of(site).sessions.account(token) if token else None
    if account is None or account.disabled:
        _to_sign_in(request)
    if account.role < least:
        raise HTTPException(403)
    return account


async def posted(
    site: Site, request: Request, least: Role = Role.VOLUNTEER
) -> tuple[Account, dict[str, str]]:
    """Who posts a form, and the form; only from a page of ours, opened by the same person."""
    refuse_foreign(request)
    account = await signed_in(site, request, least)
    form = await read_form(request)
    given = form.get(SIGNATURE) or request.headers.get("x-desk", "")
    if not hmac.compare_digest(given.encode(), signature_of(request).encode()):
        raise HTTPException(403)
    return account, form


def signature_of(request: Request) -> str:
    """What only a page that was opened with this session can know."""
    return blake2b(b"form" + request.cookies.get(COOKIE, "").encode(), digest_size=16).hexdigest()


def desk_page(
    site: Site,
    request: Request,
    account: Account | None,
    template: str,
    said: Mapping[str, object],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page of the desk, with who is signed in (None: nobody yet) and the signature that its forms send."""
    return page(
        site.parts,
        request,
        template,
        status=status,
        headers=headers,
        fixed=True,
        account=account,
        signature=signature_of(request),
        role=Role,
        said=said,
    )


def _to_sign_in(request: Request) -> NoReturn:
    if "application/json" in request.headers.get("accept", "") or request.method != "GET":
        raise HTTPException(401)
    back = quote(request.url.path, safe="/")
    raise HTTPException(303, headers={"Location": f"{SIGN_IN}?ve={back}"})
