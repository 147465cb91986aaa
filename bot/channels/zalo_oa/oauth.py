"""How Zalo gives out tokens: a person consents once, then every pair buys the next, and only once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
import msgspec

OAUTH_BASE = "https://oauth.zaloapp.com"

_SECONDS = 25 * 3600
"""How long a token lives where Zalo does not say."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token, good until `until`, and the refresh token that buys the next pair."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    until: int


class Denied(Exception):
    """Zalo will not give a pair for this token or code: somebody has to consent again."""


class AnswerLost(Exception):
    """Zalo may have given a pair, and we do not know it."""


class NotAsked(Exception):
    """Zalo could not be asked: nothing happened to the token."""


class _Answer(msgspec.Struct, frozen=True):
    access_token: str = ""
    refresh_token: str = ""
    expires_in: str | int = _SECONDS
    error: int = 0


_ANSWER = msgspec.json.Decoder(_Answer)

_DEAD = frozenset({-14002, -14003, -14020})
"""What Zalo says of tokens and codes that are used up, over or not ours."""


def consent_link(app_id: str, redirect: str, verifier: str, state: str, oauth_base: str = OAUTH_BASE) -> str:
    """Where an administrator of the Official Account lets us speak for it.

    `verifier` is 43 characters that nobody can guess; `exchange` wants the same.
    """
    asked = {
        "app_id": app_id,
        "redirect_uri": redirect,
        "code_challenge": challenge_of(verifier),
        "state": state,
    }
    return f"{oauth_base}/v4/oa/permission?{urlencode(asked)}"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class OAuth:
    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        app_id: str,
        app_secret: str,
        now: Callable[[], int],
        base: str = OAUTH_BASE,
    ) -> None:
        self._session = session
        self._app_id = app_id
        self._app_secret = app_secret
        self._now = now
        self._url = f"{base.rstrip('/')}/v4/oa/access_token"

    async def exchange(self, code: str, verifier: str) -> Pair:
        """The first pair, for the code that consent gave; it is good for ten minutes. Raises as `refresh`."""
        return await self._ask(
            {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"},
        )

    async def refresh(self, token: str) -> Pair:
        """The next pair. Raises Denied, AnswerLost, NotAsked."""
        return await self._ask({"refresh_token": token, "grant_type": "refresh_token"})

    async def _ask(self, fields: Mapping[str, str]) -> Pair:
        try:
            async with self._session().post(
                self._url,
                data={"app_id": self._app_id, **fields},
                headers={"secret_key": self._app_secret},
                allow_redirects=False,
            ) as response:
                return self._pair(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotAsked from None
        except (aiohttp.ClientError, OSError):
            raise AnswerLost from None

    def _pair(self, status: int, body: bytes) -> Pair:
        try:
            answer = _ANSWER.decode(body)
            seconds = int(answer.expires_in)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            raise AnswerLost from None
        if answer.error in _DEAD:
            raise Denied(f"Zalo's code {answer.error}")
        if status != 200 or answer.error or not (answer.access_token and answer.refresh_token):
            raise AnswerLost
        return Pair(answer.access_token, answer.refresh_token, self._now() + seconds)
