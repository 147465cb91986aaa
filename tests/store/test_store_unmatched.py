"""What was not understood is kept sealed, with its conversation, and no longer than was promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text
from store_people import DAY, NOW, change, greet, look, rows, said, take, telegram, web
from test_store_privacy import found

from bot.app.ports import Kept, Unmatched
from bot.core.contact import Contact
from bot.core.events import ErasureRequested, NotUnderstood
from bot.core.message import Incoming, Reply
from bot.core.session import State
from bot.core.turn import Turn
from bot.store import beside, drafting
from bot.store.beside import unmatched_beside
from bot.store.crypt import Unreadable
from bot.store.ledger import Writes
from bot.store.open import SqlStore, WrongKey, open_store
from bot.store.puzzles import SqlPuzzles
from bot.store.schema import MIGRATIONS
from bot.store.tables import metadata
from tests.conftest import KEY

WORDS = "chim hoàng yến bay đi"


def puzzled(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    """Understands nothing; "đoán" is asked back about, and a button is the answer to that."""
    events = [NotUnderstood("kich-hoat", "nhap-ma", message.text)]
    kept = State(Contact(), seq=(state.seq if state else 0) + 1, heard_at=NOW)
    if message.button:
        assert state is not None
        events = [NotUnderstood("", "", state.unsure, message.button)]
    elif message.text == "đoán":
        return Turn(replace(kept, unsure="đoán"), (Reply("Ý nào ạ?"),))
    elif message.text == "quên":
        return Turn(None, (Reply("Em không giữ gì."),), tuple(events))
    elif message.text == "xoá":
        return Turn(kept, (Reply("Em đã xoá."),), (*events, ErasureRequested()))
    return Turn(kept, (Reply("Em chưa hiểu."),), tuple(events))


async def puzzles(store: SqlStore) -> list[Unmatched]:
    """What is kept of the people web 1, 2, …, whose conversations have the same numbers."""
    heard: list[Unmatched] = []
    for (number,) in await look(store, "SELECT id FROM conversations ORDER BY id"):
        kept = await store.kept(web(str(number)))
        assert kept is not None
        heard += kept.unmatched
    return heard


def beside_of(url: str, key: bytes, since: int) -> list[Unmatched]:
    return unmatched_beside(url, lambda: key, since)


def no_key() -> bytes:
    raise AssertionError("nothing is there to be opened")


async def rows_left(store: SqlStore) -> int:
    return len(await look(store, "SELECT id FROM unmatched"))


async def test_words_are_kept_with_their_place(store: SqlStore, store_url: str) -> None:
    await take(store, said(web("1"), "a", WORDS), said(web("2"), "a", "gì đó"), respond=puzzled)
    await take(store, said(web("1"), "b", WORDS), respond=puzzled, now=NOW + 60)
    one = Unmatched(1, NOW, "kich-hoat", "nhap-ma", WORDS, "")
    other = Unmatched(2, NOW, "kich-hoat", "nhap-ma", "gì đó", "")
    assert await puzzles(store) == [one, replace(one, at=NOW + 60), other]
    assert beside_of(store_url, KEY, 0) == [one, replace(one, at=NOW + 60), other]
    assert beside_of(store_url, KEY, NOW + 1) == [replace(one, at=NOW + 60)]
    summing = SqlPuzzles(store.backing)
    assert await summing.unmatched(0, 9) == [one, replace(one, at=NOW + 60), other]
    assert await summing.unmatched(NOW + 1, 9) == [replace(one, at=NOW + 60)]
    assert await summing.unmatched(0, 2) == [replace(one, at=NOW + 60), other], "the newest"


async def test_a_message_that_came_twice_is_kept_once(store: SqlStore) -> None:
    for _ in range(2):
        await take(store, said(web("1"), "a", WORDS), respond=puzzled)
    assert len(await puzzles(store)) == 1


async def test_what_was_picked_later_is_as_old_as_the_message(store: SqlStore) -> None:
    """Else it would be kept longer than the line that holds the same words."""
    await take(store, said(web("1"), "a", "đoán"), respond=puzzled)
    assert await puzzles(store) == []
    later = NOW + 20 * DAY
    await take(store, said(web("1"), "b", button="otp-limit"), respond=puzzled, now=later)
    assert await puzzles(store) == [Unmatched(1, NOW, "", "", "đoán", "otp-limit")]
    assert (await store.purge(NOW + 30 * DAY + 1))["unmatched"] == 1
    assert (await rows(store))["lines"] == 2


async def test_an_understood_turn_writes_no_more_than_before(store: SqlStore) -> None:
    await take(store, said(web("1"), "a"))
    assert "unmatched" not in await rows(store)
    drawn: list[int] = []
    database: Any = store._database
    real = database.ledger

    def watched(connection: Any) -> Any:
        ledger = real(connection)
        write = ledger.write

        def note(writes: Writes, now: int) -> None:
            drawn.append(len(writes.unmatched))
            write(writes, now)

        ledger.write = note
        return ledger

    database.ledger = watched
    await take(store, said(web("1"), "b"))
    await take(store, said(web("1"), "c", WORDS), respond=puzzled)
    assert drawn == [0, 1]


@pytest.mark.parametrize("word", ["quên", "xoá"])
async def test_without_consent_or_after_an_erasure_nothing_is_kept(store: SqlStore, word: str) -> None:
    await take(store, said(web("1"), "a", WORDS), said(web("2"), "a", WORDS), respond=puzzled)
    await take(store, said(web("1"), "b", word), respond=puzzled)
    assert await look(store, "SELECT conversation_id FROM unmatched") == [(2,)]
    await take(store, said(web("9"), "a", word), respond=puzzled)
    assert len(await look(store, "SELECT id FROM unmatched")) == 1


async def test_what_is_erased_leaves_the_files(sqlite_store: SqlStore, sqlite_url: str) -> None:
    await take(sqlite_store, said(web("1"), "a", WORDS), respond=puzzled)
    [(body,)] = await look(sqlite_store, "SELECT body FROM unmatched")
    assert found(sqlite_url, [bytes(body)]) == 1
    await take(sqlite_store, said(web("1"), "b", "xoá"), respond=puzzled)
    assert found(sqlite_url, [bytes(body)]) == 0


async def test_negative_control_a_table_that_erasing_forgets_keeps_its_words(
    sqlite_store: SqlStore, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store import erasing

    left_out = [pair for pair in erasing._DELETES if pair[0] != "unmatched"]
    assert len(left_out) == len(erasing._DELETES) - 1
    monkeypatch.setattr(erasing, "_DELETES", tuple(left_out))
    await take(sqlite_store, said(web("1"), "a", WORDS), respond=puzzled)
    [(body,)] = await look(sqlite_store, "SELECT body FROM unmatched")
    await take(sqlite_store, said(web("1"), "b", "xoá"), respond=puzzled)
    assert found(sqlite_url, [bytes(body)]) == 1


async def test_words_go_after_30_days_and_with_their_conversation(store: SqlStore) -> None:
    await take(store, said(web("1"), "a", WORDS), said(web("2"), "a", WORDS), respond=puzzled)
    await take(store, said(web("2"), "b"), now=NOW + 29 * DAY)
    assert (await store.purge(NOW + 30 * DAY))["unmatched"] == 0
    deleted = await store.purge(NOW + 30 * DAY + 1)
    assert (deleted["unmatched"], deleted["conversations"]) == (2, 1)
    assert await rows_left(store) == 0
    assert await store.conversation(web("2")) is not None


async def test_nothing_of_it_can_be_read_in_the_files(sqlite_store: SqlStore, sqlite_url: str) -> None:
    await take(sqlite_store, said(web("1"), "a", WORDS), said(web("1"), "b", "đoán"), respond=puzzled)
    await take(sqlite_store, said(web("1"), "c", button="otp-limit"), respond=puzzled)
    needles = [WORDS.encode(), b"otp-limit", "đoán".encode()]
    assert await rows_left(sqlite_store) == 2
    assert found(sqlite_url, needles) == 0


async def test_negative_control_without_sealing_it_can_be_read(
    sqlite_store: SqlStore, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Open:
        def seal(self, plain: bytes, _: bytes) -> bytes:
            return plain

    sealed = drafting._place_puzzles

    def unsealed(cipher: object, *rest: Any) -> None:
        sealed(Open(), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "_place_puzzles", unsealed)
    await take(sqlite_store, said(web("1"), "a", WORDS), respond=puzzled)
    assert found(sqlite_url, [WORDS.encode()]) == 1


async def test_words_open_only_in_their_row(store: SqlStore, store_url: str) -> None:
    """Neither in another's row, nor in that of a line of the same number and conversation."""
    await take(store, said(web("1"), "a", WORDS), respond=puzzled)
    await take(store, said(web("1"), "b", WORDS), respond=puzzled)
    assert len(beside_of(store_url, KEY, 0)) == 2
    await change(store, "UPDATE unmatched SET body = (SELECT body FROM lines WHERE id = 1) WHERE id = 1")
    with pytest.raises(Unreadable):
        beside_of(store_url, KEY, 0)
    await change(store, "UPDATE unmatched SET body = (SELECT body FROM unmatched WHERE id = 2) WHERE id = 1")
    with pytest.raises(Unreadable):
        beside_of(store_url, KEY, 0)


