"""Campaign arithmetic: what reports published is reproduced to the decimals they published."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.campaign import (
    BASES,
    KEYS,
    Amount,
    Base,
    Expected,
    FirstOnly,
    Measure,
    Nothing,
    NotMoving,
    Official,
    Outlook,
    Point,
    Reached,
    derived,
    falls,
    half_up,
    pace_needed,
    pace_of,
    percent,
    ranks,
    rate_key,
    rate_of,
    standing,
    target_key,
    usual_base,
)
from bot.core.cells import Unread, Wrong, read_count, read_day, read_rate


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def on(at: str, value: int, until: str = "") -> tuple[Point, ...]:
    return (Point(day(at), value, day(until) if until else None),)


APRIL, JULY = "2023-04-30", "2023-07-31"
HA_TINH: Official = {
    "people": on(APRIL, 1_192_722),
    "present": on(APRIL, 1_124_842),
    "cards": on(APRIL, 1_120_269),
    "accounts": on(APRIL, 859_268),
    "activated": on(APRIL, 334_146),
}
HA_NOI: Official = {
    "accounts": on(JULY, 5_330_114),
    "activated": on(JULY, 4_471_982),
    "activated%target": on(JULY, 7_470),
}


@pytest.mark.parametrize(
    ("official", "measure", "base", "decimals", "published"),
    [
        (HA_TINH, Measure.CARDS, Base.PEOPLE, 1, "93.9"),
        (HA_TINH, Measure.CARDS, Base.PRESENT, 1, "99.6"),
        (HA_TINH, Measure.ACTIVATED, Base.ACCOUNTS, 1, "38.9"),
        (HA_NOI, Measure.ACTIVATED, Base.TARGET, 1, "74.7"),
        ({"activated%target": on(JULY, 9_440)}, Measure.ACTIVATED, Base.TARGET, 1, "94.4"),  # Tây Hồ
        ({"activated%target": on(JULY, 9_340)}, Measure.ACTIVATED, Base.TARGET, 1, "93.4"),  # Hà Đông
        ({"activated%target": on(JULY, 8_870)}, Measure.ACTIVATED, Base.TARGET, 1, "88.7"),  # Gia Lâm
        # 505 of 1,189 pupils in Đầm Dơi
        ({"people": on(APRIL, 1_189), "no_card": on(APRIL, 505)}, Measure.NO_CARD, Base.PEOPLE, 1, "42.5"),
    ],
)
def test_published_rates(
    official: Official, measure: Measure, base: Base, decimals: int, published: str
) -> None:
    rate = rate_of(official, measure, base)
    assert rate is not None
    assert percent(rate.share, decimals) == Fraction(published)
    assert rate.stated == (rate_key(measure, base) in official)


def test_ha_nois_target_follows_from_either_of_its_percentages() -> None:
    """Both were published of one target, which was not."""
    by_accounts, by_activated = derived(5_330_114, 8_900), derived(4_471_982, 7_470)
    assert by_accounts is not None
    assert by_activated == Amount(5_982_585, 5_990_598)
    assert by_accounts.low <= by_activated.low <= by_activated.high <= by_accounts.high
    assert percent(Fraction(5_330_114, by_activated.middle), 0) == 89
    rate = rate_of(HA_NOI, Measure.ACTIVATED, Base.TARGET)
    assert rate is not None
    assert rate.whole == by_activated
    assert rate.stated
    assert standing(HA_NOI, Measure.ACTIVATED, Base.TARGET, day(JULY)).gap == Amount(1_510_603, 1_518_616)


def test_ca_mau() -> None:
    """49,741 people without a card; 300,000 accounts by the year's end."""
    ca_mau: Official = {
        "no_card": on("2023-06-30", 49_741),
        "accounts": (*on("2023-06-01", 150_000), *on("2023-06-30", 179_000)),
        target_key(Measure.ACCOUNTS): on("2023-01-01", 300_000, "2023-12-31"),
    }
    cards = standing(ca_mau, Measure.NO_CARD, Base.PEOPLE, day("2023-07-01"))
    assert (cards.gap, cards.rate, cards.outlook) == (Amount(49_741, 49_741), None, FirstOnly())
    accounts = standing(ca_mau, Measure.ACCOUNTS, Base.TARGET, day("2023-07-01"))
    assert accounts.gap == Amount(121_000, 121_000)
    assert accounts.needed == 658  # 121,000 in the 184 days that are left
    assert accounts.pace == 1000
    assert accounts.outlook == Expected(day("2023-10-29"), day("2023-10-29") - day("2023-12-31"))


TARGET = {target_key(Measure.ACTIVATED): on("2026-10-01", 1_000, "2026-11-30")}


