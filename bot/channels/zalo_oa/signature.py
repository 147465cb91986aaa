"""Whether a request comes from Zalo: a digest over the raw body and a secret, and a time that is about now.

Zalo's own pages disagree on which of two secrets signs. Both may be configured; the first authentic event
settles it, and from then on only that one counts, here and in every other process.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from bot.app.platform import Headers
from bot.app.ports import Safe
from bot.channels.zalo_oa.events import Stamp

HEADER = b"x-zevent-signature"

OLDEST = 3 * 3600
"""Seconds. Zalo delivers for an hour and fifty minutes what was not taken at once."""

AHEAD = 10 * 60
"""Seconds that Zalo's clock may be ahead of ours."""

SETTLED = "zalo_oa.signature"
"""Where the name of the secret that signs is kept."""

_MAC = re.compile(rb"(?:mac=)?([0-9a-f]{64})")


def given_mac(headers: Headers) -> bytes | None:
    """The digest that a request came with; None unless there is exactly one."""
    given = [value for name, value in headers if name.lower() == HEADER]
    found = _MAC.fullmatch(given[0]) if len(given) == 1 else None
    return found[1] if found else None


def mac_of(stamp: Stamp, body: bytes, secret: str) -> bytes:
    """Plain SHA-256 over one after the other, not HMAC: so it is defined."""
    said = str(stamp.app_id).encode() + body + str(stamp.timestamp).encode() + secret.encode()
    return hashlib.sha256(said).hexdigest().encode()


class Signature:
    """`secrets` are the candidates by name; at least one. `settled` hears the name of the one that signs."""

    def __init__(
        self,
        app_id: str,
        secrets: Mapping[str, str],
        safe: Safe,
        now: Callable[[], int],
        settled: Callable[[str], None],
    ) -> None:
        self._secrets = {name: secret for name, secret in secrets.items() if secret}
        if not app_id or not self._secrets:
            raise ValueError("Zalo OA needs its app id and a secret to know Zalo by")
        self._app_id = app_id
        self._safe = safe
        self._now = now
        self._tell = settled
        self._settled = ""

    async def proves(self, stamp: Stamp, body: bytes, given: bytes) -> bool:
        """Whether this request is authentic. Raises StoreDown."""
        if str(stamp.app_id) != self._app_id or not self._is_recent(stamp):
            return False
        matching = [
            name
            for name, secret in self._secrets.items()
            if hmac.compare_digest(mac_of(stamp, body, secret), given)
        ]
        return bool(matching) and (self._settled or await self._settle(matching[0])) in matching

    def _is_recent(self, stamp: Stamp) -> bool:
        age = self._now() - stamp.milliseconds / 1000
        return -AHEAD <= age <= OLDEST

    async def _settle(self, name: str) -> str:
        """The secret that counts from now on: what was settled before, or this one."""
        kept = await self._safe.secret(SETTLED)
        if kept is None or not kept.value:
            revision = kept.revision if kept else 0
            if await self._safe.keep_secret(SETTLED, name.encode(), revision, self._now()):
                self._tell(name)
                self._settled = name
                return name
            kept = await self._safe.secret(SETTLED)
        self._settled = kept.value.decode() if kept else ""
        return self._settled
