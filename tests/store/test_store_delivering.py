"""Replies leave once, in order, and wait when they are told to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from store_people import NOW, change, look, rows, said, take, telegram, web

from bot.app.ports import ParcelStatus, StoreDown
from bot.core.contact import Contact
from bot.core.dialogue import Turn
from bot.core.message import Reply
from bot.core.session import State
from bot.store.delivering import LEASE
from bot.store.open import SqlStore
from bot.store.postgres import PostgresDatabase
from bot.store.sealed import row_of

CHANNELS = ("telegram", "zalo")


async def test_replies_leave_one_at_a_time_and_in_order(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"), said(telegram("2"), "a"), said(web("3"), "a"))
    sent: dict[str, list[str]] = {}
    for turn in range(2):
        parcels = await store.parcels(CHANNELS, NOW + turn, 10)
        assert sorted(parcel.address.id for parcel in parcels) == ["1", "2"]
        assert await store.parcels(CHANNELS, NOW + turn, 10) == []
        for parcel in parcels:
            assert (parcel.attempts, parcel.again) == (1, False)
            sent.setdefault(parcel.address.id, []).append(parcel.reply.text)
            await store.settle(parcel.id, ParcelStatus.SENT, NOW)
    assert sent == {"1": ["Tin thứ 1", "Em chờ."], "2": ["Tin thứ 1", "Em chờ."]}
    assert await store.parcels(CHANNELS, NOW + 9, 10) == []


async def test_only_the_channels_asked_for_and_no_more_than_the_limit(store: SqlStore) -> None:
    await take(store, *(said(telegram(str(person)), "a") for person in range(5)))
    assert await store.parcels(("zalo",), NOW, 10) == []
    assert await store.parcels((), NOW, 10) == []
    assert len(await store.parcels(CHANNELS, NOW, 3)) == 3


async def test_a_lease_that_ran_out_is_leased_again_and_says_so(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    [first] = await store.parcels(CHANNELS, NOW, 10)
    assert await store.parcels(CHANNELS, NOW + LEASE - 1, 10) == []
    [again] = await store.parcels(CHANNELS, NOW + LEASE, 10)
    assert (again.id, again.attempts, again.again) == (first.id, 2, True)
    await store.settle(again.id, ParcelStatus.QUEUED, NOW, NOW + 200)
    [third] = await store.parcels(CHANNELS, NOW + 200, 10)
    assert (third.attempts, third.again) == (3, True)


async def test_a_reply_that_waits_holds_up_those_behind_it(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    [first] = await store.parcels(CHANNELS, NOW, 10)
    await store.settle(first.id, ParcelStatus.QUEUED, NOW, NOW + 30)
    assert await store.parcels(CHANNELS, NOW + 29, 10) == []
    [again] = await store.parcels(CHANNELS, NOW + 30, 10)
    assert (again.id, again.again) == (first.id, False)
    await store.settle(again.id, ParcelStatus.FAILED, NOW)
    [second] = await store.parcels(CHANNELS, NOW + 31, 10)
    assert second.id > first.id


async def test_what_was_settled_late_is_not_sent_again(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    [first] = await store.parcels(CHANNELS, NOW, 10)
    await store.settle(first.id, ParcelStatus.SENT, NOW)
    await store.settle(first.id, ParcelStatus.QUEUED, NOW, NOW)
    assert [parcel.id for parcel in await store.parcels(CHANNELS, NOW, 10)] == [first.id + 1]


async def test_what_is_settled_while_a_commit_runs_shares_the_next(store: SqlStore) -> None:
    await take(store, *(said(telegram(str(person)), "a") for person in range(30)))
    parcels = await store.parcels(CHANNELS, NOW, 30)
    database: Any = store._database
    write, commits = database.write, []

    async def counted(work: Any) -> Any:
        commits.append(work)
        return await write(work)

    database.write = counted
    await asyncio.gather(*(store.settle(parcel.id, ParcelStatus.SENT, NOW) for parcel in parcels))
    assert len(commits) == 1
    assert await look(store, "SELECT count(*) FROM lines WHERE status = 'sending'") == [(0,)]
    commits.clear()
    first = asyncio.create_task(store.settle(1, ParcelStatus.SENT, NOW))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.gather(first, *(store.settle(parcel.id, ParcelStatus.SENT, NOW) for parcel in parcels))
    assert len(commits) == 2


async def test_a_settlement_that_fails_is_heard_of(store: SqlStore) -> None:
    database: Any = store._database

    async def away(_: Any) -> None:
        raise StoreDown("away")

    write, database.write = database.write, away
    results = await asyncio.gather(
        *(store.settle(id, ParcelStatus.SENT, NOW) for id in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [StoreDown] * 3
    database.write = write
    await store.settle(1, ParcelStatus.SENT, NOW)


async def test_a_sent_reply_stays_to_be_read_without_its_address(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    [parcel] = await store.parcels(CHANNELS, NOW, 10)
    await store.settle(parcel.id, ParcelStatus.SENT, NOW)
    assert await look(store, f"SELECT status, recipient, address FROM lines WHERE id = {parcel.id}") == [  # noqa: S608
        ("sent", None, None)
    ]
    assert len(await store.lines(telegram("1"), 0, 10)) == 3


async def test_a_reply_to_nobody_we_keep_is_wiped_when_sent(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a", "quên"))
    [parcel] = await store.parcels(CHANNELS, NOW, 10)
    assert (parcel.address, parcel.reply) == (telegram("1"), Reply("Em không giữ gì cả."))
    await store.settle(parcel.id, ParcelStatus.SENT, NOW)
    assert await rows(store) == {"inbox": 1}


async def test_the_answer_to_an_erasure_still_arrives(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    await take(store, said(telegram("1"), "b", "xoá"))
    [parcel] = await store.parcels(CHANNELS, NOW, 10)
    assert (parcel.address, parcel.reply.text) == (telegram("1"), "Em đã xoá.")


async def test_a_reply_that_does_not_open_fails_and_holds_up_nobody(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"), said(telegram("2"), "a"))
    await change(store, "UPDATE lines SET body = (SELECT body FROM lines WHERE id = 3) WHERE id = 2")
    ids = [parcel.id for parcel in await store.parcels(CHANNELS, NOW, 10)]
    assert ids == [5]
    assert [parcel.id for parcel in await store.parcels(CHANNELS, NOW, 10)] == [3]


async def test_a_reply_that_is_none_any_more_fails_and_holds_up_nobody(store: SqlStore) -> None:
    """Sealed with our key, and not what this program writes."""
    await take(store, said(telegram("1"), "a"))
    [parcel] = await store.parcels(CHANNELS, NOW, 1)
    cipher = store._vault.of_conversation(1)
    for id, plain in ((parcel.id, b"\x01\xc1"), (parcel.id + 1, b"\x01\x93\x01\x02\x03")):
        body = cipher.seal(plain, row_of(id)).hex()
        literal = f"'\\x{body}'" if isinstance(store._database, PostgresDatabase) else f"x'{body}'"
        await change(store, f"UPDATE lines SET body = {literal}, ready_at = 0 WHERE id = {id}")  # noqa: S608
    await take(store, said(telegram("2"), "a"))
    answered = {parcel.address for _ in range(3) for parcel in await store.parcels(CHANNELS, NOW, 10)}
    assert answered == {telegram("2")}


async def test_timers_wake_once_and_answer_where_the_person_wrote_last(store: SqlStore) -> None:
    def wait(state: State | None, *_: object) -> Turn:
        assert state is None
        return Turn(State(_contact(), seq=1), due_at=NOW + 100)

    await take(store, said(telegram("1"), "a"), said(web("2"), "a"), respond=wait)

    def remind(state: State) -> Turn | None:
        return Turn(State(state.contact, seq=state.seq + 1), (Reply("Bác ơi?"),))

    assert await store.wake(remind, NOW + 99, 10) == 0
    assert await store.wake(remind, NOW + 100, 1) == 1
    assert await store.wake(remind, NOW + 100, 10) == 1
    assert await store.wake(remind, NOW + 100, 10) == 0
    [parcel] = await store.parcels(CHANNELS, NOW + 100, 10)
    assert (parcel.address, parcel.reply.text) == (telegram("1"), "Bác ơi?")
    assert [line.reply.text for line in await store.lines(web("2"), 0, 10)] == ["Chào em", "Bác ơi?"]


async def test_a_timer_goes_by_the_last_turn_whatever_the_index_says(store: SqlStore) -> None:
    """Later, earlier, off: the indexed time may lag behind, what is due may not."""

    def wait(due_at: int) -> Any:
        return lambda *_: Turn(State(_contact()), due_at=due_at)

    woken: list[int] = []

    async def due(now: int) -> int:
        return await store.wake(lambda _: woken.append(now), NOW + now, 10)

    await take(store, said(web("1"), "a"), respond=wait(NOW + 100))
    await take(store, said(web("1"), "b"), respond=wait(NOW + 300))
    assert [await due(now) for now in (100, 200, 299, 300, 400)] == [0, 0, 0, 1, 0]
    await take(store, said(web("1"), "c"), respond=wait(NOW + 900))
    await take(store, said(web("1"), "d"), respond=wait(NOW + 500))
    assert [await due(now) for now in (499, 500, 900)] == [0, 1, 0]
    await take(store, said(web("1"), "e"), respond=wait(NOW + 1000))
    await take(store, said(web("1"), "f"), respond=wait(0))
    assert [await due(now) for now in (1000, 2000)] == [0, 0]
    assert woken == [300, 500]


async def test_a_timer_with_nothing_to_do_is_off(store: SqlStore) -> None:
    await take(store, said(web("1"), "a"), respond=lambda *_: Turn(State(_contact()), due_at=NOW))
    assert await store.wake(lambda _: None, NOW, 10) == 1
    assert await store.wake(lambda _: None, NOW, 10) == 0


async def test_a_timer_that_fails_waits_and_the_others_go_on(store: SqlStore) -> None:
    for person in ("1", "2"):
        seq = int(person)
        await take(
            store,
            said(web(person), "a"),
            respond=lambda *_, seq=seq: Turn(State(_contact(), seq=seq), due_at=NOW),
        )

    def fail(state: State) -> Turn | None:
        if state.seq == 1:
            raise ValueError("hỏng")
        return Turn(state, (Reply("Bác ơi?"),))

    with pytest.raises(ExceptionGroup) as caught:
        await store.wake(fail, NOW, 10)
    assert isinstance(caught.value.exceptions[0], ValueError)
    assert len(await store.lines(web("2"), 0, 10)) == 2
    assert await store.wake(fail, NOW, 10) == 0
    assert await store.wake(lambda _: None, NOW + 3600, 10) == 1


def _contact() -> Contact:
    return Contact()


async def test_leasing_and_waking_read_no_more_than_what_is_open(sqlite_store: SqlStore) -> None:
    """The partial indexes serve: without them each look would read every line ever kept."""
    statements: list[str] = []
    database: Any = sqlite_store._database
    database._write_raw.set_trace_callback(statements.append)
    await sqlite_store.parcels(CHANNELS, NOW, 10)
    await sqlite_store.wake(lambda _: None, NOW, 10)
    database._write_raw.set_trace_callback(None)
    plans = {
        statement: " | ".join(
            row[3] for row in database._write_raw.execute(f"EXPLAIN QUERY PLAN {statement}")
        )
        for statement in statements
        if statement.startswith(("SELECT", "UPDATE conversations"))
    }
    assert len(plans) == 3
    for statement, plan in plans.items():
        assert "SCAN" not in plan, (statement, plan)
    assert "lines_ready" in "".join(plans.values())
    assert "lines_order" in "".join(plans.values())
    assert "conversations_due" in "".join(plans.values())
