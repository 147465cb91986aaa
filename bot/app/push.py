"""Devices of people at the desk: how they are told, and what is needed from outside for that."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Protocol

from bot.app.accounts import Account
from bot.app.noticing import Happened, Kind, Notice, Watcher, Withheld
from bot.app.telling import Told

MOST_DEVICES = 5
"""Of one person. Another one takes the place of the oldest."""

ENROLMENT_LASTS = 15 * 60
LONGEST_ENDPOINT = 1024
_POINT, _AUTH = 65, 16
"""Bytes of a key on the curve P-256, and of what is agreed on beside it."""

TTL = {Kind.QUEUE: 600, Kind.CHAT: 600, Kind.TEST: 60, Kind.DIGEST: 36 * 3600}
"""Seconds for which a push service keeps what it cannot deliver; nobody wants to hear of an old queue."""

TTL_ELSE = 3600


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser is told. Whoever knows all of it can write to that browser, so it is not shown."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to a device. `body` is read by our own service worker there."""

    topic: str
    body: bytes
    seconds: int
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whose Telegram account it is now; `shown` is their name."""

    person: int
    shown: str


class Push(Protocol):
    """The push services of the browsers' makers."""

    async def key(self) -> str:
        """The public key that browsers subscribe with. Raises StoreDown."""
        ...

    def takes(self, endpoint: str, /) -> bool:
        """Whether an address is one of a known push service; nothing is ever sent anywhere else."""
        ...

    async def send(self, to: Subscription, letter: Letter, /) -> None:
        """Raises TryLater, Unreachable (the browser is gone) or Refused."""
        ...


class Devices(Protocol):
    """What is kept of people's devices and of what they were told; all methods raise StoreDown."""

    async def subscribe(self, person: int, to: Subscription, now: int) -> None:
        """A browser belongs to whoever switched it on last; all that stands is told to them anew."""
        ...

    async def unsubscribe(self, endpoint: str) -> None: ...

    async def devices(self, person: int) -> tuple[Subscription, ...]: ...

    async def watchers(self, now: int) -> tuple[tuple[Watcher, tuple[Subscription, ...]], ...]:
        """Everybody who can be told and has an account still."""
        ...

    async def on_duty(self, now: int) -> tuple[Account, ...]: ...

    async def happened(self, since: int) -> tuple[Happened, ...]: ...

    async def withheld(self) -> tuple[Withheld, ...]: ...

    async def told(self) -> dict[int, tuple[Told, ...]]: ...

    async def tell(self, person: int, told: tuple[Told, ...], forgotten: tuple[str, ...]) -> None:
        """Remember what was told. What is taken away is remembered with `count` 0."""
        ...


def subscription_of(endpoint: str, p256dh: str, auth: str) -> Subscription | None:
    """What a browser says of itself; None when that cannot be."""
    if len(endpoint) > LONGEST_ENDPOINT or _size(p256dh) != _POINT or _size(auth) != _AUTH:
        return None
    return Subscription(endpoint, p256dh, auth)


def letter(notice: Notice, *, quiet: bool) -> Letter:
    said = {"tag": notice.topic, "title": notice.title, "body": notice.body, "url": notice.url}
    kind = Kind(notice.topic.partition(".")[0])
    return Letter(notice.topic, _packed({**said, "quiet": quiet}), TTL.get(kind, TTL_ELSE), notice.urgent)


def cleared(topic: str) -> Letter:
    """Take away what stands there; a phone that has to show something shows that it is done."""
    return Letter(topic, _packed({"tag": topic, "gone": True}), TTL_ELSE)


def _packed(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _size(text: str) -> int:
    """Bytes behind base64url; -1 when it is none."""
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        return -1
