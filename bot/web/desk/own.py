"""My own account: where I am signed in, signing out everywhere, another passphrase."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.entrance import Entrance
from bot.web.desk.admission import (
    COOKIE,
    SIGN_IN,
    desk_page,
    keep_cookie,
    posted,
    session_token,
    signed_in,
)
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/desk/tai-khoan"

JUST_NOW = 600
"""Seconds after signing in for which one may choose another way to sign in."""


def routes(site: Site, entrance: Entrance) -> list[Route]:
    return [
        Route(PAGE, partial(_show, site, entrance), methods=["GET"]),
        Route(f"{PAGE}/ra-het", partial(_out_everywhere, site, entrance), methods=["POST"]),
        Route(f"{PAGE}/doi", partial(_choose_anew, site, entrance), methods=["POST"]),
    ]


async def _show(site: Site, entrance: Entrance, request: Request) -> Response:
    account = await signed_in(site, request)
    known = await entrance.accounts.credentials_of(account.id)
    logins = await entrance.logins(account, session_token(site, request))
    said = {"known": known, "logins": logins, "now": site.parts.now()}
    return desk_page(site, request, account, "desk/own.html", said)


async def _out_everywhere(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request)
    await entrance.sign_out_everywhere(account, account.id)
    answer = RedirectResponse(SIGN_IN, 303, headers={"Cache-Control": PRIVATE})
    keep_cookie(site, request, answer, COOKIE, "", 0)
    return answer


async def _choose_anew(site: Site, entrance: Entrance, request: Request) -> Response:
    """The way in which everybody chooses: an invitation, to oneself. Whoever finds a phone that lies open
    would keep the account for good: it takes somebody who has just signed in.
    """
    account, _ = await posted(site, request)
    token = session_token(site, request)
    since = [one.created_at for one in await entrance.logins(account, token) if one.here]
    if not any(site.parts.now() - at <= JUST_NOW for at in since):
        await entrance.sign_out(account, token)
        answer = RedirectResponse(f"{SIGN_IN}?ve={PAGE}", 303, headers={"Cache-Control": PRIVATE})
        keep_cookie(site, request, answer, COOKIE, "", 0)
        return answer
    token = await entrance.invite_oneself(account)
    return RedirectResponse(f"/desk/moi/{token}", 303, headers={"Cache-Control": PRIVATE})
