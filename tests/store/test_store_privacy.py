"""What is erased or past its age is gone, from the tables and from the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, Text, insert, text
from store_people import DAY, NOW, change, greet, look, rows, said, take, telegram, walk, web

from bot.app.ports import Edition, ParcelStatus
from bot.core.contact import Contact
from bot.core.dialogue import Turn
from bot.core.message import Incoming, Reply
from bot.core.session import Run, Session, State, Visit
from bot.store.desk_tables import OF_A_CONVERSATION, metadata
from bot.store.guides import SqlEditions
from bot.store.insight_tables import weekly_counts
from bot.store.open import SqlStore

CROWD = 150
LEAVING = range(0, CROWD, 7)


async def crowd(store: SqlStore) -> None:
    """Many conversations, several rounds, so that pages split and rows move."""
    for turn in range(3):
        for start in range(0, CROWD, 50):
            people = range(start, start + 50)
            await take(store, *(said(telegram(str(person)), str(turn)) for person in people))
    for person in LEAVING:
        await take(store, said(telegram(str(person)), "t", "người"))
        await take(store, said(telegram(str(person)), "u", "gì cơ"))
        assert await store.save_code(telegram(str(person)), f"mã {person}", NOW, NOW + 600)


async def canaries(store: SqlStore) -> list[bytes]:
    """Bytes that only the rows of those who leave hold."""
    hashes = [store._vault.hash_address(telegram(str(person))) for person in LEAVING]
    quoted = ", ".join(f"x'{hash.hex()}'" for hash in hashes)
    mine = f"IN (SELECT conversation_id FROM addresses WHERE hash IN ({quoted}))"  # noqa: S608
    sealed = [
        *await look(store, f"SELECT state FROM conversations WHERE id {mine}"),  # noqa: S608
        *await look(store, f"SELECT body FROM lines WHERE conversation_id {mine}"),  # noqa: S608
        *await look(store, f"SELECT address FROM addresses WHERE conversation_id {mine}"),  # noqa: S608
        *await look(store, f"SELECT hash FROM codes WHERE conversation_id {mine}"),  # noqa: S608
        *await look(store, f"SELECT body FROM unmatched WHERE conversation_id {mine}"),  # noqa: S608
    ]
    return hashes + [bytes(row[0])[:24] for row in sealed]


def found(url: str, needles: list[bytes]) -> int:
    """How many of these bytes are in the database's files."""
    path = Path(url.removeprefix("sqlite:///"))
    files = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    return sum(needle in files for needle in needles)


async def leave(store: SqlStore, url: str) -> int:
    """Everybody of LEAVING asks to be erased; returns how many canaries are left in the files."""
    await crowd(store)
    needles = await canaries(store)
    assert len(needles) > len(LEAVING) * 10
    assert found(url, needles) == len(needles)
    for start in range(0, len(LEAVING), 8):
        people = LEAVING[start : start + 8]
        # What is said at the end goes to a page: nothing of these people is to be kept at all.
        await take(store, *(said(telegram(str(person)), "x", "xoá") for person in people))
    for parcel in await store.parcels(("telegram",), NOW, 1000):
        await store.settle(parcel.id, ParcelStatus.SENT, NOW)
    await store.purge(NOW)
    return found(url, needles)


async def test_erased_bytes_leave_the_files(sqlite_store: SqlStore, sqlite_url: str) -> None:
    assert await leave(sqlite_store, sqlite_url) == 0


async def test_erased_bytes_leave_the_files_without_waiting_for_the_purge(
    sqlite_store: SqlStore, sqlite_url: str
) -> None:
    await take(sqlite_store, said(web("1"), "a"))
    state = bytes((await look(sqlite_store, "SELECT state FROM conversations"))[0][0])
    hash = sqlite_store._vault.hash_address(web("1"))
    assert found(sqlite_url, [state, hash]) == 2
    await take(sqlite_store, said(web("1"), "b", "xoá"))
    assert found(sqlite_url, [state, hash]) == 0


