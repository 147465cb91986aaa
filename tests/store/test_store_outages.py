"""Outages on both databases: one at a time, and everybody who wrote in one is woken once, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from store_people import look, said, take, telegram, web

from bot.app.outage import EARLIER
from bot.app.ports import Kept
from bot.core.contact import Contact
from bot.core.events import OutageTold
from bot.core.message import Incoming, Reply
from bot.core.outage import Outage, Reason
from bot.core.outage_over import GRACE
from bot.core.session import State
from bot.core.turn import Turn
from bot.store import outages as module
from bot.store.open import SqlStore, open_store
from bot.store.outages import MORNING, SqlOutages
from tests.conftest import KEY

NOON = 1_795_000_000 - (6 * 60 + 6) * 60 - 40
HOUR = 3600


@pytest.fixture
def outages(store: SqlStore) -> SqlOutages:
    return SqlOutages(store.backing)


def quiet(_: State | None, __: Incoming, ___: Callable[[], Kept], /) -> Turn:
    return Turn(State(Contact()), (Reply("Dạ."),))


async def begun(outages: SqlOutages, now: int = NOON, reason: Reason = Reason.OTP) -> Outage:
    assert await outages.begin(reason, "", now, 1, now)
    (entry, *_) = await outages.entries(1)
    return entry.outage


async def test_two_who_press_at_once_announce_one(outages: SqlOutages) -> None:
    pressed = await asyncio.gather(
        *(outages.begin(Reason.LOGIN, "", NOON + who, who, NOON + who) for who in range(4))
    )
    assert sorted(pressed) == [False, False, False, True]
    (entry,) = await outages.entries(9)
    assert not entry.outage.ended_at
    ended = await asyncio.gather(*(outages.finish(entry.outage.id, who, NOON + 60) for who in range(4)))
    assert sorted(ended) == [False, False, False, True]


async def test_what_was_announced_is_read_back(outages: SqlOutages) -> None:
    assert await outages.begin(Reason.PORTAL, "bảo trì theo lịch", NOON - HOUR, 7, NOON)
    (entry,) = await outages.entries(9)
    outage = entry.outage
    assert (outage.started_at, outage.said_at, outage.reason) == (NOON - HOUR, NOON, Reason.PORTAL)
    assert (entry.note, entry.by, entry.announced) == ("bảo trì theo lịch", 7, False)
    assert list(await outages.between(NOON, NOON)) == [outage]
    assert await outages.finish(outage.id, 8, NOON + HOUR)
    assert await outages.between(NOON + HOUR, NOON + 2 * HOUR) == []
    assert [one.ended_at for one in await outages.between(NOON, NOON + 2 * HOUR)] == [NOON + HOUR]


async def test_no_outage_begins_in_the_one_before_or_too_early(outages: SqlOutages) -> None:
    first = await begun(outages)
    await outages.finish(first.id, 1, NOON + HOUR)
    await outages.begin(Reason.OTP, "", NOON - 9 * HOUR, 1, NOON + 2 * HOUR)
    (second, _) = await outages.entries(9)
    assert second.outage.started_at == NOON + HOUR
    await outages.finish(second.outage.id, 1, NOON + 3 * HOUR)
    later = NOON + 10 * EARLIER
    await outages.begin(Reason.OTP, "", NOON, 1, later)
    assert (await outages.entries(1))[0].outage.started_at == later - EARLIER


async def test_how_many_were_told_is_published_by_tens(outages: SqlOutages, store: SqlStore) -> None:
    outage = await begun(outages)

    def told(_: State | None, __: Incoming, ___: Callable[[], Kept], /) -> Turn:
        return Turn(State(Contact()), (Reply("Dạ."),), (OutageTold(outage.id),))

    for number in range(37):
        await take(store, said(web(f"w{number}"), "k"), respond=told, now=NOON)
    assert await look(store, "SELECT told FROM outages") == [(37,)]
    assert (await outages.entries(1))[0].told in {30, 40}
    await take(store, said(web("w1"), "k"), respond=told, now=NOON)  # the same key again
    assert await look(store, "SELECT told FROM outages") == [(37,)]


async def write_in(store: SqlStore, names: range, now: int) -> None:
    for name in names:
        await take(store, said(telegram(f"t{name}"), f"{now}"), respond=quiet, now=now)


async def woken(store: SqlStore) -> list[tuple[int, int]]:
    return await look(store, "SELECT id, wake_at FROM conversations WHERE wake_at IS NOT NULL ORDER BY id")


async def test_who_wrote_in_it_is_woken_once_and_nobody_else(
    outages: SqlOutages, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    await write_in(store, range(3), NOON - 5)
    outage = await begun(outages)
    await write_in(store, range(3, 12), NOON + 5)
    await outages.finish(outage.id, 1, NOON + 100)
    await write_in(store, range(12, 14), NOON + 100 + GRACE + 5)
    now = NOON + 100 + GRACE
    assert await outages.spread_the_end(now - 1) is None
    counts = []
    while True:
        # a process that dies in between is followed by another one, which knows nothing but the tables
        count = await SqlOutages(store.backing).spread_the_end(now)
        if count is None:
            break
        counts.append(count)
    assert sum(counts) == 9
    assert max(counts) <= 4
    assert [id for id, _ in await woken(store)] == list(range(4, 13))
    assert {at for _, at in await woken(store)} == {now}
    assert (await outages.entries(1))[0].announced


async def test_several_that_spread_at_once_leave_nobody_out(outages: SqlOutages, store: SqlStore) -> None:
    outage = await begun(outages)
    await write_in(store, range(10), NOON + 5)
    await outages.finish(outage.id, 1, NOON + 100)
    now = NOON + 100 + GRACE
    await asyncio.gather(*(outages.spread_the_end(now) for _ in range(3)))
    assert len(await woken(store)) == 10
    assert await outages.spread_the_end(now) is None


async def test_while_another_one_lasts_they_wait(outages: SqlOutages, store: SqlStore) -> None:
    first = await begun(outages)
    await write_in(store, range(2), NOON + 5)
    await outages.finish(first.id, 1, NOON + 100)
    second = await begun(outages, NOON + 110)
    assert await outages.spread_the_end(NOON + 500) is None
    assert await woken(store) == []
    await outages.finish(second.id, 1, NOON + 600)
    while await outages.spread_the_end(NOON + 700) is not None:
        pass
    assert len(await woken(store)) == 2


async def test_at_night_the_morning_is_shared_out(outages: SqlOutages, store: SqlStore) -> None:
    outage = await begun(outages, NOON)
    await write_in(store, range(5), NOON + 5)
    await outages.finish(outage.id, 1, NOON + 10 * HOUR)
    await outages.spread_the_end(NOON + 10 * HOUR + GRACE)
    morning = NOON + 19 * HOUR
    times = [at for _, at in await woken(store)]
    assert len(set(times)) == 5
    assert all(morning <= at < morning + MORNING for at in times)


async def test_a_timer_that_comes_sooner_stays(outages: SqlOutages, store: SqlStore) -> None:
    def soon(_: State | None, __: Incoming, ___: Callable[[], Kept], /) -> Turn:
        return Turn(State(Contact()), (Reply("Dạ."),), due_at=NOON + 50)

    outage = await begun(outages)
    await take(store, said(telegram("t"), "k"), respond=soon, now=NOON + 5)
    await outages.finish(outage.id, 1, NOON + 100)
    await outages.spread_the_end(NOON + 100 + GRACE)
    assert await look(store, "SELECT due_at, wake_at FROM conversations") == [(NOON + 50, NOON + 50)]


async def test_it_lasts_through_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    first = open_store(url, KEY, frozenset())
    outage = await begun(SqlOutages(first.backing))
    first.abandon()
    second = open_store(url, KEY, frozenset())
    assert list(await SqlOutages(second.backing).between(NOON, NOON)) == [outage]
    second.abandon()
