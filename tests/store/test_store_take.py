"""Each message once, each turn whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from store_people import NOW, change, greet, look, rows, said, take, telegram, walk, web

from bot.app.ports import Kept, StoreDown
from bot.core.dialogue import Turn
from bot.core.message import Incoming, Reply
from bot.core.session import State
from bot.store.open import SqlStore
from bot.store.recent import Recent


async def test_a_message_takes_effect_once(store: SqlStore) -> None:
    first = await take(store, said(telegram("1"), "k"))
    again = await take(store, said(telegram("1"), "k"))
    assert again == [replace(first[0], repeated=True)]
    state = await store.state(telegram("1"))
    assert state is not None
    assert state.seq == 1


async def test_the_same_key_of_another_person_is_another_message(store: SqlStore) -> None:
    await take(store, said(web("1"), "k"))
    other = await take(store, said(web("2"), "k"))
    assert not other[0].repeated


async def test_a_key_in_one_batch_twice_takes_effect_once(store: SqlStore) -> None:
    one, two = await take(store, said(telegram("1"), "k"), said(telegram("1"), "k"))
    assert (one.repeated, two.repeated) == (False, True)
    assert one.lines == two.lines


async def test_concurrent_batches_with_the_same_keys_take_effect_once(store: SqlStore) -> None:
    batch = [said(telegram(str(person)), "k") for person in range(8)]
    results = await asyncio.gather(*(take(store, *(batch if turn % 2 else batch[::-1])) for turn in range(6)))
    assert sum(not one.repeated for result in results for one in result) == 8
    assert (await rows(store))["lines"] == 24


async def test_concurrent_messages_of_one_new_person_make_one_conversation(store: SqlStore) -> None:
    await asyncio.gather(*(take(store, said(telegram("1"), str(key))) for key in range(8)))
    state = await store.state(telegram("1"))
    assert state is not None
    assert state.seq == 8
    assert (await rows(store))["conversations"] == 1


async def test_messages_of_one_person_in_one_batch_follow_each_other(store: SqlStore) -> None:
    results = await take(store, *(said(telegram("1"), str(key)) for key in range(3)))
    assert [result.lines[0].reply.text for result in results] == ["Tin thứ 1", "Tin thứ 2", "Tin thứ 3"]


async def test_lines_come_back_in_order_with_the_ids_that_were_returned(store: SqlStore) -> None:
    [taken] = await take(store, said(web("1"), "a"))
    [later] = await take(store, said(web("1"), "b", "", button="t1"))
    lines = await store.lines(web("1"), 0, 10)
    assert [line.id for line in lines] == sorted(line.id for line in lines)
    assert [line.reply.text for line in lines if line.mine] == ["Chào em", "Đã bấm"]
    assert tuple(line for line in lines if not line.mine) == taken.lines + later.lines
    assert await store.lines(web("1"), later.lines[0].id, 10) == [later.lines[1]]
    assert await store.lines(web("1"), 0, 2) == list(later.lines)
    assert await store.lines(web("2"), 0, 2) == []


async def test_an_unknown_button_leaves_no_line_of_the_resident(store: SqlStore) -> None:
    await take(store, said(web("1"), "a"))
    await take(store, said(web("1"), "b", "", button="t9"))
    assert sum(line.mine for line in await store.lines(web("1"), 0, 10)) == 1


async def test_a_turn_that_raises_keeps_nothing_and_harms_nobody(store: SqlStore) -> None:
    good, bad, also = await store.take(
        [said(telegram("1"), "k"), said(telegram("2"), "k", "nổ"), said(telegram("3"), "k")], greet, NOW
    )
    assert isinstance(bad, ValueError)
    assert not isinstance(good, Exception)
    assert not isinstance(also, Exception)
    assert await store.conversation(telegram("2")) is None
    assert (await rows(store))["inbox"] == 2
    [again] = await take(store, said(telegram("2"), "k"))
    assert not again.repeated


async def test_a_reply_that_cannot_be_written_fails_alone(store: SqlStore) -> None:
    def respond(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        turn = greet(state, message, kept)
        return replace(turn, replies=(Reply("\ud800"),)) if message.text == "hỏng" else turn

    bad, good = await store.take([said(telegram("1"), "k", "hỏng"), said(telegram("2"), "k")], respond, NOW)
    assert isinstance(bad, UnicodeEncodeError)
    assert not isinstance(good, Exception)


async def test_without_a_state_a_page_keeps_only_the_key(store: SqlStore) -> None:
    [taken] = await take(store, said(web("1"), "k", "quên"))
    assert taken.conversation is None
    assert [line.reply.text for line in taken.lines] == ["Em không giữ gì cả."]
    assert await rows(store) == {"inbox": 1}
    [again] = await take(store, said(web("1"), "k", "quên"))
    assert (again.repeated, again.lines) == (True, ())


async def test_ids_that_were_shown_and_not_kept_do_not_come_again(
    store: SqlStore, reopen: Callable[[], SqlStore]
) -> None:
    [shown] = await take(store, said(web("1"), "k", "quên"))
    await store.close()
    later = reopen()
    [taken] = await take(later, said(web("1"), "l"))
    await later.close()
    assert taken.lines[0].id > shown.lines[0].id


async def test_without_a_state_a_sent_channel_keeps_the_reply_until_it_is_sent(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "k", "quên"))
    assert await rows(store) == {"inbox": 1, "lines": 1}
    assert await look(store, "SELECT conversation_id, mine FROM lines") == [(None, False)]


async def test_one_open_ticket_per_conversation(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a", "người"), said(telegram("2"), "a", "người"))
    await take(store, said(telegram("1"), "b", "người"))
    tickets = await look(store, "SELECT conversation_id, flow, step, reason, status, created_at FROM tickets")
    assert sorted(tickets) == [(id, "kich-hoat", "mot", "asked", "queued", NOW) for id in (1, 2)]


async def test_kept_tells_all_there_is(store: SqlStore) -> None:
    seen: list[Kept] = []

    def respond(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        seen.append(kept())
        return greet(state, message, kept)

    await take(store, said(web("1"), "a", "người"), respond=respond)
    await take(store, said(web("1"), "b"), respond=respond, now=NOW + 5)
    assert seen[0] == Kept((), NOW, 0)
    assert (len(seen[1].lines), seen[1].since, seen[1].tickets) == (3, NOW, 1)
    kept = await store.kept(web("1"))
    assert kept is not None
    assert list(kept.lines) == await store.lines(web("1"), 0, 100)


def _stop_at(table: str, dialect: str) -> tuple[list[str], list[str]]:
    """Statements that make every insert into a table fail, and those that end it."""
    if dialect == "sqlite":
        fail = f"CREATE TRIGGER stop BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'stop'); END"
        return [fail], ["DROP TRIGGER stop"]
    body = "CREATE FUNCTION stop() RETURNS trigger AS $$ BEGIN RAISE 'stop'; END $$ LANGUAGE plpgsql"
    fail = f"CREATE TRIGGER stop BEFORE INSERT ON {table} EXECUTE FUNCTION stop()"
    return [body, fail], [f"DROP TRIGGER stop ON {table}", "DROP FUNCTION stop"]


@pytest.mark.parametrize("table", ["conversations", "addresses", "inbox", "lines", "step_counts"])
async def test_a_commit_that_fails_in_the_middle_leaves_nothing(
    store: SqlStore, store_url: str, table: str
) -> None:
    fail, heal = _stop_at(table, store_url.split(":", maxsplit=1)[0].split("+", maxsplit=1)[0])
    await change(store, *fail)
    batch = [said(telegram(str(person)), "k") for person in range(3)]
    with pytest.raises(Exception, match="stop"):
        await store.take(batch, walk("f"), NOW)
    assert await rows(store) == {}
    await change(store, *heal)
    assert not any(taken.repeated for taken in await take(store, *batch, respond=walk("f")))


async def test_negative_control_a_commit_too_early_leaves_a_half(sqlite_store: SqlStore) -> None:
    """The same fault with a ledger that commits between its writes: half of the turn is there."""
    store = sqlite_store
    fail, _ = _stop_at("step_counts", "sqlite")
    await change(store, *fail)
    database: Any = store._database
    real = database.ledger

    def early(connection: Any) -> Any:
        ledger = real(connection)
        write = ledger.write

        def write_and_commit(*args: Any) -> None:
            write(*args)
            ledger._raw.execute("COMMIT")
            ledger._raw.execute("BEGIN")

        ledger.write = write_and_commit
        return ledger

    database.ledger = early
    with pytest.raises(Exception, match="stop"):
        await store.take([said(telegram("1"), "k")], walk("f"), NOW)
    assert await rows(store) != {}


async def test_a_writer_that_read_an_older_revision_is_refused(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"))
    await take(store, said(telegram("1"), "b"))
    database: Any = store._database
    real = database.ledger

    def zombie(connection: Any) -> Any:
        ledger = real(connection)
        found = ledger.found
        ledger.found = lambda hashes: [one._replace(revision=one.revision - 1) for one in found(hashes)]
        return ledger

    database.ledger = zombie
    with pytest.raises(StoreDown):
        await store.take([said(telegram("1"), "c")], greet, NOW)
    database.ledger = real
    state = await store.state(telegram("1"))
    assert state is not None
    assert state.seq == 2


async def test_recent_states_are_those_of_the_database(store: SqlStore) -> None:
    """What another worker wrote is seen, whatever is remembered here."""
    await take(store, said(telegram("1"), "a"))
    mine = store._recent
    store._recent = Recent()
    await take(store, said(telegram("1"), "b"))
    store._recent = mine
    [taken] = await take(store, said(telegram("1"), "c"))
    assert taken.lines[0].reply.text == "Tin thứ 3"


async def test_recent_states_are_bounded_and_forget_what_is_erased(store: SqlStore) -> None:
    store._recent = Recent(2)
    await take(store, *(said(telegram(str(person)), "a") for person in range(4)))
    assert list(store._recent._entries) == [3, 4]
    await take(store, said(telegram("3"), "b", "xoá"))
    assert list(store._recent._entries) == [3]
