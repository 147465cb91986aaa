"""Sign in, or accept an invitation, with a passkey: what the browser proves is checked here.

A passkey asks for a finger, a face or a PIN by itself, so it is as good as a passphrase with a code. The
challenge goes to the browser and comes back sealed: nothing is kept of whoever only looks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app.entrance import Entrance, SignedIn
from bot.web.desk.admission import agent_of, is_private, keep_session, own_path, refuse_strange_posts
from bot.web.parts import Site
from bot.web.render import PRIVATE
from bot.web.visitor import admit_host, is_https, read_form

if TYPE_CHECKING:
    from bot.web.desk.gate import Gate

GOOD_FOR = 300
"""Seconds to find the finger."""

_KIND = "passkey"

REFUSED = "Khóa này không mở được. Bạn thử lại, hoặc dùng câu mật khẩu."


def routes(site: Site, entrance: Entrance, gate: Gate) -> list[Route]:
    join, enter = "/desk/moi/{token}/khoa", "/desk/vao/khoa"
    return [
        Route(join, partial(_offer_to_make, site, entrance), methods=["GET"]),
        Route(join, partial(_join, site, entrance), methods=["POST"]),
        Route(enter, partial(_offer_to_use, site, entrance), methods=["GET"]),
        Route(enter, partial(_enter, site, entrance, gate), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the page is, as the browser signs it."""

    host: str
    whole: str


@dataclass(frozen=True, slots=True)
class _Challenge:
    drawn_at: int
    bytes: bytes


async def _offer_to_make(site: Site, entrance: Entrance, request: Request) -> Response:
    from webauthn import generate_registration_options
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    admit_host(site, request)
    token, origin = request.path_params["token"], _origin(site, request)
    account = await entrance.invited(token)
    if account is None:
        raise HTTPException(404)
    challenge = os.urandom(32)
    options = generate_registration_options(
        rp_id=origin.host,
        rp_name="Bàn trực VNeID",
        user_id=str(account.id).encode(),
        user_name=account.name,
        user_display_name=account.shown,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _offer(site, entrance, f"join {token}", challenge, options)


async def _join(site: Site, entrance: Entrance, request: Request) -> Response:
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    admit_host(site, request)
    refuse_strange_posts(request)
    token, origin = request.path_params["token"], _origin(site, request)
    form = await read_form(request)
    challenge = _challenge(site, entrance, f"join {token}", form)
    if challenge is None:
        return _refused()
    try:
        made = verify_registration_response(
            credential=form.get("khoa", ""),
            expected_challenge=challenge.bytes,
            expected_rp_id=origin.host,
            expected_origin=origin.whole,
            require_user_verification=True,
        )
    except WebAuthnException:
        return _refused()
    joined = await entrance.join_with_passkey(
        token, made.credential_id, made.credential_public_key, made.sign_count, agent_of(request)
    )
    return _welcome(site, request, joined) if isinstance(joined, SignedIn) else _refused(joined)


async def _offer_to_use(site: Site, entrance: Entrance, request: Request) -> Response:
    from webauthn import generate_authentication_options
    from webauthn.helpers.structs import UserVerificationRequirement

    admit_host(site, request)
    challenge = os.urandom(32)
    options = generate_authentication_options(
        rp_id=_origin(site, request).host,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _offer(site, entrance, "enter", challenge, options)


async def _enter(site: Site, entrance: Entrance, gate: Gate, request: Request) -> Response:
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    admit_host(site, request)
    refuse_strange_posts(request)
    origin = _origin(site, request)
    wait = gate.wait_of_host(request, site.parts.now())
    if wait:
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    form = await read_form(request)
    challenge = _challenge(site, entrance, "enter", form)
    if challenge is None:
        return _refused()
    try:
        given = parse_authentication_credential_json(form.get("khoa", ""))
        known = await entrance.accounts.passkey(given.raw_id)
        if known is None:
            return _refused()
        proved = verify_authentication_response(
            credential=given,
            expected_challenge=challenge.bytes,
            expected_rp_id=origin.host,
            expected_origin=origin.whole,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException:
        return _refused()
    entered = await entrance.enter_with_passkey(
        known, proved.new_sign_count, challenge.drawn_at, agent_of(request)
    )
    if entered is None:
        return _refused()
    return _welcome(site, request, entered, own_path(form.get("ve", "")))


def _origin(site: Site, request: Request) -> _Origin:
    """Raises 404 where no browser makes passkeys: without a name, or where somebody could read along."""
    named = request.headers.get("host", "")
    host = urlsplit(f"//{named}").hostname or ""
    if not is_private(site, request) or _is_number(host):
        raise HTTPException(404)
    return _Origin(host, f"{'https' if is_https(site, request) else 'http'}://{named}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return not host
    return True


def _offer(site: Site, entrance: Entrance, what: str, challenge: bytes, options: Any) -> Response:  # noqa: ANN401
    from webauthn import options_to_json

    kept = entrance.sealer.seal(_KIND, f"{what}\0{site.parts.now()}\0{challenge.hex()}")
    body = f'{{"options": {options_to_json(options)}, "kept": "{kept}"}}'
    return Response(body, media_type="application/json", headers={"Cache-Control": PRIVATE})


def _challenge(site: Site, entrance: Entrance, what: str, form: dict[str, str]) -> _Challenge | None:
    """The one that was given out for this and has come back in time."""
    for_what, _, rest = (entrance.sealer.open(_KIND, form.get("giu", "")) or "").partition("\0")
    drawn_at, _, challenge = rest.partition("\0")
    if for_what != what or site.parts.now() - int(drawn_at) > GOOD_FOR:
        return None
    return _Challenge(int(drawn_at), bytes.fromhex(challenge))


def _welcome(site: Site, request: Request, entered: SignedIn, onward: str = "/desk") -> Response:
    answer = JSONResponse({"to": onward}, headers={"Cache-Control": PRIVATE})
    return keep_session(site, request, answer, entered)


def _refused(why: str = REFUSED) -> Response:
    return JSONResponse({"why": why}, status_code=401, headers={"Cache-Control": PRIVATE})
