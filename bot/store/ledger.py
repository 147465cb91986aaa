"""The rows that one batch of turns reads and writes, and who can carry them to a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from bot.core.tally import Tally

T = TypeVar("T")


class Found(NamedTuple):
    """A conversation as it was read, with the address it was found by."""

    hash: bytes
    id: int
    revision: int
    channel: str
    heard_at: int
    due_at: int | None
    state: bytes


class Earlier(NamedTuple):
    """A dedupe key that is known, and where the lines of its turn lie (None: there were none)."""

    first_line: int | None
    last_line: int | None


class Saving(NamedTuple):
    """What a turn leaves of its conversation. The order is that of `statements.SAVE`, then id, revision."""

    channel: str
    home: bytes
    flow: str | None
    version: str | None
    step: str | None
    pins: str | None
    heard_at: int
    wake_at: int | None
    state: bytes
    id: int
    revision: int


class InboxRow(NamedTuple):
    key: bytes
    received_at: int
    first_line: int | None
    last_line: int | None


class AddressRow(NamedTuple):
    hash: bytes
    conversation_id: int
    channel: str
    address: bytes


class LineRow(NamedTuple):
    id: int
    conversation_id: int | None
    mine: bool
    at: int
    key: bytes | None
    channel: str
    recipient: bytes | None
    address: bytes | None
    status: str
    ready_at: int
    attempts: int
    again: bool
    body: bytes


class UnmatchedRow(NamedTuple):
    id: int
    conversation_id: int
    at: int
    flow: str
    step: str
    body: bytes


class SumRow(NamedTuple):
    """A row of `weekly_counts` as it has to be; there is none when `number` is 0."""

    view: str
    kind: str
    flow: str
    week: int
    part: str
    step: str
    what: str
    number: int


@dataclass(slots=True)
class Writes:
    """All rows of a batch. `saved` exist already; `born` are inserted with revision 0.

    `due` are new times for conversations (time, id) whose timer is now earlier than the index says.
    """

    inbox: list[InboxRow] = field(default_factory=list)
    saved: list[Saving] = field(default_factory=list)
    born: list[Saving] = field(default_factory=list)
    addresses: list[AddressRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    due: list[tuple[int, int]] = field(default_factory=list)
    unmatched: list[UnmatchedRow] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)


class Overtaken(Exception):
    """Another writer changed a conversation after we read it."""


class Ledger(Protocol):
    """One open transaction on the driver's own connection."""

    connection: Connection

    def lock(self, hashes: Sequence[bytes]) -> None:
        """Keep other writers away from these addresses until the transaction ends."""
        ...

    def lock_person(self, person: int) -> None:
        """Keep others from giving somebody at the desk a conversation until the transaction ends. Taken
        after the conversation's lock, one in a transaction.
        """
        ...

    def earlier(self, keys: Sequence[bytes]) -> dict[bytes, Earlier]: ...

    def found(self, hashes: Sequence[bytes]) -> list[Found]:
        """The conversations behind these addresses, locked."""
        ...

    def found_by_id(self, conversation: int) -> Found | None:
        """A conversation by its number, locked; its `hash` is that of the address that wrote last."""
        ...

    def due(self, now: int, limit: int) -> list[Found]:
        """Conversations whose timer is due, locked; their `hash` is that of the address that wrote last."""
        ...

    def new_conversations(self, count: int) -> Sequence[int]: ...

    def new_lines(self, count: int) -> Sequence[int]:
        """Ids for lines, rising; they never come again, used or not."""
        ...

    def new_unmatched(self, count: int) -> Sequence[int]: ...

    def write(self, writes: Writes, now: int) -> None:
        """Raises Overtaken when a saved conversation has another revision than the one read."""
        ...

    def count(self, tally: Tally, now: int) -> None:
        """Add to the counters, and note for the weekly sums which weeks changed."""
        ...

    def set_sums(self, rows: Sequence[SumRow]) -> None:
        """Let these weekly sums stand, whatever stood there before."""
        ...


class Database(Protocol):
    """Runs one piece of work in one transaction, away from the event loop.

    Raises StoreDown when the database is away or does not answer in time.
    """

    away: tuple[type[Exception], ...]

    async def write(self, work: Callable[[Connection], T]) -> T: ...

    async def read(self, work: Callable[[Connection], T]) -> T: ...

    async def read_at_leisure(self, work: Callable[[Connection], T]) -> T:
        """As `read`, for what takes long: nobody who writes or reads waits for it."""
        ...

    def ledger(self, connection: Connection) -> Ledger: ...

    async def scrub(self) -> None:
        """Make deleted bytes leave the files."""
        ...

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
        ...
