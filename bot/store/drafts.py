"""What somebody at the desk has begun to write, sealed under the conversation's key."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, text

from bot.store.backing import Backing
from bot.store.desk_tables import drafts, tickets


class SqlDrafts:
    """`bot.app.drafts.Drafts` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def save(self, person: int, ticket: str, text: str, now: int) -> bool:
        def work(connection: Connection) -> bool:
            conversation = connection.scalar(
                select(tickets.c.conversation_id).where(
                    tickets.c.key == ticket, tickets.c.closed_at.is_(None)
                )
            )
            if conversation is None:
                return False
            body = self._vault.of_conversation(conversation).seal(text.encode(), _of(person, ticket))
            values = {"person": person, "ticket": ticket, "conversation": conversation, "now": now}
            connection.execute(_SAVE, {**values, "body": body})
            return True

        if text.strip():
            return await self._database.write(work)
        await self.drop(person, ticket)
        return True

    async def read(self, person: int, ticket: str) -> str:
        def work(connection: Connection) -> str:
            row = connection.execute(
                select(drafts.c.conversation_id, drafts.c.body).where(
                    drafts.c.person_id == person, drafts.c.ticket == ticket
                )
            ).first()
            if row is None:
                return ""
            return self._vault.of_conversation(row[0]).open(row[1], _of(person, ticket)).decode()

        return await self._database.read(work)

    async def drop(self, person: int, ticket: str) -> None:
        def work(connection: Connection) -> None:
            mine = drafts.c.person_id == person, drafts.c.ticket == ticket
            connection.execute(delete(drafts).where(*mine))

        await self._database.write(work)


_SAVE = text(
    "INSERT INTO drafts (person_id, ticket, conversation_id, at, body) "
    "VALUES (:person, :ticket, :conversation, :now, :body) "
    "ON CONFLICT (person_id, ticket) DO UPDATE SET at = excluded.at, body = excluded.body"
)


def _of(person: int, ticket: str) -> bytes:
    """Apart from everything else under the conversation's key."""
    return f"draft{person} {ticket}".encode()
