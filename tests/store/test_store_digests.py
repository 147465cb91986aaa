"""Where the weekly digest goes, on both databases: each address once, each week once, whoever races."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from bot.app.digests import PUSH, TELEGRAM, Entry, Joined, Waiting
from bot.store.digests import SqlDigests
from bot.store.store import SqlStore

NOW = 1_795_000_000
WEEK = 2_969
DAY = 86_400
CHAT = "-100123456789"


@pytest.fixture
def kept(store: SqlStore) -> SqlDigests:
    return SqlDigests(store.backing)


async def enrolled(kept: SqlDigests, chat: str = CHAT, code: str = "ABCDEFGH", told: int = WEEK - 1) -> int:
    id = await kept.offer("Nhóm điều phối", code, 7, NOW, NOW + DAY)
    assert await kept.join(code, chat, told, NOW) is Joined.NOW
    return id


async def test_a_code_enrols_one_chat_once_and_only_in_time(kept: SqlDigests) -> None:
    await kept.offer("Nhóm", "ABCDEFGH", 7, NOW, NOW + DAY)
    assert await kept.join("ABCDEFGH", CHAT, WEEK, NOW + DAY) is Joined.UNKNOWN
    assert await kept.join("WRONGONE", CHAT, WEEK, NOW) is Joined.UNKNOWN
    [entry] = await kept.entries(NOW)
    assert entry == Entry(entry.id, TELEGRAM, "Nhóm", NOW + DAY, 0, False, 0, NOW)
    assert await kept.entries(NOW + DAY) == []
    joined = await asyncio.gather(*(kept.join("ABCDEFGH", f"-{chat}", WEEK, NOW) for chat in range(1, 5)))
    assert sorted(joined) == [Joined.NOW, Joined.UNKNOWN, Joined.UNKNOWN, Joined.UNKNOWN]
    chat = f"-{1 + joined.index(Joined.NOW)}"
    assert await kept.join("ABCDEFGH", chat, WEEK, NOW) is Joined.BEFORE, "Telegram may deliver it again"
    assert [one.address for one in await kept.waiting(TELEGRAM, WEEK + 1)] == [chat]


async def test_a_second_code_in_the_same_chat_sends_nothing_a_second_time(kept: SqlDigests) -> None:
    id = await enrolled(kept)
    [one] = await kept.waiting(TELEGRAM, WEEK)
    assert await kept.claim(one, WEEK)
    await kept.lost(id, NOW)
    await kept.offer("Tên mới", "HGFEDCBA", 7, NOW, NOW + DAY)
    assert await kept.join("HGFEDCBA", CHAT, WEEK - 1, NOW) is Joined.NOW
    assert await kept.waiting(TELEGRAM, WEEK) == []
    [entry] = await kept.entries(NOW)
    assert (entry.name, entry.told_week, entry.lost_at) == ("Tên mới", WEEK, 0)


async def test_one_of_many_claims_a_week(kept: SqlDigests) -> None:
    await enrolled(kept)
    [one] = await kept.waiting(TELEGRAM, WEEK)
    assert one == Waiting(one.id, CHAT, WEEK - 1, False)
    assert sorted(await asyncio.gather(*(kept.claim(one, WEEK) for _ in range(4)))) == [False] * 3 + [True]
    assert await kept.waiting(TELEGRAM, WEEK) == []
    await kept.unclaim(one, WEEK)
    assert await kept.waiting(TELEGRAM, WEEK) == [one]
    assert await kept.waiting(PUSH, WEEK) == []
    assert await kept.waiting(TELEGRAM, None) == []


async def test_who_rests_or_is_lost_gets_trials_alone(kept: SqlDigests) -> None:
    id = await enrolled(kept)
    for stop in (kept.rest(id, True), kept.lost(id, NOW)):
        [stale] = await kept.waiting(TELEGRAM, WEEK)
        await stop
        assert await kept.waiting(TELEGRAM, WEEK) == []
        assert not await kept.claim(stale, WEEK), "switched off while it was about to be sent"
        assert await kept.try_out(id)
        [trial] = await kept.waiting(TELEGRAM, WEEK)
        assert [await kept.claim(trial, None) for _ in range(2)] == [True, False]
        assert await kept.rest(id, False)
    assert await kept.remove(id)
    assert not await kept.remove(id)
    assert not await kept.try_out(id)
    assert await kept.entries(NOW) == []


async def test_a_group_that_grew_is_followed_and_never_told_twice(kept: SqlDigests) -> None:
    first, second = await enrolled(kept, "-5"), await enrolled(kept, "-6", "HGFEDCBA")
    assert await kept.moved(first, "-1005")
    assert [one.address for one in await kept.waiting(TELEGRAM, WEEK)] == ["-1005", "-6"]
    assert not await kept.moved(second, "-1005")
    assert [one.address for one in await kept.waiting(TELEGRAM, WEEK)] == ["-1005"]


async def test_ones_own_devices_are_added_once(kept: SqlDigests) -> None:
    id = await kept.add("Máy của Hòa", "7", WEEK - 1, 7, NOW)
    assert id is not None
    assert await kept.add("Máy của Hòa", "7", WEEK - 1, 7, NOW) is None
    assert [one.address for one in await kept.waiting(PUSH, WEEK)] == ["7"]


async def test_neither_address_nor_code_is_kept_in_clear(kept: SqlDigests, store: SqlStore) -> None:
    await enrolled(kept)
    await kept.offer("Nhóm", "HGFEDCBA", 7, NOW, NOW + DAY)
    rows = await store.backing.database.read(
        lambda connection: connection.execute(text("SELECT * FROM digests")).all()
    )
    for value in (value for row in rows for value in row if isinstance(value, bytes | memoryview)):
        assert CHAT.encode() not in bytes(value)
        assert b"HGFEDCBA" not in bytes(value)