async def test_reading_beside(store: SqlStore, store_url: str, tmp_path: Path) -> None:
    await take(store, said(web("1"), "a", WORDS), respond=puzzled)
    with pytest.raises(WrongKey, match="another key"):
        beside_of(store_url, KEY[::-1], 0)
    await take(store, said(web("1"), "b", "gì đó"), respond=puzzled)  # the bot goes on meanwhile
    assert len(beside_of(store_url, KEY, 0)) == 2
    assert unmatched_beside(f"sqlite:///{tmp_path}/none.db", no_key, 0) == []
    assert not (tmp_path / "none.db").exists()


async def test_reading_beside_cannot_write(sqlite_store: SqlStore, sqlite_url: str) -> None:
    with beside._reading(sqlite_url) as connection:
        assert connection is not None
        with pytest.raises(Exception, match="readonly"):
            connection.execute(text("DELETE FROM unmatched"))


async def everything(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    names = [name for name in metadata.tables if name != "unmatched"]
    return {name: sorted(await look(store, f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_of_the_first_schema_keeps_all_it_had(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bare = f"sqlite:///{tmp_path}/old.db"
    url = bare if kind == "sqlite" else request.getfixturevalue("bare_postgres_url")
    store = open_store(url, KEY, frozenset({"web"}))
    await take(store, said(telegram("1"), "a", "chào"), said(web("2"), "a"), respond=greet)
    await store.save_code(web("2"), "mã", NOW, NOW + 600)
    before = await everything(store)
    await store.close()
    _make_it_old(url)
    store = open_store(url, KEY, frozenset({"web"}))
    assert await everything(store) == before
    assert len(before["lines"]) == 6
    await take(store, said(web("2"), "b", WORDS), respond=puzzled)
    assert [one.text for one in beside_of(url, KEY, 0)] == [WORDS]
    await take(store, said(web("2"), "c", "xoá"), respond=greet)
    assert await rows_left(store) == 0
    await store.close()


def _make_it_old(url: str) -> None:
    """Take away what later revisions added to the first schema."""
    first = _first_schema()
    engine = create_engine(url)
    with engine.begin() as connection:
        there = inspect(connection)
        for table in set(there.get_table_names()) - set(first) - {"alembic_version"}:
            connection.execute(text(f"DROP TABLE {table}"))
        for table, (columns, indexes) in first.items():
            for index in {str(one["name"]) for one in there.get_indexes(table)} - indexes:
                connection.execute(text(f"DROP INDEX {index}"))
            for column in {one["name"] for one in there.get_columns(table)} - columns:
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()


def _first_schema() -> dict[str, tuple[set[str], set[str]]]:
    """The columns and indexes of each table of the first schema."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        there = inspect(connection)
        first = {
            table: (
                {column["name"] for column in there.get_columns(table)},
                {str(index["name"]) for index in there.get_indexes(table)},
            )
            for table in there.get_table_names()
            if table != "alembic_version"
        }
    engine.dispose()
    return first
