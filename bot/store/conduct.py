"""What turns say of people at the desk: whom a resident reported, and who is less new."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, distinct, exists, func, insert, select, update

from bot.app.withheld import Complaint, Fate
from bot.core.events import Event, Move, TicketClosed, TicketMoved
from bot.store.desk_tables import complaints, held, people, tickets

MANY = 200


def follow(connection: Connection, event: Event) -> None:
    """Keep what a turn says of people at the desk: who was reported, and who is less new."""
    match event:
        case TicketMoved(ticket=ticket, move=Move.REPORTED, at=at, by=by):
            connection.execute(insert(complaints).values(person_id=by, ticket=ticket.key, at=at))
        case TicketClosed(ticket=ticket, by=by) if by:
            seen = exists().where(
                held.c.ticket == ticket.key, held.c.person_id == by, held.c.status == Fate.RELEASED
            )
            fewer = {"watched": people.c.watched - 1}
            newcomer = and_(people.c.id == by, people.c.watched > 0, seen)
            connection.execute(update(people).where(newcomer).values(fewer))
        case _:
            pass


def unsettled(connection: Connection, which: ColumnElement[bool], since: int) -> list[Complaint]:
    """Complaints, with how many residents made one lately.

    Two by one resident count once; of those whose conversation is erased each counts.
    """
    others, of_others = complaints.alias(), tickets.alias()
    count = (
        select(func.count(distinct(func.coalesce(of_others.c.conversation_id, -others.c.id))))
        .select_from(others.outerjoin(of_others, of_others.c.key == others.c.ticket))
        .where(others.c.person_id == complaints.c.person_id, others.c.at >= since)
        .scalar_subquery()
    )
    query = (
        select(
            complaints,
            func.coalesce(tickets.c.id, 0).label("number"),
            func.coalesce(people.c.shown, "").label("name"),
            count.label("residents"),
        )
        .outerjoin(tickets, tickets.c.key == complaints.c.ticket)
        .outerjoin(people, people.c.id == complaints.c.person_id)
        .where(which)
        .order_by(complaints.c.id)
        .limit(MANY)
    )
    return [
        Complaint(row.id, row.ticket, row.number, row.person_id, row.name, row.at, row.residents)
        for row in connection.execute(query)
    ]
