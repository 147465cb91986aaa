"""Answers that volunteers propose: kept sealed, decided by an organiser, written into the content's files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.app.ports import Sieve
from bot.core.visits import VIET_NAM

LONGEST = 2000
"""Letters of one field."""


class Kind(StrEnum):
    """What a proposed text is to become."""

    ANSWER = "answer"
    ERROR = "error"
    CANNED = "canned"


class Decided(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed, as it stands after the last change. «bác» stands for every form of address.

    `text` is the answer, the reply, or what to do about an error; `title` the reply's or the error's name.
    `intent` is which question it belongs to. `question` is how people ask, in the volunteer's own words:
    with `teach` it becomes a phrase that the bot learns from. `shown` and `meaning` are an error's words on
    the screen and what they mean. `sources` are facts, with commas between.
    """

    kind: Kind
    title: str = ""
    text: str = ""
    intent: str = ""
    question: str = ""
    shown: str = ""
    meaning: str = ""
    sources: str = ""
    teach: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """`word` is what the organiser said about it. `written`: it stands in the files; when it is approved and
    does not, `pieces` are to be copied by hand.
    """

    id: int
    made_by: int
    made_at: int
    decided: Decided
    proposed: Proposed
    word: str = ""
    written: bool = False
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What is new in a file, as a person would type it there."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after; `before` is empty for a file that is not there yet."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What approving would write. With `faults` nothing may be written; `notes` are to be known besides."""

    changes: tuple[Change, ...] = ()
    pieces: tuple[Piece, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Written(StrEnum):
    """What became of a plan: all of it is written, or nothing."""

    YES = "yes"
    READ_ONLY = "read_only"
    STALE = "stale"


class Shelf(Protocol):
    """The files that people write. Both methods are slow: not for the event loop."""

    def plan(self, proposed: Proposed, today: str, /) -> Plan:
        """What has to be written, and every fault that `bot check` would find afterwards."""
        ...

    def write(self, plan: Plan, /) -> Written: ...


class Proposals(Protocol):
    """Each method is one transaction; all raise StoreDown."""

    async def add(self, proposed: Proposed, made_by: int, now: int) -> int: ...

    async def one(self, id: int) -> Proposal | None: ...

    async def waiting(self) -> list[Proposal]:
        """Those nobody has decided, oldest first."""
        ...

    async def made_by(self, person: int, limit: int) -> list[Proposal]:
        """What somebody proposed, the newest first."""
        ...

    async def change(self, proposal: Proposal) -> bool:
        """Keep its words as they are now; False when it was decided meanwhile."""
        ...

    async def decide(self, proposal: Proposal, by: int, now: int, before: Decided) -> bool:
        """Keep a decision and what came of it; False when it does not stand where it stood `before`."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an approval. `written` is None when there were faults."""

    plan: Plan
    written: Written | None = None


class Proposing:
    """What volunteers and organisers do about proposals."""

    def __init__(self, kept: Proposals, shelf: Shelf, sieve: Sieve, now: Callable[[], int]) -> None:
        self._kept = kept
        self._shelf = shelf
        self._sieve = sieve
        self._now = now
        self._writing = asyncio.Lock()

    async def propose(self, by: int, proposed: Proposed) -> int:
        return await self._kept.add(sifted(proposed, self._sieve), by, self._now())

    async def one(self, id: int) -> Proposal | None:
        return await self._kept.one(id)

    async def waiting(self) -> list[Proposal]:
        return await self._kept.waiting()

    async def made_by(self, person: int) -> list[Proposal]:
        return await self._kept.made_by(person, 20)

    async def plan(self, proposed: Proposed) -> Plan:
        return await asyncio.to_thread(self._shelf.plan, proposed, self._today())

    async def change(self, proposal: Proposal, proposed: Proposed) -> Proposal | None:
        """The proposal with other words; None when it was decided meanwhile."""
        changed = replace(proposal, proposed=sifted(proposed, self._sieve))
        return changed if await self._kept.change(changed) else None

    async def approve(self, proposal: Proposal, by: int) -> Outcome | None:
        """Write it, unless there are faults. None when somebody else decided it."""
        async with self._writing:
            plan = await self.plan(proposal.proposed)
            if plan.faults:
                return Outcome(plan)
            approved = replace(proposal, decided=Decided.APPROVED, pieces=plan.pieces)
            if not await self._kept.decide(approved, by, self._now(), Decided.PROPOSED):
                return None
            written = await asyncio.to_thread(self._shelf.write, plan)
            if written is Written.STALE:
                await self._kept.decide(proposal, 0, 0, Decided.APPROVED)
            elif written is Written.YES:
                done = replace(approved, written=True, pieces=())
                await self._kept.decide(done, by, self._now(), Decided.APPROVED)
            return Outcome(plan, written)

    async def refuse(self, proposal: Proposal, by: int, word: str) -> bool:
        refused = replace(proposal, decided=Decided.REFUSED, word=self._sieve(word[:LONGEST]).text)
        return await self._kept.decide(refused, by, self._now(), Decided.PROPOSED)

    def _today(self) -> str:
        return f"{datetime.fromtimestamp(self._now(), UTC) + timedelta(seconds=VIET_NAM):%Y-%m-%d}"


def sifted(proposed: Proposed, sieve: Sieve) -> Proposed:
    """Without anybody's numbers, and no longer than can be read."""

    def clean(words: str) -> str:
        return sieve(words.strip()[:LONGEST]).text

    return replace(
        proposed,
        title=clean(proposed.title),
        text=clean(proposed.text),
        question=clean(proposed.question),
        shown=clean(proposed.shown),
        meaning=clean(proposed.meaning),
    )
