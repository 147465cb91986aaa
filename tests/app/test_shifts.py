"""Beginning and ending a shift; what the bot may promise of who is there; who sees whom."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.app.accounts import Account, Role
from bot.app.bell import DESK, Bell
from bot.app.handoff import Handoff
from bot.app.outlook import AT_MOST_EVERY, EVERY, run_outlook, served
from bot.app.ports import Acted, StoreDown
from bot.app.shifts import EVERY as LOOKS_EVERY
from bot.app.shifts import LONGEST, Duty, run_shifts
from bot.app.staff import Staff
from bot.app.timetables import Timetable
from bot.app.waiting import queue_of, seen_by, take_next
from bot.core.book import Book
from bot.core.routing import WIDER
from bot.core.ticket import Helper, No, Refusal
from bot.staffing import outlook_of, staff_of
from bot.store.open import SqlStore
from bot.store.shifts import SqlShifts
from bot.store.tickets import SqlTickets
from bot.store.timetables import SqlTimetables
from tests.app.harness.desk import NOW, disable, enlist, look, open_tickets
from tests.app.harness.parts import WITHIN
from tests.books import book_of, small_root

PROVINCES = {"22291": "66", "22300": "66", "00070": "01"}
LAN, HOA = Helper(1, "Lan"), Helper(2, "Hoa")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


class Hall:
    """A desk with a clock in hand."""

    def __init__(self, store: SqlStore, book: Book) -> None:
        self.store = store
        self.book = book
        self.now = NOW
        self.bell = Bell()
        self.shifts = SqlShifts(store.backing)
        self.tickets = SqlTickets(store.backing)
        self.handoff = Handoff(self.tickets, book, self.bell, lambda: self.now, lambda: "seed")
        self.duty = self.duty_of(self.handoff)
        self.faults: list[str] = []

    def duty_of(self, handoff: Handoff) -> Duty:
        return Duty(self.shifts, self.tickets, handoff, self.bell, lambda: self.now)

    def report(self, where: str, fault: BaseException) -> None:
        self.faults.append(f"{where}: {fault!r}")

    def staff(self) -> Staff:
        staff = staff_of(self.store, self.book, self.bell, lambda: self.now, lambda: "seed")
        return replace(staff, province_of=PROVINCES)

    async def there(self) -> list[str]:
        return [shift.account.shown for shift in await self.shifts.on_duty(self.now)]

    async def queued(self) -> list[tuple[object, ...]]:
        statement = "SELECT key, created_at FROM tickets WHERE status = 'queued' ORDER BY created_at"
        return await look(self.store, statement)


@pytest.fixture
def hall(store: SqlStore, book: Book) -> Hall:
    return Hall(store, book)


async def test_a_shift_lasts_as_long_as_was_said_and_can_be_made_longer(hall: Hall) -> None:
    await enlist(hall.store, [LAN, HOA], areas="22291 66", skills="en")
    await hall.duty.begin(LAN.id, NOW + 3600)
    (shift,) = await hall.shifts.on_duty(NOW)
    assert shift.account == Account(1, "lan1", "Lan", Role.VOLUNTEER, ("22291", "66"), ("en",))
    hall.now += 1800
    await hall.duty.begin(LAN.id, NOW + 7200)
    await hall.duty.begin(HOA.id, NOW + 90 * 86400)
    lan, hoa = await hall.shifts.on_duty(hall.now)
    assert (lan.since, lan.until) == (NOW, NOW + 7200)
    assert hoa.until == hall.now + LONGEST
    hall.now = NOW + 7200
    assert await hall.there() == ["Hoa"], "the moment it is over"
    await hall.duty.begin(LAN.id, NOW + 9000)
    assert (await hall.shifts.on_duty(hall.now))[-1].since == NOW + 7200, "another shift, not the old one"


async def test_the_end_of_a_shift_gives_everything_back_at_its_age_and_says_so_once(hall: Hall) -> None:
    await enlist(hall.store, [LAN, HOA])
    tickets = await open_tickets(hall.store, 4)
    await hall.duty.begin(LAN.id, NOW + 3600)
    for ticket in tickets[:3]:
        await hall.handoff.claim(ticket, LAN)
    await hall.handoff.claim(tickets[3], HOA)
    said = "SELECT count(*) FROM lines WHERE conversation_id < 4"
    before = await look(hall.store, said)
    assert await hall.duty.end(LAN, "Bác này cần gọi điện.") == 3
    assert await hall.queued() == [(ticket, NOW - 10_000 + n) for n, ticket in enumerate(tickets[:3])]
    assert (before, await look(hall.store, said)) == ([(9,)], [(12,)]), "each is told once"
    assert await hall.there() == []
    chat = await hall.tickets.chat(tickets[0], 0, 10)
    assert chat is not None
    assert [(entry.kind, entry.text) for entry in chat.log[-2:]] == [
        ("note", "Bác này cần gọi điện."),
        ("shift_ended", ""),
    ]
    assert await hall.duty.end(LAN) == 0, "pressed twice"


@pytest.mark.parametrize("why", ["time", "disabled", "disabled off duty"])
async def test_whose_time_is_over_or_who_is_disabled_holds_nothing_any_more(hall: Hall, why: str) -> None:
    await enlist(hall.store, [LAN, HOA])
    first, second = await open_tickets(hall.store, 2)
    for helper in (LAN, HOA):
        await hall.duty.begin(helper.id, NOW + (60 if helper is LAN else 3600))
    await hall.handoff.claim(first, LAN)
    await hall.handoff.claim(second, HOA)
    await hall.duty.send_home(hall.report)
    assert await hall.queued() == [], "it is nobody's time yet"
    if why == "time":
        hall.now += 60
    else:
        await disable(hall.store, LAN.id)
        if why == "disabled off duty":
            await hall.shifts.end(LAN.id)
    await hall.duty.send_home(hall.report)
    assert await hall.queued() == [(first, NOW - 10_000)]
    assert await look(hall.store, "SELECT person_id FROM shifts") == [(HOA.id,)]
    assert await hall.shifts.leavers(hall.now) == []
    assert hall.faults == []


async def test_who_stayed_longer_at_the_last_moment_is_not_sent_home(hall: Hall) -> None:
    await enlist(hall.store, [LAN])
    await hall.duty.begin(LAN.id, NOW + 60)
    hall.now += 61
    await hall.duty.begin(LAN.id, hall.now + 3600)
    await hall.shifts.end(LAN.id, hall.now)
    assert await hall.there() == ["Lan"]


class Broken(Handoff):
    """Cannot give one conversation back."""

    async def give_back(self, ticket: str, *rest: object, **more: object) -> Acted | Refusal:
        if ticket.endswith("0"):
            raise ValueError("nổ")
        return await super().give_back(ticket, *rest, **more)  # type: ignore[arg-type]


async def test_one_conversation_that_cannot_be_given_back_keeps_nobody_else_on_duty(
    hall: Hall, book: Book
) -> None:
    await enlist(hall.store, [LAN, HOA])
    first, second = await open_tickets(hall.store, 2)
    await hall.handoff.claim(first, LAN)
    await hall.handoff.claim(second, HOA)
    for helper in (LAN, HOA):
        await disable(hall.store, helper.id)
    broken = Broken(hall.tickets, book, hall.bell, lambda: hall.now, lambda: "seed")
    await hall.duty_of(broken).send_home(hall.report)
    assert await hall.queued() == [(second, NOW - 9_999)]
    assert hall.faults == ["shifts: ValueError('nổ')"]


async def test_the_loop_looks_more_than_once_a_second_and_outlives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert LOOKS_EVERY <= 0.5
    looks = asyncio.Semaphore(0)

    class Restless:
        async def send_home(self, _: object) -> None:
            looks.release()
            raise StoreDown("for this test")

    monkeypatch.setattr("bot.app.shifts.EVERY", 0)
    task = asyncio.create_task(run_shifts(Restless(), lambda *_: None))  # type: ignore[arg-type]
    async with asyncio.timeout(WITHIN):
        for _ in range(3):
            await looks.acquire()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# --- What may be promised -----------------------------------------------------------------------------


def test_each_person_is_counted_where_they_serve() -> None:
    people = [
        Account(1, "a", "A", Role.VOLUNTEER, ("22291", "66")),
        Account(2, "b", "B", Role.VOLUNTEER, ("22291", "22300")),
        Account(3, "c", "C", Role.VOLUNTEER),
        Account(4, "d", "D", Role.LEAD, ("22291",)),
    ]
    assert served(people, PROVINCES) == {"66": 1, "22291": 1, "22300": 1, "": 2}


async def test_the_snapshot_follows_what_is_there(hall: Hall) -> None:
    timetables = SqlTimetables(hall.store.backing)
    outlook = outlook_of(hall.staff(), lambda: hall.now)
    await outlook.look()
    assert not outlook.desk().promise("22291", NOW).staffed
    await enlist(hall.store, [LAN], areas="66")
    tickets = await open_tickets(hall.store, 6)
    await outlook.look()
    promise = outlook.desk().promise("22291", NOW)
    assert (promise.staffed, promise.on_duty, promise.open) == (True, 0, True)
    await hall.duty.begin(LAN.id, NOW + 600)
    await hall.handoff.claim(tickets[0], LAN)
    await timetables.save(Timetable("", "T2 8:00-9:00"), 1, NOW)
    await outlook.look()
    promise = outlook.desk().promise("22291", NOW)
    assert (promise.on_duty, promise.open, promise.ahead) == (1, True, 3)
    await disable(hall.store, LAN.id)
    await outlook.look()
    assert not outlook.desk().promise("22291", NOW).staffed


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({}, True),
        ({"secret": None}, False),
        ({"role": "lead"}, False),
        ({"role": "lead", "totp": b"sealed"}, True),
        ({"role": "organiser", "secret": None, "totp": b"sealed"}, False),
    ],
)
async def test_who_was_invited_and_has_not_come_is_no_promise(
    hall: Hall, values: dict[str, object], counts: bool
) -> None:
    await enlist(hall.store, [LAN], **values)
    assert bool(await hall.shifts.staff()) is counts


async def test_the_snapshot_is_renewed_when_the_bell_rings_and_not_too_often(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert AT_MOST_EVERY < EVERY <= 5
    monkeypatch.setattr("bot.app.outlook.AT_MOST_EVERY", 0)
    monkeypatch.setattr("bot.app.outlook.EVERY", 3600)
    outlook = outlook_of(hall.staff(), lambda: NOW)
    await enlist(hall.store, [LAN])
    task = asyncio.create_task(run_outlook(outlook, hall.bell))
    async with asyncio.timeout(WITHIN):
        while not outlook.desk().promise("", NOW).staffed:
            await hall.shifts.staff()  # the looks between these are what is waited for
        await disable(hall.store, LAN.id)
        while outlook.desk().promise("", NOW).staffed:
            hall.bell.ring((DESK,))
            await hall.shifts.staff()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# --- Who sees whom ------------------------------------------------------------------------------------


async def test_next_takes_the_oldest_of_those_that_one_sees(hall: Hall) -> None:
    """The communes of the waiting go round: 22291, 22300, 00070."""
    await enlist(hall.store, [LAN], areas="22300")
    await enlist(hall.store, [HOA], areas="22291 00070")
    tickets = await open_tickets(hall.store, 6)
    staff = hall.staff()
    for helper in (LAN, HOA):
        await hall.duty.begin(helper.id, NOW + 3600)
    lan, hoa = (shift.account for shift in await hall.shifts.on_duty(NOW))
    early = NOW - 10_000 + 10
    assert await _sees(staff, lan, early) == [tickets[1], tickets[4]]
    assert await _sees(staff, lan, early + WIDER) == [tickets[n] for n in (0, 1, 3, 4)]
    took = await take_next(staff, lan, early)
    assert isinstance(took, tuple)
    assert took[0] == tickets[1]
    assert [one.request.key for one in await seen_by(staff, lan, early) if one.free] == [tickets[4]]
    assert await take_next(
        staff, Account(1, "lan1", "Lan", Role.VOLUNTEER, ("22300",), most=1), early
    ) == Refusal(No.FULL, "Lan")
    await hall.handoff.claim(tickets[4], hoa.helper)
    assert await take_next(staff, lan, early) is None


async def _sees(staff: Staff, account: Account, now: int) -> list[str]:
    return [one.request.key for one in await seen_by(staff, account, now)]


async def test_a_page_shows_the_oldest_and_says_how_many_more_there_are(hall: Hall) -> None:
    await enlist(hall.store, [LAN, HOA])
    tickets = await open_tickets(hall.store, 7)
    staff = hall.staff()
    await hall.handoff.claim(tickets[0], HOA)
    await hall.handoff.claim(tickets[1], LAN)
    lan, _ = await hall.shifts.staff()
    queue = await queue_of(staff, lan, NOW, most=3)
    assert [one.request.key for one in queue.free] == tickets[2:5]
    assert [(one.request.key, one.request.holder_name) for one in queue.held] == [(tickets[0], "Hoa")]
    assert (queue.all_free, queue.all_held, queue.urgent) == (5, 1, 0)
