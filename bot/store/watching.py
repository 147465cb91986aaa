"""What volunteers wrote that somebody else has to see, sealed, and whom residents reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from bot.app.dangers import Danger
from bot.app.ports import Acted
from bot.app.withheld import Complaint, Fate, Withheld
from bot.core.handoff import Deed
from bot.core.message import Address, Picture, Reply
from bot.core.ticket import Refusal
from bot.store import turns
from bot.store.backing import Backing
from bot.store.codec import decode_reply, encode
from bot.store.conduct import unsettled
from bot.store.desk_tables import complaints, held, people, tickets
from bot.store.ticketing import conversation_of_ticket
from bot.store.tickets import DESK

MANY = 200
"""Rows that are read at once; nobody looks through more."""


class SqlWithholding:
    """`bot.app.withheld.Withholding` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing
        self._database = backing.database
        self._vault = backing.vault

    async def hold(
        self,
        ticket: str,
        person: int,
        key: str,
        words: tuple[str, Picture | None],
        why: Sequence[Danger],
        now: int,
    ) -> Withheld | None:
        once = self._once(ticket, person, key)
        text, picture = words

        def work(connection: Connection) -> Withheld | None:
            conversation = conversation_of_ticket(connection, ticket)
            if conversation is None or not self._locked(connection, conversation):
                return None
            if (known := self._first(connection, held.c.key == once)) is not None:
                return known
            cipher = self._vault.of_conversation(conversation)
            connection.execute(
                insert(held).values(
                    key=once,
                    conversation_id=conversation,
                    ticket=ticket,
                    person_id=person,
                    at=now,
                    why=" ".join(why),
                    status=Fate.WAITING,
                    body=cipher.seal(encode(Reply(text, picture=picture)), _row(once)),
                )
            )
            return self._first(connection, held.c.key == once)

        return await self._database.write(work)

    async def earlier(self, ticket: str, person: int, key: str) -> Withheld | None:
        once = self._once(ticket, person, key)
        return await self._database.read(lambda connection: self._first(connection, held.c.key == once))

    async def one(self, id: int) -> Withheld | None:
        return await self._database.read(lambda connection: self._first(connection, held.c.id == id))

    async def unseen(self) -> list[Withheld]:
        unlooked = and_(
            held.c.decided_at == 0,
            or_(held.c.why != Danger.NEW, and_(held.c.status == Fate.WAITING, _HOLDS)),
        )
        return await self._database.read(lambda connection: self._all(connection, unlooked))

    async def of_author(self, ticket: str, person: int) -> list[Withheld]:
        theirs = and_(held.c.ticket == ticket, held.c.person_id == person)
        return await self._database.read(lambda connection: self._all(connection, theirs))

    async def release(self, id: int, deed: Deed, by: int, now: int) -> Acted | Refusal | None:
        setting = self._backing.setting(now)

        def work(connection: Connection) -> Acted | Refusal | None:
            row = connection.execute(
                select(held.c.ticket, held.c.conversation_id).where(held.c.id == id)
            ).first()
            if row is None or not self._locked(connection, row.conversation_id):
                return None
            if not _decide(connection, id, Fate.RELEASED, by, now):
                return None
            ledger = self._database.ledger(connection)
            acted = turns.act(ledger, setting, row.ticket, None, deed)
            if isinstance(acted, Refusal):
                connection.execute(update(held).where(held.c.id == id).values(status=Fate.LAPSED))
            return acted

        acted = await self._database.write(work)
        self._backing.recent.note(setting.fresh)
        return acted

    async def decide(self, id: int, fate: Fate, by: int, now: int) -> bool:
        return await self._database.write(lambda connection: _decide(connection, id, fate, by, now))

    async def rewritten(self, ticket: str, person: int) -> None:
        theirs = and_(
            held.c.ticket == ticket,
            held.c.person_id == person,
            held.c.status == Fate.WAITING,
            held.c.why != Danger.NEW,
        )
        await self._database.write(
            lambda connection: connection.execute(update(held).where(theirs).values(status=Fate.REWRITTEN))
        )

    async def refuse_all(self, person: int, by: int, now: int) -> None:
        refused = {"status": Fate.REFUSED, "decided_by": by, "decided_at": now}
        theirs = and_(held.c.person_id == person, held.c.decided_at == 0)
        await self._database.write(
            lambda connection: connection.execute(update(held).where(theirs).values(refused))
        )

    async def complaints(self, since: int) -> list[Complaint]:
        return await self._database.read(
            lambda connection: unsettled(connection, complaints.c.seen_at == 0, since)
        )

    async def new_complaints(self, since: int) -> list[Complaint]:
        return await self._database.read(
            lambda connection: unsettled(connection, complaints.c.weighed_at == 0, since)
        )

    async def weighed(self, complaint: int, now: int) -> bool:
        mine = and_(complaints.c.id == complaint, complaints.c.weighed_at == 0)
        weighed = update(complaints).where(mine).values(weighed_at=now)
        return await self._database.write(lambda connection: connection.execute(weighed).rowcount == 1)

    async def looked(self, complaint: int, by: int, now: int) -> bool:
        mine = and_(complaints.c.id == complaint, complaints.c.seen_at == 0)
        seen = update(complaints).where(mine).values(seen_by=by, seen_at=now)
        return await self._database.write(lambda connection: connection.execute(seen).rowcount == 1)

    def _locked(self, connection: Connection, conversation: int) -> bool:
        """Conversations are locked before anything of theirs, as by whoever erases one; False: it is gone."""
        return self._database.ledger(connection).found_by_id(conversation) is not None

    def _once(self, ticket: str, person: int, key: str) -> bytes:
        return self._vault.hash_event(Address(DESK, ticket), f"held.{person}.{key}")

    def _first(self, connection: Connection, which: ColumnElement[bool]) -> Withheld | None:
        return next(iter(self._all(connection, which)), None)

    def _all(self, connection: Connection, which: ColumnElement[bool]) -> list[Withheld]:
        query = (
            select(
                held,
                tickets.c.id.label("number"),
                func.coalesce(people.c.shown, "").label("name"),
                _HOLDS.label("holds"),
            )
            .join(tickets, tickets.c.key == held.c.ticket)
            .outerjoin(people, people.c.id == held.c.person_id)
            .where(which)
            .order_by(held.c.id)
            .limit(MANY)
        )
        return [self._withheld(row) for row in connection.execute(query)]

    def _withheld(self, row: Row[Any]) -> Withheld:
        cipher = self._vault.of_conversation(row.conversation_id)
        reply = decode_reply(cipher.open(row.body, _row(row.key)))
        return Withheld(
            id=row.id,
            ticket=row.ticket,
            number=row.number,
            person=row.person_id,
            name=row.name,
            at=row.at,
            why=tuple(Danger(danger) for danger in row.why.split()),
            fate=Fate(row.status),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            text=reply.text,
            picture=reply.picture,
            holds=bool(row.holds),
        )


_HOLDS = and_(tickets.c.holder == held.c.person_id, tickets.c.closed_at.is_(None))


def _decide(connection: Connection, id: int, fate: Fate, by: int, now: int) -> bool:
    decided = {"status": fate, "decided_by": by, "decided_at": now}
    open_still = and_(held.c.id == id, held.c.decided_at == 0)
    return connection.execute(update(held).where(open_still).values(decided)).rowcount == 1


def _row(key: bytes) -> bytes:
    """Apart from everything else under the conversation's key."""
    return b"held" + key
