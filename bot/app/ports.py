"""What we need from outside: a store, pictures, a sieve. Made in the outer rings, joined in `wiring`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.home_visit import HomeVisit
from bot.core.message import Address, Incoming, Picture, Reply, Secret
from bot.core.session import State
from bot.core.tally import Tally
from bot.core.turn import Turn


class StoreDown(Exception):
    """The database did not answer in time; nothing was changed. The sender should try again."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """A text without its secrets, and which kinds were masked."""

    text: str
    found: tuple[Secret, ...]


Sieve = Callable[[str], Sifted]


Report = Callable[[str, BaseException], None]
"""Note a fault where the work goes on: which loop it struck, and what it was. Never what people wrote."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something a channel needs to remember, such as a token. `revision` rises with each change."""

    value: bytes
    revision: int


class Safe(Protocol):
    """Small secrets of our own, sealed in the store; all methods raise StoreDown."""

    async def secret(self, name: str) -> Sealed | None: ...

    async def keep_secret(self, name: str, value: bytes, revision: int, now: int) -> bool:
        """Replace what had this revision (0: nothing was there); False when somebody else was quicker."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture's path on our web pages and its size in their pixels."""

    path: str
    width: int
    height: int


class Pictures(Protocol):
    """Where the pictures of replies are."""

    def shown(self, picture: Picture, /) -> Shown | None:
        """None when the picture cannot be shown any more; the reply says everything without it."""
        ...

    async def png(self, name: str, /) -> bytes | None:
        """The file behind the last part of a path; None when there is none of that name."""
        ...

    def newest(self, name: str, /) -> str | None:
        """The name that shows now what an old name showed."""
        ...

    def prepare(self) -> None:
        """Do now what a page would have to wait for. Slow: not for the event loop."""
        ...


class NoPictures:
    """Where nothing is drawn."""

    def shown(self, _: Picture, /) -> Shown | None:
        return None

    async def png(self, _: str, /) -> bytes | None:
        return None

    def newest(self, _: str, /) -> str | None:
        return None

    def prepare(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation as it is kept: what the resident reads again after a reload.

    `id` grows with time over all conversations. `mine` is True for what the resident wrote.
    """

    id: int
    mine: bool
    at: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one incoming message.

    `repeated`: the key was known, nothing changed; `lines` are then the replies of the first time, as
    far as they are kept. `conversation` is None when nothing is kept of this person. `desk`: it changed
    something that volunteers see. `called`: a human was asked for.
    """

    repeated: bool
    conversation: int | None
    lines: tuple[Line, ...]
    desk: bool = False
    called: bool = False


@dataclass(frozen=True, slots=True)
class Acted:
    """What somebody at the desk did took effect; `repeated`: it had already. `lines` were said."""

    repeated: bool
    conversation: int
    lines: tuple[Line, ...]
    channel: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A committed reply on its way. `again` is True when an earlier try may have reached the person.

    `done` parts of it are known to have arrived.
    """

    id: int
    address: Address
    reply: Reply
    attempts: int
    again: bool
    done: int = 0


class ParcelStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message that was not understood, as the sieve left it, and where it was said.

    `meant` is the intent that the person picked among guesses; empty when there was none to pick.
    """

    conversation: int
    at: int
    flow: str
    step: str
    text: str
    meant: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the store holds of one conversation, for `/dulieu`: every line, and how many tickets."""

    lines: tuple[Line, ...]
    since: int
    tickets: int
    unmatched: tuple[Unmatched, ...] = ()
    home_visits: tuple[HomeVisit, ...] = ()


class Respond(Protocol):
    def __call__(self, state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        """The pure turn of one message. `state` is None when nothing is kept of the sender.

        `kept` loads all that is stored of the conversation; only `/dulieu` asks for it.
        """
        ...


Wake = Callable[[State], Turn | None]
"""The pure turn of a due timer; None when it finds another visit and has nothing to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a guide's file, kept as long as somebody may be walking it."""

    flow: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many conversations stand on a step of one edition."""

    flow: str
    version: str
    step: str
    count: int


class Store(Safe, Protocol):
    """Everything durable. Each method is one transaction; all raise StoreDown when the database is away."""

    async def take(self, batch: Sequence[Incoming], respond: Respond, now: int) -> list[Taken | Exception]:
        """Answer messages of different conversations in one transaction, each key once.

        For each message that is new: load its state, run `respond`, save the new state, visits, counters,
        tickets and both sides' lines. A turn without a state (consent not given, or erased) keeps nothing
        but the dedupe key and, on a push channel, the reply until it is sent. A message whose turn raises
        keeps nothing, and its exception stands in its place: the others of the batch are not harmed.
        What is `shown` to somebody counts only when nothing is on its way to them any more.
        """
        ...

    async def wake(self, wake: Wake, now: int, limit: int) -> int:
        """Run the turns of conversations whose timer is due; returns how many were due."""
        ...

    async def touch(self, address: Address, wake: Wake, now: int) -> None:
        """Run a turn of one conversation to which no message led; nothing happens when none is kept."""
        ...

    async def conversation(self, address: Address) -> int | None:
        """The number of the conversation that this address reaches; None when nothing is kept."""
        ...

    async def state(self, address: Address) -> State | None: ...

    async def lines(self, address: Address, after: int, limit: int) -> list[Line]:
        """A conversation's lines with id > after, oldest first; with after = 0 the newest `limit`."""
        ...

    async def kept(self, address: Address) -> Kept | None: ...

    async def parcels(self, channels: Sequence[str], now: int, limit: int) -> list[Parcel]:
        """Lease due replies of push channels: of each conversation only the oldest that is not settled.

        A lease that ran out is leased again with `again` set: the process that held it died or hung.
        """
        ...

    async def settle(self, id: int, status: ParcelStatus, now: int, retry_at: int = 0, done: int = 0) -> None:
        """Note what became of a leased reply. QUEUED tries again from `retry_at`, without the parts done."""
        ...

    async def stumble(self, channel: str, key: str, shape: str, now: int) -> int:
        """Note that an event failed; returns how often it has by now."""
        ...

    async def give_up(self, address: Address) -> None:
        """Nothing that waits for this address is sent any more."""
        ...

    async def hold(self, duty: str, holder: str, now: int, until: int) -> bool:
        """Take or keep something that one process does for all; False while another holds it."""
        ...

    async def release(self, duty: str, holder: str) -> None: ...

    async def save_code(self, address: Address, code: str, now: int, until: int) -> bool:
        """Let `code` open this conversation on another phone until then; False when nothing is kept."""
        ...

    async def join(self, code: str, address: Address, now: int) -> bool:
        """Give another address the conversation behind `code`; False when the code is unknown or over.

        A conversation that the address had before, and that no other address reaches, is erased.
        """
        ...

    async def keep_editions(self, editions: Sequence[Edition], now: int) -> list[Edition]:
        """Keep the current editions; returns all that are kept, so that older runs can go on."""
        ...

    async def standing(self) -> list[Standing]: ...

    async def counts(self, flow: str) -> Tally:
        """All counters of a flow; `visits` stays empty."""
        ...

    async def purge(self, now: int) -> Mapping[str, int]:
        """Delete what is past its age and wipe it from the files; returns rows deleted per table."""
        ...

    async def close(self) -> None: ...
