"""Ask Zalo Bot Platform to do something, and tell its refusals apart.

The token stands in every address, so no error of the HTTP library may leave this module: they quote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import aiohttp
import msgspec

from bot.app.platform import Refused, SendError, TryLater, Unreachable

CONNECT = 5.0
WHOLE = 10.0
"""Seconds of one call."""

AWAY = 2.0
QUOTA = 30.0
STRANGE = 30.0
NO_TOKEN = 60.0
"""Seconds until the next try."""

NOTHING_NEW = 408
"""How polling says that nobody wrote."""


class TokenRefused(TryLater):
    """Nothing can be sent until somebody gives us a token that is valid; what waits is not lost."""


class QuotaUsed(TryLater):
    """The plan's messages are used up."""


class _Answer(msgspec.Struct):
    """`description` is left unread: it may quote what was sent."""

    ok: bool
    error_code: int | None = None


_ANSWER = msgspec.json.Decoder(_Answer)


class Calls:
    def __init__(self, token: str, api_base: str) -> None:
        self._base = f"{api_base.rstrip('/')}/bot{quote(token, safe=':')}"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, params: Mapping[str, object], wait: float = 0) -> bytes:
        """The answer of a call that went well; `wait` is how long the platform may take on purpose.

        Raises TryLater, Unreachable or Refused.
        """
        status, retry_after, body = await self._post(method, params, wait)
        failed = _failed(status, retry_after, body)
        if failed is not None:
            raise failed
        return body

    async def updates(self, wait: int) -> bytes:
        """What somebody did, or nothing. There is no second time: it is gone from the platform."""
        status, retry_after, body = await self._post("getUpdates", {"timeout": wait}, wait)
        if _code(status, body) == NOTHING_NEW:
            return b"{}"
        failed = _failed(status, retry_after, body)
        if failed is not None:
            raise failed
        return body

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, method: str, params: Mapping[str, object], wait: float) -> tuple[int, str, bytes]:
        try:
            async with self._open().post(
                f"{self._base}/{method}",
                data=msgspec.json.encode(params),
                headers={"Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=WHOLE + wait, connect=CONNECT),
                allow_redirects=False,
            ) as answer:
                return answer.status, answer.headers.get("Retry-After", ""), await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            pass
        # outside the handler, so that nothing remembers the address
        raise TryLater(AWAY, away=True)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _failed(status: int, retry_after: str, body: bytes) -> SendError | None:
    code = _code(status, body)
    return None if code is None else _fault(code, _seconds(retry_after))


def _code(status: int, body: bytes) -> int | None:
    """What went wrong; None when nothing did. Errors may come with status 200; nonsense is an outage."""
    try:
        answer = _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return status if status >= 400 else 502
    if answer.ok:
        return None if status < 400 else status
    return answer.error_code or (status if status >= 400 else 502)


def _fault(code: int, retry_after: float) -> SendError:
    match code:
        case 401 | 404:  # an address with a token that never was is not found
            return TokenRefused(NO_TOKEN, away=True)
        case 429:  # the plan's, not one person's
            return QuotaUsed(max(QUOTA, retry_after), away=True)
        case 403:
            return Unreachable("the person cannot be written to")
        case 408:
            return TryLater(max(AWAY, retry_after), away=True)
        case _ if 400 <= code < 500:
            return Refused(f"the platform refused the call ({code})")
        case _ if 500 <= code < 600:
            return TryLater(max(AWAY, retry_after), away=True)
        case _:  # documented nowhere: another person's message may go through
            return TryLater(STRANGE)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0.0