@pytest.mark.parametrize("ends", ["sent", "given up"])
async def test_whom_we_answered_once_leaves_no_address_in_the_files(
    sqlite_store: SqlStore, sqlite_url: str, ends: str
) -> None:
    """As an answer to an erasure does: it is the last that is known of them."""
    await take(sqlite_store, said(telegram("1"), "a", "quên"))
    [parcel] = await sqlite_store.parcels(("telegram",), NOW, 10)
    address = bytes((await look(sqlite_store, "SELECT address FROM lines"))[0][0])
    needles = [address, sqlite_store._vault.hash_address(telegram("1"))]
    await sqlite_store.purge(NOW)
    if ends == "sent":
        await sqlite_store.settle(parcel.id, ParcelStatus.SENT, NOW)
    else:
        await sqlite_store.give_up(telegram("1"))
    assert found(sqlite_url, needles) == 2
    await sqlite_store.wake(lambda _: None, NOW, 1)  # every twenty seconds
    assert found(sqlite_url, needles) == 0


async def test_negative_control_without_secure_delete_bytes_stay(
    sqlite_store: SqlStore, sqlite_url: str
) -> None:
    database: Any = sqlite_store._database
    database._write_raw.execute("PRAGMA secure_delete = OFF")
    assert await leave(sqlite_store, sqlite_url) > 0


async def test_negative_control_without_emptying_the_log_bytes_stay(
    sqlite_store: SqlStore, sqlite_url: str
) -> None:
    database: Any = sqlite_store._database
    database._scrub = lambda: None
    assert await leave(sqlite_store, sqlite_url) > 0


async def test_a_reader_in_the_way_only_delays_the_wiping(sqlite_store: SqlStore, sqlite_url: str) -> None:
    database: Any = sqlite_store._database
    database._write_raw.execute("PRAGMA busy_timeout = 0")
    await take(sqlite_store, said(web("1"), "a"))
    state = bytes((await look(sqlite_store, "SELECT state FROM conversations"))[0][0])
    database._read_raw.execute("BEGIN")
    database._read_raw.execute("SELECT count(*) FROM lines").fetchone()
    await take(sqlite_store, said(web("1"), "b", "xoá"))
    assert found(sqlite_url, [state]) == 1
    database._read_raw.execute("COMMIT")
    await take(sqlite_store, said(web("2"), "a"))
    assert found(sqlite_url, [state]) == 0


