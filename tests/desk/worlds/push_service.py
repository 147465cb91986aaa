"""A push service of our own, as strict as the real ones: it knows who may write, and reads with the browser's
key what nobody on the way can.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import http_ece
from aiohttp import TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from py_vapid import jwt

from bot.app.push import Subscription

HOST = "fcm.googleapis.com"
ORIGIN = f"https://{HOST}"
DAY = 86_400
LARGEST = 4096


@dataclass
class Browser:
    """One that has subscribed, and what it could read. `key` is the application's that it subscribed with."""

    name: str
    key: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes
    gone: bool = False
    read: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def subscription(self) -> Subscription:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(f"{ORIGIN}/fcm/send/{self.name}", _base64(point), _base64(self.auth))


class PushService:
    """On a free port of this machine, under the name of a real one. `wrongs` is what no sender may do; `next`
    are answers that come before it is well again: a status and a Retry-After.
    """

    def __init__(self, folder: Path, now: Callable[[], int]) -> None:
        self.browsers: dict[str, Browser] = {}
        self.wrongs: list[str] = []
        self.next: list[tuple[int, str]] = []
        self.asked: list[str] = []
        self._folder = folder
        self._now = now

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * LARGEST)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        self._server, self._client = _tls(self._folder)
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._server).start()
        self.port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self._runner.cleanup()
        if kind is None and self.wrongs:
            raise AssertionError("the sender did what it must not:\n" + "\n".join(self.wrongs))

    def subscribe(self, name: str, key: str) -> Browser:
        auth = name.encode().ljust(16, b".")[:16]
        self.browsers[name] = Browser(name, key, ec.generate_private_key(ec.SECP256R1()), auth)
        return self.browsers[name]

    def connector(self) -> TCPConnector:
        """Leads every name to this service; who it really is, its certificate says."""
        return TCPConnector(resolver=_Here(self.port, self.asked), ssl=self._client)

    async def _take(self, request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[-1]
        browser = self.browsers.get(name)
        if self.next:
            status, after = self.next.pop(0)
            return web.Response(status=status, headers={"Retry-After": after} if after else {})
        if browser is None or browser.gone:
            return web.Response(status=410)
        faults = [*self._faults(request, browser)]
        body = await request.read()
        if len(body) > LARGEST:
            faults.append("the letter is too large")
        if faults:
            self.wrongs += faults
            return web.Response(status=400)
        plain = http_ece.decrypt(
            body, private_key=browser.private, auth_secret=browser.auth, version="aes128gcm"
        )
        browser.read.append(json.loads(plain))
        browser.headers.append(dict(request.headers))
        return web.Response(status=201)

    def _faults(self, request: web.Request, browser: Browser) -> list[str]:
        told = request.headers
        faults = []
        if request.method != "POST":
            faults.append(f"{request.method} is no way to send")
        if told.get("Content-Encoding") != "aes128gcm":
            faults.append("the letter is not sealed as RFC 8291 says")
        if not told.get("TTL", "").isdigit():
            faults.append("TTL is missing")
        if told.get("Urgency") not in {"very-low", "low", "normal", "high"}:
            faults.append("Urgency is none")
        topic = told.get("Topic", "")
        if not 1 <= len(topic) <= 32 or not all(letter.isalnum() or letter in "-_" for letter in topic):
            faults.append("Topic is none")
        return faults + self._signed(told.get("Authorization", ""), browser)

    def _signed(self, authorization: str, browser: Browser) -> list[str]:
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or set(parts) != {"t", "k"}:
            return ["who writes is not said as RFC 8292 says"]
        if parts["k"] != browser.key:
            return ["another key than the browser subscribed with"]
        claims = jwt.decode(parts["t"], parts["k"])
        faults = []
        if claims["aud"] != ORIGIN:
            faults.append(f"the signature is for {claims['aud']}")
        if not 0 < claims["exp"] - self._now() <= DAY:
            faults.append("the signature is good for a day at most")
        if not claims["sub"].startswith(("https://", "mailto:")):
            faults.append("nobody can be reached about it")
        return faults


class _Here(AbstractResolver):
    def __init__(self, port: int, asked: list[str]) -> None:
        self._port = port
        self._asked = asked

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:  # noqa: ARG002 - aiohttp's
        self._asked.append(host)
        await asyncio.sleep(0)
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=2, proto=0, flags=0)]

    async def close(self) -> None: ...


def _tls(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For the service, with a certificate of its own making, and for who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    begun = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "push.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
