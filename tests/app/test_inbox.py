"""Each message once, in order, many conversations per commit; every sender hears what became of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from itertools import count
from typing import cast

import pytest

from bot.app import inbox as module
from bot.app.bell import Bell
from bot.app.conversation import Answer, answering
from bot.app.inbox import TOGETHER, Inbox
from bot.app.lately import Lately
from bot.app.platform import Raw
from bot.app.ports import Kept, Store, StoreDown, Taken
from bot.core.book import Book
from bot.core.message import Incoming, Kind, Secret
from bot.core.session import State
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.app.harness.parts import NOW, WITHIN, Held, counting, somebody
from tests.books import book_of, small_root


@pytest.fixture
def held(store: Store) -> Held:
    return Held(store)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


def inbox_of(
    held: Held, answer: Answer = counting, bell: Bell | None = None, kind: type[Inbox] = Inbox
) -> Inbox:
    numbers = count()
    return kind(
        cast("Store", held), answer, sift, bell or Bell(), lambda: NOW, lambda: f"seed {next(numbers)}"
    )


def raw(name: str, text: str, key: str = "") -> Raw:
    return Raw(somebody(name), key or f"{name} {text}", text)


async def several(inbox: Inbox, *messages: Raw) -> list[Taken | BaseException]:
    async with asyncio.timeout(WITHIN):
        return await asyncio.gather(*(one(inbox, message) for message in messages), return_exceptions=True)


async def one(inbox: Inbox, message: Raw) -> Taken:
    taken = await inbox.receive(message)
    assert isinstance(taken, Taken)  # a failure is raised, never returned
    return taken


def said(taken: Taken | BaseException) -> list[str]:
    assert isinstance(taken, Taken), taken
    return [line.reply.text for line in taken.lines]


async def test_a_message_alone_goes_at_once(held: Held) -> None:
    (taken,) = await several(inbox_of(held), raw("an", "chào"))
    assert said(taken) == ["1: chào"]
    assert held.batches == [("an",)]


async def test_what_arrives_during_a_commit_shares_the_next(held: Held) -> None:
    inbox = inbox_of(held)
    held.gate.clear()
    first = asyncio.create_task(inbox.receive(raw("an", "chào")))
    await asyncio.sleep(0)
    others = asyncio.gather(*(inbox.receive(raw(f"ba {number}", "chào")) for number in range(TOGETHER + 6)))
    await asyncio.sleep(0)
    held.gate.set()
    async with asyncio.timeout(WITHIN):
        await first
        assert [said(taken) for taken in await others] == [["1: chào"]] * (TOGETHER + 6)
    assert [len(batch) for batch in held.batches] == [1, TOGETHER, 6]


async def in_order(held: Held, kind: type[Inbox]) -> None:
    """One person's messages wait for each other, and nobody else waits for them."""
    inbox = inbox_of(held, kind=kind)
    texts = ["một", "hai", "ba", "bốn"]
    taken = await several(inbox, *(raw("an", text) for text in texts), raw("binh", "chào"))
    assert [said(one) for one in taken[:4]] == [[f"{i}: {text}"] for i, text in enumerate(texts, 1)]
    assert held.batches == [("an", "binh"), ("an",), ("an",), ("an",)]


async def test_one_person_is_answered_in_order(held: Held) -> None:
    await in_order(held, Inbox)


async def test_an_inbox_that_mixes_one_persons_messages_is_seen(held: Held) -> None:
    class Careless(Inbox):
        def _next_batch(self) -> list[tuple[Incoming, asyncio.Future[Taken]]]:
            return [self._waiting.pop() for _ in range(len(self._waiting))]

    with pytest.raises(AssertionError):
        await in_order(held, Careless)


async def test_the_order_holds_where_a_full_batch_ends(held: Held) -> None:
    crowd = [raw(f"ba {number}", "chào") for number in range(TOGETHER)]
    inbox = inbox_of(held)
    taken = await several(inbox, raw("an", "một"), raw("an", "hai"), *crowd, raw("an", "ba"))
    assert [said(taken[place]) for place in (0, 1, -1)] == [["1: một"], ["2: hai"], ["3: ba"]]
    assert [len(batch) for batch in held.batches] == [TOGETHER, 2, 1]


