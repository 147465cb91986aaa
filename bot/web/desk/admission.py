"""Who asks at the desk, and whether they may: checked before any work."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import NoReturn
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.app.accounts import DAY, SPANS, Account, Role
from bot.app.entrance import MARKED_BY, SignedIn, mark_of
from bot.app.staff import Staff
from bot.web.desk.browsers import family
from bot.web.parts import Site
from bot.web.render import PRIVATE, page
from bot.web.visitor import admit_host, is_https, read_form, refuse_foreign

COOKIE = "vneid_desk"
SIGN_IN = "/desk/vao"
SIGNATURE = "chu_ky"
"""The field, and the header, in which a page proves that it is ours."""

DEVICE = "vneid_may"
"""The cookie that shows that an account signed in from this browser before."""

DEVICE_AGE = 180 * DAY

_OWN_PATH = re.compile(r"/(desk|insights)(/[A-Za-z0-9_./-]*)?")

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def staff_of(site: Site) -> Staff:
    assert site.parts.staff is not None  # noqa: S101 - without staff there are no such routes
    return site.parts.staff


async def signed_in(site: Site, request: Request, least: Role = Role.VOLUNTEER) -> Account:
    """Who asks. Sends strangers to sign in (a program hears 401), and refuses who may not with 403."""
    admit_host(site, request)
    staff = staff_of(site)
    token = session_token(site, request)
    account = await staff.sessions.account(token) if token and _is_same_browser(token, request) else None
    if account is None or account.disabled:
        _to_sign_in(request)
    if account.role < least:
        raise HTTPException(403)
    request.state.desk_token = token
    if not _is_in_background(request):
        await staff.entrance.seen(token)
    return account


async def posted(
    site: Site, request: Request, least: Role = Role.VOLUNTEER
) -> tuple[Account, dict[str, str]]:
    """Who posts a form, and the form; only from a page of ours, opened by the same person."""
    refuse_strange_posts(request)
    account = await signed_in(site, request, least)
    form = await read_form(request)
    given = form.get(SIGNATURE) or request.headers.get("x-desk", "")
    if not hmac.compare_digest(given.encode(), signature_of(request).encode()):
        raise HTTPException(403)
    return account, form


def refuse_strange_posts(request: Request) -> None:
    """A post has to say that it comes from a page of ours; every browser of the last years does."""
    if not {"sec-fetch-site", "origin"} & set(request.headers):
        raise HTTPException(403)
    refuse_foreign(request)


def session_token(site: Site, request: Request) -> str:
    """Over https only from a cookie that no other host and no plain page can have set."""
    name = cookie_name(COOKIE, site, request)
    return request.cookies.get(name, "")


def cookie_name(name: str, site: Site, request: Request) -> str:
    return f"__Host-{name}" if is_https(site, request) else name


def keep_cookie(site: Site, request: Request, response: Response, name: str, value: str, age: int) -> None:
    """`age` 0: it goes."""
    response.set_cookie(
        cookie_name(name, site, request),
        value,
        max_age=age,
        httponly=True,
        samesite="strict",
        secure=is_https(site, request),
    )


def device_of(site: Site, request: Request) -> str:
    return request.cookies.get(cookie_name(DEVICE, site, request), "")


def let_in(site: Site, request: Request, entered: SignedIn, onward: str = "/desk") -> Response:
    answer = RedirectResponse(onward, 303, headers={"Cache-Control": PRIVATE})
    return keep_session(site, request, answer, entered)


def keep_session(site: Site, request: Request, answer: Response, entered: SignedIn) -> Response:
    keep_cookie(site, request, answer, COOKIE, entered.token, SPANS[entered.account.role].whole)
    keep_cookie(site, request, answer, DEVICE, entered.device, DEVICE_AGE)
    return answer


def own_path(given: str) -> str:
    """Where to go on to: only a page of the desk."""
    known = _OWN_PATH.fullmatch(given) and not given.startswith(SIGN_IN) and ".." not in given
    return given if known else "/desk"


def is_private(site: Site, request: Request) -> bool:
    """Whether nobody between can read along: over https, or on this very machine."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return is_https(site, request) or host in _LOOPBACK


def agent_of(request: Request) -> str:
    return family(request.headers.get("user-agent", ""))


def signature_of(request: Request) -> str:
    """What only a page that was opened with this session can know."""
    token: str = getattr(request.state, "desk_token", "")
    return blake2b(b"form" + token.encode(), digest_size=16).hexdigest()


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
        cache=PRIVATE,
        fixed=True,
        account=account,
        signature=signature_of(request),
        role=Role,
        simulated=staff_of(site).simulated,
        said=said,
    )


def _is_same_browser(token: str, request: Request) -> bool:
    """A token that was carried to another family of browsers is worth nothing.

    The mark is a part of the token, and so of the hash that the session is found by: it cannot be changed.
    """
    _, _, mark = token.partition(MARKED_BY)
    return not mark or hmac.compare_digest(mark, mark_of(agent_of(request)))


def _is_in_background(request: Request) -> bool:
    """A page that lies open asks for news by itself; that is no sign of anybody there."""
    return "text/event-stream" in request.headers.get("accept", "") or "x-desk-quiet" in request.headers


def _to_sign_in(request: Request) -> NoReturn:
    if "application/json" in request.headers.get("accept", "") or request.method != "GET":
        raise HTTPException(401)
    back = quote(request.url.path, safe="/")
    raise HTTPException(303, headers={"Location": f"{SIGN_IN}?ve={back}"})
