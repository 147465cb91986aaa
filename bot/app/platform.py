"""What platforms tell us, what we tell them, and what becomes of it: one contract for all channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.message import Address, Kind, Reply


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as a channel understood it, before the sieve. Lives in memory only.

    `key` names the platform's event. `locale` is the language of the page it was written on, where that is
    known. `commune` is the code on the poster that led here ("22291" or "22291-3"), as a hint: whoever scans
    chooses it. `phone` is the kind of phone the page was opened on, empty where that is not known. `window`
    is for how many seconds after it the platform lets us write; 0: for ever. `crowded` as in `Incoming`:
    where a new address costs nothing, one person could fill the volunteers' queue.
    """

    address: Address
    key: str
    text: str = ""
    button: str = ""
    kind: Kind = Kind.TEXT
    locale: str = ""
    commune: str = ""
    phone: str = ""
    window: int = 0
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked us or unfollowed; `key` as in Raw."""

    address: Address
    key: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that says it comes from the platform and makes no sense to us."""

    channel: str
    key: str


Event = Raw | Left | Unreadable
"""What a platform tells us."""


class Again(Exception):
    """An event could not be worked; the platform should deliver it once more."""


Take = Callable[[Event, Callable[[], str]], Awaitable[None]]
"""Let one event take effect; returns after the commit. The second argument tells the update's shape (keys and
types, no values), which is kept of an event that fails again and again. Raises StoreDown and Again.
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a platform is answered over HTTP. `retry_after` in seconds; 0: not said."""

    status: int
    body: bytes = b""
    retry_after: int = 0


Headers = Sequence[tuple[bytes, bytes]]
"""As they came, names in lower case; a name may come twice."""


class Webhook(Protocol):
    """Where a platform posts its events."""

    path: str

    def admits(self, headers: Headers, /) -> bool:
        """Whether the headers alone may come from the platform; asked before the body is read."""
        ...

    async def take(self, headers: Headers, body: bytes, /) -> Posted:
        """Answer one request; after the commit, so that 200 means kept. Raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Door:
    """A way to the bot that a page can show. `words` are to be sent there, where a link cannot carry them."""

    channel: str
    link: str
    words: str = ""


class SendError(Exception):
    """A channel could not deliver; the kind says whether trying again may help."""


class TryLater(SendError):
    """Not now; `after` seconds at least before the next try.

    `away`: the platform did not answer at all, or answered nonsense, so others need not be tried either.
    """

    def __init__(self, after: float = 1.0, *, away: bool = False) -> None:
        super().__init__(f"try again after {after:g} s")
        self.after = after
        self.away = away


class Unreachable(SendError):
    """The contact is gone: blocked us, deleted the account, outside the platform's window."""


class Refused(SendError):
    """The platform will never take this message; the fault is ours and must be seen."""


class Delivery(StrEnum):
    """How a channel gets replies to a person: we send them, or the person's page fetches them."""

    PUSH = "push"
    PULL = "pull"


class Channel(Protocol):
    """A translator to one platform.

    `per_second` is how many messages the platform takes in all.
    """

    name: str
    delivery: Delivery
    per_second: float

    def gap(self, address: Address, /) -> float:
        """Seconds that the platform wants between two messages to this address."""
        ...

    async def send(self, address: Address, reply: Reply, part: int, /) -> int:
        """Deliver one part of a reply, counted from 0; returns how many parts the reply has here.

        Raises TryLater, Unreachable or Refused.
        """
        ...


class Platform(Channel, Protocol):
    """A channel that somebody else runs: it posts to a webhook or is polled, and needs looking after."""

    @property
    def webhook(self) -> Webhook | None:
        """None when it is polled."""
        ...

    def door(self, commune: str, /) -> Door | None:
        """How people get here, with a commune's code or without; None while that is not known."""
        ...

    async def tend(self) -> None:
        """What only one process may do for all: poll, renew tokens, tell the platform our address.

        Runs until cancelled; a fault in it is reported and it is started again later.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
