"""The calendar and the posters on both databases: nothing twice, nothing overwritten unseen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from store_people import NOW

from bot.core.calendar import MobileSession, Place, repeated
from bot.core.places import MOST_NUMBER
from bot.store.calendar import SqlCalendar
from bot.store.open import SqlStore
from bot.store.posters import SqlPosters

HOUR = 3600
MARKET = MobileSession("22291", "chợ Hòa Xuân", Place.MARKET, NOW + HOUR, NOW + 3 * HOUR, "có loa")


async def test_the_same_session_is_entered_once_however_often_it_is_sent(store: SqlStore) -> None:
    calendar = SqlCalendar(store.backing)
    weekly = repeated(MARKET, 4)
    assert await calendar.add(weekly, 1, NOW) == 4
    assert await calendar.add(weekly, 1, NOW) == 0
    assert await calendar.add([MARKET, MARKET, replace(MARKET, place="trường")], 2, NOW) == 1
    assert await calendar.add([], 1, NOW) == 0
    planned = await calendar.ahead(NOW)
    assert [one.session for one in planned][0::4] == [MARKET, weekly[3]]
    assert {one.revision for one in planned} == {1}


async def test_what_is_over_is_not_ahead_and_is_not_lost(store: SqlStore) -> None:
    calendar = SqlCalendar(store.backing)
    await calendar.add([MARKET], 1, NOW)
    assert len(await calendar.ahead(MARKET.ends_at - 1)) == 1
    assert await calendar.ahead(MARKET.ends_at) == []
    planned = await calendar.one(1)
    assert planned is not None
    assert planned.session == MARKET
    assert await calendar.one(2) is None


async def test_nobody_overwrites_what_they_have_not_seen(store: SqlStore) -> None:
    calendar = SqlCalendar(store.backing)
    await calendar.add([MARKET], 1, NOW)
    (seen,) = await calendar.ahead(NOW)
    off = replace(MARKET, called_off=True)
    assert await calendar.change(seen.id, seen.revision, off, 2, NOW)
    assert not await calendar.change(seen.id, seen.revision, replace(MARKET, place="khác"), 3, NOW)
    (now,) = await calendar.ahead(NOW)
    assert (now.session, now.revision) == (off, 2)
    assert await calendar.mark() == 2
    assert not await calendar.change(77, 1, MARKET, 2, NOW)


async def test_each_poster_gets_a_number_of_its_own(store: SqlStore) -> None:
    posters = SqlPosters(store.backing)
    places = [f"thôn {number}" for number in range(6)]
    made = await asyncio.gather(*(posters.make("22291", place, 1, NOW) for place in places))
    assert sorted(one.number for one in made if one) == [1, 2, 3, 4, 5, 6]
    other = await posters.make("20314", "chợ", 1, NOW)
    assert other is not None
    assert other.code == "20314-1"
    assert await posters.codes() == {*(f"22291-{number}" for number in range(1, 7)), "20314-1"}
    assert await posters.one("22291-3") == next(one for one in made if one and one.number == 3)
    assert await posters.one("22291-9") is None


async def test_a_place_has_one_poster_and_a_number_is_never_given_again(store: SqlStore) -> None:
    posters = SqlPosters(store.backing)
    first = await posters.make("22291", "chợ", 1, NOW)
    assert await posters.make("22291", "chợ", 1, NOW) == first
    assert await posters.retire("22291-1", NOW)
    second = await posters.make("22291", "chợ", 1, NOW)
    assert second is not None
    assert second.code == "22291-2"
    assert [(one.code, one.retired) for one in await posters.all()] == [("22291-2", False), ("22291-1", True)]
    assert "22291-1" in await posters.codes(), "somebody may have a picture of it"
    assert await posters.hang_again("22291-1")
    assert not await posters.retire("99999-1", NOW)
    assert [one.retired for one in await posters.all()] == [False, False]


async def test_numbers_end_where_a_code_would_look_like_an_id_card(sqlite_store: SqlStore) -> None:
    posters = SqlPosters(sqlite_store.backing)
    for number in range(MOST_NUMBER):
        assert await posters.make("22291", f"điểm {number}", 1, NOW)
    assert await posters.make("22291", "thêm một điểm", 1, NOW) is None