async def test_the_same_key_takes_effect_once(held: Held, store: Store) -> None:
    inbox = inbox_of(held)
    (first,) = await several(inbox, raw("an", "chào", "k1"))
    again = await several(inbox, raw("an", "chào", "k1"), raw("an", "chào", "k1"))
    for taken in again:
        assert isinstance(taken, Taken)
        assert taken.repeated
        assert said(taken) == said(first)
    state = await store.state(somebody("an"))
    assert state is not None
    assert state.seq == 1


async def test_a_key_is_unique_within_its_channel_only(held: Held) -> None:
    inbox = inbox_of(held)
    messages = (Raw(somebody("an", channel), "k1", "chào") for channel in ("fake", "web"))
    taken = await several(inbox, *messages)
    assert [said(one) for one in taken] == [["1: chào"], ["1: chào"]]


async def test_nothing_sees_a_text_before_the_sieve(held: Held, store: Store) -> None:
    seen: list[Incoming] = []

    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        seen.append(message)
        return counting(state, message, now, kept)

    await several(inbox_of(held, answer), raw("an", "mã otp của tôi là 482913", "k1"))
    lines = await store.lines(somebody("an"), 0, 10)
    assert seen[0].found == (Secret.OTP,)
    assert "482913" not in str(seen) + str(lines)
    assert lines[0].mine


async def test_every_message_gets_its_own_chance(held: Held) -> None:
    seeds: list[str] = []

    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        seeds.append(message.seed)
        return counting(state, message, now, kept)

    await several(inbox_of(held, answer), raw("an", "một"), raw("an", "hai"), raw("binh", "ba"))
    assert sorted(seeds) == ["seed 0", "seed 1", "seed 2"]


async def test_a_button_and_the_kind_reach_the_turn_as_they_came(held: Held) -> None:
    seen: list[Incoming] = []

    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        seen.append(message)
        return counting(state, message, now, kept)

    address = somebody("an")
    await several(
        inbox_of(held, answer), Raw(address, "k1", button="?1.2"), Raw(address, "k2", kind=Kind.PHOTO)
    )
    assert [(message.text, message.button, message.kind) for message in seen] == [
        ("", "?1.2", Kind.TEXT),
        ("", "", Kind.PHOTO),
    ]


def photo(name: str, key: str) -> Raw:
    return Raw(somebody(name), key, kind=Kind.PHOTO)


async def test_a_strangers_album_is_answered_once_and_shortly_and_nothing_is_kept(
    held: Held, book: Book
) -> None:
    inbox = inbox_of(held, answering(book))
    taken = await several(inbox, *(photo("lan", f"k{number}") for number in range(5)), photo("minh", "k"))
    texts = ["".join(said(one)) for one in taken]
    assert "chương trình trả lời tự động" in texts[0]
    assert 0 < len(texts[1]) < 100
    assert texts[2:5] == [""] * 3
    assert texts[5] == texts[0]
    assert not any(isinstance(one, Taken) and one.conversation for one in taken)


async def test_control_without_lately_each_picture_is_welcomed(
    held: Held, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lately, "again", lambda *_: 0)
    taken = await several(inbox_of(held, answering(book)), *(photo("lan", f"k{n}") for n in range(3)))
    assert all("chương trình trả lời tự động" in "".join(said(one)) for one in taken)


async def test_a_picture_that_could_not_be_kept_is_answered_whole_when_it_comes_again(
    held: Held, book: Book
) -> None:
    inbox = inbox_of(held, answering(book))
    held.down = 1
    assert [type(one) for one in await several(inbox, photo("lan", "k1"))] == [StoreDown]
    (taken,) = await several(inbox, photo("lan", "k1"))
    assert "chương trình trả lời tự động" in "".join(said(taken))


async def test_everybody_hears_that_the_store_is_away(held: Held) -> None:
    """And what comes afterwards, or again, is taken as if nothing had been."""
    inbox = inbox_of(held)
    held.down = 1
    failed = await several(inbox, raw("an", "chào"), raw("binh", "chào"))
    assert [type(one) for one in failed] == [StoreDown, StoreDown]
    again = await several(inbox, raw("an", "chào"), raw("binh", "chào"))
    assert [said(one) for one in again] == [["1: chào"], ["1: chào"]]
    assert not any(isinstance(one, Taken) and one.repeated for one in again)


