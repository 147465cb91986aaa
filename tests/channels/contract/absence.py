"""Hours without Telegram: what people did meanwhile, and what becomes of it when it is back."""

from __future__ import annotations

import asyncio

from bot.core.book import Book
from tests.channels.contract.crowds import numbered_answers
from tests.channels.contract.house import Gate, House, Person, house
from tests.platforms.telegram import FakeTelegram

WORDS = 6
"""What each person writes while nobody gets through."""


async def absent(gate: Gate, book: Book, url: str, *, hours: float, people: int) -> list[str]:
    """What is wrong afterwards."""
    async with house(gate, url, book, answers=numbered_answers(book)) as at:
        telegram: FakeTelegram = at.fake
        crowd = [telegram.person(f"Người {number}") for number in range(people)]
        await asyncio.gather(*(person.says("chào") for person in crowd))
        await asyncio.gather(*(person.hears() for person in crowd))
        await telegram.goes_away()
        await asyncio.sleep(60)  # a question that was on its way is over
        calls = len(telegram.calls)
        for number in range(WORDS):
            await asyncio.gather(*(person.presses("Bắt đầu") for person in crowd))
            await asyncio.gather(*(person.says(f"câu {number}") for person in crowd))
            await asyncio.sleep(hours * 3600 / WORDS - 10)
        before = [len(person.chat) for person in crowd]
        await telegram.comes_back()
        back = asyncio.get_running_loop().time()
        await telegram.delivered(within=900)
        found = [f"took {asyncio.get_running_loop().time() - back:.0f} s to hear of everything"]
        if asyncio.get_running_loop().time() - back <= 180:
            found.clear()
        await at.quiet(120)
        found += [f"{before[0]} messages while it was away"] if max(before) > 1 else []
        for person in crowd:
            heard = [message.words.partition("]")[0] for message in person.chat[1:]]
            if heard != [f"[câu {number}" for number in range(WORDS)]:
                found.append(f"heard {heard}")
        if not telegram.mail.died:
            found.append("no press died: it was no absence")
        for person in crowd:
            await _presses_again(at, person)
            if (state := await at.state(person)) is None or state.session is None:
                found.append("a press works no more")
        found += [f"early: {call.method}" for call in telegram.calls[calls:] if call.early]
        found += telegram.calls.too_fast()
        found += telegram.unanswered()
        found += [f"reported {fault}" for fault in at.faults if fault[1] not in {"TryLater", "AnswerLost"}]
        return found


async def _presses_again(at: House, person: Person) -> None:
    """Consent first; whoever had asked for a guide gets it."""
    await person.says("tôi muốn kích hoạt vneid")
    await person.hears()
    for _ in range(2):
        await at.gate.choose(person, 1)
        await person.hears()
