"""Opening: one process, one key, the right schema, and quickly."""

from __future__ import annotations

import dataclasses
import re
import stat
import subprocess
import sys
import types
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from store_people import greet, said, telegram

from bot.core.contact import Contact
from bot.core.message import Address, Reply
from bot.core.session import Run, Session, State, Visit
from bot.store import schema
from bot.store.codec import Saved, UnknownFormat, decode_reply, decode_saved, encode
from bot.store.crypt import Unreadable, Vault
from bot.store.open import StoreBusy, StoreTooNew, WrongKey, open_store
from bot.store.tables import PURPOSES, metadata

KEY = b"another key, for the tests alone"
ROOT = Path(__file__).parents[2]

_OPEN = """
import sys
from bot.store.open import StoreBusy, open_store
try:
    store = open_store(sys.argv[1], bytes.fromhex(sys.argv[2]), frozenset({"web"}))
except StoreBusy as busy:
    print("busy:", busy)
else:
    print("open:", *(name for name in ("alembic", "psycopg") if name in sys.modules))
"""


def open_elsewhere(url: str, key: bytes) -> str:
    """What another process sees."""
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, url, key.hex()], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a/bot.db"
    store = open_store(url, KEY, frozenset())
    answer = open_elsewhere(url, KEY)
    assert answer.startswith("busy:")
    assert "bot.db" in answer
    with pytest.raises(StoreBusy):
        open_store(url, KEY, frozenset())
    store.abandon()
    store.abandon()
    # The other process ends without closing: the lock goes with it. A current schema needs no Alembic.
    assert open_elsewhere(url, KEY) == "open:"
    open_store(url, KEY, frozenset()).abandon()


def test_the_files_are_for_this_user_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/bot.db", KEY, frozenset())
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    store.abandon()


def test_another_key_is_refused_with_a_clear_word(store_url: str) -> None:
    with pytest.raises(WrongKey, match="another key"):
        open_store(store_url, KEY, frozenset())


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_store(f"sqlite:///{tmp_path}/bot.db", b"short", frozenset())


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_no_use_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=re.escape("database.url")):
        open_store(url, KEY, frozenset())


def test_a_newer_schema_is_refused(store_url: str) -> None:
    engine = create_engine(store_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreTooNew, match="newer program"):
            open_store(store_url, KEY, frozenset())
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": schema.HEAD})
        engine.dispose()


def test_our_head_is_that_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [schema.HEAD]
    assert tuple(one.revision for one in script.walk_revisions())[::-1] == schema.REVISIONS


