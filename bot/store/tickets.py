"""What the desk reads and does: lists of tickets, one conversation, deeds and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from bot.app.ports import Acted
from bot.app.tickets import Chat, Entry, Note, Request, Wait
from bot.core.handoff import Deed
from bot.core.message import Address
from bot.core.ticket import Helper, Refusal
from bot.store import turns
from bot.store.backing import Backing
from bot.store.crypt import Cipher
from bot.store.desk_tables import ticket_log, tickets
from bot.store.reading import lines_of, state_of_conversation
from bot.store.ticketing import conversation_of_ticket

DESK = "desk"
"""The channel under which what volunteers do is kept as done."""


class SqlTickets:
    """`bot.app.tickets.Tickets` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing
        self._database = backing.database

    async def act(
        self,
        ticket: str,
        deed: Deed,
        now: int,
        *,
        key: str = "",
        note: Note | None = None,
        to: Helper | None = None,
    ) -> Acted | Refusal:
        setting = self._backing.setting(now)
        vault = self._backing.vault
        once = vault.hash_event(Address(DESK, ticket), key) if key else None

        def write(connection: Connection, conversation: int) -> None:
            if note is not None:
                _write_note(connection, vault.of_conversation(conversation), conversation, ticket, note, now)

        def work(connection: Connection) -> Acted | Refusal:
            return turns.act(self._database.ledger(connection), setting, ticket, once, deed, write, to)

        acted = await self._database.write(work)
        self._backing.recent.note(setting.fresh)
        return acted

    async def note(self, ticket: str, note: Note, now: int) -> bool:
        def work(connection: Connection) -> bool:
            conversation = conversation_of_ticket(connection, ticket)
            if conversation is None:
                return False
            cipher = self._backing.vault.of_conversation(conversation)
            _write_note(connection, cipher, conversation, ticket, note, now)
            return True

        return await self._database.write(work)

    async def open(self, limit: int) -> list[Request]:
        return await self._requests(_OPEN.limit(limit))

    async def waits(self) -> list[Wait]:
        return await self._database.read(
            lambda connection: [
                Wait._make((*row[:-1], _barred(row[-1]))) for row in connection.execute(_WAITS)
            ]
        )

    async def requests(self, keys: Sequence[str]) -> list[Request]:
        return await self._requests(_BY_AGE.where(tickets.c.key.in_(keys))) if keys else []

    async def held(self, person: int) -> list[Request]:
        return await self._requests(_OPEN.where(tickets.c.holder == person))

    async def request(self, ticket: str) -> Request | None:
        return await self._database.read(lambda connection: _one(connection, ticket))

    async def chat(self, ticket: str, after: int, limit: int) -> Chat | None:
        vault = self._backing.vault

        def work(connection: Connection) -> Chat | None:
            request = _one(connection, ticket)
            if request is None:
                return None
            state = state_of_conversation(connection, vault, request.conversation)
            if state is None:
                return None
            lines = lines_of(connection, vault, request.conversation, after, limit)
            cipher = vault.of_conversation(request.conversation)
            return Chat(request, state, tuple(lines), tuple(_log(connection, cipher, ticket)))

        return await self._database.read(work)

    async def queued(self) -> dict[str, tuple[int, ...]]:
        query = (
            select(tickets.c.commune, tickets.c.created_at)
            .where(tickets.c.closed_at.is_(None), tickets.c.status == "queued")
            .order_by(tickets.c.created_at)
        )
        opened: dict[str, list[int]] = {}
        for commune, at in await self._database.read(lambda connection: connection.execute(query).all()):
            opened.setdefault(commune, []).append(at)
        return {commune: tuple(times) for commune, times in opened.items()}

    async def held_by(self, people: Sequence[int]) -> dict[int, int]:
        query = (
            select(tickets.c.holder, func.count())
            .where(tickets.c.closed_at.is_(None), tickets.c.holder.in_(people))
            .group_by(tickets.c.holder)
        )
        return await self._database.read(lambda connection: _counted(connection.execute(query).all()))

    async def _requests(self, query: Select[Any]) -> list[Request]:
        return await self._database.read(
            lambda connection: [_request(row) for row in connection.execute(query)]
        )


_COLUMNS = (
    tickets.c.id.label("number"),
    tickets.c.key,
    tickets.c.conversation_id.label("conversation"),
    tickets.c.channel,
    tickets.c.commune,
    tickets.c.locale,
    tickets.c.flow,
    tickets.c.version,
    tickets.c.step,
    tickets.c.error,
    tickets.c.reason,
    tickets.c.status,
    func.coalesce(tickets.c.holder, 0).label("holder"),
    tickets.c.holder_name,
    tickets.c.holder_since,
    tickets.c.until,
    tickets.c.wish,
    tickets.c.created_at.label("opened_at"),
    tickets.c.heard_at,
    tickets.c.spoke_at,
    tickets.c.claimed_at,
    tickets.c.barred,
    func.coalesce(tickets.c.closed_at, 0).label("closed_at"),
    tickets.c.closing,
    tickets.c.rating,
)


_NAMED = {column.name: column for column in _COLUMNS}
_BARRED = list(_NAMED).index("barred")
_IS_OPEN = tickets.c.closed_at.is_(None)
_AGE = (tickets.c.created_at, tickets.c.id)
_BY_AGE = select(*_COLUMNS).order_by(*_AGE)
_OPEN = _BY_AGE.where(_IS_OPEN)
_WAITS = select(*(_NAMED[name] for name in Wait._fields)).where(_IS_OPEN).order_by(*_AGE)


def _one(connection: Connection, ticket: str) -> Request | None:
    row = connection.execute(select(*_COLUMNS).where(tickets.c.key == ticket)).first()
    return None if row is None else _request(row)


def _request(row: Sequence[Any]) -> Request:
    """The columns stand in the order of its fields."""
    values: list[Any] = [*row]
    values[_BARRED] = _barred(row[_BARRED])
    return Request(*values)


def _barred(ids: str) -> tuple[int, ...]:
    return tuple(map(int, ids.split())) if ids else ()


def _log(connection: Connection, cipher: Cipher, ticket: str) -> list[Entry]:
    rows = connection.execute(
        select(ticket_log).where(ticket_log.c.ticket == ticket).order_by(ticket_log.c.id)
    ).all()
    return [
        Entry(
            row.at,
            row.kind,
            row.who,
            row.to,
            cipher.open(row.body, _of_note(ticket)).decode() if row.body else "",
        )
        for row in rows
    ]


def _write_note(
    connection: Connection, cipher: Cipher, conversation: int, ticket: str, note: Note, now: int
) -> None:
    connection.execute(
        insert(ticket_log).values(
            conversation_id=conversation,
            ticket=ticket,
            at=now,
            kind=note.kind,
            who=note.who,
            to=note.to,
            body=cipher.seal(note.text.encode(), _of_note(ticket)),
        )
    )


def _of_note(ticket: str) -> bytes:
    """Apart from everything else under the conversation's key."""
    return b"note" + ticket.encode()


def _counted(rows: Iterable[Any]) -> dict[Any, int]:
    return dict(rows)
