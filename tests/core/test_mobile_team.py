"""When the mobile team comes: which sessions somebody is told of, in which words, and when none is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.deeds import DESKS
from bot.content.transcripts import START, Player
from bot.core import mobile_team
from bot.core.book import Book
from bot.core.calendar import MOST_TOLD, WEEK, MobileSession, Place, by_province, near, repeated
from bot.core.contact import Contact
from bot.core.desk import Desk
from bot.core.visits import VIET_NAM
from bot.core.voice import voice_of
from bot.language.sieve import sift
from tests.talking import said

HERE, NEIGHBOUR, FAR = "22291", "22255", "20314"
PROVINCE = {HERE: "66", NEIGHBOUR: "66", FAR: "48"}
HOUR = 3600


def session(commune: str = HERE, hours: int = 24, **more: object) -> MobileSession:
    """One that begins so many hours from now."""
    begins = START + hours * HOUR
    known = MobileSession(commune, f"chợ {hours}", Place.MARKET, begins, begins + 2 * HOUR)
    return replace(known, **more)  # type: ignore[arg-type]


def at_home(book: Book) -> Player:
    """Somebody who agreed to be remembered and said where they are."""
    player = Player(book, sift, desk=DESKS["team"])
    player.say("xin chào")
    player.press(1)
    player.press(1)
    player.say("xã Hòa Xuân")
    return player


def test_those_of_the_commune_come_first_and_three_are_told() -> None:
    sessions = [
        session(NEIGHBOUR, 1),
        session(HERE, 50),
        session(FAR, 2),
        session(NEIGHBOUR, 3),
        session(HERE, 9),
    ]
    found = near(sessions, HERE, START)
    assert [one.place for one in found.here] == ["chợ 9", "chợ 50"]
    assert [one.place for one in found.around] == ["chợ 1"]


def test_what_was_called_off_is_said_only_to_its_own_commune() -> None:
    off = session(HERE, 5, called_off=True)
    assert near([off], HERE, START).off == (off,)
    assert near([off], NEIGHBOUR, START) == near([], NEIGHBOUR, START)


@given(
    st.lists(
        st.builds(
            session,
            st.sampled_from([HERE, NEIGHBOUR]),
            st.integers(-200, 200),
            called_off=st.booleans(),
        )
    ),
    st.integers(-200, 200),
)
def test_nobody_is_ever_sent_to_what_is_over_or_off(sessions: list[MobileSession], hours: int) -> None:
    now = START + hours * HOUR
    found = near(sessions, HERE, now)
    told = (*found.here, *found.around)
    assert len(told) <= MOST_TOLD
    assert all(one.ends_at > now and not one.called_off for one in told)
    assert {one.commune for one in told} <= {HERE, NEIGHBOUR}
    coming = [one for one in sessions if one.ends_at > now and not one.called_off and one.commune == HERE]
    assert len(found.here) == min(MOST_TOLD, len(coming)), "its own are never left out for others"


def test_sessions_are_kept_apart_by_province() -> None:
    sessions = [session(HERE), session(FAR), session(NEIGHBOUR)]
    assert by_province(sessions, PROVINCE) == {"66": (sessions[0], sessions[2]), "48": (sessions[1],)}


def test_a_weekly_row_keeps_its_hour() -> None:
    rows = repeated(session(), 3)
    assert [one.starts_at - rows[0].starts_at for one in rows] == [0, WEEK, 2 * WEEK]
    assert len({(one.starts_at + VIET_NAM) % 86400 for one in rows}) == 1


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ((2, 18, 0), (2, 20, 0), "thứ bảy 21/11, từ 18 giờ đến 20 giờ"),
        ((2, 7, 30), (2, 11, 5), "thứ bảy 21/11, từ 7 giờ 30 đến 11 giờ 05"),
        ((-1, 19, 0), (-1, 21, 0), "hôm nay 18/11, từ 19 giờ đến 21 giờ"),
    ],
)
def test_the_day_is_said_in_words(
    small: Book, begins: tuple[int, int, int], ends: tuple[int, int, int], words: str
) -> None:
    thursday = 1_795_021_200  # midnight of 19/11/2026 in Viet Nam

    def at(day: int, hour: int, minute: int) -> int:
        return thursday + day * 86400 + hour * HOUR + minute * 60

    one = MobileSession(HERE, "chợ", Place.MARKET, at(*begins), at(*ends))
    assert mobile_team.when(voice_of(small, Contact()), one, START) == words


def test_what_is_over_vanishes_while_nobody_looks(book: Book) -> None:
    """The snapshot may be some seconds old; what is over is not told of all the same."""
    player = at_home(book)
    assert "nhà văn hóa thôn 3" in said(player.say("khi nào đội lưu động tới"))
    last = max(one.ends_at for one in player.desk.sessions["66"])
    player.now = last
    assert "nhà văn hóa thôn 3" not in said(player.say("khi nào đội lưu động tới"))


def test_no_answer_about_something_else_speaks_of_it(book: Book) -> None:
    player = at_home(book)
    assert "lưu động" not in said(player.say("tổng đài số mấy")).lower()


def test_where_nobody_keeps_a_calendar_nothing_is_asked(book: Book) -> None:
    player = Player(book, sift, desk=Desk())
    heard = said(player.say("khi nào đội lưu động tới"))
    assert "Em chưa có lịch đội lưu động nào" in heard
    assert "nhắn tên xã, phường" not in heard
