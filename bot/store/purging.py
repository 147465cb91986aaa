"""Delete what is past its age, a little at a time, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, select

from bot.store import guides
from bot.store.crypt import Vault
from bot.store.desk_tables import OF_A_CONVERSATION, complaints, held, home_visits, invites, logins, tries
from bot.store.forgetting import forget
from bot.store.ledger import Database
from bot.store.tables import (
    codes,
    conversations,
    inbox,
    lines,
    stumbles,
    unmatched,
    visits,
)

DAY = 86400
KEEP_KEYS = 7 * DAY
KEEP_LINES = 30 * DAY
KEEP_CONVERSATIONS = 30 * DAY
KEEP_VISITS = 400 * DAY
KEEP_COMPLAINTS = 90 * DAY

_AT_ONCE = 500
"""Rows that go in one transaction."""


async def purge(database: Database, vault: Vault, now: int) -> Mapping[str, int]:
    """Rows deleted per table. Old rows are looked for beside the writer and checked again when they go."""
    deleted = await _purge_conversations(database, vault, now)
    for table, key, age, before in (
        (lines, lines.c.id, lines.c.at, now - KEEP_LINES),
        (unmatched, unmatched.c.id, unmatched.c.at, now - KEEP_LINES),
        (home_visits, home_visits.c.id, home_visits.c.closed_at, now - KEEP_LINES),
        (held, held.c.id, held.c.at, now - KEEP_LINES),
        (complaints, complaints.c.id, complaints.c.at, now - KEEP_COMPLAINTS),
        (inbox, inbox.c.key, inbox.c.received_at, now - KEEP_KEYS),
        (visits, visits.c.id, visits.c.left_at, now - KEEP_VISITS),
        (codes, codes.c.hash, codes.c.until, now + 1),
        (logins, logins.c.hash, logins.c.until, now + 1),
        (invites, invites.c.hash, invites.c.until, now + 1),
        (tries, tries.c.hash, tries.c.full_at, now),
        (stumbles, stumbles.c.key, stumbles.c.last_at, now - KEEP_LINES),
    ):
        gone = await _purge_rows(database, table, key, age, before)
        deleted[table.name] = deleted.get(table.name, 0) + gone
    deleted["editions"] = await database.write(lambda connection: guides.purge(connection, now))
    await database.scrub()
    return deleted


async def _purge_conversations(database: Database, vault: Vault, now: int) -> dict[str, int]:
    """Who has a visit at home before them is not forgotten, however long they are silent."""
    before = now - KEEP_CONVERSATIONS
    visited = select(home_visits.c.id).where(
        home_visits.c.conversation_id == conversations.c.id, home_visits.c.closed_at.is_(None)
    )
    old = and_(conversations.c.heard_at < before, ~visited.exists())
    total = {table.name: 0 for table in (conversations, *OF_A_CONVERSATION)}

    def erase_some(connection: Connection, ids: list[int]) -> dict[str, int]:
        again = select(conversations.c.id).where(conversations.c.id.in_(ids), old)
        still = connection.scalars(again.order_by(conversations.c.id).with_for_update()).all()
        return forget(database.ledger(connection), vault, still, now)

    for ids in _slices(await database.read(lambda connection: _keys(connection, conversations.c.id, old))):
        deleted = await database.write(partial(erase_some, ids=ids))
        for name, count in deleted.items():
            total[name] += count
    return total


async def _purge_rows(
    database: Database, table: Table, key: Column[Any], age: Column[Any], before: int
) -> int:
    def delete_some(connection: Connection, keys: list[Any]) -> int:
        return connection.execute(delete(table).where(key.in_(keys), age < before)).rowcount

    gone = 0
    for keys in _slices(await database.read(lambda connection: _keys(connection, key, age < before))):
        gone += await database.write(partial(delete_some, keys=keys))
    return gone


def _keys(connection: Connection, key: Column[Any], old: ColumnElement[bool]) -> list[Any]:
    return list(connection.scalars(select(key).where(old).order_by(key)))


def _slices(keys: list[Any]) -> list[list[Any]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]
