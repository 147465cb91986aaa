"""Erase conversations that no turn leads to, once what became of their stays and requests is counted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from bot.core.events import TicketClosed
from bot.core.forgotten import forgotten
from bot.core.tally import Tally
from bot.core.ticket import Closing, Reason, Ticket
from bot.store.crypt import Vault
from bot.store.desk_tables import tickets
from bot.store.erasing import erase
from bot.store.ledger import Ledger
from bot.store.sealed import open_saved
from bot.store.tables import conversations


def forget(ledger: Ledger, vault: Vault, ids: Sequence[int], now: int) -> dict[str, int]:
    """Returns rows deleted per table."""
    tally = Tally()
    kept = select(conversations.c.id, conversations.c.channel, conversations.c.state)
    for id, channel, sealed in ledger.connection.execute(kept.where(conversations.c.id.in_(ids))):
        tally.add(forgotten(open_saved(vault, id, sealed).state, now), channel)
    for channel, ticket in _open(ledger.connection, ids):
        tally.add((TicketClosed(ticket, Closing.GONE, now),), channel)
    deleted = erase(ledger.connection, ids)
    ledger.count(tally, now)
    return deleted


def _open(connection: Connection, ids: Sequence[int]) -> list[tuple[str, Ticket]]:
    still = tickets.c.conversation_id.in_(ids), tickets.c.closed_at.is_(None)
    return [
        (
            row.channel,
            Ticket(
                row.key,
                Reason(row.reason),
                row.created_at,
                flow=row.flow or "",
                step=row.step or "",
                commune=row.commune,
                claimed_at=row.claimed_at,
            ),
        )
        for row in connection.execute(select(tickets).where(*still))
    ]
