"""Go on with another phone: a code, a link and a picture to scan."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.parts import Parts, Site
from bot.web.render import PRIVATE, page
from bot.web.views import day
from bot.web.visitor import (
    TOKEN_BYTES,
    address_of,
    admit_host,
    cookie_token,
    host_of,
    read_form,
    refuse_foreign,
    remember,
    token_for,
)

ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
"""Letters and digits that nobody takes for one another, read aloud or copied by hand."""

CODE_LENGTH = 8
VALID = 7 * 24 * 3600


def routes(site: Site) -> list[Route]:
    return [
        Route("/luu", partial(_save, site), methods=["GET", "POST"]),
        Route("/tiep", partial(_join, site), methods=["GET", "POST"]),
        Route("/tiep/{code}", partial(_offer, site), methods=["GET"]),
    ]


async def _save(site: Site, request: Request) -> Response:
    admit_host(site, request)
    parts = site.parts
    token = cookie_token(request)
    if request.method == "GET":
        kept = bool(token) and await parts.store.conversation(address_of(token)) is not None
        return page(parts, request, "save.html", kept=kept, code="")
    refuse_foreign(request)
    code = code_from(parts.draw(TOKEN_BYTES))
    until = parts.now() + VALID
    saved = bool(token) and await parts.store.save_code(address_of(token), code, parts.now(), until)
    if not saved:
        return page(parts, request, "save.html", kept=False, code="")
    link = f"{_base(parts, request)}/tiep/{code}"
    side, drawn = qr(link)
    return page(
        parts,
        request,
        "save.html",
        kept=True,
        code=grouped(code),
        link=link,
        side=side,
        drawn=drawn,
        until=day(until),
    )


async def _offer(site: Site, request: Request) -> Response:
    """Changes nothing and says nothing about the code: messengers open links to draw previews."""
    admit_host(site, request)
    code = normal(request.path_params["code"])
    return await _form(site, request, code=code if is_code(code) else "", wrong=not is_code(code))


async def _join(site: Site, request: Request) -> Response:
    admit_host(site, request)
    if request.method == "GET":
        return await _form(site, request, code="", wrong=False)
    refuse_foreign(request)
    parts = site.parts
    form = await read_form(request)
    code = normal(form.get("ma", ""))
    if not is_code(code):
        return await _form(site, request, code="", wrong=True, status=422)
    host = host_of(request)
    wait = site.codes.take(host, parts.now())
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    token = token_for(site, request, form.get("moi", ""))
    joined = await parts.store.join(code, address_of(token), parts.now())
    # a code works once: the second of a double press finds the phone already let in
    if not joined and (cookie_token(request) or await parts.store.conversation(address_of(token)) is None):
        return await _form(site, request, code="", wrong=True, status=422)
    site.codes.give_back(host)  # only wrong ones count: a whole class may stand behind one address
    response = RedirectResponse("/#moi-nhat", 303, headers={"Cache-Control": PRIVATE})
    remember(site, request, response, token)
    return response


async def _form(site: Site, request: Request, *, code: str, wrong: bool, status: int = 200) -> Response:
    token = cookie_token(request)
    has_own = bool(token) and await site.parts.store.conversation(address_of(token)) is not None
    return page(
        site.parts,
        request,
        "join.html",
        status=status,
        code=code,
        grouped=grouped(code),
        wrong=wrong,
        has_own=has_own,
        fresh="" if token else site.parts.draw(TOKEN_BYTES),
    )


def code_from(drawn: str) -> str:
    """Eight signs made of a random token; 256 bits leave no sign likelier than another."""
    number = int.from_bytes(sha256(drawn.encode()).digest(), "big")
    signs = []
    for _ in range(CODE_LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def normal(typed: str) -> str:
    """A code as it was made, however it was typed: any case, with spaces, dashes, dots."""
    return "".join(sign for sign in typed[:64].upper() if sign.isalnum())


def is_code(code: str) -> bool:
    return len(code) == CODE_LENGTH and all(sign in ALPHABET for sign in code)


def grouped(code: str) -> str:
    return f"{code[:4]} {code[4:]}".strip()


def qr(text: str, error: str = "m") -> tuple[int, str]:
    """A QR code as the side of its square and the path of its dark modules, quiet zone included. `error` is
    how much of it may be torn or dirty: "m" 15 %, "q" 25 %.
    """
    rows = [list(row) for row in segno.make(text, error=error, micro=False).matrix_iter(border=4)]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows), "".join(dark)


def _base(parts: Parts, request: Request) -> str:
    return parts.web_address.rstrip("/") or str(request.base_url).rstrip("/")
