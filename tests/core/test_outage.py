"""VNeID is down: clocks stand still, whoever writes hears it once, and the end is told once and by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.transcripts import ADDRESS, Player
from bot.core import outage_over, timing
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.dialogue import respond
from bot.core.events import OutageTold, StepLeft
from bot.core.message import Incoming, Kind
from bot.core.outage import LOOK, Downtime, End, Outage
from bot.core.outage_over import BETWEEN, GRACE, STALE, by_day, over_due
from bot.core.session import Outcome, RunOutcome, State
from bot.core.timing import due_at, wake
from bot.language.sieve import sift
from tests.talking import happened, place, said, state_of

HOUR, DAY = 3600, 86400
NOON = 1_795_000_000 - (6 * 60 + 6) * 60 - 40
"""Twelve o'clock in Viet Nam; the small guide reminds after 20 minutes and ends after an hour."""


@pytest.fixture
def noon(small: Book) -> Player:
    """Somebody at the first question of the guide, at noon."""
    player = Player(small, sift, now=NOON)
    for text in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(text)
    return player


def replies(player: Player, since: int) -> list[str]:
    return [text for turn in player.turns[since:] for text in turn.get("bot", ())]


def outcome(player: Player) -> Outcome:
    session = state_of(player).session
    assert session is not None
    return session.top.trail[session.top.visit.step].outcome


# --- time that stands still


def down(*spans: tuple[int, int]) -> Downtime:
    return Downtime(tuple(Outage(number, *span) for number, span in enumerate(spans, 1)))


@pytest.mark.parametrize(
    ("spans", "since", "seconds", "end"),
    [
        ([], 100, 50, End(150)),
        ([(120, 130)], 100, 50, End(160)),
        ([(120, 130), (140, 200)], 100, 50, End(220, taken=True)),
        ([(120, 130), (140, 150)], 100, 50, End(170)),
        ([(120, 400)], 100, 50, End(430, taken=True)),
        ([(10, 90)], 100, 50, End(150)),
        ([(150, 160)], 100, 50, End(150)),
        ([(100, 160)], 100, 50, End(210, taken=True)),
        ([(90, 120)], 100, 50, End(170)),
        ([(120, 160), (185, 190)], 100, 50, End(195, taken=True)),
        ([(120, 0)], 100, 50, End(1000 + LOOK, known=False)),
        ([(120, 0)], 100, 500, End(1000 + 480, known=False)),
        ([(500, 0)], 100, 50, End(150)),
    ],
)
def test_when_a_window_is_over(spans: list[tuple[int, int]], since: int, seconds: int, end: End) -> None:
    assert down(*spans).end(since, seconds, 1000) == end


SPANS = st.lists(st.integers(0, 400), min_size=0, max_size=8, unique=True).map(
    lambda times: down(*zip(sorted(times)[::2], sorted(times)[1::2], strict=False))
)


@given(SPANS, st.integers(0, 500), st.integers(0, 300))
def test_a_window_ends_when_it_was_felt_in_full(downtime: Downtime, since: int, seconds: int) -> None:
    end = downtime.end(since, seconds, 0)
    assert downtime.felt(since, end.at) == seconds
    assert end.taken <= (end.at > since + seconds)
    back = downtime.before(end.at, seconds)
    assert back >= since
    assert downtime.felt(back, end.at) == seconds


@given(SPANS, st.integers(0, 500), st.integers(0, 300))
def test_a_look_at_a_clock_that_stands_is_never_too_late(downtime: Downtime, now: int, seconds: int) -> None:
    """Whenever the outage ends after this look, what was left of the window comes after the next one."""
    lasts = Downtime((*downtime.outages, Outage(9, 450)))
    looked = lasts.end(440, seconds, max(450, now))
    if looked.known:
        return
    for ended_at in range(max(450, now), max(450, now) + 200, 7):
        over = Downtime((*downtime.outages, Outage(9, 450, ended_at)))
        assert looked.at <= max(over.end(440, seconds, ended_at).at, ended_at + LOOK)


