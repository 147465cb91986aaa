"""What webhooks have in common: one secret in a header, and what a platform is told when work fails."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable

from bot.app.platform import Again, Headers, Posted
from bot.app.ports import Report, StoreDown

LARGEST = 1_000_000
"""Bytes of an event; the longest of any platform has a few ten thousand."""

KEPT = Posted(200)
NO_JSON = Posted(400)
NOT_AUTHENTIC = Posted(401)
TOO_LARGE = Posted(413)
AGAIN = Posted(500)
DOWN = Posted(503, retry_after=5)


def bears(headers: Headers, name: bytes, secret: bytes) -> bool:
    """Exactly one such header with the right secret; how much of it is right cannot be told from the time."""
    shown = [value for header, value in headers if header == name]
    return len(shown) == 1 and hmac.compare_digest(shown[0], secret)


async def outcome(work: Awaitable[Posted], where: str, report: Report) -> Posted:
    """What the work says, or what its failure means to the platform. A webhook answers whatever happens."""
    try:
        return await work
    except StoreDown:
        return DOWN
    except Again:
        return AGAIN
    except Exception as fault:  # noqa: BLE001 - the platform delivers again, and we hear of it
        report(where, fault)
        return AGAIN
