"""The hot path's SQL, written from `tables` so that the two cannot drift apart.

SQLite takes rows one by one with executemany; PostgreSQL takes a whole batch as one array per column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, Text

from bot.store.tables import conversations

SAVE = (
    "channel",
    "home",
    "flow",
    "version",
    "step",
    "pins",
    "heard_at",
    "wake_at",
    "state",
)
"""What a turn changes in its conversation, in the order of `Saving.values`."""

_PG_TYPES = {
    BigInteger: "bigint",
    Integer: "integer",
    Boolean: "boolean",
    LargeBinary: "bytea",
    Text: "text",
}


def sqlite_insert(table: Table, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks})"  # noqa: S608 - our own names


def sqlite_add(table: Table, values: Sequence[str]) -> str:
    columns = [column.name for column in table.c]
    return sqlite_insert(table, columns) + _add(table, values)


def sqlite_save() -> str:
    changes = ", ".join(f"{name} = ?" for name in SAVE)
    return f"UPDATE conversations SET revision = revision + 1, {changes} WHERE id = ? AND revision = ?"  # noqa: S608


def pg_insert(table: Table, columns: Sequence[str]) -> str:
    arrays = _arrays(table.c[name] for name in columns)
    return f"INSERT INTO {table.name} ({_names(columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608


def pg_add(table: Table, values: Sequence[str]) -> str:
    columns = [column.name for column in table.c]
    return pg_insert(table, columns) + _add(table, values)


def pg_save() -> str:
    columns = (*SAVE, "id", "revision")
    arrays = _arrays(conversations.c[name] for name in columns)
    changes = ", ".join(f"{name} = new.{name}" for name in SAVE)
    return (
        f"UPDATE conversations AS old SET revision = old.revision + 1, {changes} "  # noqa: S608
        f"FROM unnest({arrays}) AS new ({_names(columns)}) "
        "WHERE old.id = new.id AND old.revision = new.revision"
    )


def _add(table: Table, values: Sequence[str]) -> str:
    key = _names([column.name for column in table.primary_key])
    sums = ", ".join(f"{value} = {table.name}.{value} + excluded.{value}" for value in values)
    return f" ON CONFLICT ({key}) DO UPDATE SET {sums}"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _arrays(columns: Iterable[Column[object]]) -> str:
    return ", ".join(f"%s::{_pg_type(column)}[]" for column in columns)


def _pg_type(column: Column[object]) -> str:
    for kind, name in _PG_TYPES.items():
        if isinstance(column.type, kind):
            return name
    raise TypeError(f"no PostgreSQL type for {column}")
