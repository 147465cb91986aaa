"""What was not understood, summed up for a page: kept in memory, renewed beside the pages that show it.

To read it costs a decryption for each message, so no request does. A wording is shown only when many people
are behind it and several of them said it in the very same words; all other messages are told by what they
are most likely about.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.app.learning import Alike, shown
from bot.app.ports import Sieve, StoreDown, Unmatched
from bot.core.publishing import K

DAYS = 28
EVERY = 600.0
"""Seconds between two readings, at least."""

MOST = 20_000
"""Messages that are read at once, the newest."""

SAME = 3
"""People who said it in the very same words before a wording is shown: what one person adds is not."""

ASKED_ABOUT = 300
"""Groups whose nearest intent is looked up; it takes a millisecond each."""


class Puzzles(Protocol):
    async def unmatched(self, since: int, most: int) -> Sequence[Unmatched]:
        """The newest messages that were not understood since then. Raises StoreDown."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """`people`: how many said nearly this, by tens. `meant` is the intent it is most likely about; empty:
    unknown.
    """

    text: str
    people: int
    meant: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Other messages that are most likely about one intent."""

    meant: str
    people: int


@dataclass(frozen=True, slots=True)
class Puzzled:
    """`at`: when it was summed up, 0: not yet. `people` said anything of it; all numbers are tens."""

    at: int = 0
    people: int = 0
    wordings: tuple[Wording, ...] = ()
    themes: tuple[Theme, ...] = ()


def puzzled(
    messages: Sequence[Unmatched], alike: Alike, sieve: Sieve, nearest: Callable[[str], str], at: int
) -> Puzzled:
    """People are different conversations."""
    found = alike([message.text for message in messages], [0] * len(messages))
    found.sort(key=lambda members: -len({messages[index].conversation for index in members}))
    wordings: list[Wording] = []
    themes: defaultdict[str, set[int]] = defaultdict(set)
    for place, members in enumerate(found):
        said = [messages[index] for index in members]
        people = {message.conversation for message in said}
        meant = _meant(said, nearest if place < ASKED_ABOUT else _nothing)
        words = _shared(said, sieve) if len(people) >= K else ""
        if words:
            wordings.append(Wording(words, _by_tens(len(people)), meant))
        else:
            themes[meant] |= people
    told = [Theme(meant, _by_tens(len(people))) for meant, people in themes.items() if len(people) >= K]
    return Puzzled(
        at,
        _by_tens(len({message.conversation for message in messages})),
        tuple(sorted(wordings, key=lambda one: (-one.people, one.text))),
        tuple(sorted(told, key=lambda one: (-one.people, one.meant))),
    )


class Puzzling:
    """The latest summary. Reading goes on only while somebody looks at it."""

    def __init__(
        self,
        puzzles: Puzzles,
        alike: Alike,
        sieve: Sieve,
        nearest: Callable[[str], str],
        now: Callable[[], int],
    ) -> None:
        self._puzzles = puzzles
        self._alike = alike
        self._sieve = sieve
        self._nearest = nearest
        self._now = now
        self._latest = Puzzled()
        self._wanted = asyncio.Event()

    def latest(self) -> Puzzled:
        """What is known, and ask for a newer one."""
        self._wanted.set()
        return self._latest

    async def look(self) -> None:
        """Raises StoreDown; what was known stays known."""
        now = self._now()
        messages = await self._puzzles.unmatched(now - DAYS * 86400, MOST)
        self._latest = await asyncio.to_thread(
            puzzled, messages, self._alike, self._sieve, self._nearest, now
        )

    async def wanted(self) -> None:
        """Until somebody looks."""
        await self._wanted.wait()
        self._wanted.clear()


async def run_puzzling(
    puzzling: Puzzling, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Sum up again and again, until cancelled."""
    while True:
        await puzzling.wanted()
        with suppress(StoreDown):
            await puzzling.look()
        await sleep(EVERY)


def _shared(said: Sequence[Unmatched], sieve: Sieve) -> str:
    """The wording that most people of a group said word for word; empty when too few did."""
    people: defaultdict[str, set[int]] = defaultdict(set)
    for message in said:
        people[" ".join(message.text.casefold().split())].add(message.conversation)
    words, who = min(people.items(), key=lambda item: (-len(item[1]), item[0]))
    return shown(words, sieve) if len(who) >= SAME else ""


def _meant(said: Sequence[Unmatched], nearest: Callable[[str], str]) -> str:
    """What most people picked themselves, or else what it comes nearest to."""
    picked = Counter(message.meant for message in said if message.meant)
    return min(picked, key=lambda meant: (-picked[meant], meant)) if picked else nearest(said[0].text)


def _nothing(_: str) -> str:
    return ""


def _by_tens(people: int) -> int:
    return people // K * K
