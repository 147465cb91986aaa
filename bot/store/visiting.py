"""The visits at home of turns that were run: their rows follow what the conversation's state says of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.core.events import HomeVisitAgreed, HomeVisitCalledOff, HomeVisitDone, HomeVisitRequested
from bot.core.home_visit import HomeVisit
from bot.store.codec import decode_home_visit, encode
from bot.store.crypt import Cipher, Vault
from bot.store.desk_tables import home_visits
from bot.store.drafting import Draft

_OF_VISITS = (HomeVisitRequested, HomeVisitAgreed, HomeVisitDone, HomeVisitCalledOff)


def concerns(one: Draft) -> bool:
    """Whether a turn changed what the team sees of a visit."""
    return any(isinstance(event, _OF_VISITS) for event in one.turn.events)


def write(connection: Connection, vault: Vault, one: Draft, conversation: int | None) -> None:
    if conversation is None:
        return  # erased: the rows are gone
    cipher = vault.of_conversation(conversation)
    for event in one.turn.events:
        match event:
            case HomeVisitRequested(visit=visit):
                row = {"key": visit.key, "conversation_id": conversation, "made_by": visit.made_by}
                made = insert(home_visits).values(created_at=visit.made_at, **row, **_standing(cipher, visit))
                connection.execute(made)
            case HomeVisitAgreed(visit=visit) | HomeVisitDone(visit=visit) | HomeVisitCalledOff(visit=visit):
                changed = update(home_visits).where(home_visits.c.key == visit.key)
                connection.execute(changed.values(_standing(cipher, visit)))
            case _:
                pass


def of_conversation(connection: Connection, vault: Vault, conversation: int) -> tuple[HomeVisit, ...]:
    """Every visit that is kept of a conversation, oldest first."""
    rows = connection.execute(
        select(home_visits.c.key, home_visits.c.body)
        .where(home_visits.c.conversation_id == conversation)
        .order_by(home_visits.c.id)
    )
    cipher = vault.of_conversation(conversation)
    return tuple(decode_home_visit(cipher.open(row.body, aad(row.key))) for row in rows)


def aad(key: str) -> bytes:
    """Apart from everything else under the conversation's key."""
    return b"home visit" + key.encode()


def _standing(cipher: Cipher, visit: HomeVisit) -> dict[str, Any]:
    return {
        "commune": visit.commune,
        "state": str(visit.stage),
        "changed_at": visit.changed_at,
        "closed_at": visit.closed_at or None,
        "day": visit.meeting.day if visit.meeting else 0,
        "body": cipher.seal(encode(visit), aad(visit.key)),
    }