@pytest.mark.parametrize(
    ("figures", "today", "outlook", "needed", "over"),
    [
        ([("2026-11-20", 400)], "2026-11-20", FirstOnly(), 60, False),
        ([("2026-11-20", 400)], "2026-11-21", FirstOnly(), 60, False),  # all of today is left
        ([("2026-11-20", 400)], "2026-11-22", FirstOnly(), 67, False),
        (
            [("2026-11-10", 300), ("2026-11-20", 400)],
            "2026-11-20",
            Expected(day("2027-01-19"), 50),
            60,
            False,
        ),
        ([("2026-11-10", 300), ("2026-11-20", 650)], "2026-11-20", Expected(day("2026-11-30"), 0), 35, False),
        (
            [("2026-11-10", 300), ("2026-11-20", 900)],
            "2026-11-20",
            Expected(day("2026-11-22"), -8),
            10,
            False,
        ),
        ([("2026-11-20", 1_000)], "2026-11-20", Reached(0), None, False),
        ([("2026-11-20", 1_024)], "2026-11-20", Reached(24), None, False),
        ([("2026-11-10", 400), ("2026-11-20", 400)], "2026-11-20", NotMoving(Fraction(0)), 60, False),
        ([("2026-11-10", 500), ("2026-11-20", 400)], "2026-11-20", NotMoving(Fraction(-10)), 60, False),
        ([("2026-11-30", 999)], "2026-11-30", FirstOnly(), None, False),  # the last day is told of already
        ([("2026-11-29", 999)], "2026-11-30", FirstOnly(), 1, False),
        ([("2026-11-20", 400)], "2026-12-02", FirstOnly(), None, True),
        ([], "2026-11-20", Nothing(), None, False),
    ],
)
def test_what_is_needed_and_what_to_expect(
    figures: list[tuple[str, int]], today: str, outlook: Outlook, needed: int | None, over: bool
) -> None:
    official = {**TARGET, "activated": tuple(Point(day(at), value) for at, value in figures)}
    seen = standing(official, Measure.ACTIVATED, Base.TARGET, day(today))
    assert (seen.outlook, seen.needed, seen.is_over) == (outlook, needed, over)


def test_without_a_target_the_whole_is_what_is_missing() -> None:
    seen = standing(HA_TINH, Measure.ACTIVATED, Base.ACCOUNTS, day(APRIL))
    assert (seen.gap, seen.deadline, seen.needed) == (Amount(525_122, 525_122), None, None)
    assert standing({}, Measure.CARDS, Base.PEOPLE, 0).rate is None
    assert rate_of({"cards": on(APRIL, 5), "people": on(APRIL, 0)}, Measure.CARDS, Base.PEOPLE) is None


def test_people_without_a_card_are_to_become_fewer() -> None:
    points = (Point(100, 900), Point(110, 700))
    seen = standing({"no_card": points}, Measure.NO_CARD, Base.PEOPLE, 110)
    assert (seen.pace, seen.outlook) == (Fraction(20), Expected(145, None))
    assert ranks({1: Fraction(1, 2), 2: Fraction(1, 5), 3: Fraction(1, 5)}, Measure.NO_CARD) == {
        2: 1,
        3: 1,
        1: 3,
    }


def test_equals_share_a_rank() -> None:
    shares = {1: Fraction(9, 10), 2: Fraction(1, 2), 3: Fraction(9, 10), 4: Fraction(0)}
    assert ranks(shares, Measure.CARDS) == {1: 1, 3: 1, 2: 3, 4: 4}


def test_the_pace_is_that_of_the_last_week_if_there_are_figures_that_old() -> None:
    points = (Point(0, 0), Point(50, 100), Point(54, 180), Point(60, 200))
    assert pace_of(points, Measure.CARDS) == Fraction(10)
    assert pace_of(points[:1], Measure.CARDS) is None
    assert pace_of((Point(58, 100), Point(60, 200)), Measure.CARDS) == 50


def test_the_whole_of_another_day_is_told() -> None:
    rate = rate_of(
        {"cards": on("2026-11-20", 50), "people": on("2026-11-01", 100)}, Measure.CARDS, Base.PEOPLE
    )
    assert rate is not None
    assert rate.base_day == day("2026-11-01")


def test_what_is_stated_later_goes_before_what_was_worked_out_earlier() -> None:
    official: Official = {
        "activated": on("2026-11-01", 50),
        "accounts": on("2026-11-01", 100),
        "activated%accounts": on("2026-11-20", 6_000),
    }
    rate = rate_of(official, Measure.ACTIVATED, Base.ACCOUNTS)
    assert rate is not None
    assert (rate.share, rate.stated, rate.whole) == (Fraction(3, 5), True, None)


def test_units_are_compared_by_the_share_that_most_of_them_have() -> None:
    tay_ho: Official = {"activated%target": on(JULY, 9_440)}
    assert usual_base([HA_TINH, tay_ho, HA_NOI], Measure.ACTIVATED) is Base.TARGET
    assert usual_base([HA_TINH], Measure.ACTIVATED) is Base.ACCOUNTS
    assert usual_base([], Measure.ACTIVATED) is Base.TARGET


