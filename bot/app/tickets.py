"""Tickets as the desk sees them, and what it needs from the store for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.app.ports import Acted, Line
from bot.core.handoff import Deed
from bot.core.session import State
from bot.core.ticket import Helper, Refusal


@dataclass(frozen=True, slots=True)
class Request:
    """A ticket in a list: no words of anybody.

    `number` is what people say. `holder` 0: nobody. `wish` is the colleague who wants to take over.
    `heard_at` and `spoke_at` are when the resident and a person wrote last; 0: not since it was opened.
    """

    number: int
    key: str
    conversation: int
    channel: str
    commune: str
    locale: str
    flow: str
    version: str
    step: str
    error: str
    reason: str
    status: str
    holder: int
    holder_name: str
    holder_since: int
    until: int
    wish: str
    opened_at: int
    heard_at: int
    spoke_at: int
    claimed_at: int
    barred: tuple[int, ...]
    closed_at: int
    closing: str
    rating: int

    @property
    def is_unread(self) -> bool:
        """Whether the resident wrote after the person did."""
        return self.heard_at > self.spoke_at


class Wait(NamedTuple):
    """What decides who sees an open ticket, in a form that is quick to make of thousands."""

    number: int
    key: str
    commune: str
    locale: str
    reason: str
    opened_at: int
    holder: int
    barred: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a ticket. `kind` is "opened", "closed", "note", "mention" or a `Move`; `who`
    and `to` are people, 0 the resident, the bot or the queue. `text` is a note.
    """

    at: int
    kind: str
    who: int
    to: int
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation at the desk. `lines` were sieved before they were stored."""

    request: Request
    state: State
    lines: tuple[Line, ...]
    log: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Words for colleagues, never for the resident; `to` is who is mentioned."""

    who: int
    text: str
    kind: str = "note"
    to: int = 0


class Tickets(Protocol):
    """Each method is one transaction; all raise StoreDown when the database is away."""

    async def act(
        self,
        ticket: str,
        deed: Deed,
        now: int,
        *,
        key: str = "",
        note: Note | None = None,
        to: Helper | None = None,
    ) -> Acted | Refusal:
        """Do something to a ticket's conversation, under its lock and on its newest state.

        The same `key` takes effect once. `note` is written only if the deed is not refused. `to` is who may
        get the conversation by it: refused as FULL when they have as many as they may, counted in the same
        transaction, so that no two deeds together give them more.
        """
        ...

    async def note(self, ticket: str, note: Note, now: int) -> bool:
        """Write a note beside an open or closed ticket; False when there is none of that key."""
        ...

    async def open(self, limit: int) -> list[Request]:
        """Open tickets, oldest first."""
        ...

    async def waits(self) -> list[Wait]:
        """All open tickets, oldest first."""
        ...

    async def requests(self, keys: Sequence[str]) -> list[Request]:
        """These, oldest first, as far as they are there."""
        ...

    async def held(self, person: int) -> list[Request]:
        """Open tickets that somebody has, oldest first."""
        ...

    async def request(self, ticket: str) -> Request | None: ...

    async def chat(self, ticket: str, after: int, limit: int) -> Chat | None:
        """The conversation of a ticket with its lines after one; with after = 0 the newest `limit`."""
        ...

    async def queued(self) -> dict[str, tuple[int, ...]]:
        """When those in the queue were opened, oldest first, by commune."""
        ...

    async def held_by(self, people: Sequence[int]) -> dict[int, int]:
        """How many conversations each of these has."""
        ...
