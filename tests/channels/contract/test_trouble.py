"""Five minutes in which a platform is not well: who suffers, for how long, and how we behave meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import pytest

from bot.app.outbox import ALL_WAIT_AFTER
from bot.core.book import Book
from tests.channels.contract.crowds import numbered_answers, wrong_with
from tests.channels.contract.gates import GATES
from tests.channels.contract.house import House, Person, house
from tests.platforms.telegram import Down, FakeTelegram, Fault, LosesAnswer, Message, Refuses, TooMany
from tests.platforms.telegram import Person as TelegramPerson

TROUBLE = 300.0
EVERY = 20.0
TIMES = int(TROUBLE / EVERY)


def ill(chance: Random) -> Callable[[], Fault | None]:
    """Two in five too many, three down, two taken without an answer, one well."""

    def draw() -> Fault | None:
        drawn = chance.random()
        if drawn < 0.4:
            return TooMany(chance.randint(1, 60))
        if drawn < 0.7:
            return Down(chance.choice((500, 502, 503, 504)))
        return LosesAnswer() if drawn < 0.9 else None

    return draw


async def test_half_of_the_people_ill_and_the_others_do_not_notice(small: Book, sqlite_url: str) -> None:
    async with house(GATES["telegram-webhook"], sqlite_url, small, answers=numbered_answers(small)) as at:
        telegram: FakeTelegram = at.fake
        well = [telegram.person(f"Khỏe {number}") for number in range(20)]
        poor = [telegram.person(f"Vướng {number}") for number in range(20)]
        gone = [telegram.person(f"Chặn {number}") for number in range(50)]
        await _met(at, [*well, *poor, *gone])
        for person in poor:
            telegram.faults.add(ill(Random(person.id)), chat=person.id, seconds=TROUBLE)  # noqa: S311
        for person in gone:
            telegram.faults.add(Refuses(403, "bot was blocked by the user"), chat=person.id)
        calls = len(telegram.calls)
        await asyncio.gather(*(person.says("câu cuối") for person in gone))
        waiting = asyncio.create_task(_waits_of(well))
        await asyncio.gather(*(_says_now_and_then(person) for person in poor))
        waits = await waiting
        healed = asyncio.get_running_loop().time()
        await _all_arrived(poor, 1 + TIMES)
        assert asyncio.get_running_loop().time() - healed <= 300
        await at.quiet(300)

        assert _share(waits, 0.95) <= 2, sorted(waits)
        assert telegram.calls.early() == []
        assert telegram.calls.too_fast() == []
        tried = Counter(call.chat for call in telegram.calls[calls:])
        assert [tried[person.id] for person in gone] == [1] * 50
        lost = sum(call.done and call.status == 0 for call in telegram.calls)
        assert _doubled(poor) <= lost
        assert lost > 20
        assert wrong_with(at, well, 1 + TIMES) == []
        assert at.faults == []


async def test_five_minutes_without_the_platform(small: Book, sqlite_url: str) -> None:
    async with house(GATES["telegram-webhook"], sqlite_url, small, answers=numbered_answers(small)) as at:
        telegram: FakeTelegram = at.fake
        people = [telegram.person(f"Người {number}") for number in range(50)]
        await _met(at, people)
        telegram.faults.add(Down(), seconds=TROUBLE)
        calls = len(telegram.calls)
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(_says_now_and_then(person) for person in people))
        tries = [call.at for call in telegram.calls.of("sendMessage") if begun <= call.at < begun + TROUBLE]
        assert len(tries) < 40, "a platform that is down is left in peace"
        assert max(after - before for before, after in pairwise(tries)) <= 70
        assert len(telegram.calls) - calls < 60
        await _all_arrived(people, 1 + TIMES)
        assert asyncio.get_running_loop().time() - begun <= TROUBLE + 300
        assert telegram.calls.too_fast() == []
        assert wrong_with(at, people, 1 + TIMES) == []
        assert {where for where, _ in at.faults} <= {"telegram tending"}


async def test_a_platform_that_wants_us_all_to_wait(small: Book, sqlite_url: str) -> None:
    async with house(GATES["telegram-webhook"], sqlite_url, small, answers=numbered_answers(small)) as at:
        telegram: FakeTelegram = at.fake
        people = [telegram.person(f"Người {number}") for number in range(50)]
        await _met(at, people)
        telegram.faults.add(TooMany(40, everywhere=True), method="sendMessage", times=1)
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(person.says("câu 0") for person in people))
        await _all_arrived(people, 2)
        assert asyncio.get_running_loop().time() - begun < 60
        assert len(telegram.calls.early()) <= ALL_WAIT_AFTER + 1
        assert wrong_with(at, people, 2) == []


async def test_who_does_not_wait_as_long_as_asked_would_be_seen(
    small: Book, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.outbox.ceil", lambda _: 0)
    async with house(GATES["telegram-webhook"], sqlite_url, small) as at:
        lan = at.fake.person("Lan")
        at.fake.faults.add(TooMany(30), chat=lan.id, times=1)
        await lan.says("chào")
        await lan.hears()
        assert at.gate.early(at.fake) > 0


async def _met(at: House, people: Sequence[Person]) -> None:
    await asyncio.gather(*(person.says("chào") for person in people))
    await asyncio.gather(*(person.hears() for person in people))
    await at.quiet(30)


async def _says_now_and_then(person: Person) -> None:
    for number in range(TIMES):
        await person.says(f"câu {number}")
        await asyncio.sleep(EVERY)


async def _waits_of(people: Sequence[Person]) -> list[float]:
    """Everybody says something now and then; how long each waited for each answer."""

    async def one(place: int, person: Person) -> list[float]:
        clock = asyncio.get_running_loop().time
        waits = []
        await asyncio.sleep(place * EVERY / len(people))  # people do not write in step
        for number in range(TIMES):
            begun = clock()
            await person.says(f"câu {number}")
            await person.hears(within=TROUBLE)
            waits.append(clock() - begun)
            await asyncio.sleep(max(0.0, begun + EVERY - clock()))
        return waits

    return [
        wait
        for waits in await asyncio.gather(*(one(*placed) for placed in enumerate(people)))
        for wait in waits
    ]


async def _all_arrived(people: Sequence[Person], each: int) -> None:
    """Wait until everybody has heard so many different answers."""
    async with asyncio.timeout(1200):
        for person in people:
            while len({_answered(message) for message in person.chat}) < each:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(1)


def _doubled(people: Sequence[TelegramPerson]) -> int:
    told = [Counter(_answered(message) for message in person.chat) for person in people]
    return sum(count - 1 for counts in told for count in counts.values())


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]


def _answered(message: Message) -> str:
    return message.words.partition("]")[0]
