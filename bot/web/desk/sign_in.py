"""Sign in and out. Whoever may not come in hears the same, whatever was wrong."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.entrance import Entrance, Later, SignedIn, Unready, Wrong, plain_name
from bot.web.desk import invitation, own, passkeys
from bot.web.desk.admission import (
    COOKIE,
    SIGN_IN,
    agent_of,
    desk_page,
    device_of,
    is_private,
    keep_cookie,
    let_in,
    own_path,
    posted,
    refuse_strange_posts,
    session_token,
    signed_in,
    staff_of,
)
from bot.web.desk.gate import Gate
from bot.web.parts import Site
from bot.web.render import PRIVATE
from bot.web.visitor import admit_host, read_form


def routes(site: Site) -> list[Route]:
    entrance = staff_of(site).entrance
    gate = Gate()
    return [
        Route(SIGN_IN, partial(_form, site), methods=["GET"]),
        Route(SIGN_IN, partial(_sign_in, site, entrance, gate), methods=["POST"]),
        Route("/desk/ra", partial(_sign_out, site, entrance), methods=["POST"]),
        *passkeys.routes(site, entrance, gate),
        *invitation.routes(site, entrance),
        *own.routes(site, entrance),
    ]


async def _form(site: Site, request: Request) -> Response:
    onward = own_path(request.query_params.get("ve", ""))
    try:
        await signed_in(site, request)
    except HTTPException as fault:
        if fault.status_code == 429:
            raise
    else:
        return RedirectResponse(onward, 303, headers={"Cache-Control": PRIVATE})
    # who follows a link from elsewhere brings no cookie: from our own page they do
    strange = request.headers.get("sec-fetch-site") == "cross-site"
    return _page(site, request, onward, again=f"{SIGN_IN}?ve={quote(onward)}" if strange else "")


async def _sign_in(site: Site, entrance: Entrance, gate: Gate, request: Request) -> Response:
    admit_host(site, request)
    refuse_strange_posts(request)
    if not is_private(site, request):
        return _page(site, request, "/desk", status=403)
    form = await read_form(request)
    name, onward = form.get("ten", "")[:60], own_path(form.get("ve", ""))
    wait = gate.wait(request, plain_name(name), site.parts.now())
    if wait:
        return _too_often(site, request, wait, onward, name)
    words, code = form.get("mat_khau", ""), form.get("ma", "")[:12]
    match await entrance.sign_in(name, words, code, device_of(site, request), agent_of(request)):
        case SignedIn() as entered:
            return let_in(site, request, entered, onward)
        case Unready(invitation=token):
            return RedirectResponse(f"/desk/moi/{token}", 303, headers={"Cache-Control": PRIVATE})
        case Later(seconds=seconds):
            return _too_often(site, request, seconds, onward, name)
        case Wrong():
            return _page(site, request, onward, status=401, wrong=True, name=name)


async def _sign_out(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request)
    await entrance.sign_out(account, session_token(site, request))
    answer = RedirectResponse(SIGN_IN, 303, headers={"Cache-Control": PRIVATE, "Clear-Site-Data": '"cache"'})
    keep_cookie(site, request, answer, COOKIE, "", 0)
    return answer


def _too_often(site: Site, request: Request, seconds: int, onward: str, name: str) -> Response:
    return _page(
        site,
        request,
        onward,
        status=429,
        headers={"Retry-After": str(seconds)},
        minutes=-(-seconds // 60),
        name=name,
    )


def _page(
    site: Site,
    request: Request,
    onward: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    wrong: bool = False,
    minutes: int = 0,
    name: str = "",
    again: str = "",
) -> Response:
    said = {
        "onward": onward,
        "wrong": wrong,
        "minutes": minutes,
        "name": name,
        "again": again,
        "private": is_private(site, request),
    }
    return desk_page(site, request, None, "desk/sign_in.html", said, status=status, headers=headers)
