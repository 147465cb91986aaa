"""A page of the desk learns of every change that it shows, and of nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from store_people import NOW, said, take, web

from bot.app.tickets import Note
from bot.core.events import HumanSpoke, Move, TicketMoved
from bot.core.message import Reply
from bot.core.session import State
from bot.core.ticket import Helper, Ticket, claimed, seen, taken_over
from bot.core.turn import Turn
from bot.store.open import SqlStore
from bot.store.pulse import SqlPulse
from bot.store.tickets import SqlTickets

LAN, HOA = Helper(1, "Lan"), Helper(2, "Hoa")
TICKET = "bay".rjust(18, "0")


def of(change: Callable[[Ticket], Ticket], move: Move | None = None) -> Callable[[State], Turn]:
    def deed(state: State) -> Turn:
        assert state.ticket is not None
        after = change(state.ticket)
        events = () if move is None else (TicketMoved(after, move, NOW, 0, LAN.id),)
        return Turn(State(state.contact, ticket=after), (), events)

    return deed


def sure(ticket: object) -> Ticket:
    assert isinstance(ticket, Ticket)
    return ticket


def speak(state: State) -> Turn:
    assert state.ticket is not None
    return Turn(state, (Reply("Chào bác", author="Lan"),), (HumanSpoke(state.ticket, 1),))


async def test_each_change_is_another_mark_and_a_sign_of_life_is_none(store: SqlStore) -> None:
    await take(store, said(web("bay"), "1", "người"))
    pulse, tickets = SqlPulse(store.backing), SqlTickets(store.backing)

    async def marks() -> tuple[str, str]:
        return (await pulse.desk(LAN.id)).mark, (await pulse.chat(LAN.id, TICKET)).mark

    async def changes(deed: Callable[[], Awaitable[object]]) -> tuple[bool, bool]:
        before = await marks()
        await deed()
        after = await marks()
        return before[0] != after[0], before[1] != after[1]

    claim = of(lambda ticket: sure(claimed(ticket, LAN, NOW)), Move.CLAIMED)
    assert await changes(lambda: tickets.act(TICKET, claim, NOW)) == (True, True)
    keep = of(lambda ticket: sure(seen(ticket, LAN.id, NOW + 60)))
    assert await changes(lambda: tickets.act(TICKET, keep, NOW + 60)) == (False, False)
    wish = of(lambda ticket: sure(taken_over(ticket, HOA, NOW + 61)))
    assert await changes(lambda: tickets.act(TICKET, wish, NOW + 61)) == (True, True)
    assert await changes(lambda: tickets.act(TICKET, speak, NOW + 62, key="1")) == (False, True)
    note = Note(LAN.id, "bác nghe kém")
    assert await changes(lambda: tickets.note(TICKET, note, NOW + 63)) == (True, True)
    assert await changes(marks) == (False, False)


async def test_counts_are_of_whoever_asks(store: SqlStore) -> None:
    for name in ("bay", "tam"):
        await take(store, said(web(name), "1", "người"))
    pulse, tickets = SqlPulse(store.backing), SqlTickets(store.backing)
    await tickets.act(TICKET, of(lambda ticket: sure(claimed(ticket, LAN, NOW)), Move.CLAIMED), NOW)
    mine, theirs = await pulse.desk(LAN.id), await pulse.desk(HOA.id)
    assert (mine.waiting, mine.mine) == (1, 1)
    assert (theirs.waiting, theirs.mine) == (1, 0)


async def test_what_is_not_there_has_a_mark_too(store: SqlStore) -> None:
    assert (await SqlPulse(store.backing).chat(LAN.id, "nothing")).mark == "gone"