@given(part=some.integers(1, 10**8), whole=some.integers(1, 10**8), decimals=some.integers(0, 2))
def test_a_derived_whole_holds_the_true_one(part: int, whole: int, decimals: int) -> None:
    stated = half_up(Fraction(part * 10 ** (2 + decimals), whole)) * 10 ** (2 - decimals)
    span = derived(part, stated)
    assert span is None or span.low <= whole <= span.high


@given(
    some.dictionaries(
        some.sampled_from(KEYS),
        some.lists(
            some.builds(
                Point, some.integers(0, 50), some.integers(0, 300), some.none() | some.integers(0, 60)
            )
        ).map(lambda points: tuple(sorted({point.day: point for point in points}.values()))),
    ),
    some.integers(0, 100),
)
def test_whatever_is_kept_can_be_looked_at(official: dict[str, tuple[Point, ...]], today: int) -> None:
    for measure, bases in BASES.items():
        for base in bases:
            seen = standing(official, measure, base, today)
            assert seen.gap is None or 0 <= seen.gap.low <= seen.gap.high
            assert seen.needed is None or seen.needed > 0
    falls(official.get("cards", ()))


def test_falling_totals_are_found() -> None:
    before, after = Point(1, 10), Point(2, 9)
    assert falls((after, before, Point(3, 9))) == [(before, after)]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *(
            (typed, 1_120_269)
            for typed in ("1.120.269", "1,120,269", "1 120 269", "1120269", " 1.120.269 người ")
        ),
        *(
            (typed, 1_120_269)
            for typed in (1120269, 1120269.0, "1\u00a0120\u00a0269", "1'120'269", "1120269,0")
        ),
        ("0", 0),
        ("1.234", 1_234),
        ("1.23", Unread(Wrong.FRACTION)),
        ("12,5", Unread(Wrong.FRACTION)),
        (1.12, Unread(Wrong.FRACTION, "1.120")),
        (0.5, Unread(Wrong.FRACTION, "500")),
        ("1.120,269", Unread(Wrong.NO_NUMBER, "1.120.269")),
        ("12.34.567", Unread(Wrong.NO_NUMBER, "1.234.567")),
        ("1O5", Unread(Wrong.NO_NUMBER, "105")),
        ("-5", Unread(Wrong.NEGATIVE)),
        (-5, Unread(Wrong.NEGATIVE)),
        ("=B2+C2", Unread(Wrong.FORMULA)),
        ("nhiều", Unread(Wrong.NO_NUMBER)),
        ("²", Unread(Wrong.NO_NUMBER)),
        ("9" * 30, Unread(Wrong.TOO_BIG)),
        (float("nan"), Unread(Wrong.NO_NUMBER)),
        (float("inf"), Unread(Wrong.NO_NUMBER)),
        (pace_needed(10, 5, 5, 5), Unread(Wrong.NO_NUMBER)),
    ],
)
def test_counts_as_they_are_typed(cell: str | float | None, read: int | Unread) -> None:
    assert read_count(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *((typed, 9_440) for typed in ("94,4", "94.4 %", "94,40%", 94.4, 0.944)),
        ("89", 8_900),
        (1, 10_000),
        ("104,25", 10_425),
        ("94,444", Unread(Wrong.NO_NUMBER)),
        ("-3", Unread(Wrong.NEGATIVE)),
        ("9999", Unread(Wrong.TOO_BIG)),
        (float("nan"), Unread(Wrong.NO_NUMBER)),
    ],
)
def test_percentages_as_they_are_typed(cell: str | float, read: int | Unread) -> None:
    assert read_rate(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *(
            (typed, "2023-04-30")
            for typed in ("30/4/2023", "30-04-2023", "30.4.23", "2023-04-30", "2023/4/30")
        ),
        ("2023-04-30T00:00:00", "2023-04-30"),
        (45046, "2023-04-30"),
        ("45046", "2023-04-30"),
        ("4/30/2023", Unread(Wrong.NO_SUCH_DAY, "30/4/2023")),
        ("31/4/2023", Unread(Wrong.NO_SUCH_DAY)),
        ("4/2023", Unread(Wrong.NO_DATE)),
        ("hôm qua", Unread(Wrong.NO_DATE)),
        (12, Unread(Wrong.NO_DATE)),
    ],
)
def test_dates_as_they_are_typed(cell: str | float, read: str | Unread) -> None:
    assert read_day(cell) == (day(read) if isinstance(read, str) else read)


@given(some.text() | some.floats() | some.integers(-(10**15), 10**15) | some.none())
def test_no_cell_raises(cell: str | float | None) -> None:
    for read in (read_count, read_rate, read_day):
        read(cell)
