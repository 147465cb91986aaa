"""Send a letter to a browser through its maker's push service: sealed for that browser (RFC 8291), signed by
us (RFC 8292), and to no address but those services'.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.app.ports import Safe
from bot.app.push import Letter, Subscription
from bot.channels.push.keys import key_pair

if TYPE_CHECKING:
    from aiohttp import BaseConnector, ClientSession

SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    "web.push.apple.com",
    ".push.apple.com",
)
"""Hosts of push services; with a dot before it, everything below."""

SIGNED_FOR = 12 * 3600
RENEWED = 3600
"""Seconds for which a signature is good (a day at most), and before whose end it is made anew."""

WHOLE = 10.0
BUSY_PAUSE = 30.0
LONGEST_PAUSE = 3600.0

_ASCII_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")


class WebPush:
    """`contact` is how a push service reaches whoever runs this: an https or mailto address."""

    def __init__(
        self,
        safe: Safe,
        now: Callable[[], int],
        contact: str,
        *,
        services: Sequence[str] = SERVICES,
        connector: Callable[[], BaseConnector | None] = lambda: None,
    ) -> None:
        self._safe = safe
        self._now = now
        self._contact = contact
        self._services = services
        self._connector = connector
        self._key: ec.EllipticCurvePrivateKey | None = None
        self._session: ClientSession | None = None
        self._signed: dict[str, tuple[int, str]] = {}

    async def key(self) -> str:
        return _base64(_public(await self._pair()))

    def takes(self, endpoint: str) -> bool:
        return _origin(endpoint, self._services) is not None

    async def send(self, to: Subscription, letter: Letter) -> None:
        origin = _origin(to.endpoint, self._services)
        if origin is None:
            raise Unreachable
        headers = {
            "Authorization": self._authorization(await self._pair(), origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(letter.seconds),
            "Topic": _topic(letter.topic),
            "Urgency": "high" if letter.urgent else "normal",
        }
        fault = await self._post(to.endpoint, headers, _sealed(to, letter.body))
        if fault is not None:
            raise fault  # here whatever led to it, with the address of somebody's browser in it, is over

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> SendError | None:
        from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

        if self._session is None:
            self._session = ClientSession(
                connector=self._connector(),
                cookie_jar=DummyCookieJar(),
                timeout=ClientTimeout(total=WHOLE),
            )
        try:
            async with self._session.post(
                endpoint, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return _meaning(answer.status, answer.headers.get("Retry-After", ""))
        except (ClientError, OSError, TimeoutError):
            return TryLater(BUSY_PAUSE, away=True)

    async def _pair(self) -> ec.EllipticCurvePrivateKey:
        if self._key is None:
            self._key = await key_pair(self._safe, self._now)
        return self._key

    def _authorization(self, key: ec.EllipticCurvePrivateKey, origin: str) -> str:
        """Signing takes longer than sending; one signature is good for all of a service's browsers."""
        from py_vapid import Vapid02

        until, signed = self._signed.get(origin, (0, ""))
        if until - self._now() < RENEWED:
            until = self._now() + SIGNED_FOR
            claims = {"sub": self._contact, "aud": origin, "exp": until}
            signed = cast("str", Vapid02(key).sign(claims)["Authorization"])
            self._signed[origin] = (until, signed)
        return signed


def contact_of(web_address: str) -> str:
    """Push services want to know whom to write to when something is wrong; a site is enough."""
    host = urlsplit(web_address).hostname if web_address.startswith("https://") else None
    return f"https://{host}" if host and "." in host else "mailto:ban-truc@localhost"


def _origin(endpoint: str, services: Sequence[str]) -> str | None:
    """The service's own address; None for anything that is not plainly one of the known services."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = parts.scheme == "https" and port in {None, 443} and parts.netloc in {host, f"{host}:443"}
    clean = endpoint.isascii() and endpoint.isprintable() and not set(endpoint) & set("\\ ")
    if not plain or not clean or not set(host) <= _ASCII_HOST or not parts.path.startswith("/"):
        return None
    known = any(
        host == service or (service.startswith(".") and host.endswith(service)) for service in services
    )
    return f"https://{host}" if known else None


def _sealed(to: Subscription, body: bytes) -> bytes:
    from pywebpush import WebPusher, WebPushException

    info: dict[str, Any] = {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}}
    try:
        return cast("bytes", WebPusher(info).encode(body)["body"])
    except (WebPushException, ValueError):
        pass
    raise Unreachable  # its keys are no keys: no letter can ever be read there


def _meaning(status: int, retry_after: str) -> SendError | None:
    """What an answer asks of us; None when the letter was taken."""
    match status:
        case 200 | 201 | 202 | 204:
            return None
        case 404 | 410:
            return Unreachable()
        case 429:
            return TryLater(_seconds(retry_after))
        case _ if status >= 500:
            return TryLater(_seconds(retry_after), away=True)
        case _:
            return Refused()


def _seconds(retry_after: str) -> float:
    """Services also say a date; ours is a guess then."""
    known = retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 8
    return min(LONGEST_PAUSE, float(retry_after)) if known else BUSY_PAUSE


def _topic(topic: str) -> str:
    """At most 32 letters of base64url: the service keeps only the newest letter of a topic."""
    return _base64(blake2b(topic.encode(), digest_size=18).digest())


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
