"""When volunteers are there: written by people, over midnight, with days off; and what may be promised."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.desk import ALWAYS, DAY, LOOK_AHEAD, MINUTES, NOBODY, Desk, Hours, Opening, clock
from bot.core.opening import Fault, What, read_days_off, read_week, write_days_off, write_week
from bot.core.visits import VIET_NAM

MONDAY = datetime(2027, 1, 25, tzinfo=UTC)
TET = frozenset(date(2027, 2, 4) + timedelta(days) for days in range(7))
EVENINGS = "T2-T6 18:00-21:00; T7 CN 8:00-11:00"


def at(days: int, clock: str = "0:00") -> int:
    """Viet Nam's clock, so many days after a Monday."""
    hours, minutes = clock.split(":")
    return int(MONDAY.timestamp()) - VIET_NAM + days * DAY + int(hours) * 3600 + int(minutes) * 60


def hours(text: str, days_off: frozenset[date] = frozenset()) -> Hours:
    week = read_week(text)
    assert not week.faults
    return Hours(week.openings, days_off)


@pytest.mark.parametrize(
    ("now", "is_open", "change"),
    [
        (at(0, "17:59"), False, at(0, "18:00")),
        (at(0, "18:00"), True, at(0, "21:00")),
        (at(0, "20:59"), True, at(0, "21:00")),
        (at(0, "21:00"), False, at(1, "18:00")),
        (at(4, "22:00"), False, at(5, "8:00")),
        (at(6, "11:00"), False, at(7, "18:00")),
    ],
)
def test_evenings_and_weekends(now: int, is_open: bool, change: int) -> None:
    there = hours(EVENINGS)
    assert there.is_open(now) is is_open
    assert there.next_change(now) == change


def test_the_whole_of_tet_is_closed_and_the_day_after_is_told() -> None:
    there = hours(EVENINGS, TET)
    assert not any(there.is_open(at(10 + day, "18:30")) for day in range(7))
    assert there.next_change(at(10, "9:00")) == at(17, "18:00")
    assert there.next_change(at(9, "21:00")) == at(17, "18:00")


def test_late_hours_go_on_after_midnight_and_into_a_day_off() -> None:
    there = hours("T2 CN 22:00-2:00", frozenset({date(2027, 1, 26)}))
    assert there.is_open(at(1, "1:59"))
    assert there.next_change(at(0, "23:00")) == at(1, "2:00")
    assert there.is_open(at(7, "1:00")), "Sunday's late hours reach into Monday"


def test_hours_that_touch_are_one() -> None:
    there = hours("T2 8:00-11:00, 11:00-12:00; T2 22:00-24:00; T3 0:00-3:00")
    assert there.next_change(at(0, "9:00")) == at(0, "12:00")
    assert there.next_change(at(0, "23:00")) == at(1, "3:00")


def test_always_and_never_have_no_change_in_sight() -> None:
    assert ALWAYS.is_open(at(3, "3:33"))
    assert ALWAYS.next_change(at(3)) == 0
    assert not Hours().is_open(at(3))
    assert Hours().next_change(at(3)) == 0


_MINUTE = st.integers(0, 47).map(lambda half: half * 30)
_OPENING = st.builds(
    lambda weekday, begins, length: Opening(weekday, begins, begins + length),
    st.integers(0, 6),
    _MINUTE,
    st.integers(1, 48).map(lambda half: half * 30),
)
_HOURS = st.builds(
    Hours,
    st.lists(_OPENING, max_size=6).map(tuple),
    st.frozensets(st.integers(0, 9).map(lambda day: date(2027, 1, 25) + timedelta(day)), max_size=4),
)


def _model(there: Hours, now: int) -> bool:
    """Day by day as a person would look it up."""
    local = datetime.fromtimestamp(now, UTC) + timedelta(seconds=VIET_NAM)
    minute = local.hour * 60 + local.minute
    return any(
        day not in there.days_off
        and opening.weekday == day.weekday()
        and opening.begins <= minute + MINUTES * ago < opening.ends
        for ago in (0, 1)
        for day in (local.date() - timedelta(ago),)
        for opening in there.week
    )


