"""Residents who wait for a human, and volunteers who are all quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Executable, insert, text, update

from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Kept
from bot.app.tickets import Note
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.handoff import Deed
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Helper, No, Reason, Refusal, Ticket
from bot.core.turn import Turn
from bot.store.backing import Backing
from bot.store.desk_tables import people
from bot.store.open import SqlStore
from bot.store.tickets import SqlTickets

NOW = 1_800_000_000
COMMUNES = ("22291", "22300", "00070")


def waiting(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    """Somebody asks for a human: the number in their address is the second at which they did."""
    number = int(message.address.id)
    ticket = Ticket(key_of(number), Reason.ASKED, NOW - 10_000 + number, commune=COMMUNES[number % 3])
    after = State(Contact(commune=ticket.commune), seq=1, heard_at=NOW, ticket=ticket)
    return Turn(after, (Reply("Em đã gọi người."),), (TicketOpened(ticket),))


def key_of(number: int) -> str:
    return f"{number:018x}"


async def open_tickets(store: SqlStore, count: int) -> list[str]:
    """So many people wait, the first one longest; returns the keys of their tickets."""
    for start in range(0, count, 64):
        batch = [
            Incoming(Address("web", str(number)), "1", "người", seed=str(number))
            for number in range(start, min(start + 64, count))
        ]
        for taken in await store.take(batch, waiting, NOW):
            assert not isinstance(taken, Exception)
    return [key_of(number) for number in range(count)]


def volunteers(count: int, most: int = 1_000_000) -> list[Helper]:
    return [Helper(id, f"Lan {id}", most) for id in range(1, count + 1)]


def handoff_of(
    store: SqlStore,
    book: Book,
    now: Callable[[], int] = lambda: NOW,
    tickets: Callable[[Backing], SqlTickets] = SqlTickets,
) -> Handoff:
    return Handoff(tickets(store.backing), book, Bell(), now, lambda: "seed")


class ReadThenWrite(SqlTickets):
    """A desk that looks first and writes later, as many are: whoever looked in between is overrun."""

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
        chat = await self.chat(ticket, 0, 1)
        assert chat is not None
        turn = deed(chat.state)
        if isinstance(turn, Refusal):
            return turn
        return await super().act(ticket, lambda _: turn, now, key=key, note=note, to=to)


class CountThenClaim(SqlTickets):
    """A desk that counts before the claim and not with it."""

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
        if to is not None and (await self.held_by([to.id])).get(to.id, 0) >= to.most:
            return Refusal(No.FULL, to.name)
        return await super().act(ticket, deed, now, key=key, note=note)


async def enlist(store: SqlStore, helpers: Sequence[Helper], **values: object) -> None:
    """Accounts for these."""
    rows: list[dict[str, object]] = [
        {
            "id": helper.id,
            "name": f"lan{helper.id}",
            "shown": helper.name,
            "role": "volunteer",
            "areas": "",
            "skills": "",
            "most": helper.most,
            "watched": 0,
            "secret": "hash",
            "created_at": NOW,
            **values,
        }
        for helper in helpers
    ]
    await store.backing.database.write(lambda connection: _run(connection, insert(people), rows))


async def disable(store: SqlStore, person: int, now: int = NOW) -> None:
    statement = update(people).where(people.c.id == person).values(disabled_at=now)
    await store.backing.database.write(lambda connection: _run(connection, statement))


async def look(store: SqlStore, statement: str) -> list[tuple[object, ...]]:
    """What the tables hold."""
    return await store.backing.database.read(
        lambda connection: [tuple(row) for row in connection.execute(text(statement))]
    )


def _run(connection: Connection, statement: Executable, rows: list[dict[str, object]] | None = None) -> None:
    connection.execute(statement, rows)
