"""What the desk keeps beside conversations: drafts, opening hours; what goes with a conversation."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from store_people import NOW, change, look, rows, said, take, web

from bot.app.tickets import Request
from bot.app.timetables import Timetable, hours_of
from bot.core.desk import NOBODY
from bot.core.events import HumanSpoke, TicketClosed
from bot.core.message import Reply
from bot.core.session import State
from bot.core.ticket import Closing
from bot.core.turn import Turn
from bot.store.drafts import SqlDrafts
from bot.store.open import SqlStore
from bot.store.tickets import _COLUMNS, SqlTickets
from bot.store.timetables import SqlTimetables

TICKET = "bay".rjust(18, "0")


async def test_a_draft_is_one_persons_and_is_sealed(store: SqlStore) -> None:
    await take(store, said(web("bay"), "1", "người"))
    drafts = SqlDrafts(store.backing)
    assert await drafts.read(1, TICKET) == ""
    assert await drafts.save(1, TICKET, "Bác bấm giúp cháu", NOW)
    assert await drafts.save(1, TICKET, "Bác bấm giúp cháu nút xanh", NOW + 5)
    assert await drafts.save(2, TICKET, "Cháu chào bác", NOW + 5)
    assert await drafts.read(1, TICKET) == "Bác bấm giúp cháu nút xanh"
    assert await drafts.read(2, TICKET) == "Cháu chào bác"
    ((body,), _) = await look(store, "SELECT body FROM drafts ORDER BY person_id")
    assert "Bác".encode() not in bytes(body)
    await drafts.save(2, TICKET, "  ", NOW + 6)
    assert await rows(store) | {"drafts": 1} == await rows(store), "nothing written is no draft"
    assert not await drafts.save(1, "nothing", "Chào bác", NOW)


async def test_what_is_sent_is_no_draft_and_a_closed_ticket_has_none(store: SqlStore) -> None:
    await take(store, said(web("bay"), "1", "người"))
    drafts, tickets = SqlDrafts(store.backing), SqlTickets(store.backing)

    def speak(state: State) -> Turn:
        assert state.ticket is not None
        return Turn(state, (Reply("Chào bác", author="Lan"),), (HumanSpoke(state.ticket, 1),))

    def close(state: State) -> Turn:
        assert state.ticket is not None
        return Turn(State(state.contact), (), (TicketClosed(state.ticket, Closing.SOLVED, NOW, 1),))

    for person in (1, 2):
        await drafts.save(person, TICKET, "Chào bác", NOW)
    await tickets.act(TICKET, speak, NOW, key="một")
    assert [await drafts.read(person, TICKET) for person in (1, 2)] == ["", "Chào bác"]
    await tickets.act(TICKET, close, NOW)
    assert "drafts" not in await rows(store)
    assert not await drafts.save(2, TICKET, "Chào bác", NOW)


async def test_erasing_takes_drafts_with_it(store: SqlStore) -> None:
    await take(store, said(web("bay"), "1", "người"))
    await SqlDrafts(store.backing).save(1, TICKET, "Bác bấm giúp cháu", NOW)
    await take(store, said(web("bay"), "2", "xoá"))
    assert "drafts" not in await rows(store)


async def test_opening_hours_are_kept_as_they_were_written(store: SqlStore) -> None:
    timetables = SqlTimetables(store.backing)
    tet = date(2027, 2, 6)
    await timetables.save(Timetable("", "T2-T6 18:00-21:00"), 1, NOW)
    await timetables.save(Timetable("22291", "T7 8h-11h", (tet,)), 1, NOW)
    await timetables.save(Timetable("", "hằng ngày 18:00-21:00"), 2, NOW + 1)
    everywhere, own = await timetables.all()
    assert (everywhere.week, own) == ("hằng ngày 18:00-21:00", Timetable("22291", "T7 8h-11h", (tet,)))
    hours = hours_of((everywhere, own), {})
    assert len(hours[""].week) == 7
    assert tet in hours["22291"].days_off
    assert await look(store, "SELECT changed_by FROM opening_hours ORDER BY commune") == [(2,), (1,)]
    await timetables.drop("22291")
    assert await timetables.all() == [everywhere]
    assert not NOBODY.hours


async def test_counting_what_somebody_holds_reads_an_index(sqlite_store: SqlStore) -> None:
    """The queue may be long while one person claims."""
    await change(sqlite_store, "ANALYZE")
    plan = await look(
        sqlite_store,
        "EXPLAIN QUERY PLAN SELECT count(*) FROM tickets "
        "WHERE closed_at IS NULL AND holder = 1 AND until > 5",
    )
    assert "tickets_holder" in str(plan)


def test_the_columns_of_a_request_stand_in_the_order_of_its_fields() -> None:
    assert [column.name for column in _COLUMNS] == [field.name for field in fields(Request)]