@settings(deadline=None)
@given(_HOURS, st.integers(0, 10 * 48))
def test_is_open_is_what_the_table_on_the_wall_says(there: Hours, half_hours: int) -> None:
    now = at(0) + half_hours * 1800
    assert there.is_open(now) == _model(there, now)


@settings(deadline=None)
@given(_HOURS, st.integers(0, 5 * 48))
def test_the_next_change_is_the_first_moment_at_which_it_is_otherwise(there: Hours, half_hours: int) -> None:
    now = at(0) + half_hours * 1800
    later = range(now, at(0) + 25 * DAY, 1800)
    expected = next((moment for moment in later if _model(there, moment) != _model(there, now)), None)
    change = there.next_change(now)
    if expected is None:
        assert change == 0 or change >= at(0) + 25 * DAY
        assert change < at(0) + (LOOK_AHEAD + 10) * DAY
    else:
        assert change == expected


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (EVENINGS, EVENINGS),
        ("t2-t6 18h-21h ; cn, t7  8h00 – 11:00", EVENINGS),
        ("T2 đến T6 18:00-21:00\nT7 và CN 8-11", EVENINGS),
        ("hằng ngày 18.30-20.00", "T2-CN 18:30-20:00"),
        ("T6-T2 8:00-9:00", "T2 T6-CN 8:00-9:00"),
        ("T2 8:00-11:00 13:30-16:00; T3 8:00-11:00, 13:30-16:00", "T2 T3 8:00-11:00, 13:30-16:00"),
        ("T7 22:00-2:00", "T7 22:00-2:00"),
        ("T7 0:00-24:00", "T7 0:00-24:00"),
        ("", ""),
        (" ; \n", ""),
    ],
)
def test_what_people_write_is_read_and_written_back(text: str, written: str) -> None:
    week = read_week(text)
    assert week.faults == ()
    assert write_week(week.openings) == written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("T8 8:00-9:00", Fault(What.DAY, "T8", 0)),
        ("T2 8:00-9:00; thứ hai 8:00-9:00", Fault(What.DAY, "thứ", 14)),
        ("T2 8:00-25:00", Fault(What.TIME, "8:00-25:00", 3)),
        ("T2 8:60-9:00", Fault(What.TIME, "8:60-9:00", 3)),
        ("T2 8:00", Fault(What.TIME, "8:00", 3)),
        ("T2 24:00-2:00", Fault(What.TIME, "24:00-2:00", 3)),
        ("T2 8:00-8:00", Fault(What.NO_LENGTH, "8:00-8:00", 3)),
        ("T2 8:00-9:00 T3", Fault(What.TIME, "T3", 13)),
        ("8:00-9:00", Fault(What.NO_DAYS, "8:00-9:00", 0)),
        ("T2; T3 8:00-9:00", Fault(What.NO_TIMES, "T2", 0)),
        ("T2 8:00-10:00; T2 9:00-11:00", Fault(What.OVERLAP, "T2 9:00-11:00", 14)),
        ("CN 23:00-2:00; T2 1:00-3:00", Fault(What.OVERLAP, "T2 1:00-3:00", 14)),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, fault: Fault) -> None:
    assert fault in read_week(text).faults


@given(st.text("T2345678CN:-;, hđàn9\0", max_size=40))
def test_any_text_is_read_or_told(text: str) -> None:
    week = read_week(text)
    assert all(fault.piece in text or fault.what is What.OVERLAP for fault in week.faults)
    assert read_week(write_week(week.openings)).openings == week.openings


@given(st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20))
def test_days_off_are_read_as_they_are_written(days: frozenset[date]) -> None:
    assert read_days_off(write_days_off(days)) == (tuple(sorted(days)), ())