def _described(connection: Connection) -> dict[str, Any]:
    """Tables, columns, keys and indexes as the database itself tells them."""
    inspector = inspect(connection)
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%'"))
        return {row.name: re.sub(r"\s+", "", row.sql or "") for row in rows if "alembic" not in row.name}
    indexes = connection.execute(
        text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
    )
    described: dict[str, Any] = {row.indexname: row.indexdef for row in indexes}
    for name in inspector.get_table_names():
        described[name] = [str(column) for column in inspector.get_columns(name)]
    return {name: value for name, value in described.items() if "alembic" not in name}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_make_exactly_the_schema_of_the_tables(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    migrated, created = (
        (f"sqlite:///{tmp_path}/migrated.db", f"sqlite:///{tmp_path}/created.db")
        if kind == "sqlite"
        else (request.getfixturevalue("pg_server").new_database() for _ in range(2))
    )
    described = []
    for url, make in ((migrated, schema.upgrade), (created, metadata.create_all)):
        engine = create_engine(url)
        with engine.begin() as connection:
            make(connection)
        with engine.connect() as connection:
            described.append(_described(connection))
            context = MigrationContext.configure(connection, opts={"compare_server_default": True})
            assert compare_metadata(context, metadata) == []
        engine.dispose()
    assert described[0] == described[1]
    assert len(described[0]) > len(metadata.tables)


_NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "9000"
down_revision = "HEAD"
def upgrade():
    op.add_column("settings", sa.Column("note", sa.Text()))
    op.execute("UPDATE settings SET note = 'mới'")
    if FAIL:
        op.execute("UPDATE nowhere SET x = 1")
"""


def _next_schema(monkeypatch: pytest.MonkeyPatch, directory: Path, fail: bool) -> None:
    versions = directory / "versions"
    versions.mkdir(parents=True)
    for file in (*schema.MIGRATIONS.glob("*.py"), *schema.MIGRATIONS.glob("versions/*.py")):
        target = directory / file.relative_to(schema.MIGRATIONS)
        target.write_text(file.read_text())
    (versions / "9000_next.py").write_text(_NEXT.replace("FAIL", str(fail)).replace("HEAD", schema.HEAD))
    monkeypatch.setattr(schema, "MIGRATIONS", directory)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9000"))
    monkeypatch.setattr(schema, "HEAD", "9000")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_old_database_is_brought_up_whole_or_not_at_all(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    bare = f"sqlite:///{tmp_path}/old.db"
    url = bare if kind == "sqlite" else request.getfixturevalue("bare_postgres_url")
    store = open_store(url, KEY, frozenset({"web"}))
    await store.take([said(telegram("1"), "a")], greet, 1)
    await store.close()

    with monkeypatch.context() as patch:
        _next_schema(patch, tmp_path / "failing", fail=True)
        with pytest.raises(Exception, match="nowhere"):
            open_store(url, KEY, frozenset({"web"}))
    store = open_store(url, KEY, frozenset({"web"}))
    assert await store.conversation(telegram("1")) == 1
    await store.close()

    with monkeypatch.context() as patch:
        _next_schema(patch, tmp_path / "good", fail=False)
        store = open_store(url, KEY, frozenset({"web"}))
        assert await store.conversation(telegram("1")) == 1
        await store.close()
    with pytest.raises(StoreTooNew):
        open_store(url, KEY, frozenset({"web"}))


def test_every_column_says_what_it_is_for() -> None:
    columns = [column for table in metadata.tables.values() for column in table.c]
    assert {column.info.get("purpose") for column in columns} <= set(PURPOSES)
    assert len(columns) > 100


def _sample(kind: Any) -> Any:
    """A value of this type in which nothing is the default or empty."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _sample(next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return (_sample(parts[0]), _sample(parts[0])) if parts[1:] == (...,) else tuple(map(_sample, parts))
    if origin in {dict, Mapping}:
        return {_sample(parts[0]): _sample(parts[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if dataclasses.is_dataclass(kind):
        return kind(**{name: _sample(hint) for name, hint in get_type_hints(kind).items()})  # type: ignore[operator]
    samples: dict[Any, Any] = {str: "Chữ “có dấu” 🙂", int: 2**40 + 1, bool: True, float: 0.5}
    return samples[kind]


def test_every_field_of_a_state_and_of_a_reply_comes_back() -> None:
    saved = Saved(_sample(State), {"t": "Đã bấm"})
    for field in dataclasses.fields(State):
        if field.default is not dataclasses.MISSING:
            assert getattr(saved.state, field.name) != field.default
    assert decode_saved(encode(saved)) == saved
    reply = _sample(Reply)
    assert decode_reply(encode(reply)) == reply


def test_a_session_from_before_communes_opens_without_one() -> None:
    visit = Visit(1, "mo-app", 5)
    state = State(
        Contact(commune="22291", poster="22291"), Session((Run("r", "f", "v", 5, visit, commune="22291"),))
    )
    first, *offers = msgspec.msgpack.decode(encode(Saved(state, {}))[1:])
    del first["contact"]["commune"], first["contact"]["poster"], first["naming"]
    del first["session"]["runs"][0]["commune"]
    older = encode(Saved(state, {}))[:1] + msgspec.msgpack.encode([first, *offers])
    opened = decode_saved(older).state
    assert opened.contact == Contact()
    assert opened.session == Session((Run("r", "f", "v", 5, visit),))


def test_a_newer_format_is_refused() -> None:
    for data in (b"", b"\x02" + encode(Reply("a"))[1:]):
        with pytest.raises(UnknownFormat):
            decode_reply(data)


def test_sealed_bytes_open_only_in_their_row_with_their_key() -> None:
    vault = Vault(KEY)
    sealed = vault.of_conversation(1).seal(b"x", b"row")
    assert vault.of_conversation(1).open(sealed, b"row") == b"x"
    for cipher, row, data in (
        (vault.of_conversation(2), b"row", sealed),
        (vault.of_conversation(1), b"other", sealed),
        (Vault(KEY[::-1]).of_conversation(1), b"row", sealed),
        (vault.of_conversation(1), b"row", sealed[:-1]),
        (vault.of_conversation(1), b"row", b""),
    ):
        with pytest.raises(Unreadable):
            cipher.open(data, row)


def test_hashes_tell_where_one_part_ends_and_the_next_begins() -> None:
    vault = Vault(KEY)
    addresses = [
        Address("a", "1b"),
        Address("a1", "b"),
        Address("a", "1:b"),
        Address("1:a", "b"),
        Address("", "a1b"),
    ]
    assert len({vault.hash_address(address) for address in addresses}) == len(addresses)
    events = [
        (Address("a", "1"), "23"),
        (Address("a", "12"), "3"),
        (Address("a", "1"), "2:3"),
        (Address("a", ""), "123"),
    ]
    assert len({vault.hash_event(*event) for event in events}) == len(events)
