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


def routes(site: Site, entrance: Entrance) -> list[Route]:
    return [
        Route("/desk/tai-khoan", partial(_show, site, entrance), methods=["GET"]),
        Route("/desk/tai-khoan/ra-het", partial(_out_everywhere, site, entrance), methods=["POST"]),
        Route("/desk/tai-khoan/doi", partial(_choose_anew, site, entrance), methods=["POST"]),
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
    """The way in which everybody chooses: an invitation, to oneself."""
    account, _ = await posted(site, request)
    token = await entrance.invite_oneself(account)
    return RedirectResponse(f"/desk/moi/{token}", 303, headers={"Cache-Control": PRIVATE})