async def test_a_turn_that_fails_harms_nobody_else(held: Held, store: Store) -> None:
    def answer(state: State | None, message: Incoming, now: int, kept: Callable[[], Kept]) -> Turn:
        if message.text == "hỏng":
            raise ValueError("a fault in a guide")
        return counting(state, message, now, kept)

    inbox = inbox_of(held, answer)
    good, bad, other = await several(inbox, raw("an", "chào"), raw("binh", "hỏng"), raw("cuc", "chào"))
    assert isinstance(bad, ValueError)
    assert said(good) == said(other) == ["1: chào"]
    assert held.batches == [("an", "binh", "cuc")]
    assert await store.state(somebody("binh")) is None
    (later,) = await several(inbox, raw("binh", "chào"))
    assert said(later) == ["1: chào"]


async def test_who_hangs_up_is_still_served(held: Held) -> None:
    """What was committed stays; the same message once more is known."""
    inbox = inbox_of(held)
    held.gate.clear()
    hasty = asyncio.create_task(inbox.receive(raw("an", "chào")))
    patient = asyncio.create_task(inbox.receive(raw("binh", "chào")))
    await asyncio.sleep(0)
    hasty.cancel()
    await asyncio.sleep(0)
    held.gate.set()
    async with asyncio.timeout(WITHIN):
        assert said(await patient) == ["1: chào"]
        again = await inbox.receive(raw("an", "chào"))
    assert again.repeated
    assert said(again) == ["1: chào"]


async def test_who_hangs_up_keeps_nobody_from_hearing_of_a_fault(held: Held) -> None:
    inbox = inbox_of(held)
    held.gate.clear()
    held.down = 1
    hasty = asyncio.create_task(inbox.receive(raw("an", "chào")))
    patient = asyncio.create_task(inbox.receive(raw("binh", "chào")))
    await asyncio.sleep(0)
    hasty.cancel()
    await asyncio.sleep(0)
    held.gate.set()
    with pytest.raises(StoreDown):
        async with asyncio.timeout(WITHIN):
            await patient


async def test_a_full_house_is_told_to_come_back(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 3)
    taken = await several(inbox_of(held), *(raw(f"an {number}", "chào") for number in range(5)))
    assert [type(one) for one in taken] == [Taken, Taken, Taken, StoreDown, StoreDown]


async def test_draining_waits_for_all_that_was_received(held: Held, store: Store) -> None:
    inbox = inbox_of(held)
    await inbox.drain()
    tasks = [asyncio.create_task(inbox.receive(raw("an", text))) for text in ("một", "hai", "ba")]
    await asyncio.sleep(0)
    async with asyncio.timeout(WITHIN):
        await inbox.drain()
        state = await store.state(somebody("an"))
        await asyncio.gather(*tasks)
    assert state is not None
    assert state.seq == 3


class Ringing(Bell):
    """Writes down whom it was rung for."""

    def __init__(self) -> None:
        super().__init__()
        self.rung: list[int] = []

    def ring(self, conversations: Iterable[int], channels: Collection[str] | None = None) -> None:  # noqa: ARG002
        self.rung += conversations


async def test_the_bell_rings_for_what_was_committed(held: Held) -> None:
    bell = Ringing()
    inbox = inbox_of(held, bell=bell)
    held.down = 1
    await several(inbox, raw("an", "chào"))
    assert bell.rung == []
    (taken,) = await several(inbox, raw("an", "chào"))
    assert isinstance(taken, Taken)
    assert bell.rung == [taken.conversation]


async def test_nothing_is_kept_before_somebody_agrees(held: Held, store: Store, book: Book) -> None:
    inbox = inbox_of(held, answering(book))
    (first,) = await several(inbox, raw("an", "xin chào"))
    assert isinstance(first, Taken)
    assert first.conversation is None
    assert await store.conversation(somebody("an")) is None
    begin = first.lines[-1].reply.choices[0]
    (second,) = await several(inbox, Raw(somebody("an"), "k2", button=begin.token))
    assert isinstance(second, Taken)
    assert second.conversation is not None
    assert second.conversation == await store.conversation(somebody("an"))


async def test_a_copy_of_what_is_kept_comes_with_the_answer(held: Held, book: Book) -> None:
    inbox = inbox_of(held, answering(book))
    (first,) = await several(inbox, raw("an", "xin chào"))
    assert isinstance(first, Taken)
    await several(inbox, Raw(somebody("an"), "k2", button=first.lines[-1].reply.choices[0].token))
    await several(inbox, raw("an", "xyz qwk"))
    (copy,) = await several(inbox, raw("an", "/dulieu"))
    assert any("→ xyz qwk" in text for text in said(copy))
