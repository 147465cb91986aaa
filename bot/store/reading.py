"""What a conversation holds, for the resident's page and for `/dulieu`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, func, select

from bot.app.ports import Kept, Line, Unmatched
from bot.core.session import State
from bot.store import visiting
from bot.store.crypt import Vault
from bot.store.desk_tables import tickets
from bot.store.ledger import Earlier
from bot.store.sealed import cipher_of, open_line, open_saved, open_unmatched
from bot.store.tables import addresses, conversations, lines, unmatched

_BODY = (lines.c.id, lines.c.mine, lines.c.at, lines.c.body)


def conversation_of(connection: Connection, hash: bytes) -> int | None:
    return connection.scalar(select(addresses.c.conversation_id).where(addresses.c.hash == hash))


def state_of(connection: Connection, vault: Vault, hash: bytes) -> State | None:
    row = connection.execute(
        select(conversations.c.id, conversations.c.state)
        .join(addresses, addresses.c.conversation_id == conversations.c.id)
        .where(addresses.c.hash == hash)
    ).first()
    return None if row is None else open_saved(vault, row.id, row.state).state


def state_of_conversation(connection: Connection, vault: Vault, conversation: int) -> State | None:
    sealed = connection.scalar(select(conversations.c.state).where(conversations.c.id == conversation))
    return None if sealed is None else open_saved(vault, conversation, sealed).state


def lines_of(connection: Connection, vault: Vault, conversation: int, after: int, limit: int) -> list[Line]:
    """Lines after one, oldest first; with after = 0 the newest, oldest of them first."""
    query = select(*_BODY).where(lines.c.conversation_id == conversation).limit(limit)
    if after:
        rows = connection.execute(query.where(lines.c.id > after).order_by(lines.c.id)).all()
    else:
        rows = connection.execute(query.order_by(lines.c.id.desc())).all()[::-1]
    cipher = vault.of_conversation(conversation)
    return [open_line(cipher, row.id, row.mine, row.at, row.body) for row in rows]


def kept_of(connection: Connection, vault: Vault, conversation: int) -> Kept:
    rows = connection.execute(
        select(*_BODY).where(lines.c.conversation_id == conversation).order_by(lines.c.id)
    ).all()
    cipher = vault.of_conversation(conversation)
    since = connection.scalar(select(conversations.c.created_at).where(conversations.c.id == conversation))
    count = connection.scalar(
        select(func.count()).select_from(tickets).where(tickets.c.conversation_id == conversation)
    )
    return Kept(
        tuple(open_line(cipher, row.id, row.mine, row.at, row.body) for row in rows),
        since or 0,
        count or 0,
        tuple(unmatched_of(connection, vault, unmatched.c.conversation_id == conversation)),
        visiting.of_conversation(connection, vault, conversation),
    )


def unmatched_of(connection: Connection, vault: Vault, which: ColumnElement[bool]) -> Iterator[Unmatched]:
    """Messages that were not understood, conversation by conversation, oldest first."""
    of, id = unmatched.c.conversation_id, unmatched.c.id
    rows = connection.execute(
        select(of, id, unmatched.c.at, unmatched.c.flow, unmatched.c.step, unmatched.c.body)
        .where(which)
        .order_by(of, id)
    )
    for conversation, of_it in groupby(rows, itemgetter(0)):
        cipher = vault.of_conversation(conversation)
        for row in of_it:
            yield open_unmatched(cipher, *row)


def turn_lines(connection: Connection, vault: Vault, key: bytes, earlier: Earlier) -> tuple[Line, ...]:
    """The replies of an earlier turn, as far as they are kept."""
    if earlier.first_line is None:
        return ()
    rows = connection.execute(
        select(*_BODY, lines.c.conversation_id, lines.c.recipient)
        .where(lines.c.id.between(earlier.first_line, earlier.last_line), lines.c.key == key, ~lines.c.mine)
        .order_by(lines.c.id)
    ).all()
    return tuple(
        open_line(cipher_of(vault, row.conversation_id, row.recipient), row.id, row.mine, row.at, row.body)
        for row in rows
    )
