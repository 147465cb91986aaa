"""OAuth v4: codes that are good for ten minutes, pairs whose refresh token works once.

The numbers of the errors are as others noted them; the texts and names in an error's answer are from memory.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.platforms.zalo.addresses import trouble_with

CODE_LIVES = 600
ACCESS_LIVES = 90_000
REFRESH_LIVES = 90 * 86_400

BAD_APP = -14002
BAD_CODE = -14003
REUSED = -14020


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What the admin's browser brings back to the redirect address."""

    code: str
    oa_id: str
    state: str
    location: str


@dataclass(slots=True)
class _Code:
    challenge: str
    dies_at: int
    used: bool = False


@dataclass(slots=True)
class _Refresh:
    dies_at: int
    used: bool = False


class OAuthError(Exception):
    def __init__(self, code: int, name: str) -> None:
        super().__init__(name)
        self.code = code
        self.name = name


class OAuth:
    """`refreshes` and `reuses` count uses of refresh tokens; `complain` hears of faults of the caller."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        oa_id: str,
        now: Callable[[], int],
        complain: Callable[[str], None],
    ) -> None:
        self.refreshes = 0
        self.reuses = 0
        self._app_id = app_id
        self._app_secret = app_secret
        self._oa_id = oa_id
        self._now = now
        self._complain = complain
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, int] = {}
        self._refresh: dict[str, _Refresh] = {}

    def alive(self, access_token: str) -> bool:
        return self._access.get(access_token, 0) > self._now()

    def grant(self) -> Pair:
        """Mint a pair by hand, as the API Explorer does."""
        number = len(self._refresh) + 1
        pair = Pair(f"access-{number}-{_noise(f'a{number}')}", f"refresh-{number}-{_noise(f'r{number}')}")
        self._access[pair.access_token] = self._now() + ACCESS_LIVES
        self._refresh[pair.refresh_token] = _Refresh(self._now() + REFRESH_LIVES)
        return pair

    def expire_access(self) -> None:
        """All access tokens die at once, long before their time."""
        self._access.clear()

    def consents(self, link: str) -> Consent:
        """The admin opens the consent link and agrees."""
        asked = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True, strict_parsing=True))
        unknown = set(asked) - {"app_id", "redirect_uri", "code_challenge", "state"}
        redirect, challenge = asked.get("redirect_uri", ""), asked.get("code_challenge", "")
        if unknown or not urlsplit(link).path.endswith("/v4/oa/permission"):
            raise OAuthError(BAD_APP, f"unknown parameters {sorted(unknown)}")
        if asked.get("app_id") != self._app_id:
            raise OAuthError(BAD_APP, "invalid app id")
        if trouble := trouble_with(redirect):
            raise OAuthError(BAD_CODE, f"invalid redirect address: {trouble}")
        if len(challenge) != 43 or not challenge.replace("-", "").replace("_", "").isalnum():
            raise OAuthError(BAD_CODE, "invalid code challenge")
        code = _noise(f"code{len(self._codes)}")
        self._codes[code] = _Code(challenge, self._now() + CODE_LIVES)
        state = asked.get("state", "")
        query = f"code={code}&oa_id={self._oa_id}" + (f"&state={state}" if state else "")
        return Consent(code, self._oa_id, state, f"{redirect}?{query}")

    def token(self, form: Mapping[str, str], secret: str | None) -> dict[str, Any]:
        """Answer `POST v4/oa/access_token`; raises OAuthError."""
        if secret != self._app_secret or form.get("app_id") != self._app_id:
            self._complain("OAuth: wrong app id or secret_key header")
            raise OAuthError(BAD_APP, "Invalid app id or secret key")
        match form.get("grant_type"):
            case "authorization_code":
                self._only(form, {"app_id", "grant_type", "code", "code_verifier"})
                self._use_code(form.get("code", ""), form.get("code_verifier", ""))
            case "refresh_token":
                self._only(form, {"app_id", "grant_type", "refresh_token"})
                self._use_refresh(form.get("refresh_token", ""))
                self.refreshes += 1
            case _:
                self._complain("OAuth: grant_type")
                raise OAuthError(BAD_CODE, "Invalid grant type")
        pair = self.grant()
        return {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": str(ACCESS_LIVES),
        }

    def _only(self, form: Mapping[str, str], fields: set[str]) -> None:
        if set(form) != fields:
            self._complain(f"OAuth: fields {sorted(set(form) ^ fields)}")
            raise OAuthError(BAD_CODE, "Invalid parameters")

    def _use_code(self, code: str, verifier: str) -> None:
        known = self._codes.get(code)
        if known is None or known.used or known.dies_at <= self._now():
            raise OAuthError(BAD_CODE, "Invalid authorization code")
        known.used = True
        digest = hashlib.sha256(verifier.encode()).digest()
        if len(verifier) != 43 or urlsafe_b64encode(digest).rstrip(b"=").decode() != known.challenge:
            raise OAuthError(BAD_CODE, "Invalid code verifier")

    def _use_refresh(self, token: str) -> None:
        known = self._refresh.get(token)
        if known is None or known.dies_at <= self._now():
            raise OAuthError(REUSED, "Invalid refresh token")
        if known.used:
            self.reuses += 1
            raise OAuthError(REUSED, "Refresh token was used already")
        known.used = True


def _noise(seed: str) -> str:
    return hashlib.sha256(f"zalo oauth {seed}".encode()).hexdigest()
