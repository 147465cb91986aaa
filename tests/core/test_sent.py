"""What people send beside words and choices: secrets by mistake, pictures, voices, edits, hidden words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.content.transcripts import ADDRESS, Player
from bot.core import sent
from bot.core.book import Book
from bot.core.dialogue import respond
from bot.core.events import Event, HumanRequested, NotUnderstood, SecretMasked, StuckSeen
from bot.core.flow import Variables
from bot.core.message import Incoming, Kind, Secret
from bot.core.sticking import PICTURE, error_of
from bot.core.talk import Talk
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.talking import labels, place, said, state_of

SENT = [kind for kind in Kind if sent.SENTENCES_FOR[kind]]


@pytest.fixture
def stranger(small: Book) -> Player:
    return Player(small, sift)


@pytest.fixture
def activating(book: Book) -> Player:
    """Somebody at the first step of the real guide for activation."""
    player = Player(book, sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(word)
    return player


def album(player: Player, photos: int, caption: str = "") -> list[Turn]:
    """Photos that come in the same second, the first with the words."""
    turns = []
    for number in range(photos):
        turns.append(player.say("" if number else caption, Kind.PHOTO))
        player.now -= 10
    return turns


def stays(walking: Player) -> list[tuple[str, object, object]]:
    """Where somebody stands and what they made of each step."""
    session = state_of(walking).session
    return [(run.flow, run.visit, run.trail) for run in session.runs] if session else []


def pictures(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    """The guide and step of each picture."""
    seen = [event for event in events if isinstance(event, StuckSeen) and event.sign == PICTURE]
    return [(event.run.flow if event.run else "", event.step) for event in seen]


def errors(events: tuple[Event, ...]) -> list[str]:
    return [error_of(event.sign) for event in events if isinstance(event, StuckSeen) and error_of(event.sign)]


# --- secrets


def test_a_secret_is_warned_of_and_the_place_is_kept(walking: Player) -> None:
    walking.say("1")
    turn = walking.say("mã otp của bác là 482913")
    assert "482913" not in said(turn)
    assert "Đừng gửi cho ai" in said(turn)
    assert [event.kinds for event in turn.events if isinstance(event, SecretMasked)] == [(Secret.OTP,)]
    assert place(walking) == "thu/hoi-ngay"


def test_a_secret_with_a_question_gets_both_answers(talk: Player) -> None:
    message = Incoming(ADDRESS, "k", "tổng đài số mấy", found=(Secret.PHONE,))
    text = said(respond(talk.book, talk.state, message, talk.now))
    assert "số điện thoại" in text
    assert "1900 0368" in text


# --- every kind, everybody


@pytest.mark.parametrize("kind", SENT)
def test_each_kind_is_answered_by_its_own_words_and_the_place_is_kept(walking: Player, kind: Kind) -> None:
    before = stays(walking)
    turn = walking.say("", kind)
    assert walking.book.wording[f"{kind}_1"](Variables()).strip() in said(turn)
    assert stays(walking) == before
    assert not [event for event in turn.events if isinstance(event, (NotUnderstood, HumanRequested))]
    assert state_of(walking).misses == 0


@pytest.mark.parametrize("kind", SENT)
def test_a_stranger_is_answered_and_nothing_is_kept(stranger: Player, kind: Kind) -> None:
    turn = stranger.say("", kind)
    assert stranger.book.wording[f"{kind}_1"](Variables()).strip() in said(turn)
    assert turn.state is None


@pytest.mark.parametrize("kind", SENT)
@pytest.mark.parametrize("walked", [True, False])
def test_the_same_is_never_said_twice_in_a_row(talk: Player, kind: Kind, walked: bool) -> None:
    if walked:
        talk.say("tôi muốn kích hoạt vneid")
    turns = []
    for _ in range(6):
        talk.now += 60
        turns.append(talk.say("", kind))
    texts = [said(turn) for turn in turns if turn.replies]
    assert all(one != two for one, two in pairwise(texts))
    assert kind is Kind.EDITED or len(texts) == 6


@pytest.mark.parametrize("kind", SENT)
def test_misses_are_neither_forgotten_nor_added_to(walking: Player, kind: Kind) -> None:
    walking.say("xyz qwk")
    walking.say("", kind)
    assert state_of(walking).misses == 1


@pytest.mark.parametrize("kind", SENT)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_kind_is_answered_in_both_languages(book: Book, kind: Kind, locale: str) -> None:
    message = Incoming(ADDRESS, "k", kind=kind, locale=locale)
    text = said(respond(book, None, message, 0))
    assert ("ạ" in text) == (locale == "vi")


# --- pictures


def test_a_picture_asks_which_error_it_shows(activating: Player) -> None:
    for _ in range(2):
        activating.press(1)
    assert place(activating) == "kich-hoat/mo-kich-hoat"
    turn = activating.say("", Kind.PHOTO)
    assert pictures(turn.events) == [("kich-hoat", "mo-kich-hoat")]
    assert "thu hồi" in said(turn)
    *errors, other, stay = labels(turn.replies[-1])
    assert 1 <= len(errors) <= 3
    assert errors[0] == "Hệ thống đang bảo trì"
    assert other == "Lỗi khác"
    assert stay.startswith("Làm tiếp bước 3/10")
    activating.say(str(len(errors) + 2))
    assert place(activating) == "kich-hoat/mo-kich-hoat"


def test_a_chosen_error_is_explained_or_is_the_way_of_the_step(activating: Player) -> None:
    activating.say("", Kind.PHOTO)
    turn = activating.say("Đã kích hoạt trên thiết bị khác")
    assert errors(turn.events) == ["may"]
    assert place(activating) == "kich-hoat/tin-duyet"


def test_an_error_that_the_step_has_a_way_for_is_that_way(activating: Player) -> None:
    for _ in range(2):
        activating.press(1)
    activating.say("", Kind.PHOTO)
    activating.press(1)
    assert place(activating) != "kich-hoat/mo-kich-hoat"


def test_another_error_is_to_be_typed(activating: Player) -> None:
    turn = activating.say("", Kind.PHOTO)
    turn = activating.press(labels(turn.replies[-1]).index("Lỗi khác") + 1)
    assert "gõ lại dòng chữ" in said(turn)
    assert "VNeID" not in said(turn), "the step itself is not read out again"
    assert "chưa nối được" in said(activating.say("kết nối tới hệ thống thất bại"))


def test_the_steps_own_answers_stand_beside_the_errors(activating: Player) -> None:
    before = place(activating)
    activating.say("", Kind.PHOTO)
    turn = activating.say("báo lỗi rồi")
    assert not [event for event in turn.events if isinstance(event, HumanRequested)]
    step = activating.book.flows["kich-hoat"].steps[before.partition("/")[2]]
    activating.say(step.ways[0].label(Variables()))  # type: ignore[union-attr]
    assert place(activating) != before


def test_a_question_that_is_waiting_goes_on_waiting(small: Book) -> None:
    player = Player(small, sift)
    player.say("xin chào")
    player.press(1)
    turn = player.say("", Kind.PHOTO)
    assert "gõ lại dòng chữ" in said(turn)
    assert labels(turn.replies[-1])[0] == "bác"


def test_an_album_gets_one_answer_and_one_short_sentence(walking: Player) -> None:
    first, second, *others = album(walking, 5)
    assert "thu hồi" in said(first)
    assert said(second) == "Ảnh này em cũng không mở ạ. Bác kể bằng chữ giúp em nhé."
    assert not second.replies[-1].choices
    assert [turn.replies for turn in others] == [()] * 3
    assert [len(pictures(turn.events)) for turn in (first, second, *others)] == [1, 0, 0, 0, 0]


def test_control_without_a_memory_of_the_row_an_album_gets_long_answers(
    walking: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.talk.ROW", -1)
    assert all("thu hồi" in said(turn) for turn in album(walking, 5))


def test_a_strangers_album_is_not_welcomed_five_times(small: Book) -> None:
    turns = [
        respond(small, None, Incoming(ADDRESS, "k", kind=Kind.PHOTO, again=again), 0) for again in range(5)
    ]
    assert "chương trình trả lời tự động" in said(turns[0])
    assert len(said(turns[1]).split(".")) <= 3
    assert [turn.replies for turn in turns[2:]] == [()] * 3
    assert [len(pictures(turn.events)) for turn in turns] == [1, 0, 0, 0, 0]


def test_after_a_while_a_picture_is_answered_whole_again(walking: Player) -> None:
    walking.say("", Kind.PHOTO)
    walking.wait("11m")
    assert "thu hồi" in said(walking.say("", Kind.PHOTO))


# --- words that come with a picture


def test_an_error_quoted_under_a_picture_is_explained(walking: Player) -> None:
    turn = walking.say("kết nối tới hệ thống thất bại", Kind.PHOTO)
    assert "Ảnh thì em không mở được" in said(turn)
    assert "Máy chủ đang bận" in said(turn)
    assert pictures(turn.events) == [("thu", "chon")]


def test_a_question_under_a_picture_is_answered_known_or_not(walking: Player, stranger: Player) -> None:
    for player in (walking, stranger):
        turn = player.say("tổng đài số mấy", Kind.PHOTO)
        assert "Ảnh thì em không mở được" in said(turn)
        assert "1900 0368" in said(turn)


def test_a_choice_under_a_picture_counts(walking: Player) -> None:
    walking.say("máy android", Kind.PHOTO)
    assert place(walking) == "thu/hoi-ngay"


@pytest.mark.parametrize("words", ["nó ra như này", "báo lỗi rồi"])
def test_words_that_say_nothing_without_their_picture(activating: Player, words: str) -> None:
    turn = activating.say(words, Kind.PHOTO)
    assert "Lỗi khác" in labels(turn.replies[-1])
    assert "Ảnh thì em không mở được" not in said(turn)
    assert not [event for event in turn.events if isinstance(event, (NotUnderstood, HumanRequested))]


def test_a_secret_under_a_picture_is_warned_of(walking: Player) -> None:
    turn = walking.say("số căn cước của tôi 001085012345", Kind.PHOTO)
    assert "001085012345" not in said(turn)
    assert "Đừng gửi cho ai" in said(turn)


def test_a_stranger_agrees_to_nothing_by_words_under_a_picture(stranger: Player) -> None:
    stranger.say("xin chào")
    for words in ("1", "ok", "xong rồi", "bắt đầu"):
        assert stranger.say(words, Kind.PHOTO).state is None


def test_control_the_same_words_alone_agree(stranger: Player) -> None:
    stranger.say("xin chào")
    assert stranger.say("bắt đầu").state is not None


# --- edits


@pytest.mark.parametrize("words", ["1", "máy android", "quay lại", "dừng", "/xoa", "quên mật khẩu rồi"])
def test_an_edit_changes_nothing(walking: Player, words: str) -> None:
    before = state_of(walking)
    turn = walking.say(words, Kind.EDITED)
    assert "nhắn một tin mới" in said(turn)
    assert "Bác dùng máy nào" in said(turn)
    after = state_of(walking)
    assert (after.session, after.options, after.parked) == (before.session, before.options, before.parked)
    assert turn.events == ()
    assert walking.say(words + " ạ", Kind.EDITED).replies == ()


def test_control_the_words_of_an_edit_would_have_led_on(
    walking: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.talk.kind_of", lambda _: Kind.TEXT)
    walking.say("1", Kind.EDITED)
    assert place(walking) != "thu/chon"


def test_a_secret_in_an_edit_is_warned_of_each_time(walking: Player) -> None:
    for _ in range(3):
        turn = walking.say("mã otp của bác là 482913", Kind.EDITED)
        assert "Đừng gửi cho ai" in said(turn)
        assert "482913" not in said(turn)
    assert place(walking) == "thu/chon"


def test_control_silence_would_swallow_the_warning(walking: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Talk, "warn_of_secrets", lambda _: None)
    assert "Đừng gửi cho ai" not in said(walking.say("mã otp của bác là 482913", Kind.EDITED))


def test_a_strangers_edit_agrees_to_nothing(stranger: Player) -> None:
    turn = stranger.say("bắt đầu", Kind.EDITED)
    assert turn.state is None
    assert "nhắn một tin mới" in said(turn)
    assert "Đừng gửi cho ai" in said(stranger.say("mã otp của bác là 482913", Kind.EDITED))


# --- what is hidden from us, stickers


@pytest.mark.parametrize("known", [True, False])
def test_who_may_not_be_read_is_shown_other_doors(small: Book, known: bool) -> None:
    on_the_web = replace(small, web_address="https://example.vn")
    player = Player(on_the_web, sift)
    if known:
        for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
            player.say(word)
    turn = player.say("", Kind.UNSUPPORTED)
    assert "không cho em đọc" in said(turn)
    assert "chưa hiểu" not in said(turn)
    assert "1900 0368" in said(turn)
    assert "https://example.vn" in said(turn)
    assert turn.replies[-1].link == "https://example.vn/guide"


def test_without_pages_the_web_is_not_named(stranger: Player) -> None:
    turn = stranger.say("", Kind.UNSUPPORTED)
    assert "trang" not in said(turn)
    assert not turn.replies[-1].link


def test_who_may_not_be_read_is_always_answered(walking: Player) -> None:
    for _ in range(5):
        assert "1900 0368" in said(walking.say("", Kind.UNSUPPORTED))


@pytest.mark.parametrize("text", ["👍", "👍🏻", "❤️", "🙏 🙏", "😂😂"])
def test_a_thumb_is_no_error_and_the_step_is_said_shortly(walking: Player, text: str) -> None:
    turn = walking.say(text)
    assert "Em cảm ơn bác" in said(turn)
    assert "Bác dùng máy nào" not in said(turn)
    assert labels(turn.replies[-1])[0] == "Máy Android"
    assert not [event for event in turn.events if isinstance(event, NotUnderstood)]


@pytest.mark.parametrize("text", ["1️⃣", "?", "...", "👍 xong", "1"])
def test_what_is_no_drawing_is_read(text: str) -> None:
    assert sent.kind_of(Incoming(ADDRESS, "k", text)) is Kind.TEXT
