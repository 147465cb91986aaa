"""What a message is taken to mean: entrances of guides, known errors, two problems, unsure answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.transcripts import Player
from bot.core import quoting
from bot.core.book import Book
from bot.core.events import AnswerGiven, HumanRequested, NotUnderstood, StuckSeen
from bot.core.sticking import error_of, error_sign
from bot.language.sieve import sift
from tests.books import book_of
from tests.talking import labels, place, said, state_of

# --- entrances


def test_a_problem_that_is_named_exactly_starts_where_it_is_dealt_with(talk: Player) -> None:
    talk.say("mã báo sai")
    assert place(talk) == "phu/hai"


def test_from_elsewhere_the_switch_leads_to_that_step_and_the_place_is_kept(walking: Player) -> None:
    assert labels(walking.say("mã báo sai").replies[-1])[0].startswith("Chuyển sang")
    walking.press(1)
    assert place(walking) == "phu/hai"
    assert [session.top.visit.step for session in state_of(walking).parked] == ["chon"]


def test_within_the_guide_it_leads_to_the_step_and_the_run_goes_on(talk: Player) -> None:
    talk.say("quên mật khẩu rồi")
    assert place(talk) == "phu/mot"
    run = walking_run(talk)
    talk.say("mã báo sai")
    assert place(talk) == "phu/hai"
    assert walking_run(talk) == run


def test_a_guide_asked_for_at_the_door_starts_at_its_entrance(small: Book) -> None:
    player = Player(small, sift)
    player.say("mã báo sai")
    player.press(1)
    player.press(1)
    assert place(player) == "phu/hai"


def walking_run(player: Player) -> str:
    session = state_of(player).session
    assert session is not None
    return session.top.id


# --- known errors, two problems, answers that are not sure


def test_a_quoted_error_is_explained_and_its_guide_offered(talk: Player) -> None:
    turn = talk.say("no bao ko tim thay thiet bi kich hoat")
    assert "chưa từng kích hoạt" in said(turn)
    assert "«Không tìm thấy thiết bị kích hoạt»" in said(turn)
    assert [event.sign for event in turn.events if isinstance(event, StuckSeen)] == [error_sign("E1")]
    talk.press(1)
    assert place(talk) == "phu/hai"


def test_in_the_middle_of_a_guide_the_place_is_kept_while_an_error_is_explained(walking: Player) -> None:
    before = place(walking)
    turn = walking.say("Không tìm thấy thiết bị kích hoạt")
    assert labels(turn.replies[-1])[0].startswith("Chuyển sang")
    walking.press(2)
    assert place(walking) == before


def test_an_error_without_a_guide_is_explained_and_the_step_follows(walking: Player) -> None:
    turn = walking.say("kết nối tới hệ thống thất bại")
    assert "Máy chủ đang bận" in said(turn)
    assert labels(turn.replies[-1])[0] == "Máy Android"


def test_an_error_that_the_step_has_a_way_for_is_that_way(walking: Player) -> None:
    for text in ("1", "3"):
        walking.say(text)
    assert place(walking) == "thu/cuoi"
    turn = walking.say("Mã xác thực không chính xác")
    assert place(walking) == "thu/xem-may"
    assert not [event for event in turn.events if isinstance(event, StuckSeen) and error_of(event.sign)]


def test_two_problems_get_two_answers_in_the_order_given(talk: Player) -> None:
    turn = talk.say("tổng đài số mấy với lại không nhận được mã otp")
    assert said(turn).index("1900 0368") < said(turn).index("chờ 3 phút")
    assert labels(turn.replies[-1]) == ["Việc phụ", "Menu"]


def test_two_problems_in_the_middle_of_a_guide_keep_the_place(walking: Player) -> None:
    before = place(walking)
    turn = walking.say("tổng đài số mấy với lại không nhận được mã otp")
    walking.press(len(labels(turn.replies[-1])))
    assert place(walking) == before


def test_an_answer_that_is_not_sure_comes_with_what_else_may_be_meant(talk: Player) -> None:
    turn = talk.say("tổng đài hay là gì")
    assert "1900 0368" in said(turn)
    assert "Làm có mất tiền không?" in labels(turn.replies[-1])


def test_a_guide_is_not_started_when_it_is_not_sure(talk: Player) -> None:
    turn = talk.say("kích hoạt hay gì đó")
    assert state_of(talk).session is None
    assert labels(turn.replies[-1])[-1] == "Không có trong này"


def test_guesses_of_one_topic_are_asked_apart_by_its_question(talk: Player) -> None:
    assert "Em đoán" in said(talk.say("mật khẩu với mã gì đó"))
    assert "Về mật khẩu" in said(talk.say("mật khẩu gì đó"))


def test_what_was_meant_is_learnt_from_the_choice(talk: Player) -> None:
    talk.say("mật khẩu với mã gì đó")
    turn = talk.press(2)
    assert NotUnderstood("", "", "mật khẩu với mã gì đó", "otp-not-received") in turn.events


def test_none_of_these_is_learnt_as_not_understood(talk: Player) -> None:
    turn = talk.say("mật khẩu với mã gì đó")
    turn = talk.press(len(labels(turn.replies[-1])))
    assert NotUnderstood("", "", "mật khẩu với mã gì đó") in turn.events


def test_a_later_choice_is_not_taken_for_what_was_meant(talk: Player) -> None:
    talk.say("mật khẩu với mã gì đó")
    talk.say("menu")
    turn = talk.press(1)
    assert not [event for event in turn.events if isinstance(event, NotUnderstood)]


def test_a_guide_started_by_free_words_says_what_was_heard(talk: Player) -> None:
    assert "Em nghe bác cần: **Hướng dẫn thử**" in said(talk.say("tôi muốn kích hoạt vneid"))


def test_answers_say_where_they_come_from(talk: Player) -> None:
    assert "ngày 21/11/2026" in said(talk.say("tổng đài số mấy"))


def test_the_waiting_step_tells_what_vague_words_mean(walking: Player) -> None:
    assert NotUnderstood("thu", "chon", "k thay gi het") in walking.say("k thay gi het").events
    for text in ("1", "3"):
        walking.say(text)
    walking.say("k thay gi het")
    assert place(walking) == "thu/xem-may"


def test_anger_is_comforted_once_and_then_offered_a_human(talk: Player) -> None:
    assert "vất vả" in said(talk.say("bực mình quá"))
    assert "gặp người" in said(talk.say("bực mình quá"))


# --- strangers


def test_a_stranger_who_quotes_an_error_is_told_what_it_means(small: Book) -> None:
    player = Player(small, sift)
    turn = player.say("không tìm thấy thiết bị kích hoạt")
    assert turn.state is None
    assert "chưa từng kích hoạt" in said(turn)
    player.press(1)
    player.press(1)
    assert place(player) == "phu/hai"


def test_a_stranger_with_two_problems_gets_two_answers(small: Book) -> None:
    turn = Player(small, sift).say("tổng đài số mấy với lại không nhận được mã otp")
    assert "1900 0368" in said(turn)
    assert "chờ 3 phút" in said(turn)


def test_guesses_about_a_strangers_question_come_back_after_the_first_questions(small: Book) -> None:
    player = Player(small, sift)
    turn = player.say("mật khẩu với mã gì đó")
    assert "Không nhận được mã?" in said(turn)
    assert turn.state is None
    player.press(1)
    turn = player.press(1)
    assert labels(turn.replies[-1]) == ["Không nhận được mã?", "Không có trong này"]


CHEATED = """\
  scam-victim:
    question: Lỡ làm theo kẻ gian?
    answer: "{{ xung_ho|capitalize }} dừng lại, không đọc mã cho ai ạ."
    sources: [F1]
    reviewed: "2026-11-21"
    tone: urgent