def test_nobody_is_reminded_and_nothing_ends_while_it_is_down(noon: Player) -> None:
    noon.wait("10m")
    noon.outage("login")
    before = len(noon.turns)
    noon.wait("4h")
    assert replies(noon, before) == []
    assert outcome(noon) is Outcome.OPEN
    noon.outage("over")
    noon.wait("9m")
    assert not any("còn vướng gì không" in text for text in replies(noon, before))
    noon.wait("2m")
    assert any("còn vướng gì không" in text for text in replies(noon, before))
    noon.wait("38m")
    assert outcome(noon) is Outcome.OPEN
    noon.wait("2m")
    assert outcome(noon) is Outcome.OUTAGE  # its hour would have been over while VNeID was down


def test_several_outages_add_up(noon: Player) -> None:
    for _ in range(3):
        noon.wait("10m")
        noon.outage("otp")
        noon.wait("30m")
        noon.outage("over")
    noon.wait("29m")
    assert outcome(noon) is Outcome.OPEN
    noon.wait("2m")
    assert outcome(noon) is not Outcome.OPEN


def test_a_short_outage_excuses_nobody_for_ever(noon: Player) -> None:
    noon.wait("10m")
    noon.outage("otp")
    noon.wait("2m")
    noon.outage("over")
    noon.wait("2h")
    assert outcome(noon) is Outcome.EXPIRED


def test_an_earlier_beginning_counts(noon: Player) -> None:
    noon.wait("30m")
    noon.outage("login", earlier=20 * 60)
    noon.wait("10m")
    noon.outage("over")
    noon.wait("49m")
    assert outcome(noon) is Outcome.OPEN
    noon.wait("2m")
    assert outcome(noon) is not Outcome.OPEN


def test_who_asks_without_knowing_of_it_only_wakes_too_early(noon: Player) -> None:
    """Deeds of the desk do not know of outages: their timers fire at the step's own time, and go on."""
    noon.outage("login")
    state = state_of(noon)
    early = due_at(noon.book, state)
    turn = wake(noon.book, state, early, noon.desk)
    assert turn is not None
    assert (turn.replies, turn.events) == ((), ())
    assert turn.due_at > early


def test_time_at_a_step_is_what_was_felt(noon: Player) -> None:
    noon.wait("5m")
    noon.outage("login")
    noon.wait("3h")
    noon.outage("over")
    noon.wait("5m")
    turn = noon.press(1)
    (left,) = (event for event in turn.events if isinstance(event, StepLeft))
    assert 600 <= left.left_at - left.visit.entered_at <= 660


def test_a_person_and_an_outage_at_once_stop_the_clock_once(noon: Player) -> None:
    session = state_of(noon).session
    assert session is not None
    at = session.top.visit.entered_at
    downtime = down((at + 1000, at + 3000))
    rested = session.rested(at + 500, at + 2000, downtime)
    entered = rested.top.visit.entered_at
    assert downtime.felt(entered, at + 4000) == 500 + 1000
    ended = session.rested(at + 3500, at + 9000, downtime)
    assert downtime.felt(ended.top.visit.entered_at, at + 9000) == 1500


# --- what is said


def test_whoever_writes_hears_it_first_and_once(noon: Player) -> None:
    noon.outage("otp")
    turn = noon.say("nhắc lại")
    assert "không gửi được mã OTP" in turn.replies[0].text
    assert "không phải lỗi của bác" in turn.replies[0].text
    assert "em nhắn bác ngay tại đây" in turn.replies[0].text
    assert "Chỗ đang làm dở em giữ nguyên" in turn.replies[0].text
    assert "dùng máy nào" in turn.replies[-1].text
    assert len(happened(turn, OutageTold)) == 1
    again = noon.press(1)
    assert "không gửi được mã OTP" not in said(again)
    assert place(noon) == "thu/hoi-ngay"  # who insists goes on


def test_the_next_outage_is_told_again(noon: Player) -> None:
    for reason in ("otp", "login"):
        noon.outage(reason)
        assert len(happened(noon.say("nhắc lại"), OutageTold)) == 1
        noon.outage("over")


