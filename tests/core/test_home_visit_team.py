"""A visit at home from the team's side: agreed, changed, done; what time does to it; who writes it down."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.core import home_team, home_visit
from bot.core.book import Book
from bot.core.events import (
    HomeVisitAgreed,
    HomeVisitRequested,
)
from bot.core.handoff import claim
from bot.core.home_visit import (
    Declined,
    Not,
    Stage,
    Why,
    evening_before,
    is_plain,
    requested,
    today,
    word_of,
)
from bot.core.ticket import Closing, Helper, Reason, Ticket
from bot.core.timing import due_at, wake
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.core.home_visits import (
    HUNG,
    LAN,
    NOW,
    WISH,
    Listening,
    agreed,
    booked,
    plan,
    player_at_the_guide,
)
from tests.talking import said, state_of

# --- What the team does --------------------------------------------------------------------------------


def test_agreed_tells_who_comes_and_how_to_know_them(book: Book) -> None:
    player = booked(book)
    turn = agreed(player)
    text = said(turn)
    meeting = player.visit.meeting
    assert meeting is not None
    for part in ("Lan, Đoàn xã", "áo xanh tình nguyện", f"«{meeting.word}»", "không hỏi mã OTP", "Ủy ban xã"):
        assert part in text
    assert "Tối hôm trước em nhắc lại" in text
    assert [type(event) for event in turn.events] == [HomeVisitAgreed]


def test_a_changed_visit_has_a_new_word_and_says_that_the_old_one_is_off(book: Book) -> None:
    player = booked(book)
    agreed(player)
    before = player.visit.meeting
    player.now += 60
    turn = agreed(player, HUNG, days=5)
    after = player.visit.meeting
    assert before is not None
    assert after is not None
    assert before.word != after.word
    assert "bỏ lịch cũ" in said(turn)


def test_the_resident_is_reminded_on_the_evening_before_once(book: Book) -> None:
    player = booked(book)
    agreed(player)
    meeting = player.visit.meeting
    assert meeting is not None
    assert player.due_at == evening_before(meeting.day)
    player.wait("3d")
    told = [line for turn in player.turns if "wait" in turn for line in turn.get("bot", ())]
    assert len([line for line in told if "Em nhắc bác" in line]) == 1
    assert meeting.word in "".join(told)


def test_who_is_told_on_the_evening_itself_is_not_reminded(book: Book) -> None:
    player = booked(book)
    player.now = home_visit.midnight(today(player.now)) + 20 * 3600
    turn = agreed(player, days=1)
    assert "em nhắc lại" not in said(turn)
    assert player.visit.reminded


def test_done_says_what_comes_next(book: Book) -> None:
    for closing, word in (
        (Closing.SOLVED, "không cần làm gì thêm"),
        (Closing.OFFICE, "Công an xã"),
        (Closing.GONE, "không gặp"),
    ):
        player = booked(book)
        agreed(player)
        visit = player.visit
        key = (visit.key, visit.revision)
        turn = home_team.finish(book, state_of(player), LAN, key, closing, "kich-hoat", "E1", player.now)
        assert isinstance(turn, Turn)
        assert word in said(turn)
        assert turn.state is not None
        assert turn.state.home_visit is not None
        assert turn.state.home_visit.error == "E1"


def test_a_visit_that_was_never_agreed_cannot_be_done(book: Book) -> None:
    player = booked(book)
    key = (player.visit.key, player.visit.revision)
    turn = home_team.finish(book, state_of(player), LAN, key, Closing.SOLVED, "", "", player.now)
    assert turn == Declined(Not.NOT_AGREED)


def test_who_saw_an_older_revision_is_refused(book: Book) -> None:
    player = booked(book)
    seen = (player.visit.key, player.visit.revision)
    agreed(player)
    late = home_team.agree(book, state_of(player), HUNG, seen, plan(player.now), player.now, "s")
    assert late == Declined(Not.CHANGED)
    off = home_team.call_off(book, state_of(player), HUNG, seen, Why.WEATHER, player.now)
    assert off == Declined(Not.CHANGED)


@pytest.mark.parametrize("days", [-1, 61])
def test_only_days_to_come_can_be_agreed(book: Book, days: int) -> None:
    player = booked(book)
    seen = (player.visit.key, player.visit.revision)
    turn = home_team.agree(book, state_of(player), LAN, seen, plan(player.now, days), player.now, "s")
    assert turn == Declined(Not.NO_SUCH_DAY)


def test_while_the_platform_is_closed_nothing_is_said_and_the_next_word_brings_it(book: Book) -> None:
    player = booked(book)
    player.state = replace(state_of(player), window=48 * 3600)
    player.now += 49 * 3600
    turn = agreed(player)
    assert turn.replies == ()
    assert player.visit.untold
    player.say("chào cháu")
    assert "đã có người nhận" in player.last[0].text
    assert not player.visit.untold
    player.say("chào cháu")
    assert "đã có người nhận" not in player.last[0].text


# --- Time ------------------------------------------------------------------------------------------------


def test_what_nobody_takes_is_called_off_honestly(book: Book) -> None:
    player = booked(book)
    player.wait("15d")
    assert (player.visit.stage, player.visit.why) == (Stage.CALLED_OFF, Why.UNANSWERED)
    assert "hai tuần" in player.last[0].text


def test_what_is_over_is_forgotten_after_thirty_days(book: Book) -> None:
    player = booked(book)
    player.say("hủy hẹn")
    player.press(1)
    player.wait("29d")
    assert state_of(player).home_visit is not None
    player.wait("2d")
    assert state_of(player).home_visit is None


def test_an_agreed_visit_of_which_nothing_is_heard_ends(book: Book) -> None:
    player = booked(book)
    agreed(player)
    player.wait("12d")
    assert player.visit.why == Why.NO_WORD


def test_while_a_person_has_the_conversation_the_reminder_waits(book: Book) -> None:
    player = booked(book)
    agreed(player)
    ticket = Ticket("t" * 18, Reason.ASKED, player.now)
    held = claim(book, replace(state_of(player), ticket=ticket), LAN, player.now)
    assert isinstance(held, Turn)
    assert held.state is not None
    meeting = player.visit.meeting
    assert meeting is not None
    late = evening_before(meeting.day) + 60
    taken = held.state.ticket
    assert taken is not None
    assert taken.holder is not None
    awake = replace(held.state, ticket=replace(taken, holder=replace(taken.holder, until=late + 600)))
    woken = wake(book, awake, late)
    assert woken is not None
    assert woken.replies == ()
    assert due_at(book, awake) == late + 600


# --- Written down by a volunteer ------------------------------------------------------------------------


def held_chat(book: Book) -> Listening:
    player = player_at_the_guide(book)
    player.say("xã Hòa Xuân, Đắk Lắk")
    ticket = Ticket("t" * 18, Reason.ASKED, player.now, "hen-den-nha", "v", "ai-den", commune="22291")
    turn = claim(book, replace(state_of(player), ticket=ticket), LAN, player.now)
    assert isinstance(turn, Turn)
    player._take(turn)
    return player


def offered(player: Listening, helper: Helper = LAN, **more: Any) -> Turn | Declined:
    turn = home_team.offer(
        player.book,
        state_of(player),
        helper,
        "t" * 18,
        replace(WISH, **more),
        player.now,
        f"{player.now}",
    )
    if isinstance(turn, Turn):
        player._take(turn)
    return turn


@pytest.mark.parametrize("answer", ["press", "đồng ý", "1", "ok"])
def test_the_resident_agrees_with_one_tap_or_word_while_the_volunteer_is_there(
    book: Book, answer: str
) -> None:
    player = held_chat(book)
    turn = offered(player)
    assert isinstance(turn, Turn), turn
    assert [reply.author for reply in turn.replies] == ["Lan"]
    assert HomeVisitRequested not in player.kinds()
    reply = player.press(1) if answer == "press" else player.say(answer)
    assert player.visit.stage is Stage.REQUESTED
    assert player.visit.made_by == LAN.id
    assert HomeVisitRequested in player.kinds()
    assert [one.author for one in reply.replies] == ["Lan"], "the bot itself is silent"


def test_no_tap_no_visit(book: Book) -> None:
    player = held_chat(book)
    offered(player)
    player.press(2)
    assert state_of(player).home_visit is None
    assert HomeVisitRequested not in player.kinds()
    offered(player)
    player.say("để tôi hỏi con tôi đã")
    assert player.visit.stage is Stage.OFFERED
    player.wait("4d")
    assert state_of(player).home_visit is None


def test_only_who_has_the_conversation_may_offer_one(book: Book) -> None:
    player = held_chat(book)
    assert offered(player, HUNG) == Declined(Not.NOT_YOURS)
    offered(player)
    player.press(1)
    assert offered(player) == Declined(Not.OPEN)


@pytest.mark.parametrize("words", ["nhà số 0912345678", "vào vneid.com", "kết bạn Zalo nhé", "đưa tiền", ""])
def test_what_a_volunteer_writes_down_is_a_place(book: Book, words: str) -> None:
    assert offered(held_chat(book), hamlet=words) == Declined(Not.TOLD_BADLY)


def test_told_in_the_name_of_whoever_is_there(book: Book) -> None:
    """Nothing is said by the bot itself while a person has the conversation."""
    player = held_chat(book)
    offered(player)
    player.press(1)
    turn = agreed(player, HUNG)
    assert [reply.author for reply in turn.replies] == ["Hùng"]


# --- Words and numbers ----------------------------------------------------------------------------------


def test_names_and_places_are_plain_and_ways_to_reach_somebody_are_not() -> None:
    for words in ("Lan, Hùng (Đoàn xã Hòa Xuân)", "Tổ 12, thôn 3", "chị Lan – Hội Phụ nữ"):
        assert is_plain(words, 80), words
    for words in (
        "0912345678",
        "09 12 34 56 78",
        "a.vn",
        "zalo",
        "mã của bác",
        "http",
        "x" * 81,
        " ",
        "@lan",
    ):
        assert words == "http" or not is_plain(words, 80), words


def test_words_to_say_are_many_and_no_secret_to_the_sieve() -> None:
    words = {word_of(f"{number}") for number in range(4000)}
    assert len(words) > 2000
    assert not any(sift(f"Câu là {word}").found for word in words)


def test_a_visit_says_nothing_of_its_seed_and_numbers_are_four_digits() -> None:
    visits = [requested(WISH, "22291", NOW, f"{number:016x}") for number in range(2000)]
    assert len({visit.key for visit in visits}) == 2000
    assert all(1000 <= visit.number <= 9999 for visit in visits)
    assert not any(sift(f"lịch hẹn số {visit.spoken}").found for visit in visits)


def test_all_is_said_in_english_too(book: Book) -> None:
    player = booked(book)
    player.state = replace(state_of(player), contact=replace(state_of(player).contact, locale="en"))
    text = said(agreed(player))
    assert "Somebody has taken visit number" in text
    assert re.search(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d\d/\d\d, in the morning", text)