"""


@pytest.fixture
def careful(content: Path) -> Book:
    """The small content with an answer that cannot wait."""
    answers = content / "faq" / "chung.yaml"
    answers.write_text(answers.read_text("utf-8") + CHEATED, "utf-8")
    return book_of(content)


def test_danger_goes_before_a_quoted_error(careful: Book) -> None:
    """Who is being cheated while an error is on the screen is told of that, known or a stranger."""
    text = "tôi bị lừa mất tiền rồi, máy ghi không tìm thấy thiết bị kích hoạt"
    stranger = Player(careful, sift)
    assert "dừng lại" in said(stranger.say(text))
    known = Player(careful, sift)
    for word in ("xin chào", "1", "1"):
        known.say(word)
    turn = known.say(text)
    assert "dừng lại" in said(turn)
    assert not [event for event in turn.events if isinstance(event, StuckSeen) and error_of(event.sign)]


def test_control_without_regard_to_danger_the_error_would_be_explained(
    careful: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quoting, "is_urgent", lambda *_: False)
    turn = Player(careful, sift).say("tôi bị lừa mất tiền rồi, máy ghi không tìm thấy thiết bị kích hoạt")
    assert "chưa từng kích hoạt" in said(turn)


# --- asking for a person, refusing, asking back


@pytest.fixture
def known(book: Book) -> Player:
    """Somebody who agreed to be remembered, and the real content."""
    player = Player(book, sift)
    for word in ("xin chào", "1", "1"):
        player.say(word)
    return player


def test_who_may_want_a_person_chooses_it(known: Player) -> None:
    turn = known.say("gặp ai hay là gọi")
    assert labels(turn.replies[-1])[0] == "Muốn gặp người thật"
    assert "chưa có hướng dẫn chắc chắn" not in said(turn)
    turn = known.press(1)
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["asked"]
    assert NotUnderstood("", "", "gặp ai hay là gọi", "talk-to-human") in turn.events


def test_who_surely_wants_a_person_gets_one_asked_for(known: Player) -> None:
    turn = known.say("cho tôi gặp cán bộ")
    assert [event.reason for event in turn.events if isinstance(event, HumanRequested)] == ["asked"]
    assert not [event for event in turn.events if isinstance(event, AnswerGiven)]


@pytest.mark.parametrize("text", ["cho tôi gặp cán bộ", "gặp ai hay là gọi"])
def test_a_stranger_who_wants_a_person_is_told_where_one_is(book: Book, text: str) -> None:
    assert "1900 0368" in said(Player(book, sift).say(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [("giá lúa hôm nay", "ngoài phần em biết"), ("xin giấy khai sinh", "dichvucong.gov.vn")],
)
def test_a_refusal_says_whose_it_is_and_is_seen(known: Player, text: str, words: str) -> None:
    turn = known.say(text)
    assert words in said(turn)
    assert "nghi bị lừa" in said(turn) or "cúp máy" in said(turn)
    assert turn.events == (NotUnderstood("", "", text),)
    assert words in said(Player(known.book, sift).say(text))


def test_what_is_not_clear_is_asked_back_with_an_example(known: Player) -> None:
    assert "Ví dụ" in said(known.say("nó cứ sao ấy"))
    assert "gặp người" in said(known.say("nó cứ sao ấy"))
    assert "Ví dụ" in said(Player(known.book, sift).say("nó cứ sao ấy"))


def test_every_intent_has_words_for_it(book: Book) -> None:
    intents = {intent for topic in book.topics.values() for intent in topic.intents}
    assert len(intents) == 80
    assert intents == {*book.answers, *book.starts}
