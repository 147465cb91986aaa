"""The key pair by which push services know us: made once, kept sealed in the store."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from bot.app.ports import Safe, Sealed

SECRET = "web push"  # noqa: S105 - a name in the safe


async def key_pair(safe: Safe, now: Callable[[], int]) -> ec.EllipticCurvePrivateKey:
    """Browsers subscribe with its public half, so a new pair silences them all until they open the desk."""
    while True:
        kept = await safe.secret(SECRET)
        found = _loaded(kept)
        if found is not None:
            return found
        made = ec.generate_private_key(ec.SECP256R1())
        body = made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        if await safe.keep_secret(SECRET, body, kept.revision if kept else 0, now()):
            return made


def _loaded(kept: Sealed | None) -> ec.EllipticCurvePrivateKey | None:
    if kept is None or not kept.value:
        return None
    key = load_der_private_key(kept.value, None)
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None
