"""What volunteers wrote that somebody else has to see, what residents reported, and the store of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.app.dangers import Danger
from bot.app.ports import Acted
from bot.core.handoff import Deed
from bot.core.message import Picture
from bot.core.ticket import Refusal


class Fate(StrEnum):
    """What became of a message that was held back.

    `REWRITTEN`: its author said it another way, so there is nothing to send, only something to look at.
    `LAPSED`: it was to be released, but its author has the conversation no more.
    """

    WAITING = "waiting"
    REWRITTEN = "rewritten"
    RELEASED = "released"
    REFUSED = "refused"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A message that did not reach the resident yet.

    `number` is the ticket's, `name` what residents read of its author. `holds`: they have the conversation
    still. `decided_at` 0: nobody has looked at it.
    """

    id: int
    ticket: str
    number: int
    person: int
    name: str
    at: int
    why: tuple[Danger, ...]
    fate: Fate
    decided_by: int
    decided_at: int
    text: str
    picture: Picture | None
    holds: bool

    @property
    def is_dangerous(self) -> bool:
        return any(danger is not Danger.NEW for danger in self.why)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A resident pressed «Báo người xấu». `count`: how many residents did so lately, with this one."""

    id: int
    ticket: str
    number: int
    person: int
    name: str
    at: int
    count: int


class Withholding(Protocol):
    """Each method is one transaction; all raise StoreDown when the database is away."""

    async def hold(
        self,
        ticket: str,
        person: int,
        key: str,
        words: tuple[str, Picture | None],
        why: Sequence[Danger],
        now: int,
    ) -> Withheld | None:
        """Keep a message back, sealed; the same `key` once. None when the ticket is gone."""
        ...

    async def earlier(self, ticket: str, person: int, key: str) -> Withheld | None: ...

    async def one(self, id: int) -> Withheld | None: ...

    async def unseen(self) -> list[Withheld]:
        """What nobody has looked at, oldest first; of newcomers only while they have the conversation."""
        ...

    async def of_author(self, ticket: str, person: int) -> list[Withheld]:
        """What somebody wrote in one conversation and was held back, oldest first."""
        ...

    async def release(self, id: int, deed: Deed, by: int, now: int) -> Acted | Refusal | None:
        """Say it and note that, together. Refused: it lapses. None when somebody else decided before."""
        ...

    async def decide(self, id: int, fate: Fate, by: int, now: int) -> bool:
        """False when somebody else decided before."""
        ...

    async def rewritten(self, ticket: str, person: int) -> None:
        """They said it another way: what of theirs waits and is dangerous stays to be looked at only."""
        ...

    async def refuse_all(self, person: int, by: int, now: int) -> None: ...

    async def complaints(self, since: int) -> list[Complaint]:
        """Those that nobody has looked at, oldest first."""
        ...

    async def new_complaints(self, since: int) -> list[Complaint]:
        """Those of which was not decided yet whether somebody is shut out."""
        ...

    async def weighed(self, complaint: int, now: int) -> bool:
        """Note that it was decided; False when another process did."""
        ...

    async def looked(self, complaint: int, by: int, now: int) -> bool: ...
