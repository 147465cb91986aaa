"""Many people at once behind one door: what they send, and whether each heard one answer to each word."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.app.conversation import Answer, answering
from bot.app.ports import Kept, Store
from bot.core.book import Book
from bot.core.message import Incoming
from bot.core.session import State
from bot.core.turn import Turn
from tests.channels.contract.house import Gate, House, Person, house


async def often(
    gate: Gate,
    book: Book,
    url: str,
    *,
    people: int,
    each: int,
    flaw: Callable[[Store], Store] = lambda store: store,
) -> list[str]:
    """Every update is told one to five times, in any order, over eight connections; what went wrong."""
    async with house(gate, url, book, answers=numbered_answers(book), flaw=flaw) as at:
        crowd = [at.person(f"Người {number}") for number in range(people)]
        gate.connections(at.fake, 8)
        gate.mischief(at.fake, 20)
        await everybody_writes(at, crowd, each)
        await at.quiet(600)
        found = wrong_with(at, crowd, each)
        if at.turns != people * each:
            found.append(f"{at.turns} turns in all for {people * each} updates")
        return [*found, *gate.too_fast(at.fake), *(f"reported: {fault}" for fault in at.faults)]


def numbered_answers(book: Book) -> Answer:
    """The real dialogue; each answer also says to what it is one."""
    say = answering(book)

    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        turn = say(state, message, now, kept)
        first, *others = turn.replies
        return replace(
            turn, replies=(replace(first, text=f"[{message.text or message.button}] {first.text}"), *others)
        )

    return answer


async def everybody_writes(at: House, people: Sequence[Person], each: int) -> None:
    """All at the same time, each so many things; every fifth is a press, where there are buttons."""
    await asyncio.gather(*(person.says("câu 0") for person in people))
    await asyncio.gather(*(person.hears() for person in people))
    for number in range(1, each):
        if number % 5:
            await asyncio.gather(*(person.says(f"câu {number}") for person in people))
        else:
            await asyncio.gather(*(at.gate.choose(person, 1) for person in people))


def wrong_with(at: House, people: Sequence[Person], each: int) -> list[str]:
    """What is not as it must be: all of it, once, answered in the order in which it was accepted."""
    accepted: dict[str, list[str]] = defaultdict(list)
    for _, who, words in at.accepted:
        accepted[who].append(words)
    found = []
    for person in people:
        taken = accepted[at.gate.address(person)]
        told = [words for message in person.chat if (words := _answered(message.words))]
        if len(taken) != each:
            found.append(f"{len(taken)} turns for {each} updates")
        if told != taken:
            found.append(f"{len(told)} answers to {len(taken)} turns, or out of order")
    return found


def _answered(words: str) -> str:
    """What the message says it answers."""
    return words[1 : words.index("]")] if words.startswith("[") else ""
