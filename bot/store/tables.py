"""What is kept, table by table, and what each column is for.

The one description of the schema: migrations are tested against it and the statements of the hot path
are written from it. Columns that say something about a person hold hashes or sealed bytes.
"""

from __future__ import annotations

from typing import Any, get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

from bot.core.visits import (
    ARROW_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    TIME_COLUMNS,
    ArrowKey,
    RunKey,
    StepKey,
    TimeKey,
    VisitRow,
)

PURPOSES = {
    "find": "look up a row without knowing whose it is",
    "continue": "go on where the resident stopped",
    "timer": "wake a conversation in time",
    "deliver": "get a reply to the resident once, in order",
    "history": "show the resident the conversation again",
    "once": "let each message take effect once",
    "retention": "delete in time",
    "handoff": "bring a volunteer",
    "learning": "teach the bot what it did not understand",
    "join": "go on with another phone",
    "guide": "keep a guide as long as somebody walks it",
    "statistics": "count where people drop off, without a person",
    "integrity": "refuse a wrong key or a late writer",
    "platform": "speak to a platform, by one process at a time",
    "repair": "find out why an event fails",
}
"""Why a column exists. A column without one of these is refused by a test."""

BIG = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

Kind = TypeEngine[Any] | type[TypeEngine[Any]]


def _column(
    name: str, kind: Kind, purpose: str, *, key: bool = False, null: bool = False, default: str | None = None
) -> Column[Any]:
    info = {"purpose": purpose}
    return Column(name, kind, primary_key=key, nullable=null, server_default=default, info=info)


conversations = Table(
    "conversations",
    metadata,
    _column("id", BIG, "find", key=True),
    _column("revision", Integer, "integrity"),
    _column("channel", Text, "deliver"),
    _column("home", LargeBinary, "deliver"),  # hash of the address that wrote last
    _column("flow", Text, "guide", null=True),  # where the session stands, in clear for `standing`
    _column("version", Text, "guide", null=True),
    _column("step", Text, "guide", null=True),
    _column("pins", Text, "guide", null=True),  # editions of the runs below and beside it
    _column("created_at", BIG, "retention"),
    _column("heard_at", BIG, "retention"),
    _column("wake_at", BIG, "timer", null=True),  # when the conversation wants to be woken
    _column("due_at", BIG, "timer", null=True),  # never after wake_at; indexed, so it is not moved every turn
    _column("state", LargeBinary, "continue"),  # sealed; last, so that the others are read without it
    sqlite_autoincrement=True,
)
Index(
    "conversations_due",
    conversations.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
)

addresses = Table(
    "addresses",
    metadata,
    _column("hash", LargeBinary, "find", key=True),
    _column("conversation_id", BIG, "find"),
    _column("channel", Text, "deliver"),
    _column("address", LargeBinary, "deliver"),  # sealed
    sqlite_with_rowid=False,
)
Index("addresses_conversation", addresses.c.conversation_id)

inbox = Table(
    "inbox",
    metadata,
    _column("key", LargeBinary, "once", key=True),  # keyed hash of address and event
    _column("received_at", BIG, "retention"),
    _column("first_line", BIG, "once", null=True),
    _column("last_line", BIG, "once", null=True),
    sqlite_with_rowid=False,
)

_UNSETTLED = text("status IN ('queued', 'sending')")

lines = Table(
    "lines",
    metadata,
    _column("id", BIG, "history", key=True),
    _column("conversation_id", BIG, "history", null=True),
    _column("mine", Boolean, "history"),
    _column("at", BIG, "history"),
    _column("key", LargeBinary, "once", null=True),  # the inbox key of the turn
    _column("channel", Text, "deliver"),
    _column("recipient", LargeBinary, "deliver", null=True),  # hash of the address, gone when sent
    _column("address", LargeBinary, "deliver", null=True),  # sealed, only without a conversation
    _column("status", Text, "deliver"),
    _column("ready_at", BIG, "deliver"),  # queued: not before; sending: the lease ends
    _column("attempts", Integer, "deliver"),
    _column("again", Boolean, "deliver"),
    _column("body", LargeBinary, "history"),  # sealed
    _column("done", Integer, "deliver", default="0"),  # parts of it that have arrived
    sqlite_autoincrement=True,
)
Index("lines_conversation", lines.c.conversation_id, lines.c.id)
Index(
    "lines_ready",
    lines.c.channel,
    lines.c.ready_at,
    lines.c.id,
    sqlite_where=_UNSETTLED,
    postgresql_where=_UNSETTLED,
)
Index("lines_order", lines.c.recipient, lines.c.id, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)

