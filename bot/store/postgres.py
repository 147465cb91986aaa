"""PostgreSQL: several workers, each batch a handful of statements over arrays, one array per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import Connection, create_engine, text

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
from bot.store.statements import pg_add, pg_insert, pg_save
from bot.store.tables import (
    addresses,
    conversations,
    inbox,
    lines,
    unmatched,
    visits,
)

T = TypeVar("T")

POSTGRES_AWAY: tuple[type[Exception], ...] = (psycopg.OperationalError, psycopg.InterfaceError, *AWAY)

WORKERS = 4

_OPTIONS = (
    "-c statement_timeout=8000 -c lock_timeout=5000 "
    "-c idle_in_transaction_session_timeout=15000 -c client_encoding=UTF8"
)
CONNECT = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,
    "options": _OPTIONS,
}
"""A server that falls silent is given up before `running.ANSWER_WITHIN` is over."""

_MIGRATING = 0x564E6549
"""Advisory lock of whoever migrates; addresses use two-part keys and cannot meet it."""

_PERSON = 0x6E << 48
"""Added to the number of somebody at the desk it is an advisory lock of theirs."""

_BORN = (
    "channel", "home", "flow", "version", "step", "pins", "heard_at", "wake_at", "state", "id", "revision",
    "created_at", "due_at",
)  # fmt: skip
_INSERT_INBOX = pg_insert(inbox, InboxRow._fields)
_INSERT_BORN = pg_insert(conversations, _BORN)
_INSERT_ADDRESS = pg_insert(addresses, AddressRow._fields)
_INSERT_LINE = pg_insert(lines, LineRow._fields)
_INSERT_UNMATCHED = pg_insert(unmatched, UnmatchedRow._fields)
_INSERT_VISIT = pg_insert(visits, VisitRow._fields)
_SAVE = pg_save()
_COUNTERS = tuple(pg_add(table, columns) for table, columns in COUNTERS)
_TOUCH = pg_insert(touched, ("week", "slot")) + " ON CONFLICT DO NOTHING"
_SET_SUM = (
    pg_insert(weekly_counts, (*SumRow._fields[:-1], "count"))
    + " ON CONFLICT (view, kind, flow, week, part, step, what) DO UPDATE SET count = excluded.count"
)
_SUMMED = pg_insert(summed_guides, ("week", "flow")) + " ON CONFLICT DO NOTHING"
_SUM_KEY = " AND ".join(f"weekly_counts.{name} = gone.{name}" for name in SumRow._fields[:-1])
_DROP_SUM = (
    "DELETE FROM weekly_counts USING unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], "  # noqa: S608
    f"%s::text[], %s::text[]) AS gone (view, kind, flow, week, part, step, what) WHERE {_SUM_KEY}"
)
_SLOWLY = text(f"SET LOCAL statement_timeout = {int(AT_LEISURE * 1000)}")

_LOCK = "SELECT pg_advisory_xact_lock(a, b) FROM unnest(%s::integer[], %s::integer[]) AS t (a, b)"
_EARLIER = "SELECT key, first_line, last_line FROM inbox WHERE key = ANY(%s::bytea[])"
_FOUND = (
    "SELECT a.hash, c.id, c.revision, c.channel, c.heard_at, c.due_at, c.state "
    "FROM conversations AS c JOIN addresses AS a ON a.conversation_id = c.id "
    "WHERE a.hash = ANY(%s::bytea[]) ORDER BY c.id FOR UPDATE OF c"
)
_FOUND_BY_ID = (
    "SELECT home, id, revision, channel, heard_at, due_at, state FROM conversations WHERE id = %s FOR UPDATE"
)
_SET_DUE = (
    "UPDATE conversations AS old SET due_at = new.due_at "
    "FROM unnest(%s::bigint[], %s::bigint[]) AS new (due_at, id) WHERE old.id = new.id"
)
_PUT_OFF = (
    "UPDATE conversations SET due_at = wake_at WHERE id IN (SELECT id FROM conversations "
    "WHERE due_at <= %s AND (wake_at IS NULL OR wake_at > %s) ORDER BY id FOR UPDATE SKIP LOCKED)"
)
_DUE = (
    "SELECT home, id, revision, channel, heard_at, due_at, state FROM conversations "
    "WHERE due_at <= %s ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED"
)
_NEXT = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"


class PostgresLedger:
    """One open transaction. Addresses are locked first, then conversations, then one person at the desk, then
    counters, each in order.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._raw = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)

    def lock(self, hashes: Sequence[bytes]) -> None:
        """Advisory locks also cover addresses that nobody has seen yet."""
        parts = sorted((_number(hash[:4]), _number(hash[4:8])) for hash in hashes)
        self._raw.execute(_LOCK, _columns(parts))

    def lock_person(self, person: int) -> None:
        self._raw.execute("SELECT pg_advisory_xact_lock(%s)", [_PERSON + person])

    def earlier(self, keys: Sequence[bytes]) -> dict[bytes, Earlier]:
        rows = self._rows(_EARLIER, [list(keys)])
        return {key: Earlier(first, last) for key, first, last in rows}

    def found(self, hashes: Sequence[bytes]) -> list[Found]:
        return [Found(*row) for row in self._rows(_FOUND, [list(hashes)])]

    def found_by_id(self, conversation: int) -> Found | None:
        rows = self._rows(_FOUND_BY_ID, [conversation])
        return Found(*rows[0]) if rows else None

    def due(self, now: int, limit: int) -> list[Found]:
        self._raw.execute(_PUT_OFF, [now, now])
        return [Found(*row) for row in self._rows(_DUE, [now, limit])]

    def new_conversations(self, count: int) -> Sequence[int]:
        return self._draw("conversations_id_seq", count)

    def new_lines(self, count: int) -> Sequence[int]:
        return self._draw("lines_id_seq", count)

    def new_unmatched(self, count: int) -> Sequence[int]:
        return self._draw("unmatched_id_seq", count)

    def write(self, writes: Writes, now: int) -> None:
        if writes.erased:
            erase(self.connection, writes.erased)
        with self._raw.pipeline():
            if writes.born:
                self._many(_INSERT_BORN, [(*row, now, row.wake_at) for row in writes.born])
                self._many(_INSERT_ADDRESS, writes.addresses)
            saved = self._many(_SAVE, writes.saved)
            self._many(_SET_DUE, writes.due)
            self._many(_INSERT_INBOX, writes.inbox)
            self._many(_INSERT_LINE, writes.lines)
            self._many(_INSERT_UNMATCHED, writes.unmatched)
        if saved is not None and saved.rowcount != len(writes.saved):
            raise Overtaken("another writer changed a conversation")

    def count(self, tally: Tally, now: int) -> None:
        """Last in the transaction: all workers meet at these rows, in one order."""
        with self._raw.pipeline():
            self._many(_INSERT_VISIT, [_strings(row) for row in tally.visits])
            for statement, changes in zip(_COUNTERS, tally.changes(), strict=True):
                rows = sorted((*_strings(key), *values) for key, values in changes.items())
                self._many(statement, rows)
            self._many(_TOUCH, [(week, now // SLOT) for week in sorted(tally.weeks())])

    def set_sums(self, rows: Sequence[SumRow]) -> None:
        """In one order, for another process may write the same."""
        self._many(_SUMMED, sorted({(row.week, row.flow) for row in rows}))
        self._many(_SET_SUM, sorted(row for row in rows if row.number))
        self._many(_DROP_SUM, sorted(row[:-1] for row in rows if not row.number))

    def _rows(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return self._raw.cursor(binary=True).execute(statement, values).fetchall()

    def _draw(self, sequence: str, count: int) -> list[int]:
        return sorted(id for (id,) in self._rows(_NEXT, [sequence, count])) if count else []

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> psycopg.Cursor[Any] | None:
        return self._raw.execute(statement, _columns(rows)) if rows else None


class PostgresDatabase:
    """A few threads, a connection each."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(
            url,
            hide_parameters=True,  # an error would quote them
            pool_size=WORKERS,
            max_overflow=0,
            pool_timeout=8,
            pool_pre_ping=True,  # a connection that broke while idle is replaced before it is used
            connect_args=CONNECT,
        )
        self._workers = ThreadPoolExecutor(WORKERS, "store")
        self.away = POSTGRES_AWAY

    def run_alone(self, work: Callable[[Connection], None]) -> None:
        """For the start: one process at a time checks and migrates."""

        def alone(connection: Connection) -> None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            work(connection)

        transact(self.engine, alone, Call(), self.away)

    def ledger(self, connection: Connection) -> PostgresLedger:
        return PostgresLedger(connection)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await in_thread(self._workers, lambda call: transact(self.engine, work, call, self.away))

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.write(work)

    async def read_at_leisure(self, work: Callable[[Connection], T]) -> T:
        """One of the threads for as long as it takes: the others go on."""

        def slowly(connection: Connection) -> T:
            connection.execute(_SLOWLY)
            return work(connection)

        return await in_thread(
            self._workers, lambda call: transact(self.engine, slowly, call, self.away), AT_LEISURE
        )

    async def scrub(self) -> None:
        """Deleted rows leave the pages with autovacuum; there is nothing to hurry from here."""

    def close(self) -> None:
        self._workers.shutdown()
        self.engine.dispose()


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _number(four: bytes) -> int:
    return int.from_bytes(four, "big", signed=True)


def _strings(key: Iterable[Any]) -> tuple[Any, ...]:
    """Enum members become plain strings: an array takes one type only."""
    return tuple(str(part) if isinstance(part, str) else part for part in key)
