"""Accept an invitation: choose a passphrase and one-time codes, or a passkey."""

from __future__ import annotations

import os
from functools import partial

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.entrance import OVER, Entrance, SignedIn
from bot.app.onetime import address_of, new_secret
from bot.app.passphrases import SHORTEST
from bot.web.desk.admission import agent_of, desk_page, is_private, let_in, refuse_strange_posts
from bot.web.parts import Site
from bot.web.visitor import admit_host, read_form

_CODES = "codes"
"""What is sealed into the form: the secret of the codes that this very page offers."""


def routes(site: Site, entrance: Entrance) -> list[Route]:
    return [
        Route("/desk/moi/{token}", partial(_show, site, entrance), methods=["GET"]),
        Route("/desk/moi/{token}", partial(_accept, site, entrance), methods=["POST"]),
    ]


async def _show(site: Site, entrance: Entrance, request: Request) -> Response:
    admit_host(site, request)
    token = request.path_params["token"]
    account = await entrance.invited(token)
    if account is None:
        return _over(site, request)
    return _page(site, request, entrance, account, new_secret(os.urandom(20)))


async def _accept(site: Site, entrance: Entrance, request: Request) -> Response:
    admit_host(site, request)
    refuse_strange_posts(request)
    token = request.path_params["token"]
    account = await entrance.invited(token)
    if account is None or not is_private(site, request):
        return _over(site, request)
    form = await read_form(request)
    secret = _secret_in(entrance, token, form.get("khoa_ma", ""))
    words = form.get("mat_khau", "")
    if words != form.get("lan_hai", ""):
        fault = "Hai lần gõ câu mật khẩu chưa giống nhau. Bạn gõ lại giúp."
    elif not secret:
        fault, secret = "Trang mở lâu quá nên mã QR đã đổi. Hãy quét lại mã mới.", new_secret(os.urandom(20))
    else:
        joined = await entrance.join(token, words, secret, form.get("ma", "").strip(), agent_of(request))
        if isinstance(joined, SignedIn):
            return let_in(site, request, joined)
        fault = joined
    if fault == OVER:
        return _over(site, request)
    return _page(site, request, entrance, account, secret, fault)


def _page(
    site: Site, request: Request, entrance: Entrance, account: Account, secret: str, fault: str = ""
) -> Response:
    token = request.path_params["token"]
    said = {
        "who": account,
        "token": token,
        "fault": fault,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "sealed": entrance.sealer.seal(_CODES, f"{token} {secret}"),
        "link": address_of(secret, account.name),
        "picture": _drawn(address_of(secret, account.name)),
        "codes_needed": account.role >= Role.LEAD,
        "shortest": SHORTEST,
        "private": is_private(site, request),
    }
    return desk_page(site, request, None, "desk/invitation.html", said, status=422 if fault else 200)


def _over(site: Site, request: Request) -> Response:
    return desk_page(site, request, None, "desk/invitation.html", {"who": None, "fault": OVER}, status=404)


def _secret_in(entrance: Entrance, token: str, sealed: str) -> str:
    given, _, secret = (entrance.sealer.open(_CODES, sealed) or "").partition(" ")
    return secret if given == token else ""


def _drawn(address: str) -> Markup:
    """An SVG inside the page: no picture with a secret is ever fetched by itself."""
    code = segno.make(address, error="m")
    return Markup(code.svg_inline(scale=5, border=4, light="#fff", omitsize=True))  # noqa: S704 - drawn here, from letters and digits
