"""Visits at home over the real store: one winner, nothing left behind, nothing lost that is still to come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.ports import Acted
from bot.app.visits import Seen, Visiting
from bot.core import home_visit
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import ErasureRequested, HomeVisitCalledOff, HomeVisitRequested
from bot.core.home_visit import (
    Declined,
    HomeVisit,
    Meeting,
    Not,
    Sign,
    Slot,
    Stage,
    Why,
    Wish,
    requested,
    today,
)
from bot.core.message import Address, Incoming
from bot.core.session import State
from bot.core.timing import wake
from bot.core.turn import Turn
from bot.store.store import SqlStore
from bot.store.visits import SqlHomeVisits
from tests.books import ROOT, book_of

NOW = 1_800_000_000
DAY = 86400
WISH = Wish("thôn Bình An", "cạnh nhà văn hóa", Slot.MORNING, "thứ bảy")
LAN = Account(1, "lan", "Lan", Role.VOLUNTEER)
PROVINCES = {"22291": "66", "20314": "48"}


@pytest.fixture(scope="module")
def book() -> Book:
    return book_of(ROOT)


@pytest.fixture
def visiting(store: SqlStore, book: Book) -> Visiting:
    seeds = iter(range(10**6))
    return Visiting(
        SqlHomeVisits(store.backing),
        book,
        Bell(),
        lambda _: True,
        PROVINCES,
        lambda: NOW,
        lambda: f"{next(seeds):016x}",
    )


async def asks(store: SqlStore, person: str, commune: str = "22291", now: int = NOW) -> HomeVisit:
    visit = requested(WISH, commune, now, f"{person}.{now}")

    def respond(*_: Any) -> Turn:
        state = State(Contact("vi", "bác", commune), heard_at=now, home_visit=visit)
        return Turn(state, (), (HomeVisitRequested(visit),))

    await _take(store, person, respond, now)
    return visit


async def _take(store: SqlStore, person: str, respond: Callable[..., Turn], now: int) -> None:
    message = Incoming(Address("web", person), f"{person}.{now}", "x")
    [taken] = await store.take([message], respond, now)
    assert not isinstance(taken, Exception), taken


def plan(who: str = "Lan") -> Meeting:
    return Meeting(today(NOW) + 3, Slot.MORNING, who, (Sign.SHIRT,), "")


async def seen(visiting: Visiting, visit: HomeVisit, account: Account = LAN) -> Seen:
    found = await visiting.one(account, visit.key)
    assert found is not None
    return found


async def race(visiting: Visiting, visit: HomeVisit, many: int) -> int:
    """As many people agree to the same visit at the same moment; returns how many of them succeeded."""
    found = await seen(visiting, visit)
    people = [replace(LAN, id=number, shown=f"Người {chr(65 + number)}") for number in range(1, many + 1)]
    done = await asyncio.gather(*(visiting.agree(one, found, 1, plan(one.shown)) for one in people))
    return sum(isinstance(one, Acted) for one in done)


async def test_of_eight_who_agree_at_the_same_moment_one_wins(store: SqlStore, visiting: Visiting) -> None:
    for person in range(10):
        visit = await asks(store, f"p{person}")
        assert await race(visiting, visit, 8) == 1
        after = (await seen(visiting, visit)).entry.visit
        assert (after.stage, after.revision) == (Stage.AGREED, 2)
        lines = await store.lines(Address("web", f"p{person}"), 0, 20)
        told = [line for line in lines if not line.mine]
        assert len(told) == 1
        assert after.meeting is not None
        assert after.meeting.who in told[0].reply.text


async def test_negative_control_without_compare_and_set_all_win(
    store: SqlStore, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(visit: HomeVisit, _: int) -> Declined | None:
        return None if visit.is_open else Declined(Not.OVER)

    monkeypatch.setattr(home_visit, "_unless_open", blind)
    assert await race(visiting, await asks(store, "p"), 8) == 8


async def test_a_resident_who_calls_it_off_meanwhile_is_not_visited(
    store: SqlStore, visiting: Visiting
) -> None:
    visit = await asks(store, "p")
    found = await seen(visiting, visit)
    off = home_visit.called_off(visit, 1, Why.RESIDENT, NOW)
    assert isinstance(off, HomeVisit)

    def respond(state: State | None, *_: Any) -> Turn:
        assert state is not None
        return Turn(replace(state, home_visit=off), (), (HomeVisitCalledOff(off),))

    await _take(store, "p", respond, NOW + 1)
    assert await visiting.agree(LAN, found, 1, plan()) == Declined(Not.OVER)
    assert (await seen(visiting, visit)).entry.visit.why == Why.RESIDENT


async def test_the_list_is_by_day_and_commune_and_open_first(store: SqlStore, visiting: Visiting) -> None:
    for person, commune in (("a", "22291"), ("b", "20314"), ("c", "22291"), ("d", "22291")):
        await asks(store, person, commune)
    lead = Account(9, "l", "L", Role.LEAD, areas=("20314",))
    entries = [one for group in await visiting.listed(lead) for one in group.entries]
    assert len(entries) == 4
    await visiting.agree(lead, await seen(visiting, entries[0].visit), 1, plan())
    await visiting.call_off(lead, await seen(visiting, entries[1].visit), 1, Why.NOBODY)
    groups = await visiting.listed(lead)
    assert [one.visit.stage for group in groups for one in group.entries] == [
        *(Stage.REQUESTED, Stage.REQUESTED),
        Stage.AGREED,
        Stage.CALLED_OFF,
    ]


@pytest.mark.parametrize(
    ("areas", "count"), [((), 2), (("22291",), 1), (("48",), 1), (("66", "20314"), 2), (("01",), 0)]
)
async def test_areas_decide_what_a_volunteer_sees(
    store: SqlStore, visiting: Visiting, areas: tuple[str, ...], count: int
) -> None:
    visits = [await asks(store, "a", "22291"), await asks(store, "b", "20314")]
    account = replace(LAN, areas=areas)
    listed = [one for group in await visiting.listed(account) for one in group.entries]
    assert len(listed) == count
    opened = [await visiting.one(account, visit.key) for visit in visits]
    assert sum(one is not None for one in opened) == count


async def test_erasing_takes_the_visit_along(store: SqlStore, visiting: Visiting) -> None:
    visit = await asks(store, "p")
    await _take(store, "p", lambda *_: Turn(None, (), (ErasureRequested(),)), NOW + 1)
    assert await visiting.one(LAN, visit.key) is None
    assert await _count(store) == 0


async def test_what_is_kept_is_told_with_its_state(store: SqlStore, visiting: Visiting) -> None:
    visit = await asks(store, "p")
    await visiting.agree(LAN, await seen(visiting, visit), 1, plan())
    kept = await store.kept(Address("web", "p"))
    assert kept is not None
    assert [one.stage for one in kept.home_visits] == [Stage.AGREED]


async def test_where_somebody_lives_is_in_no_file_in_clear(sqlite_store: SqlStore, sqlite_url: str) -> None:
    await asks(sqlite_store, "p")

    path = Path(sqlite_url.removeprefix("sqlite:///"))
    files = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    for words in ("Bình An", "nhà văn hóa", "thứ bảy"):
        assert words.encode() not in files
    assert b"22291" in files, "the commune is in the clear, as the list needs it"


async def test_a_silent_resident_with_a_visit_before_them_is_not_forgotten(
    store: SqlStore, visiting: Visiting
) -> None:
    visit = await asks(store, "p")
    await store.purge(NOW + 31 * DAY)
    assert await visiting.one(LAN, visit.key) is not None
    await visiting.call_off(LAN, await seen(visiting, visit), 1, Why.NOBODY)
    await store.purge(NOW + 31 * DAY)
    assert await _count(store) == 0
    assert await store.state(Address("web", "p")) is None


async def test_details_go_thirty_days_after_it_is_over(
    store: SqlStore, visiting: Visiting, book: Book
) -> None:
    visit = await asks(store, "p")
    await visiting.call_off(LAN, await seen(visiting, visit), 1, Why.NOBODY)
    heard = NOW + 20 * DAY

    def respond(state: State | None, *_: Any) -> Turn:
        assert state is not None
        return Turn(replace(state, heard_at=heard), due_at=NOW + 30 * DAY)

    await _take(store, "p", respond, heard)
    await store.purge(NOW + 29 * DAY)
    assert await _count(store) == 1
    await store.purge(NOW + 30 * DAY + 1)
    await store.wake(lambda state: wake(book, state, NOW + 30 * DAY), NOW + 30 * DAY, 10)
    assert await _count(store) == 0
    state = await store.state(Address("web", "p"))
    assert state is not None
    assert state.home_visit is None


async def _count(store: SqlStore) -> int:
    def work(connection: Any) -> int:
        return int(connection.scalar(text("SELECT count(*) FROM home_visits")))

    return await store.backing.database.read(work)
