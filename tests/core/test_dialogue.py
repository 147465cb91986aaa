"""Who answers what, turn by turn: precedence, ways out, and never being lost."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bot.content.transcripts import ADDRESS, Player
from bot.core.book import Book
from bot.core.dialogue import respond
from bot.core.events import AnswerGiven, HumanRequested, StepLeft
from bot.core.message import Incoming
from bot.core.session import RunOutcome
from bot.language.sieve import sift
from tests.books import book_of
from tests.talking import labels, place, said, state_of

# --- choices


@pytest.mark.parametrize("typed", ["1", "số 1", "một", "Máy Android", "may androi", "ANDROID"])
def test_a_choice_by_number_by_words_and_with_typos(walking: Player, typed: str) -> None:
    walking.say(typed)
    assert place(walking) == "thu/hoi-ngay"


def test_a_label_word_for_word_comes_before_universal_words(content: Path) -> None:
    file = content / "flows" / "thu.yaml"
    file.write_text(file.read_text("utf-8").replace("Máy iPhone", "Quay lại"), "utf-8")
    player = Player(book_of(content), sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid", "quay lai"):
        player.say(word)
    assert place(player) == "thu/hoi-ngay"


def test_done_is_the_one_way_forward(walking: Player) -> None:
    walking.say("3")
    walking.say("rồi ạ")
    assert place(walking) == "thu/chon"


def test_i_cannot_is_the_one_way_that_is_stuck(walking: Player) -> None:
    walking.say("k lam dc")
    assert place(walking) == "thu/xem-may"


def test_a_message_may_mean_a_choice_of_this_step(walking: Player) -> None:
    """At this step "không nhận được mã" is a sticking point of it, not a new question."""
    for typed in ("1", "3"):
        walking.say(typed)
    assert place(walking) == "thu/cuoi"
    walking.say("không nhận được mã otp")
    assert place(walking) == "thu/xem-may"


def test_a_stale_button_changes_nothing_and_shows_the_place(walking: Player) -> None:
    old = walking.last[-1].choices[0].token
    walking.say("1")
    before = state_of(walking)
    turn = respond(walking.book, before, Incoming(ADDRESS, "k", button=old), walking.now)
    assert turn.state is not None
    assert turn.state.session == before.session
    assert "bước trước" in said(turn)
    assert not [event for event in turn.events if isinstance(event, StepLeft)]


@pytest.mark.parametrize(
    "token", ["?99.1", "?0.0", "thu.chon.0000.1.1", "thu.chon", "!erase.", "x" * 70, "=x"]
)
def test_a_button_that_is_not_ours_changes_nothing(walking: Player, token: str) -> None:
    before = state_of(walking)
    turn = respond(walking.book, before, Incoming(ADDRESS, "k", button=token), walking.now)
    assert turn.state is not None
    assert turn.state.session == before.session


def test_an_old_erase_button_does_not_erase(walking: Player) -> None:
    walking.say("/xoa")
    token = walking.last[-1].choices[0].token
    walking.say("2")
    turn = respond(walking.book, state_of(walking), Incoming(ADDRESS, "k", button=token), walking.now)
    assert turn.state is not None


def test_tokens_fit_every_platform(book: Book) -> None:
    player = Player(book, sift)
    player.say("xin chào")
    player.press(1)
    player.press(1)
    for flow in book.flows.values():
        for step in flow.steps.values():
            assert len(f"{flow.id}.{step.id}.0000.99999.9".encode()) <= 64


# --- words that work everywhere


@pytest.mark.parametrize("typed", ["quay lại", "quay lai", "lui", "lùi lại ạ"])
def test_back(walking: Player, typed: str) -> None:
    walking.say("1")
    walking.say(typed)
    assert place(walking) == "thu/chon"


def test_back_at_the_first_step_says_so(walking: Player) -> None:
    assert "bước đầu tiên" in said(walking.say("quay lại"))
    assert place(walking) == "thu/chon"


def test_back_out_of_a_called_guide(walking: Player) -> None:
    walking.say("2")
    walking.say("3")
    assert place(walking) == "phu/mot"
    walking.say("quay lại")
    assert place(walking) == "thu/hoi-ngay"


def test_after_helping_back_does_not_go_into_the_help_again(walking: Player) -> None:
    for typed in ("1", "3", "2", "1", "1"):
        walking.say(typed)
    assert place(walking) == "thu/hoi-ngay"
    walking.say("quay lại")
    assert place(walking) == "thu/chon"
    assert "bước đầu tiên" in said(walking.say("quay lại"))


def test_skip_goes_on_when_there_is_one_way(walking: Player) -> None:
    walking.say("1")
    walking.say("bỏ qua")
    assert place(walking) == "thu/cuoi"


def test_a_choice_between_ways_cannot_be_skipped(walking: Player) -> None:
    assert "cần bác chọn" in said(walking.say("bỏ qua"))
    assert place(walking) == "thu/chon"


def test_menu_keeps_the_place(walking: Player) -> None:
    turn = walking.say("menu")
    assert labels(turn.replies[-1])[0].startswith("Làm tiếp bước 1/")
    walking.say("1")
    assert place(walking) == "thu/chon"


def test_stop_and_go_on(walking: Player) -> None:
    assert "dừng ở đây" in said(walking.say("dừng"))
    walking.say("làm tiếp")
    assert place(walking) == "thu/chon"


@pytest.mark.parametrize("typed", ["gặp người", "gap nguoi that", "cho tôi gặp cán bộ"])
def test_a_human_is_always_reachable(walking: Player, typed: str) -> None:
    turn = walking.say(typed)
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["asked"]
    assert "1900 0368" in said(turn)
    assert labels(turn.replies[-1]) == ["Làm tiếp hướng dẫn", "Menu"]


def test_the_numbers_under_a_hand_off_are_its_own(walking: Player) -> None:
    walking.say("gặp người")
    walking.say("1")
    assert place(walking) == "thu/chon"
    session = state_of(walking).session
    assert session is not None
    assert session.is_open
    assert session.top.outcome is RunOutcome.OPEN


def test_a_handoff_step_goes_on_behind_itself(walking: Player) -> None:
    walking.say("3")
    turn = walking.say("2")
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["step"]
    walking.say("làm tiếp")
    assert place(walking) == "thu/hoi-ngay"


# --- answers in free words, branches, called guides


@pytest.mark.parametrize(
    ("typed", "lands"), [("3", "thu/cuoi"), ("bảy ngày", "thu/cuoi"), ("ba", "thu/cuoi")]
)
def test_an_answer_in_free_words(walking: Player, typed: str, lands: str) -> None:
    walking.say("1")
    walking.say(typed)
    assert place(walking) == lands


def test_an_answer_that_does_not_fit_is_asked_again_in_other_words(walking: Player) -> None:
    walking.say("1")
    first = said(walking.say("lâu lắm rồi cháu"))
    assert "một con số" in first
    session = state_of(walking).session
    assert session is not None
    assert session.top.visit.attempts == 1
    assert said(walking.say("lâu lắm rồi cháu")) != first


def test_a_branch_by_number_ends_outside(walking: Player) -> None:
    walking.say("1")
    turn = walking.say("10")
    assert "Công an xã" in said(turn)
    assert state_of(walking).session is None


def test_a_called_guide_comes_back(walking: Player) -> None:
    for typed in ("2", "3", "1", "1"):
        walking.say(typed)
    assert place(walking) == "thu/cuoi"


def test_going_offline_in_a_called_guide_ends_both(walking: Player) -> None:
    for typed in ("2", "3"):
        walking.say(typed)
    walking.say("2")
    assert state_of(walking).session is None


# --- questions in the middle, other guides, guesses


def test_a_question_in_the_middle_is_answered_and_the_place_is_kept(walking: Player) -> None:
    walking.say("1")
    turn = walking.say("tổng đài số mấy")
    assert "1900 0368" in said(turn)
    assert "hoi-ngay" in place(walking)
    assert [event.intent for event in turn.events if isinstance(event, AnswerGiven)] == ["hotline"]
    walking.say("3")
    assert place(walking) == "thu/cuoi"


def test_after_an_urgent_answer_the_guide_waits(book: Book) -> None:
    """Whoever is being cheated is told what to do about that and nothing else."""
    player = Player(book, sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(word)
    turn = player.say("có người xưng công an gọi")
    assert "Bước" not in said(turn)
    assert labels(turn.replies[-1]) == [
        "Nghi bị lừa, hoặc lỡ làm theo kẻ gian",
        "Làm tiếp hướng dẫn",
        "Menu",
    ]
    player.say("2")
    assert place(player) == "kich-hoat/tin-duyet"


def test_who_was_cheated_is_given_to_a_human(book: Book) -> None:
    player = Player(book, sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(word)
    turn = player.say("tôi bị lừa mất tiền rồi")
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["distress"]
    assert "Bước" not in said(turn)
    assert labels(turn.replies[-1]) == [
        "Nghi bị lừa, hoặc lỡ làm theo kẻ gian",
        "Làm tiếp hướng dẫn",
        "Menu",
    ]


def test_an_answer_from_old_sources_is_given_with_a_caution(talk: Player) -> None:
    assert "có thể hơi khác" in said(talk.say("không nhận được mã otp"))


def test_another_guide_is_offered_and_the_place_is_kept(walking: Player) -> None:
    turn = walking.say("quên mật khẩu rồi")
    assert labels(turn.replies[-1])[0] == "Chuyển sang: Việc phụ"
    walking.say("2")
    assert place(walking) == "thu/chon"


def test_the_guide_that_was_left_is_offered_again_at_the_end(walking: Player) -> None:
    walking.say("quên mật khẩu rồi")
    walking.say("1")
    assert place(walking) == "phu/mot"
    walking.say("1")
    turn = walking.say("1")
    assert labels(turn.replies[-1])[0].startswith("Làm tiếp bước 1/")
    walking.say("1")
    assert place(walking) == "thu/chon"


def test_the_same_guide_is_not_offered_as_another(walking: Player) -> None:
    walking.say("1")
    assert "đúng việc đó" in said(walking.say("tôi muốn kích hoạt vneid"))
    assert place(walking) == "thu/hoi-ngay"


def test_guesses_are_offered_in_plain_words(talk: Player) -> None:
    turn = talk.say("mật khẩu với mã gì đó")
    assert labels(turn.replies[-1]) == ["Việc phụ", "Không nhận được mã?", "Không có trong này"]
    assert "3 phút" in said(talk.say("2"))


def test_none_of_the_guesses_leads_on(talk: Player) -> None:
    talk.say("mật khẩu với mã gì đó")
    assert "gặp người" in said(talk.say("3"))


def test_what_is_not_ours_is_said(walking: Player) -> None:
    assert "ngoài phần em biết" in said(walking.say("giá lúa hôm nay"))
    assert place(walking) == "thu/chon"


def test_not_understood_is_said_in_other_words_each_time(walking: Player) -> None:
    texts = [said(walking.say("xyz qwk")) for _ in range(5)]
    assert all(first != second for first, second in pairwise(texts))
    assert "gặp người" in texts[1]
    assert place(walking) == "thu/chon"


def test_the_same_sentence_never_comes_twice_in_a_row(walking: Player) -> None:
    for text in ("nhắc lại", "gặp người", "/riengtu", "tổng đài số mấy", "giá lúa hôm nay", "chào cháu"):
        texts = [said(walking.say(text)) for _ in range(4)]
        assert all(first != second for first, second in pairwise(texts)), text


def test_going_round_in_circles_is_explained_and_a_human_is_offered(walking: Player) -> None:
    for _ in range(2):
        walking.say("3")
        turn = walking.say("1")
    assert "Không phải lỗi của bác" in said(turn)
    assert labels(turn.replies[-1])[-1] == "Gặp người"
    assert [shortcut.label for shortcut in turn.replies[-1].shortcuts] == ["Quay lại", "Menu"]
    turn = walking.say("4")
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["loop"]
