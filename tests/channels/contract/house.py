"""The whole bot behind one simulated platform, in virtual time. Only the platform is not the real one."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.app.bell import Bell
from bot.app.conversation import Answer, answering
from bot.app.inbox import Inbox
from bot.app.ports import Kept, NoPictures, Pictures, Store
from bot.app.timers import run_timers
from bot.config import Settings
from bot.core.book import Book
from bot.core.message import Address, Incoming
from bot.core.session import State
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.outside import Inside, Outside, opened
from bot.store.open import open_store
from bot.web.webhooks import answer
from tests.conftest import KEY
from tests.platforms.clock import calendar
from tests.platforms.posting import Answered, Post

WEB = "https://huong-dan.example.vn"
SECRET = "a-webhook-secret_only-for-tests"
POISON = "độc"


class Person(Protocol):
    """What all simulated people can do."""

    @property
    def chat(self) -> list[Any]: ...

    async def says(self, words: str) -> object: ...

    async def sends_photo(self, caption: str = "") -> object: ...

    async def sends_sticker(self) -> object: ...

    async def blocks(self) -> object: ...

    async def hears(self, count: int = 1, within: float = 60) -> list[Any]: ...


class Trouble(Enum):
    """What a platform does to a message of ours."""

    BUSY = auto()
    DOWN = auto()
    HANGS = auto()
    NONSENSE = auto()
    LOST = auto()


class Gate(Protocol):
    """One platform, as the contract needs it."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        ...

    def fake(self, now: Callable[[], int], post: Post) -> AbstractAsyncContextManager[Any]: ...

    def settings(self, fake: Any) -> Mapping[str, Any]:
        """What config.yaml says under `channels`."""
        ...

    async def connect(self, fake: Any) -> None:
        """What somebody does in the platform's console."""
        ...

    def person(self, fake: Any, name: str) -> Person: ...

    async def choose(self, person: Person, number: int) -> None:
        """Answer as this platform's people do: press, or type the number."""
        ...

    def address(self, person: Person) -> str: ...

    async def settled(self, fake: Any) -> None:
        """Wait until every event has been told."""
        ...

    def trouble(self, fake: Any, kind: Trouble, person: Any = None, seconds: float | None = None) -> None:
        """The next message of ours (or all for some seconds; to this person, or to anybody) meets it."""
        ...

    def sample(self, fake: Any) -> bytes:
        """A text event as the platform would post it, new each time."""
        ...

    def headers(self, fake: Any, body: bytes) -> Mapping[str, str]:
        """What makes a body authentic."""
        ...

    def forgeries(self, fake: Any, count: int) -> Iterator[tuple[Mapping[str, str], bytes]]:
        """Requests of somebody who does not know the secret."""
        ...

    def early(self, fake: Any) -> int:
        """Calls that came before the moment the platform had asked for."""
        ...

    def too_fast(self, fake: Any) -> list[str]:
        """Where more was written to people than the platform allows."""
        ...

    def connections(self, fake: Any, most: int) -> None:
        """Tell events over no more than so many connections at once."""
        ...

    def fetches(self, fake: Any, body: bytes) -> None:
        """Let one of the next answers to a poll hold this as the event."""
        ...

    def mischief(self, fake: Any, seed: int) -> None:
        """From now on events are told up to five times, over many connections, in any order."""
        ...


@dataclass
class House:
    """`faults` is what was reported: where, and of which kind. `accepted` is what was answered, in the order
    of the turns: the key, whose message it was, and its words or what was pressed.
    """

    fake: Any
    gate: Gate
    store: Store
    inbox: Inbox
    outside: Outside
    now: Callable[[], int]
    post: Post
    faults: list[tuple[str, str]] = field(default_factory=list)
    accepted: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def turns(self) -> int:
        return len(self.accepted)

    def person(self, name: str = "Lan") -> Person:
        return self.gate.person(self.fake, name)

    def address(self, person: Person) -> Address:
        return Address(self.gate.name, self.gate.address(person))

    async def state(self, person: Person) -> State | None:
        return await self.store.state(self.address(person))

    async def quiet(self, seconds: float = 120) -> None:
        """Let everything that is on its way arrive."""
        await self.gate.settled(self.fake)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def house(
    gate: Gate,
    url: str,
    book: Book,
    pictures: Pictures | None = None,
    tell: Callable[[str, str], None] = lambda *_: None,
    *,
    web: str = WEB,
    answers: Answer | None = None,
    flaw: Callable[[Store], Store] = lambda store: store,
) -> AsyncIterator[House]:
    """`tell` hears every report, as it would stand in the log. `answers` stands in for the dialogue, `flaw`
    breaks a promise of the store.
    """
    now = calendar()
    store = flaw(open_store(url, KEY, frozenset({"web"})))
    bell, seeds = Bell(), itertools.count()
    built: list[House] = []
    say = answers or answering(book)

    def answering_or_poisoned(
        state: State | None, message: Incoming, at: int, kept: Callable[[], Kept]
    ) -> Turn:
        if message.text == POISON:
            raise ZeroDivisionError
        built[0].accepted.append((message.key, message.address.id, message.text or message.button))
        return say(state, message, at, kept)

    inbox = Inbox(store, answering_or_poisoned, sift, bell, now, lambda: f"{next(seeds):016x}")
    post = into(built)

    def report(where: str, fault: BaseException) -> None:
        built[0].faults.append((where, type(fault).__name__))
        tell(where, repr(fault))

    try:
        async with gate.fake(now, post) as fake:
            settings = Settings.model_validate(
                {
                    "organisation": {"web_address": web},
                    "channels": {gate.name: gate.settings(fake)},
                }
            )
            inside = Inside(store, book, bell, inbox, pictures or NoPictures(), now, report, "tests")
            timers = asyncio.create_task(run_timers(store, book, bell, now, report))
            async with opened(settings, inside) as outside:
                built.append(House(fake, gate, store, inbox, outside, now, post))
                async with asyncio.timeout(60):
                    while not outside.platforms:  # noqa: ASYNC110 - virtual time, and nobody tells
                        await asyncio.sleep(1)
                await gate.connect(fake)
                await asyncio.sleep(5)
                yield built[0]
            timers.cancel()
            with suppress(asyncio.CancelledError):
                await timers
    finally:
        await store.close()


def into(built: list[House]) -> Post:
    """Straight into the part of the web server that platforms post to."""

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        outside = built[0].outside
        path = urlsplit(url).path
        if path not in outside.webhooks:
            return 404, {}, b""
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": path, "headers": pairs}
        await answer(outside.webhooks[path], scope, receive, send)
        said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], said, sent[1]["body"]

    return post
