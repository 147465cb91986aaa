"""What time changes: windows, reminders, absences, new versions; and erasure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.content.transcripts import ADDRESS, Player
from bot.core.dialogue import respond, welcome_back
from bot.core.events import StepLeft
from bot.core.message import Incoming
from bot.core.session import LAST_CALL, Outcome, RunOutcome
from bot.core.timing import due_at, wake
from bot.language.sieve import sift
from tests.books import book_of
from tests.talking import labels, place, said, state_of

DAY = 86400


# --- time


def test_coming_back_after_days_says_where_we_were(walking: Player) -> None:
    walking.say("1")
    walking.wait("4d")
    session = state_of(walking).session
    assert session is not None
    assert session.top.outcome is RunOutcome.EXPIRED
    turn = walking.say("chào cháu")
    assert "Hôm trước mình đang ở **bước 2/3: số ngày**" in said(turn)
    walking.say("1")
    assert place(walking) == "thu/hoi-ngay"
    session = state_of(walking).session
    assert session is not None
    assert session.top.outcome is RunOutcome.OPEN


def test_a_button_still_works_after_the_window_is_over(walking: Player) -> None:
    walking.wait("2d")
    walking.press(1)
    assert place(walking) == "thu/hoi-ngay"


def test_starting_again_after_an_absence(walking: Player) -> None:
    walking.say("1")
    walking.wait("4d")
    walking.say("chào cháu")
    walking.say("làm lại từ đầu")
    assert place(walking) == "thu/chon"


def test_the_page_says_where_we_were(walking: Player) -> None:
    assert welcome_back(walking.book, state_of(walking), walking.now + 60) is None
    reply = welcome_back(walking.book, state_of(walking), walking.now + DAY)
    assert reply is not None
    assert "Hôm trước" in reply.text
    turn = respond(
        walking.book,
        state_of(walking),
        Incoming(ADDRESS, "k", button=reply.choices[0].token),
        walking.now + DAY,
    )
    assert turn.state is not None
    assert turn.state.session is not None
    assert turn.state.session.top.visit.step == "hoi-ngay"


def test_a_reminder_comes_once_and_not_after_stop(walking: Player) -> None:
    state = state_of(walking)
    due = due_at(walking.book, state)
    turn = wake(walking.book, state, due)
    assert turn is not None
    assert "còn vướng gì không" in said(turn)
    assert turn.state is not None
    assert turn.due_at > due
    walking.say("dừng")
    assert due_at(walking.book, state_of(walking)) > due


def test_no_reminder_is_promised_that_the_platform_would_refuse(walking: Player) -> None:
    """Where we may write for a while only, a reminder comes before that is over, or never."""
    free = state_of(walking)
    heard = free.heard_at
    wanted = due_at(walking.book, free) - heard
    earlier = wanted // 2
    windows = (wanted + LAST_CALL, earlier + LAST_CALL, LAST_CALL)
    wide, narrow, shut = (replace(free, window=seconds) for seconds in windows)
    assert due_at(walking.book, wide) == heard + wanted
    assert due_at(walking.book, narrow) == heard + earlier
    reminded = wake(walking.book, narrow, heard + earlier)
    assert reminded is not None
    assert "còn vướng gì không" in said(reminded)
    assert due_at(walking.book, shut) > heard + wanted  # only the step's own end is left
    slept = replace(free, window=wanted)
    late = wake(walking.book, slept, heard + wanted)
    assert late is not None
    assert not late.replies
    assert late.due_at > heard + wanted


def test_a_timer_that_finds_another_visit_does_nothing(walking: Player) -> None:
    late = due_at(walking.book, state_of(walking)) + 1
    walking.now = late - 20
    walking.say("1")
    turn = wake(walking.book, state_of(walking), late)
    assert turn is not None
    assert turn.replies == ()
    assert turn.events == ()
    assert turn.state == walking.state
    assert turn.due_at > late


def test_a_timer_without_a_place_does_nothing(talk: Player) -> None:
    assert wake(talk.book, state_of(talk), talk.now + 100 * DAY) is None


# --- versions


def test_a_run_stays_with_the_version_it_began_with(content: Path) -> None:
    before = book_of(content)
    player = Player(before, sift)
    for step in ("tôi muốn kích hoạt vneid", 1, 1):
        player.press(step) if isinstance(step, int) else player.say(step)
    file = content / "flows" / "thu.yaml"
    source = file.read_text("utf-8")
    file.write_text(source.replace("Máy Android", "Máy Samsung"), "utf-8")
    editions = (("thu", before.flows["thu"].version, source),)
    player.book = book_of(content, editions)
    assert "Máy Android" in labels(player.say("nhắc lại").replies[-1])
    player.say("1")
    player.say("3")
    player.say("1")  # the end
    player.say("tôi muốn kích hoạt vneid")
    assert "Máy Samsung" in labels(player.last[-1])


def test_a_version_that_is_gone_is_explained(walking: Player, content: Path) -> None:
    file = content / "flows" / "thu.yaml"
    file.write_text(file.read_text("utf-8").replace("Máy Android", "Máy Samsung"), "utf-8")
    walking.book = book_of(content)
    turn = walking.say("1")
    assert "bản mới" in said(turn)
    assert turn.state is not None


# --- erasure


def test_erasing_asks_first_and_then_keeps_nothing(walking: Player) -> None:
    walking.say("/xoa")
    assert walking.state is not None
    turn = walking.say("xóa hết")
    assert turn.state is None
    assert [event.mark.outcome for event in turn.events if isinstance(event, StepLeft)] == [Outcome.EXPIRED]


def test_yes_alone_does_not_erase(walking: Player) -> None:
    walking.say("/xoa")
    walking.say("vâng")
    assert walking.state is not None


def test_respond_is_pure(walking: Player) -> None:
    message = Incoming(ADDRESS, "k", "1", seed="0")
    first = respond(walking.book, walking.state, message, walking.now)
    assert respond(walking.book, walking.state, message, walking.now) == first