def test_where_the_platform_stops_us_less_is_promised(noon: Player) -> None:
    noon.outage("otp")
    message = Incoming(ADDRESS, "k", "nhắc lại", seed="s" * 16, window=48 * HOUR)
    turn = respond(noon.book, state_of(noon), message, noon.now + 10, noon.desk)
    assert "trong 48 giờ tới" in turn.replies[0].text


def test_an_urgent_answer_stands_alone(book: Book) -> None:
    player = Player(book, sift, now=NOON)
    for text in ("xin chào", "1", "1"):
        player.say(text)
    player.outage("otp")
    urgent = player.say("tôi bị lừa mất tiền rồi")
    assert happened(urgent, OutageTold) == []
    assert "không gửi được mã OTP" not in said(urgent)
    assert len(happened(player.say("menu"), OutageTold)) == 1


def test_silence_stays_silence(noon: Player) -> None:
    noon.outage("otp")
    noon.say("", Kind.PHOTO)
    for _ in range(3):
        quiet = noon.say("", Kind.PHOTO)
    assert happened(quiet, OutageTold) == []


def test_beside_a_person_the_bot_is_silent(helped: Player) -> None:
    helped.outage("otp")
    turn = helped.say("tôi bấm rồi mà không được")
    assert turn.replies == ()
    helped.deed("close Lan solved")
    assert len(happened(helped.say("menu"), OutageTold)) == 1


def test_strangers_hear_it_too_and_nothing_is_promised(small: Book) -> None:
    player = Player(small, sift, now=NOON)
    player.outage("login")
    first = player.say("xin chào")
    assert "không đăng nhập được" in first.replies[0].text
    assert "hỏi lại em" in first.replies[0].text
    assert first.state is None
    shown = first.replies[-1].choices
    later = Incoming(ADDRESS, "k", "xin chào", seed="s" * 16, shown=shown, shown_at=player.now + 10)
    assert "không đăng nhập được" not in said(respond(small, None, later, player.now + 20, player.desk))
    begun = respond(small, None, replace(later, text="", button=shown[0].token), player.now + 20, player.desk)
    assert begun.state is not None
    assert begun.state.told.id == 1
    assert "không đăng nhập được" not in said(begun)


# --- the end