async def test_erasure_leaves_no_row_of_the_conversation(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a", "người"), said(telegram("2"), "a", "người"))
    await take(store, said(telegram("1"), "u", "gì cơ"), said(telegram("2"), "u", "gì cơ"))
    for person in ("1", "2"):
        await store.save_code(telegram(person), f"mã {person}", NOW, NOW + 600)
    gone = await store.conversation(telegram("1"))
    for table in OF_A_CONVERSATION:
        for conversation in (1, 2):
            await fill(store, table, conversation)
    before = await rows(store)
    await take(store, said(telegram("1"), "b", "xoá"))
    of_a_conversation = [table.name for table in metadata.tables.values() if "conversation_id" in table.c]
    assert sorted(of_a_conversation) == sorted(table.name for table in OF_A_CONVERSATION)
    for name in of_a_conversation:
        assert await look(store, f"SELECT 1 FROM {name} WHERE conversation_id = {gone}") == []  # noqa: S608
        assert before[name] > 1
    assert await look(store, f"SELECT 1 FROM conversations WHERE id = {gone}") == []  # noqa: S608
    assert await store.state(telegram("1")) is None
    assert await store.kept(telegram("1")) is None
    assert await store.state(telegram("2")) is not None


async def fill(store: SqlStore, table: Table, conversation: int) -> None:
    """A row of that conversation in a table that has none, whatever it holds."""
    if await look(store, f"SELECT 1 FROM {table.name} WHERE conversation_id = {conversation}"):  # noqa: S608
        return
    values = {
        column.name: bytes([conversation]) if isinstance(column.type, LargeBinary) else str(conversation)
        for column in table.c
        if not column.nullable and isinstance(column.type, (LargeBinary, Text))
    }
    numbers = {
        column.name: conversation
        for column in table.c
        if not column.nullable and not isinstance(column.type, (LargeBinary, Text))
    }
    row = {**values, **numbers, "conversation_id": conversation}
    await store.backing.database.write(lambda connection: connection.execute(insert(table).values(row)))


async def test_nothing_that_a_person_is_or_says_is_in_the_files(
    sqlite_store: SqlStore, sqlite_url: str
) -> None:
    secret, words = "0912345678", "chim hoàng yến"
    await take(sqlite_store, said(telegram(secret), "sự kiện", words), said(web(secret), "sự kiện", words))
    await take(sqlite_store, said(telegram("bí mật"), "k", "quên"))
    await sqlite_store.save_code(web(secret), "mã kín", NOW, NOW + 600)
    needles = [secret, words, "sự kiện", "bí mật", "mã kín", "Tin thứ", "Xã A"]
    assert found(sqlite_url, [needle.encode() for needle in needles]) == 0
    await change(sqlite_store, f"UPDATE lines SET status = '{words}' WHERE id = 1")  # noqa: S608
    assert found(sqlite_url, [needle.encode() for needle in needles]) == 1


async def test_purge_deletes_what_is_past_its_age_and_no_more(store: SqlStore) -> None:
    for day in (0, 1):
        at = NOW + day * DAY
        await take(store, said(telegram(str(day)), "a", "người"), now=at)
        await take(store, said(web(f"đi {day}"), "a"), respond=walk("f"), now=at)
        await take(store, said(web(f"đi {day}"), "b", "hết"), respond=walk("f"), now=at)
        await store.save_code(telegram(str(day)), str(day), at, at + 40 * DAY)
    assert set((await store.purge(NOW + DAY)).values()) == {0}
    assert (await store.purge(NOW + 7 * DAY + 1))["inbox"] == 3
    deleted = await store.purge(NOW + 30 * DAY + 1)
    assert deleted == {
        "conversations": 2, "addresses": 2, "tickets": 1, "ticket_log": 1, "drafts": 0, "held": 0,
        "home_visits": 0, "codes": 1, "unmatched": 0, "lines": 7, "inbox": 3,
        "visits": 0, "editions": 0, "stumbles": 0, "complaints": 0, "invites": 0, "logins": 0, "tries": 0,
    }  # fmt: skip
    assert await store.conversation(telegram("0")) is None
    assert await store.conversation(telegram("1")) is not None
    assert await _closings(store) == ["gone"]  # nobody ever closed that request, and yet it is counted
    await change(store, f"UPDATE conversations SET heard_at = {NOW + 500 * DAY}")  # noqa: S608
    deleted = await store.purge(NOW + 401 * DAY)
    assert (deleted["conversations"], deleted["lines"], deleted["visits"], deleted["codes"]) == (0, 7, 2, 1)


async def test_a_person_who_writes_keeps_the_conversation_a_reminder_does_not(store: SqlStore) -> None:
    def wait(*_: object) -> Turn:
        return Turn(State(Contact()), due_at=NOW + DAY)

    await take(store, said(web("1"), "a"), said(web("2"), "a"), respond=wait)
    await take(store, said(web("2"), "b"), now=NOW + 2 * DAY)
    await store.wake(lambda state: Turn(state, (Reply("Bác ơi?"),)), NOW + 10 * DAY, 10)
    await store.purge(NOW + 30 * DAY + 1)
    assert await store.conversation(web("1")) is None
    assert await store.conversation(web("2")) is not None


async def _closings(store: SqlStore) -> list[str]:
    return await store.backing.database.read(
        lambda connection: list(connection.scalars(text("SELECT closing FROM help_counts")))
    )


def _standing(version: str, below: str, parked: str) -> Callable[..., Turn]:
    def run(version: str) -> Run:
        return Run("r", "f", version, NOW, Visit(1, "mot", NOW))

    def respond(state: State | None, message: Incoming, kept: object, /) -> Turn:
        sessions = Session((run(below), run(version))), (Session((run(parked),)),)
        return Turn(State(Contact(), *sessions))

    return respond


async def test_editions_are_kept_as_long_as_somebody_walks_them(store: SqlStore) -> None:
    old = [Edition("f", version, f"bản {version}") for version in "1234"]
    assert await store.keep_editions(old, NOW) == old
    new = Edition("f", "5", "bản 5")
    assert await store.keep_editions([new], NOW + DAY) == [*old, new]
    await take(store, said(web("1"), "a"), respond=_standing("1", "2", "3"))
    assert (await store.purge(NOW + DAY))["editions"] == 0
    assert (await store.purge(NOW + 3 * DAY))["editions"] == 1
    assert await store.keep_editions([new], NOW + 3 * DAY) == [*old[:3], new]
    [standing] = await store.standing()
    assert (standing.flow, standing.version, standing.step, standing.count) == ("f", "1", "mot", 1)
    await take(store, said(web("1"), "b"))
    assert (await store.purge(NOW + 9 * DAY))["editions"] == 3


async def test_editions_are_kept_as_long_as_numbers_tell_of_them(store: SqlStore) -> None:
    old, new = Edition("f", "1", "bản 1"), Edition("f", "2", "bản 2")
    await store.keep_editions([old], NOW)
    await store.keep_editions([new], NOW + DAY)
    counted = insert(weekly_counts).values(
        view="version", part="1", flow="f", week=1, kind="run", step="", what="open", count=30
    )
    await store.backing.database.write(lambda connection: connection.execute(counted))
    assert (await store.purge(NOW + 9 * DAY))["editions"] == 0
    assert await store.keep_editions([new], NOW + 9 * DAY) == [new]
    kept = await SqlEditions(store.backing).editions_of("f")
    assert [(one.version, one.first_seen, one.current) for one in kept] == [
        ("1", NOW, False),
        ("2", NOW + DAY, True),
    ]


async def test_a_code_joins_once_and_erases_what_nobody_reaches(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"), said(web("2"), "a"))
    assert not await store.save_code(web("9"), "mã", NOW, NOW + 60)
    assert await store.save_code(telegram("1"), "mã", NOW, NOW + 60)
    assert not await store.join("sai", web("2"), NOW)
    assert not await store.join("mã", web("2"), NOW + 60)
    assert await store.join("mã", web("2"), NOW + 59)
    assert not await store.join("mã", web("3"), NOW + 59)
    assert await store.conversation(web("2")) == await store.conversation(telegram("1")) == 1
    assert (await rows(store))["conversations"] == 1
    [one, two] = await take(store, said(telegram("1"), "b"), said(web("2"), "b"))
    assert [one.lines[0].reply.text, two.lines[0].reply.text] == ["Tin thứ 2", "Tin thứ 3"]


async def test_a_conversation_that_another_address_reaches_stays(store: SqlStore) -> None:
    await take(store, said(telegram("1"), "a"), said(web("2"), "a"))
    await store.save_code(telegram("1"), "một", NOW, NOW + 60)
    await store.join("một", web("3"), NOW)
    await store.save_code(web("2"), "hai", NOW, NOW + 60)
    assert await store.join("hai", telegram("1"), NOW)
    assert await store.conversation(web("3")) == 1
    assert await look(store, "SELECT channel FROM conversations WHERE id = 1") == [("web",)]
    assert (await rows(store))["conversations"] == 2


@pytest.mark.parametrize("word", ["xoá", "quên"])
async def test_after_an_erasure_a_person_begins_anew(store: SqlStore, word: str) -> None:
    await take(store, said(web("1"), "a"), respond=greet)
    await take(store, said(web("1"), "b", word))
    [taken] = await take(store, said(web("1"), "c"))
    assert (taken.conversation, taken.lines[0].reply.text) == (2, "Tin thứ 1")