tickets = Table(
    "tickets",
    metadata,
    _column("id", BIG, "handoff", key=True),
    _column("conversation_id", BIG, "handoff"),
    _column("channel", Text, "handoff"),
    _column("flow", Text, "handoff"),
    _column("version", Text, "handoff"),
    _column("step", Text, "handoff"),
    _column("reason", Text, "handoff"),
    _column("status", Text, "handoff"),
    _column("created_at", BIG, "handoff"),
    _column("closed_at", BIG, "handoff", null=True),
    sqlite_autoincrement=True,
)
Index(
    "tickets_open",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)
Index("tickets_conversation", tickets.c.conversation_id)

codes = Table(
    "codes",
    metadata,
    _column("hash", LargeBinary, "join", key=True),
    _column("conversation_id", BIG, "join"),
    _column("until", BIG, "join"),
    sqlite_with_rowid=False,
)
Index("codes_conversation", codes.c.conversation_id)

unmatched = Table(
    "unmatched",
    metadata,
    _column("id", BIG, "learning", key=True),
    _column("conversation_id", BIG, "retention"),
    _column("at", BIG, "retention"),  # when it was said, which may be before the turn that tells of it
    _column("flow", Text, "learning"),
    _column("step", Text, "learning"),
    _column("body", LargeBinary, "learning"),  # sealed
    sqlite_autoincrement=True,
)
Index("unmatched_conversation", unmatched.c.conversation_id)

editions = Table(
    "editions",
    metadata,
    _column("flow", Text, "guide", key=True),
    _column("version", Text, "guide", key=True),
    _column("current", Boolean, "guide"),
    _column("first_seen", BIG, "guide"),
    _column("last_seen", BIG, "guide"),
    _column("source", Text, "guide"),
)

stumbles = Table(
    "stumbles",
    metadata,
    _column("key", LargeBinary, "repair", key=True),  # keyed hash of channel and event
    _column("channel", Text, "repair"),
    _column("tries", Integer, "repair"),
    _column("first_at", BIG, "repair"),
    _column("last_at", BIG, "retention"),
    _column("shape", Text, "repair"),  # keys and types of the event, no value of it
    sqlite_with_rowid=False,
)

duties = Table(
    "duties",
    metadata,
    _column("name", Text, "platform", key=True),
    _column("holder", Text, "platform"),
    _column("until", BIG, "platform"),
    sqlite_with_rowid=False,
)

secrets = Table(
    "secrets",
    metadata,
    _column("name", Text, "platform", key=True),
    _column("revision", Integer, "integrity"),
    _column("changed_at", BIG, "platform"),
    _column("body", LargeBinary, "platform"),  # sealed
)

settings = Table(
    "settings",
    metadata,
    _column("name", Text, "integrity", key=True),
    _column("value", LargeBinary, "integrity"),
)


def _kind(hint: object) -> Kind:
    return BIG if hint is int else Text()


def _named(row: type) -> list[Column[Any]]:
    return [_column(name, _kind(hint), "statistics") for name, hint in get_type_hints(row).items()]


def _counter(name: str, key: type, values: tuple[str, ...]) -> Table:
    """Counters start with their whole key: one row per day, guide, version, channel, commune, …"""
    return Table(
        name,
        metadata,
        *_named(key),
        *(_column(value, BIG, "statistics") for value in values),
        PrimaryKeyConstraint(*get_type_hints(key)),
        sqlite_with_rowid=False,
    )


visits = Table("visits", metadata, _column("id", BIG, "statistics", key=True), *_named(VisitRow))

run_counts = _counter("run_counts", RunKey, RUN_COLUMNS)
step_counts = _counter("step_counts", StepKey, STEP_COLUMNS)
arrow_counts = _counter("arrow_counts", ArrowKey, ARROW_COLUMNS)
time_counts = _counter("time_counts", TimeKey, TIME_COLUMNS)

OF_A_CONVERSATION = (lines, tickets, codes, unmatched, addresses)
"""Tables with rows that belong to a conversation; they go when it goes."""