def test_the_end_is_told_once_with_the_step(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.wait("1h")
    noon.outage("over")
    before = len(noon.turns)
    noon.wait("59s")
    assert replies(noon, before) == []  # a slip of the finger can be taken back
    noon.wait("10s")
    (text,) = replies(noon, before)
    assert "đăng nhập lại được rồi" in text
    assert "dùng máy nào" in text
    noon.wait("15m")
    assert len(replies(noon, before)) == 1


def test_who_writes_first_hears_it_in_the_answer(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.outage("over")
    turn = noon.say("nhắc lại")
    assert "đăng nhập lại được rồi" in turn.replies[0].text
    before = len(noon.turns)
    noon.wait("15m")
    assert replies(noon, before) == []


def test_who_met_it_before_it_was_announced_hears_of_the_end(noon: Player) -> None:
    noon.wait("5m")
    noon.outage("login", earlier=30 * 60)
    noon.wait("10m")
    before = len(noon.turns)
    noon.outage("over")
    noon.wait("2m")
    assert any("đăng nhập lại được rồi" in text for text in replies(noon, before))


def test_who_noticed_nothing_hears_nothing(noon: Player) -> None:
    noon.wait("5m")
    noon.outage("login")
    noon.wait("10m")
    before = len(noon.turns)
    noon.outage("over")
    noon.wait("5m")
    assert replies(noon, before) == []


def test_not_twice_in_an_hour(noon: Player) -> None:
    before = len(noon.turns)
    for _ in range(3):
        noon.outage("login")
        noon.say("nhắc lại")
        noon.outage("over")
        noon.wait("5m")
    ends = [text for text in replies(noon, before) if "đăng nhập lại được rồi" in text]
    assert len(ends) == 1
    noon.wait("1h")
    ends = [text for text in replies(noon, before) if "đăng nhập lại được rồi" in text]
    assert len(ends) == 2


def test_begun_again_at_once_nothing_is_said_of_the_end(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.outage("over")
    noon.wait("30s")
    noon.outage("login")
    before = len(noon.turns)
    noon.wait("2h")
    assert replies(noon, before) == []


def test_never_at_night(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.now = NOON + 10 * HOUR  # ten in the evening
    noon.outage("over")
    before = len(noon.turns)
    noon.wait("8h")
    assert not any("đăng nhập lại" in text for text in replies(noon, before))
    noon.wait("2h")
    assert sum("đăng nhập lại" in text for text in replies(noon, before)) == 1


@pytest.mark.parametrize(
    ("hours", "due"), [(8.9, 8.9), (9, 19), (12, 19), (18.9, 19), (19, 19), (-5, -5), (-5.1, -5)]
)
def test_what_is_day(hours: float, due: float) -> None:
    assert by_day(NOON + round(hours * HOUR)) == NOON + round(due * HOUR)


def test_what_the_platform_refuses_is_not_tried(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.outage("over")
    state = replace(state_of(noon), window=GRACE)
    assert over_due(state, noon.desk.downtime, noon.now) == 0
    turn = wake(noon.book, state, noon.now + 2 * GRACE, noon.desk)
    assert turn is not None
    assert turn.replies == ()
    assert turn.due_at > noon.now + 2 * GRACE


def test_old_news_is_no_news(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.outage("over")
    assert over_due(state_of(noon), noon.desk.downtime, noon.now + STALE + HOUR) == 0


# --- what is counted


def test_who_leaves_for_another_guide_meanwhile_is_not_lost(noon: Player) -> None:
    noon.outage("login")
    noon.say("quên mật khẩu rồi")
    turn = noon.press(1)
    assert [event.mark.outcome for event in turn.events if isinstance(event, StepLeft)] == [Outcome.OUTAGE]
    assert state_of(noon).parked[-1].top.outcome is RunOutcome.OUTAGE


def test_who_met_it_and_stayed_away_is_not_lost(noon: Player) -> None:
    noon.outage("login")
    noon.say("nhắc lại")
    noon.wait("2m")
    noon.outage("over")
    noon.wait("3h")
    assert outcome(noon) is Outcome.OUTAGE
    noon.say("làm tiếp")
    assert outcome(noon) is Outcome.OPEN


# --- the negative controls


def reminds_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks that do not know of outages."""
    honest = timing.due_at, timing._woken

    def blind(desk: Desk) -> Desk:
        return replace(desk, downtime=Downtime())

    monkeypatch.setattr(
        timing, "due_at", lambda book, state, desk, now: honest[0](book, state, blind(desk), now)
    )
    monkeypatch.setattr(
        timing, "_woken", lambda book, state, now, desk: honest[1](book, state, now, blind(desk))
    )


def tells_the_end_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = outage_over.unheard

    def unheard(state: State, downtime: Downtime) -> Outage | None:
        return honest(replace(state, told=replace(state.told, over=0)), downtime)

    monkeypatch.setattr(outage_over, "unheard", unheard)
    monkeypatch.setattr(outage_over, "BETWEEN", 120)


def forgets_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.core.outage_over.by_day", lambda at: at)
    monkeypatch.setattr("bot.content.transcripts.by_day", lambda at: at)


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (reminds_all_the_same, test_nobody_is_reminded_and_nothing_ends_while_it_is_down),
        (tells_the_end_again_and_again, test_the_end_is_told_once_with_the_step),
        (forgets_the_night, test_never_at_night),
    ],
)
def test_a_broken_one_is_found(
    noon: Player,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[pytest.MonkeyPatch], None],
    test: Callable[[Any], None],
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        test(noon)


def test_the_pause_is_an_hour() -> None:
    assert (BETWEEN, STALE) == (HOUR, DAY)
