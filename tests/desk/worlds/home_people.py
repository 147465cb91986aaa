"""Residents with a visit at home, as the store holds them."""

from __future__ import annotations

from typing import Any

from desk_world import Desk

from bot.app.accounts import Account
from bot.app.platform import Raw
from bot.app.ports import Acted
from bot.core.contact import Contact
from bot.core.events import HomeVisitRequested, TicketOpened
from bot.core.home_visit import HomeVisit, Slot, Wish, requested
from bot.core.message import Address, Choice, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from bot.store.store import SqlStore

WISH = Wish("thôn Bình An", "cạnh nhà văn hóa", Slot.MORNING, "thứ bảy")


def address(person: str) -> Address:
    return Address("web", person)


async def asks_for_a_visit(
    store: SqlStore,
    person: str,
    commune: str,
    now: int,
    *,
    window: int = 0,
    wish: Wish = WISH,
) -> HomeVisit:
    """Somebody has walked the guide to its end."""
    visit = requested(wish, commune, now, person, flow="hen-den-nha", step="hen-xong")

    def respond(state: State | None, *_: Any) -> Turn:
        old = state or State(Contact())
        after = State(
            Contact("vi", "bác", commune, old.contact.consents), heard_at=now, window=window, home_visit=visit
        )
        return Turn(after, (), (HomeVisitRequested(visit),))

    [taken] = await store.take([Incoming(address(person), f"{person}.{now}", "x")], respond, now)
    assert not isinstance(taken, Exception), taken
    return visit


async def claimed_chat(desk: Desk, account: Account, person: str = "bac") -> str:
    """Somebody waits for a human, and the account takes the conversation; its key."""
    now = desk.here.clock()
    ticket = Ticket(f"ticket-{person}", Reason.ASKED, now, commune="22291")

    def respond(*_: Any) -> Turn:
        state = State(Contact("vi", "bác", "22291"), heard_at=now, ticket=ticket)
        return Turn(state, (), (TicketOpened(ticket),))

    [taken] = await desk.store.take([Incoming(address(person), f"{person}.{now}", "x")], respond, now)
    assert not isinstance(taken, Exception), taken
    claimed = await desk.staff.handoff.claim(ticket.key, account.helper)
    assert isinstance(claimed, Acted), claimed
    return ticket.key


async def lines_of(store: SqlStore, person: str) -> list[Reply]:
    """What the resident has been told."""
    return [line.reply for line in await store.lines(address(person), 0, 100) if not line.mine]


async def presses(desk: Desk, person: str, choice: Choice) -> None:
    await desk.here.inbox.receive(Raw(address(person), f"press.{choice.token}", button=choice.token))
