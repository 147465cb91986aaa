"""People who come for the first time, or open the chat again: what is said, kept and agreed to."""

from __future__ import annotations

import pytest

from bot.content.transcripts import Player
from bot.core.book import Book
from bot.core.contact import FORMS_OF_ADDRESS, Purpose
from bot.core.dialogue import welcome
from bot.language.sieve import sift
from tests.talking import labels, place, said, state_of

# --- first contact


def test_nothing_is_kept_before_consent(small: Book) -> None:
    player = Player(small, sift)
    for text in ("xin chào", "quên mật khẩu rồi", "tổng đài số mấy", "giá lúa hôm nay", "/dulieu", "/xoa"):
        assert player.say(text).state is None


def test_opening_the_bot_agrees_to_nothing(small: Book) -> None:
    """Chat apps send /start before a word was read; «bắt đầu» is said by somebody who has read."""
    player = Player(small, sift)
    turn = player.say("/start")
    assert turn.state is None
    assert labels(turn.replies[0]) == ["Bắt đầu", "Chỉ xem hướng dẫn"]
    assert player.say("bắt đầu").state is not None


def test_the_first_message_says_what_this_is_and_what_it_never_asks(book: Book) -> None:
    text = welcome(book).text
    assert "chương trình trả lời tự động" in text
    assert "không phải Công an" in text
    assert "không bao giờ" in text
    assert "30 ngày" in text


def test_who_has_just_read_the_welcome_is_spared_it(small: Book) -> None:
    player = Player(small, sift)
    assert "chương trình trả lời tự động" in said(player.say("xin chào"))
    for text in ("xin chào", "tổng đài số mấy", "giá lúa hôm nay"):
        turn = player.say(text)
        assert "chương trình trả lời tự động" not in said(turn)
        assert "30 ngày" in said(turn)
        assert labels(turn.replies[-1]) == ["Bắt đầu", "Chỉ xem hướng dẫn"]
    assert "chương trình trả lời tự động" in said(player.say("/start"))


def test_who_may_not_have_read_the_welcome_gets_all_of_it(small: Book) -> None:
    """After a restart nobody knows what is on the screen; and other words were read in another language."""
    player = Player(small, sift)
    player.say("xin chào")
    assert said(player.say("english")).startswith("Hello!")
    player.last = ()
    assert "chương trình trả lời tự động" in said(player.say("giá lúa hôm nay"))


def test_a_question_is_answered_without_consent(small: Book) -> None:
    turn = Player(small, sift).say("tổng đài số mấy")
    assert turn.state is None
    assert "1900 0368" in said(turn)
    assert labels(turn.replies[-1]) == ["Bắt đầu", "Chỉ xem hướng dẫn"]


def test_the_guide_asked_for_first_starts_after_the_two_questions(small: Book) -> None:
    player = Player(small, sift)
    player.say("tôi muốn kích hoạt vneid")
    player.press(1)
    assert state_of(player).contact.consents[0].purpose is Purpose.REMEMBER
    player.say("chị")
    assert place(player) == "thu/chon"
    assert state_of(player).contact.xung_ho == "chị"


@pytest.mark.parametrize("form", FORMS_OF_ADDRESS)
def test_every_form_of_address_is_used_from_then_on(small: Book, form: str) -> None:
    player = Player(small, sift)
    player.say("xin chào")
    player.say("bắt đầu")
    turn = player.say(form)
    assert f"em gọi là {form}" in said(turn)
    assert form.capitalize() in said(player.say("tôi muốn kích hoạt vneid"))


@pytest.mark.parametrize(("typed", "form"), [("ông", "bác"), ("em", "bạn"), ("1", "bác"), ("goi chi", "chị")])
def test_how_people_name_themselves(small: Book, typed: str, form: str) -> None:
    player = Player(small, sift)
    player.say("xin chào")
    player.press(1)
    player.say(typed)
    assert state_of(player).contact.xung_ho == form


def test_reading_only_gives_the_whole_guide_and_keeps_nothing(small: Book) -> None:
    player = Player(small, sift)
    player.say("tôi muốn kích hoạt vneid")
    turn = player.press(2)
    assert turn.state is None
    assert "Xong rồi ạ" in said(turn)


def test_reading_without_a_guide_in_mind_lists_them(small: Book) -> None:
    player = Player(small, sift)
    player.say("xin chào")
    turn = player.say("2")
    assert labels(turn.replies[-1]) == ["Hướng dẫn thử", "Việc phụ"]
    assert "Xong việc phụ." in said(player.press(2))


# --- commands

COMMANDS = {
    "/menu": "cần giúp việc gì",
    "/nguoi": "người thật",
    "/quaylai": "bước đầu tiên",
    "/riengtu": "để làm gì",
    "/dulieu": "Những gì em đang giữ",
    "/xoa": "muốn em xóa hết",
    "/english": "English",
    "/batdau": "Lần trước",
    "/start": "Lần trước",
}


@pytest.mark.parametrize("suffix", ["", "@VNeIDGuideBot"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works_for_known_people(book: Book, command: str, suffix: str) -> None:
    player = Player(book, sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(word)
    assert COMMANDS[command] in said(player.say(command + suffix))
    assert "kich-hoat/tin-duyet" in place(player)


@pytest.mark.parametrize("suffix", ["", "@VNeIDGuideBot"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works_for_strangers_and_agrees_to_nothing(
    book: Book, command: str, suffix: str
) -> None:
    turn = Player(book, sift).say(command + suffix)
    assert turn.state is None
    assert not turn.events
    assert turn.replies


@pytest.mark.parametrize("command", ["/start", "/batdau", "/start c_26734"])
def test_opening_the_chat_again_never_starts_over(walking: Player, command: str) -> None:
    walking.say("1")
    for _ in range(3):
        turn = walking.say(command)
        assert place(walking) == "thu/hoi-ngay"
    assert labels(turn.replies[-1])[0].startswith("Làm tiếp bước")
    walking.say("1")
    assert place(walking) == "thu/hoi-ngay"


def test_control_the_words_said_twice_do_start_over(walking: Player) -> None:
    walking.say("1")
    for _ in range(2):
        walking.say("làm lại từ đầu")
    assert place(walking) == "thu/chon"


def test_opening_the_chat_before_the_form_of_address_is_chosen_asks_it_again(small: Book) -> None:
    player = Player(small, sift)
    player.say("tôi muốn kích hoạt vneid")
    player.press(1)
    assert labels(player.say("/start").replies[-1])[0] == "bác"
    player.say("chị")
    assert place(player) == "thu/chon"
