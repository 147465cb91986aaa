"""The tickets of turns that were run: their rows follow what the conversation's state says of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.core.events import Event, HelpRated, HumanSpoke, TicketClosed, TicketMoved, TicketOpened
from bot.core.tally import Tally
from bot.core.ticket import Ticket
from bot.core.visits import HelpKey, day_of
from bot.store.conduct import follow
from bot.store.desk_tables import drafts, ticket_log, tickets
from bot.store.drafting import Draft

_OF_TICKETS = (TicketOpened, TicketMoved, HumanSpoke, TicketClosed, HelpRated)


def concerns(one: Draft) -> bool:
    """Whether a turn changed anything about a ticket."""
    after = one.turn.state.ticket if one.turn.state else None
    return after is not one.before or any(isinstance(event, _OF_TICKETS) for event in one.turn.events)


def conversation_of_ticket(connection: Connection, key: str) -> int | None:
    return connection.scalar(select(tickets.c.conversation_id).where(tickets.c.key == key))


def held_by(connection: Connection, person: int, now: int) -> int:
    """How many conversations somebody has; one whose claim has lapsed is theirs no longer."""
    mine = tickets.c.closed_at.is_(None), tickets.c.holder == person, tickets.c.until > now
    return connection.scalar(select(func.count()).where(*mine)) or 0


def write(connection: Connection, one: Draft, conversation: int | None, tally: Tally) -> None:
    """Bring the rows up to date with what a turn did."""
    if conversation is None:
        return  # erased: the rows are gone, the counters hold what became of them
    state = one.turn.state
    after = state.ticket if state else None
    for event in one.turn.events:
        match event:
            case TicketOpened(ticket=ticket):
                opened = {
                    "key": ticket.key,
                    "conversation_id": conversation,
                    "channel": one.ends.channel,
                    "flow": ticket.flow,
                    "version": ticket.version,
                    "step": ticket.step,
                    "reason": str(ticket.reason),
                    "created_at": ticket.opened_at,
                    "locale": state.contact.locale if state else "",
                }
                connection.execute(insert(tickets).values(**opened, **_standing(ticket)))
            case TicketClosed(ticket=ticket):
                connection.execute(update(tickets).where(tickets.c.key == ticket.key).values(_closed(event)))
                connection.execute(delete(drafts).where(drafts.c.ticket == ticket.key))
            case HumanSpoke(ticket=ticket, by=by):
                sent = drafts.c.ticket == ticket.key, drafts.c.person_id == by
                connection.execute(delete(drafts).where(*sent))
            case HelpRated(ticket=key, score=score):
                _rate(connection, key, score, tally)
            case _:
                pass
        follow(connection, event)
        if (entry := _entry(event)) is not None:
            connection.execute(insert(ticket_log).values(conversation_id=conversation, **entry))
    if after is not None and after is not one.before:
        connection.execute(update(tickets).where(tickets.c.key == after.key).values(_standing(after)))


def _standing(ticket: Ticket) -> dict[str, Any]:
    holder, wish = ticket.holder, ticket.wish
    return {
        "status": "queued" if holder is None else "held",
        "commune": ticket.commune,
        "error": ticket.error,
        "holder": holder.id if holder else None,
        "holder_name": holder.name if holder else "",
        "holder_since": holder.since if holder else 0,
        "until": holder.until if holder else 0,
        "wish": wish.name if wish else "",
        "heard_at": ticket.heard_at,
        "spoke_at": ticket.spoke_at,
        "claimed_at": ticket.claimed_at,
        "barred": " ".join(map(str, ticket.barred)),
    }


def _closed(event: TicketClosed) -> dict[str, Any]:
    return {
        **_standing(event.ticket),
        "status": "closed",
        "holder": None,
        "until": 0,
        "wish": "",
        "closed_at": event.at,
        "closing": str(event.closing),
        "closed_by": event.by,
        "closed_step": event.step,
        "closed_error": event.error,
    }


def _entry(event: Event) -> dict[str, Any] | None:
    match event:
        case TicketOpened(ticket=ticket):
            return {"ticket": ticket.key, "at": ticket.opened_at, "kind": "opened", "who": 0, "to": 0}
        case TicketMoved(ticket=ticket, move=move, by=by, to=to, at=at):
            return {"ticket": ticket.key, "at": at, "kind": str(move), "who": by, "to": to}
        case TicketClosed(ticket=ticket, at=at, by=by):
            return {"ticket": ticket.key, "at": at, "kind": "closed", "who": by, "to": 0}
        case _:
            return None


def _rate(connection: Connection, key: str, score: int, tally: Tally) -> None:
    """A rating counts once, on the ticket and where its help was counted."""
    row = connection.execute(
        update(tickets)
        .where(tickets.c.key == key, tickets.c.rating == 0)
        .values(rating=score)
        .returning(*(tickets.c[name] for name in _KEY))
    ).first()
    if row is not None:
        tally.rate(HelpKey(day_of(row.created_at), *row[1:]), score)


_KEY = (
    "created_at",
    "channel",
    "commune",
    "flow",
    "step",
    "reason",
    "closing",
    "closed_step",
    "closed_error",
)
"""The columns of a ticket that its `HelpKey` is made from, in that order."""
