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
    "account": "let those in who may answer people, and nobody else",
    "journal": "show who did and read what",
    "notice": "tell volunteers that somebody waits",
    "visit": "send somebody to a home",
    "learning": "teach the bot what it did not understand",
    "join": "go on with another phone",
    "guide": "keep a guide as long as somebody walks it",
    "statistics": "count where people drop off, without a person",
    "campaign": "compare official figures with their targets",
    "calendar": "tell people when the mobile team is near them",
    "poster": "tell posters apart by what came of them",
    "outage": "tell people that VNeID is down, and stop their clocks",
    "digest": "bring the week's figures to whoever asked for them",
    "integrity": "refuse a wrong key or a late writer",
    "platform": "speak to a platform, by one process at a time",
    "repair": "find out why an event fails",
}
"""Why a column exists. A column without one of these is refused by a test."""

BIG = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

Kind = TypeEngine[Any] | type[TypeEngine[Any]]


def column(
    name: str, kind: Kind, purpose: str, *, key: bool = False, null: bool = False, default: str | None = None
) -> Column[Any]:
    info = {"purpose": purpose}
    return Column(
        name,
        kind,
        primary_key=key,
        nullable=null,
        server_default=None if default is None else text(default),
        info=info,
    )


conversations = Table(
    "conversations",
    metadata,
    column("id", BIG, "find", key=True),
    column("revision", Integer, "integrity"),
    column("channel", Text, "deliver"),
    column("home", LargeBinary, "deliver"),  # hash of the address that wrote last
    column("flow", Text, "guide", null=True),  # where the session stands, in clear for `standing`
    column("version", Text, "guide", null=True),
    column("step", Text, "guide", null=True),
    column("pins", Text, "guide", null=True),  # editions of the runs below and beside it
    column("created_at", BIG, "retention"),
    column("heard_at", BIG, "retention"),
    column("wake_at", BIG, "timer", null=True),  # when the conversation wants to be woken
    column("due_at", BIG, "timer", null=True),  # never after wake_at; indexed, so it is not moved every turn
    column("state", LargeBinary, "continue"),  # sealed; last, so that the others are read without it
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
    column("hash", LargeBinary, "find", key=True),
    column("conversation_id", BIG, "find"),
    column("channel", Text, "deliver"),
    column("address", LargeBinary, "deliver"),  # sealed
    sqlite_with_rowid=False,
)
Index("addresses_conversation", addresses.c.conversation_id)

inbox = Table(
    "inbox",
    metadata,
    column("key", LargeBinary, "once", key=True),  # keyed hash of address and event
    column("received_at", BIG, "retention"),
    column("first_line", BIG, "once", null=True),
    column("last_line", BIG, "once", null=True),
    sqlite_with_rowid=False,
)

_UNSETTLED = text("status IN ('queued', 'sending')")

lines = Table(
    "lines",
    metadata,
    column("id", BIG, "history", key=True),
    column("conversation_id", BIG, "history", null=True),
    column("mine", Boolean, "history"),
    column("at", BIG, "history"),
    column("key", LargeBinary, "once", null=True),  # the inbox key of the turn
    column("channel", Text, "deliver"),
    column("recipient", LargeBinary, "deliver", null=True),  # hash of the address, gone when sent
    column("address", LargeBinary, "deliver", null=True),  # sealed, only without a conversation
    column("status", Text, "deliver"),
    column("ready_at", BIG, "deliver"),  # queued: not before; sending: the lease ends
    column("attempts", Integer, "deliver"),
    column("again", Boolean, "deliver"),
    column("body", LargeBinary, "history"),  # sealed
    column("done", Integer, "deliver", default="'0'"),  # parts of it that have arrived
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

codes = Table(
    "codes",
    metadata,
    column("hash", LargeBinary, "join", key=True),
    column("conversation_id", BIG, "join"),
    column("until", BIG, "join"),
    sqlite_with_rowid=False,
)
Index("codes_conversation", codes.c.conversation_id)

unmatched = Table(
    "unmatched",
    metadata,
    column("id", BIG, "learning", key=True),
    column("conversation_id", BIG, "retention"),
    column("at", BIG, "retention"),  # when it was said, which may be before the turn that tells of it
    column("flow", Text, "learning"),
    column("step", Text, "learning"),
    column("body", LargeBinary, "learning"),  # sealed
    sqlite_autoincrement=True,
)
Index("unmatched_conversation", unmatched.c.conversation_id)

editions = Table(
    "editions",
    metadata,
    column("flow", Text, "guide", key=True),
    column("version", Text, "guide", key=True),
    column("current", Boolean, "guide"),
    column("first_seen", BIG, "guide"),
    column("last_seen", BIG, "guide"),
    column("source", Text, "guide"),
)

stumbles = Table(
    "stumbles",
    metadata,
    column("key", LargeBinary, "repair", key=True),  # keyed hash of channel and event
    column("channel", Text, "repair"),
    column("tries", Integer, "repair"),
    column("first_at", BIG, "repair"),
    column("last_at", BIG, "retention"),
    column("shape", Text, "repair"),  # keys and types of the event, no value of it
    sqlite_with_rowid=False,
)

duties = Table(
    "duties",
    metadata,
    column("name", Text, "platform", key=True),
    column("holder", Text, "platform"),
    column("until", BIG, "platform"),
    sqlite_with_rowid=False,
)

secrets = Table(
    "secrets",
    metadata,
    column("name", Text, "platform", key=True),
    column("revision", Integer, "integrity"),
    column("changed_at", BIG, "platform"),
    column("body", LargeBinary, "platform"),  # sealed
)

settings = Table(
    "settings",
    metadata,
    column("name", Text, "integrity", key=True),
    column("value", LargeBinary, "integrity"),
)


def _kind(hint: object) -> Kind:
    return BIG if hint is int else Text()


def _named(row: type) -> list[Column[Any]]:
    return [column(name, _kind(hint), "statistics") for name, hint in get_type_hints(row).items()]


def counter(name: str, key: type, values: tuple[str, ...]) -> Table:
    """Counters start with their whole key: one row per day, guide, version, channel, commune, …"""
    return Table(
        name,
        metadata,
        *_named(key),
        *(column(value, BIG, "statistics") for value in values),
        PrimaryKeyConstraint(*get_type_hints(key)),
        sqlite_with_rowid=False,
    )


visits = Table("visits", metadata, column("id", BIG, "statistics", key=True), *_named(VisitRow))

run_counts = counter("run_counts", RunKey, RUN_COLUMNS)
step_counts = counter("step_counts", StepKey, STEP_COLUMNS)
arrow_counts = counter("arrow_counts", ArrowKey, ARROW_COLUMNS)
time_counts = counter("time_counts", TimeKey, TIME_COLUMNS)
