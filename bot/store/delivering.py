"""Replies on their way: lease what is due, note what became of it, in order per address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    delete,
    exists,
    literal_column,
    select,
    text,
    true,
    update,
)

from bot.app.ports import Parcel, ParcelStatus
from bot.core.message import Address
from bot.store.codec import UnknownFormat
from bot.store.crypt import Unreadable, Vault
from bot.store.sealed import cipher_of, open_address, open_reply
from bot.store.tables import addresses, lines

LEASE = 60
"""Seconds for which a sender holds a reply."""

FINAL = frozenset({ParcelStatus.SENT, ParcelStatus.FAILED, ParcelStatus.UNKNOWN})

_older = lines.alias("older")
# Written out, not bound: only so does a partial index serve.
_unsettled: ColumnElement[bool] = literal_column("lines.status IN ('queued', 'sending')")
_UNREAD = text(
    "SELECT 1 FROM lines WHERE status IN ('queued', 'sending') AND recipient = :recipient "
    "AND (status = 'queued' OR attempts > 1) LIMIT 1"
)
_older_unsettled: ColumnElement[bool] = literal_column("older.status IN ('queued', 'sending')")


_DUE = (
    select(
        lines.c.id,
        lines.c.conversation_id,
        lines.c.recipient,
        lines.c.address,
        lines.c.status,
        lines.c.attempts,
        lines.c.again,
        lines.c.body,
        lines.c.done,
    )
    .where(
        _unsettled,
        lines.c.channel.in_(bindparam("channels", expanding=True)),
        lines.c.ready_at <= bindparam("now"),
        ~exists(
            select(_older.c.id).where(
                _older_unsettled, _older.c.recipient == lines.c.recipient, _older.c.id < lines.c.id
            )
        ),
    )
    .order_by(lines.c.ready_at, lines.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=lines)
)
_ADDRESSES = select(addresses.c.hash, addresses.c.address).where(
    addresses.c.hash.in_(bindparam("hashes", expanding=True))
)
_THESE = lines.c.id.in_(bindparam("ids", expanding=True))
_CLAIM = (
    update(lines)
    .where(_THESE)
    .values(
        again=case((lines.c.status == "sending", true()), else_=lines.c.again),
        status="sending",
        ready_at=bindparam("until"),
        attempts=lines.c.attempts + 1,
    )
)
_FORGET = delete(lines).where(_THESE, _unsettled, lines.c.conversation_id.is_(None))
_CLOSE = (
    update(lines)
    .where(_THESE, _unsettled)
    .values(status=bindparam("became"), ready_at=0, recipient=None, address=None)
)
_AGAIN = (
    update(lines)
    .where(lines.c.id == bindparam("line"), _unsettled)
    .values(status="queued", ready_at=bindparam("retry_at"), done=bindparam("parts"))
)
"""Built once: this path is as hot as the turns, and putting a statement together costs more than it does."""


def lease(
    connection: Connection, vault: Vault, channels: Sequence[str], now: int, limit: int
) -> list[Parcel]:
    rows = connection.execute(_DUE, {"channels": channels, "now": now, "most": limit}).all()
    if not rows:
        return []
    sealed = _sealed_addresses(connection, rows)
    parcels = {row.id: _parcel(vault, row, sealed) for row in rows}
    claimed = [id for id, parcel in parcels.items() if parcel is not None]
    if claimed:
        connection.execute(_CLAIM, {"ids": claimed, "until": now + LEASE})
    never = [id for id, parcel in parcels.items() if parcel is None]
    settle(connection, [Settled(id, ParcelStatus.FAILED) for id in never])
    return [parcel for parcel in parcels.values() if parcel is not None]


def give_up_leases(connection: Connection) -> None:
    """What another process was sending when it died is due now, to be sent once more and marked."""
    connection.execute(update(lines).where(lines.c.status == str(ParcelStatus.SENDING)).values(ready_at=0))


def is_unread(connection: Connection, recipient: bytes) -> bool:
    """Whether something waits for this address that has not arrived, as far as that can be known: what is on
    its way for the first time may be there already.
    """
    return connection.execute(_UNREAD, {"recipient": recipient}).first() is not None


class Settled(NamedTuple):
    """What became of a reply. QUEUED: to be tried again from `retry_at`, without the parts done."""

    id: int
    status: ParcelStatus
    retry_at: int = 0
    done: int = 0


def settle(connection: Connection, settled: Sequence[Settled]) -> bool:
    """Without a conversation nobody can read a reply again: all of it goes once it is final. Returns whether
    there were such: with them goes the address of somebody of whom nothing is kept.
    """
    final: dict[str, list[int]] = {}
    forgotten = 0
    for one in sorted(settled):
        if one.status in FINAL:
            final.setdefault(str(one.status), []).append(one.id)
        else:
            values = {"line": one.id, "retry_at": one.retry_at, "parts": one.done}
            connection.execute(_AGAIN, values)
    for status, ids in sorted(final.items()):
        forgotten += connection.execute(_FORGET, {"ids": ids}).rowcount
        connection.execute(_CLOSE, {"ids": ids, "became": status})
    return forgotten > 0


def give_up(connection: Connection, recipient: bytes) -> bool:
    """Whoever cannot be reached is not tried with the next reply either. Returns as `settle`."""
    waiting = select(lines.c.id).where(_unsettled, lines.c.recipient == recipient)
    gone = [Settled(id, ParcelStatus.FAILED) for id in connection.scalars(waiting)]
    return settle(connection, gone)


def _sealed_addresses(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[bytes, bytes]:
    hashes = {row.recipient for row in rows if row.conversation_id is not None}
    if not hashes:
        return {}
    found = connection.execute(_ADDRESSES, {"hashes": list(hashes)})
    return {row.hash: row.address for row in found}


def _parcel(vault: Vault, row: Row[*tuple[Any, ...]], sealed: dict[bytes, bytes]) -> Parcel | None:
    """None when the line can never be sent: its address is gone or its bytes do not open."""
    address = row.address if row.conversation_id is None else sealed.get(row.recipient)
    if address is None:
        return None
    try:
        to: Address = open_address(vault, row.recipient, address)
        reply = open_reply(cipher_of(vault, row.conversation_id, row.recipient), row.id, row.body)
    except (Unreadable, UnknownFormat, msgspec.DecodeError):
        return None
    again = bool(row.again) or row.status == "sending"
    return Parcel(row.id, to, reply, row.attempts + 1, again, row.done)
