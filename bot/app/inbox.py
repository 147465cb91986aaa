"""Take each message once, in order per conversation, many conversations per commit."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress

from bot.app.bell import DESK, Bell
from bot.app.conversation import Answer
from bot.app.lately import Lately
from bot.app.platform import Raw
from bot.app.ports import Kept, Sieve, Store, StoreDown, Taken
from bot.app.screens import Screens
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.turn import Turn

TOGETHER = 64
"""Messages that share one commit at most."""

BUSY = 8
"""From so many in one commit on, the next one waits a moment for as many again."""

MOMENT = 0.005
"""Seconds of that moment. A commit costs the same for one message as for fifty."""

WAITING = 10_000
"""Messages that may wait for a commit; past that the sender is told to come back."""

EACH = 200
"""Of these, those of one person at most: whoever floods us takes nobody else's place."""


class Inbox:
    """Gathers what arrives while the last commit runs; one alone goes at once.

    `messages` and `commits` count since the start.
    """

    def __init__(
        self,
        store: Store,
        answer: Answer,
        sieve: Sieve,
        bell: Bell,
        now: Callable[[], int],
        draw: Callable[[], str],
    ) -> None:
        self._store = store
        self._answer = answer
        self._sieve = sieve
        self._bell = bell
        self._now = now
        self._draw = draw
        self._waiting: deque[tuple[Incoming, asyncio.Future[Taken]]] = deque()
        self._each: Counter[Address] = Counter()
        self._committing: asyncio.Task[None] | None = None
        self._expected = 0
        self._enough = asyncio.Event()
        self._lately = Lately()
        self._screens = Screens()
        self.messages = 0
        self.commits = 0

    async def receive(self, raw: Raw) -> Taken:
        """Answer one message; returns after its commit.

        Raises StoreDown when nothing could be kept, so that the platform delivers it again.
        """
        if len(self._waiting) >= WAITING or self._each[raw.address] >= EACH:
            raise StoreDown("too many messages are waiting")
        sifted = self._sieve(raw.text) if raw.text else None
        incoming = Incoming(
            address=raw.address,
            key=raw.key,
            text=sifted.text if sifted else "",
            button=raw.button,
            kind=raw.kind,
            found=sifted.found if sifted else (),
            seed=self._draw(),
            locale=raw.locale,
            commune=raw.commune,
            phone=raw.phone,
            again=self._lately.again(raw.address, raw.kind, self._now()),
            window=raw.window,
            crowded=raw.crowded,
            shown=self._screens.of(raw.address, self._now()),
            shown_at=self._screens.since(raw.address),
        )
        done: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, done))
        self._each[raw.address] += 1
        if len(self._waiting) >= self._expected:
            self._enough.set()
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        try:
            taken = await done
        except Exception:
            self._lately.forget(raw.address)  # it was not answered, and will come once more
            raise
        if taken.conversation is None:
            self.showed(raw.address, *(line.reply for line in taken.lines))
        else:
            self._screens.forget(raw.address)
        return taken

    def showed(self, address: Address, *replies: Reply) -> None:
        """Somebody of whom nothing is kept has this before them."""
        self._screens.show(address, replies, self._now())

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def drain(self) -> None:
        """Wait until everything received so far is committed."""
        if self._committing is not None:
            await asyncio.shield(self._committing)

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                batch = self._next_batch()
                self._expected = len(batch)
                await self._commit(batch)
        finally:
            self._committing = None

    async def _gather(self) -> None:
        """One alone goes at once; when many come, a moment's wait lets them share a commit."""
        if self._expected < BUSY or len(self._waiting) >= self._expected:
            return
        self._enough.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT):
                await self._enough.wait()

    def _next_batch(self) -> list[tuple[Incoming, asyncio.Future[Taken]]]:
        """The oldest waiting message of each conversation; the rest keep their order."""
        batch: list[tuple[Incoming, asyncio.Future[Taken]]] = []
        taken: set[Address] = set()
        later: list[tuple[Incoming, asyncio.Future[Taken]]] = []
        while self._waiting and len(batch) < TOGETHER:
            entry = self._waiting.popleft()
            address = entry[0].address
            if address in taken:
                later.append(entry)
            else:
                taken.add(address)
                batch.append(entry)
                self._each[address] -= 1
                if not self._each[address]:
                    del self._each[address]
        self._waiting.extendleft(reversed(later))
        return batch

    async def _commit(self, batch: list[tuple[Incoming, asyncio.Future[Taken]]]) -> None:
        now = self._now()

        def respond(state: State | None, message: Incoming, kept: Callable[[], Kept]) -> Turn:
            return self._answer(state, message, now, kept)

        try:
            results = await self._store.take([incoming for incoming, _ in batch], respond, now)
        except Exception as fault:  # noqa: BLE001 - every sender must hear of it; the loop must live on
            for _, done in batch:
                if not done.done():
                    done.set_exception(fault)
            return
        self.commits += 1
        self.messages += len(batch)
        for (_, done), result in zip(batch, results, strict=True):
            if done.done():
                continue  # the sender hung up; what was committed stays committed
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)
        taken = [result for result in results if isinstance(result, Taken)]
        desk = [DESK] if any(result.desk for result in taken) else []
        self._bell.ring(
            [*desk, *(result.conversation for result in taken if result.conversation is not None)],
            {incoming.address.channel for incoming, _ in batch},
        )
