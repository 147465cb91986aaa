"""Whether anything at the desk changed: a few look-ups by index, no row is read whole."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import Connection, and_, case, func, select

from bot.app.pulse import Beat
from bot.store.backing import Backing
from bot.store.desk_tables import held, ticket_log, tickets
from bot.store.tables import lines


class SqlPulse:
    """`bot.app.pulse.Pulse` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def desk(self, person: int) -> Beat:
        return await self._database.read(lambda connection: _desk(connection, person, ""))

    async def chat(self, person: int, ticket: str) -> Beat:
        return await self._database.read(lambda connection: _chat(connection, person, ticket))


_OPEN = tickets.c.closed_at.is_(None)
_WAITING = select(func.count()).where(_OPEN, tickets.c.status == "queued").scalar_subquery()
_NEWEST = select(func.max(ticket_log.c.id)).scalar_subquery()


def _desk(connection: Connection, person: int, beside: str) -> Beat:
    # each change of hands, each note, each opening and closing is a row of the log
    unread = and_(tickets.c.heard_at > tickets.c.spoke_at, tickets.c.key != beside)
    query = select(
        _NEWEST,
        _WAITING,
        func.count(),
        func.sum(case((unread, 1), else_=0)),
        func.max(tickets.c.heard_at),
        func.max(tickets.c.spoke_at),
        func.count(func.nullif(tickets.c.wish, "")),
    ).where(_OPEN, tickets.c.status == "held", tickets.c.holder == person)
    newest, waiting, mine, unread, *rest = connection.execute(query).one()
    return Beat(_mark(newest, waiting, mine, unread, *rest), waiting, mine, int(unread or 0))


def _chat(connection: Connection, person: int, ticket: str) -> Beat:
    whole = _desk(connection, person, ticket)
    standing = connection.execute(
        select(
            tickets.c.conversation_id,
            tickets.c.status,
            tickets.c.holder,
            tickets.c.holder_since,
            tickets.c.wish,
            tickets.c.heard_at,
            tickets.c.spoke_at,
            tickets.c.error,
            tickets.c.commune,
        ).where(tickets.c.key == ticket)
    ).first()
    if standing is None:
        return Beat("gone", whole.waiting, whole.mine, whole.unread)
    conversation = standing.conversation_id
    line = connection.scalar(select(func.max(lines.c.id)).where(lines.c.conversation_id == conversation))
    entry = connection.scalar(select(func.max(ticket_log.c.id)).where(ticket_log.c.ticket == ticket))
    back = connection.execute(
        select(func.max(held.c.id), func.max(held.c.decided_at), func.count()).where(
            held.c.conversation_id == conversation, held.c.ticket == ticket
        )
    ).one()
    return Beat(_mark(*standing, line, entry, *back), whole.waiting, whole.mine, whole.unread)


def _mark(*parts: object) -> str:
    """Says nothing of what it was made from."""
    return blake2b(".".join(map(str, parts)).encode(), digest_size=9).hexdigest()
