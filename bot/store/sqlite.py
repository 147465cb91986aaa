"""SQLite: one file, one process, one writer thread; readers do not wait for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from bot.core.tally import Tally
from bot.core.visits import (
    VisitRow,
)
from bot.store.erasing import erase
from bot.store.insight_tables import COUNTERS, SLOT, summed_guides, touched, weekly_counts
from bot.store.ledger import (
    AddressRow,
    Earlier,
    Found,
    InboxRow,
    LineRow,
    Overtaken,
    SumRow,
    UnmatchedRow,
    Writes,
)
from bot.store.running import AT_LEISURE, AWAY, Call, in_thread, transact
from bot.store.statements import sqlite_add, sqlite_insert, sqlite_save
from bot.store.tables import (
    addresses,
    conversations,
    inbox,
    lines,
    unmatched,
    visits,
)

T = TypeVar("T")

SQLITE_AWAY: tuple[type[Exception], ...] = (sqlite3.OperationalError, *AWAY)

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what was acknowledged survives a power cut
    "secure_delete = ON",  # deleted bytes are overwritten
    "busy_timeout = 5000",
    "cache_size = -65536",  # 64 MB
    "temp_store = MEMORY",  # nothing of a person in temporary files
    "trusted_schema = OFF",
    "wal_autocheckpoint = 8000",  # 32 MB: pages that change often are written back once for many turns
)

_BORN = (
    "channel", "home", "flow", "version", "step", "pins", "heard_at", "wake_at", "state", "id", "revision",
    "created_at", "due_at",
)  # fmt: skip
_INSERT_INBOX = sqlite_insert(inbox, InboxRow._fields)
_INSERT_BORN = sqlite_insert(conversations, _BORN)
_INSERT_ADDRESS = sqlite_insert(addresses, AddressRow._fields)
_INSERT_LINE = sqlite_insert(lines, LineRow._fields)
_INSERT_UNMATCHED = sqlite_insert(unmatched, UnmatchedRow._fields)
_INSERT_VISIT = sqlite_insert(visits, VisitRow._fields)
_SAVE = sqlite_save()
_COUNTERS = tuple(sqlite_add(table, columns) for table, columns in COUNTERS)
_TOUCH = sqlite_insert(touched, ("week", "slot")) + " ON CONFLICT DO NOTHING"
_SET_SUM = (
    sqlite_insert(weekly_counts, (*SumRow._fields[:-1], "count"))
    + " ON CONFLICT (view, kind, flow, week, part, step, what) DO UPDATE SET count = excluded.count"
)
_SUMMED = sqlite_insert(summed_guides, ("week", "flow")) + " ON CONFLICT DO NOTHING"
_DROP_SUM = (
    "DELETE FROM weekly_counts WHERE view = ? AND kind = ? AND flow = ? AND week = ? AND part = ? "
    "AND step = ? AND what = ?"
)

_EARLIER = "SELECT key, first_line, last_line FROM inbox WHERE key IN ({})"
_FOUND = (
    "SELECT a.hash, c.id, c.revision, c.channel, c.heard_at, c.due_at, c.state "
    "FROM addresses AS a CROSS JOIN conversations AS c ON c.id = a.conversation_id WHERE a.hash IN ({})"
)
_PUT_OFF = (
    "UPDATE conversations SET due_at = wake_at "
    "WHERE due_at IS NOT NULL AND due_at <= ? AND (wake_at IS NULL OR wake_at > ?)"
)
_FOUND_BY_ID = "SELECT home, id, revision, channel, heard_at, due_at, state FROM conversations WHERE id = ?"
_DUE = (
    "SELECT home, id, revision, channel, heard_at, due_at, state FROM conversations "
    "WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, id LIMIT ?"
)
_DRAWN = (
    "UPDATE sqlite_sequence SET seq = ? WHERE name = 'lines'",
    "INSERT INTO sqlite_sequence (name, seq) VALUES ('lines', ?)",
)


class SqliteLedger:
    """One open transaction. Nobody else writes, so nothing needs a lock."""

    def __init__(self, connection: Connection, database: SqliteDatabase) -> None:
        self.connection = connection
        self._raw = cast("sqlite3.Connection", connection.connection.driver_connection)
        self._database = database

    def lock(self, hashes: Sequence[bytes]) -> None:
        pass

    def lock_person(self, person: int) -> None:
        pass

    def earlier(self, keys: Sequence[bytes]) -> dict[bytes, Earlier]:
        rows = self._raw.execute(_EARLIER.format(_marks(keys)), keys)
        return {key: Earlier(first, last) for key, first, last in rows}

    def found(self, hashes: Sequence[bytes]) -> list[Found]:
        return [Found(*row) for row in self._raw.execute(_FOUND.format(_marks(hashes)), hashes)]

    def found_by_id(self, conversation: int) -> Found | None:
        row = self._raw.execute(_FOUND_BY_ID, (conversation,)).fetchone()
        return Found(*row) if row else None

    def due(self, now: int, limit: int) -> list[Found]:
        self._raw.execute(_PUT_OFF, (now, now))
        return [Found(*row) for row in self._raw.execute(_DUE, (now, limit))]

    def new_conversations(self, count: int) -> Sequence[int]:
        return self._database.draw("conversations", count)

    def new_lines(self, count: int) -> Sequence[int]:
        return self._database.draw("lines", count)

    def new_unmatched(self, count: int) -> Sequence[int]:
        return self._database.draw("unmatched", count) if count else ()

    def write(self, writes: Writes, now: int) -> None:
        many = self._raw.executemany
        if writes.erased:
            erase(self.connection, writes.erased)
            self._database.wipe = True
        if writes.born:
            many(_INSERT_BORN, [(*row, now, row.wake_at) for row in writes.born])
            many(_INSERT_ADDRESS, writes.addresses)
        if writes.saved and many(_SAVE, writes.saved).rowcount != len(writes.saved):
            raise Overtaken("another writer changed a conversation")
        if writes.due:
            many("UPDATE conversations SET due_at = ? WHERE id = ?", writes.due)
        many(_INSERT_INBOX, writes.inbox)
        many(_INSERT_LINE, writes.lines)
        if writes.unmatched:
            many(_INSERT_UNMATCHED, writes.unmatched)
        self._note_drawn(writes)

    def count(self, tally: Tally, now: int) -> None:
        many = self._raw.executemany
        many(_INSERT_VISIT, tally.visits)
        for statement, changes in zip(_COUNTERS, tally.changes(), strict=True):
            if changes:
                many(statement, [(*key, *values) for key, values in changes.items()])
        many(_TOUCH, [(week, now // SLOT) for week in tally.weeks()])

    def set_sums(self, rows: Sequence[SumRow]) -> None:
        many = self._raw.executemany
        many(_SUMMED, {(row.week, row.flow) for row in rows})
        many(_SET_SUM, [row for row in rows if row.number])
        many(_DROP_SUM, [row[:-1] for row in rows if not row.number])

    def _note_drawn(self, writes: Writes) -> None:
        """Ids of lines that were only shown, not kept, must not come again after a restart."""
        drawn = self._database.drawn("lines")
        if not writes.lines or writes.lines[-1].id < drawn:
            update, insert = _DRAWN
            if not self._raw.execute(update, (drawn,)).rowcount:
                self._raw.execute(insert, (drawn,))


class SqliteDatabase:
    """The writer's connection in a thread of its own, and a reader's beside it."""

    def __init__(self, path: Path) -> None:
        _create_private(path)
        self._write_raw = _connect(path)
        self.engine = _engine(self._write_raw, "BEGIN IMMEDIATE")
        self._read_raw: sqlite3.Connection | None = None
        self._read_engine: Engine | None = None
        self._slow_raw: sqlite3.Connection | None = None
        self._slow_engine: Engine | None = None
        self._path = path
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._reader = ThreadPoolExecutor(1, "store-reader")
        self._slow_reader = ThreadPoolExecutor(1, "store-slow-reader")
        self._drawn: dict[str, int] = {}
        self.wipe = False
        self.away = SQLITE_AWAY

    def ready(self) -> None:
        """Call when the schema stands: opens the reader and reads where the ids have got to."""
        self._read_raw = _connect(self._path)
        self._read_raw.execute("PRAGMA query_only = ON")
        self._read_engine = _engine(self._read_raw, "BEGIN")
        self._drawn = dict(self._write_raw.execute("SELECT name, seq FROM sqlite_sequence"))

    def ledger(self, connection: Connection) -> SqliteLedger:
        return SqliteLedger(connection, self)

    def draw(self, table: str, count: int) -> range:
        first = self.drawn(table) + 1
        self._drawn[table] = first + count - 1
        return range(first, first + count)

    def drawn(self, table: str) -> int:
        return self._drawn.get(table, 0)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await in_thread(self._writer, lambda call: self._write(work, call))

    async def read(self, work: Callable[[Connection], T]) -> T:
        engine = self._read_engine
        if engine is None:
            raise RuntimeError("the database is not ready")
        return await in_thread(self._reader, lambda call: transact(engine, work, call, self.away))

    async def read_at_leisure(self, work: Callable[[Connection], T]) -> T:
        return await in_thread(self._slow_reader, lambda call: self._read_slowly(work, call), AT_LEISURE)

    async def scrub(self) -> None:
        self.wipe = True
        await in_thread(self._writer, lambda _: self._scrub())

    def close(self) -> None:
        """Finish what was begun and let go of the file."""
        self._writer.shutdown()
        self._reader.shutdown()
        self._slow_reader.shutdown()
        if self._slow_raw is not None and self._slow_engine is not None:
            self._slow_engine.dispose()
            self._slow_raw.close()
        if self._read_raw is not None and self._read_engine is not None:
            self._read_engine.dispose()
            self._read_raw.close()
        self.engine.dispose()
        self._write_raw.close()

    def _write(self, work: Callable[[Connection], T], call: Call) -> T:
        result = transact(self.engine, work, call, self.away)
        if self.wipe:
            self._scrub()
        return result

    def _read_slowly(self, work: Callable[[Connection], T], call: Call) -> T:
        if self._slow_engine is None:  # most processes never need it
            self._slow_raw = _connect(self._path)
            self._slow_raw.execute("PRAGMA query_only = ON")
            self._slow_engine = _engine(self._slow_raw, "BEGIN")
        return transact(self._slow_engine, work, call, self.away)

    def _scrub(self) -> None:
        """Deleted rows are overwritten in the file; empty the log that still holds their old pages.

        A reader can be in the way for a moment: then the next write tries again.
        """
        try:
            busy, _, _ = self._write_raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return
        self.wipe = bool(busy)


def _create_private(path: Path) -> None:
    """The file, and those SQLite puts beside it, are for this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    return raw


def _engine(raw: sqlite3.Connection, begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, hide_parameters=True)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", start)
    return engine


def _marks(values: Sequence[bytes]) -> str:
    return ", ".join("?" * len(values))