def test_days_off_in_a_row_are_one_span() -> None:
    days, faults = read_days_off("24/12/2026; 4.2.2027 – 10.2.2027 đến")
    assert write_days_off(days) == "24/12/2026, 4/2/2027-10/2/2027"
    assert faults == (Fault(What.DATE, "đến", 33),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("30/2/2027", Fault(What.DATE, "30/2/2027", 0)),
        ("1/1/2027, mai", Fault(What.DATE, "mai", 10)),
        ("1/1/27", Fault(What.DATE, "1/1/27", 0)),
        ("5/2/2027-4/2/2027", Fault(What.DATES, "5/2/2027-4/2/2027", 0)),
        ("5/2/2027-4/2/2028", Fault(What.DATES, "5/2/2027-4/2/2028", 0)),
    ],
)
def test_a_date_that_is_none_is_told_with_its_place(text: str, fault: Fault) -> None:
    assert fault in read_days_off(text)[1]


# --- What may be promised ---------------------------------------------------------------------------

PROVINCES = {"22291": "66", "22300": "66", "22400": "66", "00070": "01"}
NOW = at(0, "19:00")


def desk(
    staff: dict[str, int],
    on_duty: dict[str, int] | None = None,
    waiting: dict[str, int] | None = None,
    opening: str = EVENINGS,
) -> Desk:
    return Desk(staff, on_duty or {}, waiting or {}, {"": hours(opening)}, PROVINCES)


@pytest.mark.parametrize("area", ["22291", "66", ""])
def test_staffed_is_who_has_people_of_the_commune_the_province_or_everywhere(area: str) -> None:
    assert desk({area: 1}).promise("22291", NOW).staffed
    assert desk({area: 1}).promise("", NOW).staffed, "who does not say where they are is answered by all"


@pytest.mark.parametrize("area", ["22300", "01"])
def test_people_of_elsewhere_are_no_promise(area: str) -> None:
    assert not desk({area: 1}).promise("22291", NOW).staffed
    assert not NOBODY.promise("22291", NOW).staffed


def test_within_hours_and_nobody_there_is_told_as_it_is() -> None:
    promise = desk({"66": 2}).promise("22291", NOW)
    assert (promise.open, promise.on_duty, promise.opens_at) == (True, 0, 0)


def test_closed_says_when_it_opens_unless_somebody_is_there_all_the_same() -> None:
    late = at(0, "23:00")
    assert clock(desk({"": 1}).promise("22291", late).opens_at) == "18:00"
    there = desk({"": 1}, {"22300": 1}).promise("22291", late)
    assert (there.open, there.on_duty, there.opens_at) == (True, 1, 0)


@pytest.mark.parametrize(
    ("on_duty", "ahead"),
    [
        ({"22291": 1}, 1 + 2 + 4 + 16),  # mine alone: those of the province without people wait for them too
        ({"22291": 1, "22300": 1}, 1 + 4 + 16),  # a neighbour with people of its own
        ({"22300": 1}, 1 + 2 + 4 + 16),  # the neighbour's people serve both
        ({"01": 1}, 1 + 2 + 4 + 8 + 16),  # nobody near: all wait for the same one
        ({}, 1 + 2 + 4 + 8 + 16),
    ],
)
def test_the_place_counts_those_whom_the_same_people_see(on_duty: dict[str, int], ahead: int) -> None:
    waiting = {"22291": 1, "22300": 2, "22400": 4, "00070": 8, "": 16}
    assert desk({"": 1}, on_duty, waiting).promise("22291", NOW).ahead == ahead


def test_a_commune_has_its_own_hours_or_its_provinces_or_those_of_everywhere() -> None:
    own, province, everywhere = hours("T2 1:00-2:00"), hours("T2 3:00-4:00"), hours("T2 5:00-6:00")
    here = Desk({}, {}, {}, {"22291": own, "66": province, "": everywhere}, PROVINCES)
    assert here.hours_of("22291") is own
    assert here.hours_of("22300") is province
    assert here.hours_of("00070") is everywhere
    assert Desk().hours_of("22291") is ALWAYS
