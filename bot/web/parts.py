"""What the pages are given by the wiring, and what they share while the process runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.bell import Bell
from bot.app.inbox import Inbox
from bot.app.platform import Door, Webhook
from bot.app.ports import NoPictures, Pictures, Sieve, Store
from bot.app.staff import Staff
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk
from bot.web.limits import Buckets, Crowd, Rate

Sources = Mapping[str, tuple[str, str, str]]
"""Source id → title, date (YYYY-MM-DD) and web address."""


PERSON_RATE = Rate(burst=20, per_second=1.0)
HOST_RATE = Rate(burst=300, per_second=30.0)
CALL_RATE = Rate(burst=40, per_second=40 / 3600)
"""Requests for a human from one network address, behind which a whole village may stand: a new visitor costs
nothing here, and whoever makes many must not fill the queue.
"""


def no_doors(_: str) -> Sequence[Door]:
    return ()


@dataclass(frozen=True, slots=True)
class Parts:
    """`draw(n)` is a random url-safe token of n bytes; `web_address` is how people reach us, without a
    slash at its end; `data_contact` says who answers questions about data (name, telephone). `doors` tells
    the other ways to the bot, for a commune's or a poster's code or for none. Without `staff` there is no
    desk; `desk` is what may be promised of them, and whether VNeID is down.

    `person_rate` is for one conversation. `host_rate` is for one network address: a whole village may
    stand behind one, so it is wide.
    """

    inbox: Inbox
    store: Store
    book: Book
    bell: Bell
    sieve: Sieve
    now: Callable[[], int]
    draw: Callable[[int], str]
    organisation: str
    web_address: str
    hotline: str = "1900 0368"
    data_contact: str = ""
    sources: Sources = field(default_factory=dict)
    pictures: Pictures = field(default_factory=NoPictures)
    webhooks: Mapping[str, Webhook | None] = field(default_factory=dict)
    doors: Callable[[str], Sequence[Door]] = no_doors
    staff: Staff | None = None
    desk: Callable[[], Desk] = lambda: NOBODY
    person_rate: Rate = PERSON_RATE
    host_rate: Rate = HOST_RATE


@dataclass(frozen=True, slots=True)
class Site:
    """The parts, and what this process remembers of its visitors: only how busy they are."""

    parts: Parts
    persons: Buckets
    hosts: Buckets
    codes: Buckets
    calls: Buckets
    streams: Crowd


def site_of(parts: Parts) -> Site:
    return Site(
        parts=parts,
        persons=Buckets(parts.person_rate),
        hosts=Buckets(parts.host_rate),
        codes=Buckets(Rate(burst=10, per_second=10 / 3600)),
        calls=Buckets(CALL_RATE),
        streams=Crowd(each=6, all_together=5000),
    )
