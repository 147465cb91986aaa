"""Groups for those who teach the bot: what they count, and what they never show."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime

import pytest

from bot.app.learning import LONGEST, NAMED, groups, shown, since, week_of
from bot.app.ports import Sifted, Unmatched
from bot.core.message import Secret
from bot.language.alike import alike
from bot.language.sieve import sift

MONDAY = int(datetime(2026, 11, 15, 17, tzinfo=UTC).timestamp())  # midnight in Viet Nam
DAY = 86400


def said(text: str, who: int = 1, at: int = MONDAY, place: str = "", meant: str = "") -> Unmatched:
    return Unmatched(who, at, place, place and "nhap-ma", text, meant)


def unsifted(text: str) -> Sifted:
    return Sifted(text, ())


def nowhere(_: str) -> str:
    return ""


def test_messages_and_people_are_counted_and_what_they_meant() -> None:
    messages = [
        said("k nhan dc ma otp", 1, meant="otp-not-received"),
        said("k nhan dc ma otp", 1, meant="otp-not-received"),
        said("không nhận được mã OTP", 2, meant="otp-limit"),
        said("không nhận được mã OTP ạ", 3),
        said("trời mưa to quá", 3),
    ]
    first, second = groups(messages, alike, sift, lambda text: f"gần {text[:1]}")
    assert (first.count, first.people, first.meant) == (4, 3, {"otp-not-received": 2, "otp-limit": 1})
    assert list(first.meant) == ["otp-not-received", "otp-limit"]
    assert (second.count, second.people, second.example, second.nearest) == (1, 1, "trời mưa to quá", "gần t")


def test_weeks_and_places_are_apart_and_the_newest_week_comes_first() -> None:
    messages = [
        said("gì thế", at=MONDAY - 1),
        said("gì thế", place="kich-hoat"),
        said("gì thế"),
        said("gì thế", 2),
        said("gì thế", at=MONDAY + 7 * DAY - 1),
    ]
    found = groups(messages, alike, sift, nowhere)
    assert [(group.week, group.flow, group.count) for group in found] == [
        ("2026-W47", "", 3),
        ("2026-W47", "kich-hoat", 1),
        ("2026-W46", "", 1),
    ]


def test_the_order_of_messages_makes_no_difference() -> None:
    messages = [
        said(f"câu {what} {which}", who) for who, what in enumerate("abcdab") for which in ("một", "hai")
    ]
    shuffled = random.Random(3).sample(messages, len(messages))  # noqa: S311 - not a secret
    assert groups(messages, alike, sift, nowhere) == groups(shuffled, alike, sift, nowhere)


def test_weeks_begin_on_monday_in_viet_nam() -> None:
    assert (week_of(MONDAY - 1), week_of(MONDAY)) == ("2026-W46", "2026-W47")
    assert since(MONDAY, 1) == since(MONDAY + 7 * DAY - 1, 1) == MONDAY
    assert since(MONDAY - 1, 1) == MONDAY - 7 * DAY
    assert since(MONDAY + 9 * DAY + 5, 4) == MONDAY - 14 * DAY
    assert week_of(int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())) == "2026-W53"


NUMBERS = ["mã 123456", "gọi 0912 345 678", "số 12.34", "nhà 1 2 3 4", "năm 2024", "thẻ ١٢٣٤", "01/02/1950"]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_wording_with_a_number_is_never_shown(text: str) -> None:
    """Even one that the sieve has left."""
    assert shown(text, unsifted) == ""
    [group] = groups([said(text)], alike, unsifted, nowhere)
    assert (group.example, group.count) == ("", 1)


def test_another_wording_of_the_group_is_shown_instead() -> None:
    messages = [said("không nhận được mã 9999"), said("không nhận được mã 9999"), said("không nhận được mã")]
    [group] = groups(messages, lambda texts, _: [list(range(len(texts)))], unsifted, nowhere)
    assert group.example == "không nhận được mã"


def test_negative_control_short_numbers_are_shown() -> None:
    assert shown("bước 3 mã 117 lỗi", unsifted) == "bước 3 mã 117 lỗi"


def test_what_an_older_sieve_left_is_masked_now() -> None:
    def newer(text: str) -> Sifted:
        return Sifted(text.replace("bí mật", "[mật khẩu]"), (Secret.PASSWORD,))

    [group] = groups([said("mật khẩu là bí mật")], alike, newer, nowhere)
    assert group.example == "mật khẩu là [mật khẩu]"


def test_an_example_is_one_short_line_of_plain_letters() -> None:
    long = "chờ mãi " * 50
    assert len(shown(long, unsifted)) <= LONGEST
    assert shown(long, unsifted).endswith(" mãi…") or shown(long, unsifted).endswith(" chờ…")
    assert len(shown("a" * 500, unsifted)) <= LONGEST
    assert shown("đỏ \x1b[31m\n\u202eđảo\u2066 \x07", unsifted) == "đỏ [31m đảo"
    assert shown("\x00\n", unsifted) == ""


def test_the_nearest_intent_is_looked_up_for_what_is_said_most() -> None:
    asked: list[str] = []

    def nearest(text: str) -> str:
        asked.append(text)
        return "otp-limit"

    def apart(texts: Sequence[str], _: Sequence[Hashable]) -> list[list[int]]:
        return [[0, 1], *([index] for index in range(2, len(texts)))]

    messages = [
        said(f"câu {number}", at=MONDAY + number % 3 * 7 * DAY * (number > 1)) for number in range(999)
    ]
    found = groups(messages, apart, unsifted, nearest)
    assert len(asked) == 3 * NAMED
    assert "câu 0" in asked
    assert [group.nearest for group in found if group.week == found[0].week][NAMED - 1 : NAMED + 1] == [
        "otp-limit",
        "",
    ]


def test_nothing_gives_nothing() -> None:
    def none(texts: Sequence[str], places: Sequence[Hashable]) -> list[list[int]]:
        assert not texts
        assert not places
        return []

    assert groups([], none, unsifted, nowhere) == ()
