"""Residents who wait for a person, and people at the desk, in a real store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from bot.app.accounts import Account, Role
from bot.app.ports import Kept
from bot.app.tickets import Request
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from bot.store.desk_tables import people, shifts
from bot.store.store import SqlStore

COMMUNE = "22291"
FLOW, STEP = "thu", "chon"


def key_of(name: str) -> str:
    return blake2b(name.encode(), digest_size=9).hexdigest()


async def asks(store: SqlStore, name: str, at: int, **ticket: Any) -> str:
    """A resident asks for a person; returns the ticket's key."""
    stands = {"commune": COMMUNE, "flow": FLOW, "step": STEP, **ticket}
    opened = Ticket(key_of(name), stands.pop("reason", Reason.ASKED), at, **stands)

    def respond(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        return Turn(State(Contact(), ticket=opened), (Reply("Em gọi người."),), (TicketOpened(opened),))

    await _take(store, name, f"asks {at}", respond, at)
    return opened.key


async def writes(store: SqlStore, name: str, at: int) -> None:
    """The resident writes to whoever has the conversation."""

    def respond(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        assert state is not None
        assert state.ticket is not None
        return Turn(replace(state, ticket=replace(state.ticket, heard_at=at)), (), ())

    await _take(store, name, f"writes {at}", respond, at)


def account(id: int, shown: str, role: Role = Role.VOLUNTEER, **more: Any) -> Account:
    return Account(id, shown.casefold(), shown, role, **{"areas": (COMMUNE,), **more})


async def joins(store: SqlStore, one: Account, since: int = 0, until: int = 0) -> Account:
    """Somebody gets an account, and begins a shift if `until` is said."""

    def work(connection: Connection) -> None:
        connection.execute(
            insert(people).values(
                id=one.id,
                name=one.name,
                shown=one.shown,
                role=one.role.name.lower(),
                areas=" ".join(one.areas),
                skills=" ".join(one.skills),
                most=one.most,
                watched=one.watched,
                created_at=0,
            )
        )

    await store.backing.database.write(work)
    if until:
        await begins(store, one.id, since, until)
    return one


async def begins(store: SqlStore, person: int, since: int, until: int) -> None:
    def work(connection: Connection) -> None:
        connection.execute(delete(shifts).where(shifts.c.person_id == person))
        connection.execute(insert(shifts).values(person_id=person, since=since, until=until))

    await store.backing.database.write(work)


async def is_shut_out(store: SqlStore, person: int, at: int) -> None:
    await store.backing.database.write(
        lambda connection: (
            connection.execute(update(people).where(people.c.id == person).values(disabled_at=at)).rowcount
        )
    )


def request(number: int, opened_at: int, **changes: Any) -> Request:
    """An open ticket as the desk sees it."""
    told: dict[str, Any] = {
        "number": number,
        "key": f"phieu-{number}".ljust(18, "0"),
        "conversation": number,
        "channel": "web",
        "commune": COMMUNE,
        "locale": "vi",
        "flow": FLOW,
        "version": "",
        "step": STEP,
        "error": "",
        "reason": Reason.ASKED,
        "status": "queued",
        "holder": 0,
        "holder_name": "",
        "holder_since": 0,
        "until": 0,
        "wish": "",
        "opened_at": opened_at,
        "heard_at": 0,
        "spoke_at": 0,
        "claimed_at": 0,
        "barred": (),
        "closed_at": 0,
        "closing": "",
        "rating": 0,
    }
    return Request(**{**told, **changes})


async def _take(store: SqlStore, name: str, key: str, respond: Any, at: int) -> None:
    said = Incoming(Address("web", name), key, "", seed=f"{name} {key}")
    [taken] = await store.take([said], respond, at)
    assert not isinstance(taken, Exception), taken
