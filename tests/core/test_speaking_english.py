"""English for those who choose it: from the first word, in the middle of a guide, and never by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bot.content.transcripts import ADDRESS, Player
from bot.core.book import Book
from bot.core.buttons import DoorButton, StepButton, WordButton, door_token, parse
from bot.core.dialogue import respond, welcome, welcome_back
from bot.core.flow import DAY
from bot.core.hearing import Word
from bot.core.message import Incoming, Kind, Reply
from bot.core.session import State, Verb
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.books import ROOT, book_of, small_root
from tests.talking import labels, place, said, state_of

ASKED = "how do i activate my account"


@pytest.fixture
def english(book: Book) -> Player:
    """Somebody who chose English and agreed to be remembered."""
    player = Player(book, sift)
    player.say("english")
    player.press(1)
    return player


@pytest.fixture
def walking(english: Player) -> Player:
    """The same person at the third step of the activation."""
    english.say(ASKED)
    english.press(1)
    english.press(1)
    return english


def offered(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.shortcuts]


def press_word(player: Player, word: Word) -> Turn:
    message = Incoming(ADDRESS, "k", button=f"={word}", seed="0")
    turn = respond(player.book, player.state, message, player.now)
    player.state, player.last = turn.state, turn.replies
    return turn


# --- people of whom nothing is kept


def test_the_first_message_offers_the_other_language(book: Book) -> None:
    assert offered(welcome(book)) == ["English"]
    assert offered(welcome(book, locale="en")) == ["Tiếng Việt"]
    assert welcome(book, locale="en").text.startswith("Hello!")


def test_a_bot_without_english_offers_none(tmp_path: Path) -> None:
    root = small_root(tmp_path)
    for file in (root / "locales" / "en").iterdir():
        file.unlink()
    (root / "locales" / "en").rmdir()
    book = book_of(root)
    assert offered(welcome(book)) == []
    player = Player(book, sift)
    player.say("xin chào")
    player.press(1)
    player.press(1)
    assert offered(player.last[-1]) == ["Gặp người"]
    assert state_of(player).contact.locale == "vi"
    assert all(reply.locale == "vi" for reply in player.last)


@pytest.mark.parametrize("text", ["english", "/english", "English please", "tiếng anh", "speak english"])
def test_english_can_be_asked_for_in_words(book: Book, text: str) -> None:
    turn = Player(book, sift).say(text)
    assert turn.state is None
    assert said(turn).startswith("Hello!")
    assert {reply.locale for reply in turn.replies} == {"en"}


@pytest.mark.parametrize("text", ["tiếng việt", "/tiengviet", "vietnamese please", "Tieng Viet"])
def test_so_can_vietnamese(book: Book, text: str) -> None:
    turn = respond(book, None, Incoming(ADDRESS, "", text, locale="en"), 0)
    assert said(turn).startswith("Chào bác!")


def test_the_language_travels_in_the_buttons(book: Book) -> None:
    for choice in welcome(book, locale="en").choices:
        button = parse(choice.token)
        assert isinstance(button, DoorButton)
        assert button.locale == "en"
    assert [choice.token for choice in welcome(book).choices] == ["!begin.", "!read."]


def test_what_was_asked_for_is_not_lost_by_changing_the_language(book: Book) -> None:
    player = Player(book, sift)
    player.say("tôi muốn kích hoạt vneid")
    token = player.last[-1].shortcuts[0].token
    assert token == "!speak.kich-hoat.en"
    turn = respond(book, None, Incoming(ADDRESS, "", button=token), 0)
    assert "I understand that you need: **Activate your VNeID account**." in said(turn)
    player.last = turn.replies
    turn = player.press(1)
    assert "Step 1/10" in said(turn)


def test_a_clearly_english_question_is_answered_in_english(book: Book) -> None:
    assert said(Player(book, sift).say("hello can you help me with my account")).startswith("Hello!")
    assert said(Player(book, sift).say("hello")).startswith("Chào bác!")


def test_the_page_says_which_language_is_read(book: Book) -> None:
    for text, kind in (("xyz", Kind.TEXT), ("", Kind.PHOTO), ("", Kind.TEXT)):
        turn = respond(book, None, Incoming(ADDRESS, "", text, kind=kind, locale="en"), 0)
        assert "Hello!" in said(turn)
    seen = turn.replies[-1].choices
    turn = respond(book, None, Incoming(ADDRESS, "", "1", locale="en", seed="0", shown=seen), 0)
    assert turn.state is not None
    assert turn.state.contact.locale == "en"


def test_a_whole_guide_is_shown_in_english(book: Book) -> None:
    token = door_token(Verb.READ, "kich-hoat", "en")
    turn = respond(
        replace(book, web_address="https://vi.example"), None, Incoming(ADDRESS, "", button=token), 0
    )
    assert said(turn).startswith("**Activate your VNeID account**")
    assert turn.replies[-1].link == "https://vi.example/guide/kich-hoat?lang=en"
    assert {reply.locale for reply in turn.replies} == {"en"}
    groups = read(book, "")
    assert labels(groups)[:2] == ["Install and register", "Activate, password, lost phone"]
    guides = read(book, groups.choices[1].token)
    assert "Activate your VNeID account" in labels(guides)
    assert guides.locale == "en"
    assert labels(read(book, guides.shortcuts[0].token)) == labels(groups)


def read(book: Book, token: str) -> Reply:
    """What is listed behind a button, or at first."""
    button = token or door_token(Verb.READ, "", "en")
    (reply,) = respond(book, None, Incoming(ADDRESS, "", button=button), 0).replies
    return reply


@pytest.mark.parametrize("text", ["/privacy", "/data", "menu", "talk to a person", "stop"])
def test_every_word_answers_a_stranger_in_english(book: Book, text: str) -> None:
    turn = respond(book, None, Incoming(ADDRESS, "", text, locale="en"), 0)
    assert turn.state is None
    assert {reply.locale for reply in turn.replies} == {"en"}
    assert not any("ạ" in reply.text for reply in turn.replies)


# --- people who are remembered


def test_no_form_of_address_is_asked_and_the_menu_offers_vietnamese(english: Player) -> None:
    assert state_of(english).contact.locale == "en"
    assert state_of(english).contact.xung_ho == ""
    assert "What do you need help with?" in english.last[-1].text
    assert "Change how I address you" not in labels(english.last[-1])
    assert offered(english.last[-1]) == ["Talk to a person", "Tiếng Việt"]


def test_the_consent_is_to_the_english_words(book: Book, english: Player) -> None:
    vietnamese = Player(book, sift)
    vietnamese.say("xin chào")
    vietnamese.press(1)
    agreed = [state_of(player).contact.consents[0].text for player in (english, vietnamese)]
    assert agreed[0] != agreed[1]


def test_the_menu_in_vietnamese_offers_english_beside_the_form_of_address(talk: Player) -> None:
    talk.say("menu")
    assert labels(talk.last[-1])[-1] == "Đổi cách xưng hô"
    assert offered(talk.last[-1])[-1] == "English"


@pytest.mark.parametrize("word", [Word.VIETNAMESE, Word.ENGLISH])
def test_changing_in_the_middle_keeps_the_place(walking: Player, word: Word) -> None:
    before = state_of(walking)
    turn = press_word(walking, word)
    after = state_of(walking)
    assert place(walking) == "kich-hoat/mo-kich-hoat"
    assert after.session == before.session
    assert after.options == ()
    assert after.contact.locale == ("vi" if word is Word.VIETNAMESE else "en")
    assert ("Bước 3/10" if word is Word.VIETNAMESE else "Step 3/10") in said(turn)
    assert [type(parse(choice.token)) for choice in turn.replies[-1].choices] == [StepButton] * 3
    again = walking.press(1)
    assert place(walking) == "kich-hoat/nhap-so"
    assert {reply.locale for reply in again.replies} == {after.contact.locale}


def test_a_question_of_the_bots_own_goes_with_its_language(walking: Player) -> None:
    walking.say("menu")
    assert state_of(walking).options
    walking.say("tiếng việt")
    assert state_of(walking).options == ()
    assert "Bước 3/10" in walking.last[-1].text
    walking.say("1")
    assert place(walking) == "kich-hoat/nhap-so"


def test_who_is_asked_how_to_be_called_may_choose_english_instead(book: Book) -> None:
    player = Player(book, sift)
    player.say("tôi muốn kích hoạt vneid")
    player.press(1)
    assert "xưng hô" in player.last[-1].text
    player.say("english")
    assert place(player) == "kich-hoat/tin-duyet"
    assert "Step 1/10" in player.last[-1].text


def test_who_comes_to_vietnamese_is_asked_how_to_be_called(english: Player) -> None:
    english.say("/tiengviet")
    assert "xưng hô" in english.last[-1].text
    english.say("chú")
    assert "Chú cần giúp việc gì" in english.last[-1].text


def test_an_old_button_of_the_door_changes_the_language_too(walking: Player) -> None:
    token = door_token(Verb.SPEAK, "", "vi")
    turn = respond(walking.book, walking.state, Incoming(ADDRESS, "", button=token, seed="0"), walking.now)
    assert "Bước 3/10" in said(turn)


@pytest.mark.parametrize(
    ("typed", "chosen"), [("i have pressed it", 0), ("I dont see this button", 1), ("3", 2)]
)
def test_english_buttons_can_be_typed(walking: Player, typed: str, chosen: int) -> None:
    targets = ["nhap-so", "khong-thay-nut", "qua-tai"]
    walking.say(typed)
    assert place(walking) == f"kich-hoat/{targets[chosen]}"


def test_so_can_the_vietnamese_ones(walking: Player) -> None:
    walking.say("khong thay nut nay")
    assert place(walking) == "kich-hoat/khong-thay-nut"


@pytest.mark.parametrize(
    ("typed", "target"), [("done", "nhap-so"), ("back", "co-app"), ("skip this step", "nhap-so")]
)
def test_universal_words_are_heard_in_english(walking: Player, typed: str, target: str) -> None:
    walking.say(typed)
    assert place(walking) == f"kich-hoat/{target}"


def test_vietnamese_words_are_heard_too(walking: Player) -> None:
    walking.say("quay lại")
    assert place(walking) == "kich-hoat/co-app"
    assert "We go back one step." in walking.last[-1].text


def test_a_welcome_back_is_in_english(walking: Player) -> None:
    back = welcome_back(walking.book, state_of(walking), walking.now + DAY)
    assert back is not None
    assert back.text.startswith(
        "Welcome back! Last time we were at **step 3/10: open the activation screen**."
    )
    assert back.locale == "en"


def test_a_reminder_is_in_english(talk: Player) -> None:
    talk.say("tôi muốn kích hoạt vneid")
    talk.say("english")
    talk.wait("20m")
    assert talk.last[-1].text.startswith("Is there still a problem here?")
    assert talk.last[-1].locale == "en"


def test_a_secret_by_mistake_is_warned_of_in_english(walking: Player) -> None:
    turn = walking.say("my password is Abc12345")
    assert "You have just sent **a password**. I have hidden it" in said(turn)
    assert place(walking) == "kich-hoat/mo-kich-hoat"


def test_the_picture_is_described_in_english(walking: Player) -> None:
    picture = walking.last[-1].picture
    assert picture is not None
    assert picture.alt == "VNeID login screen, the button Kích hoạt (Activate) is circled"
    assert picture.highlight == "Kích hoạt"


def test_the_language_is_shown_among_what_is_kept(english: Player, talk: Player) -> None:
    assert "- Language: English" in said(english.say("/data"))
    assert "Ngôn ngữ" not in said(talk.say("/dulieu"))


# --- never by itself


def test_english_is_offered_once_to_who_is_spoken_to_in_vietnamese(talk: Player) -> None:
    turn = talk.say("where is the button that i need")
    assert state_of(talk).contact.locale == "vi"
    assert {reply.locale for reply in turn.replies} == {"vi"}
    assert offered(turn.replies[-1]).count("English") == 1
    talk.say("tôi muốn kích hoạt vneid")
    assert "English" not in offered(talk.say("where is the button that i need").replies[-1])
    press_word(talk, Word.ENGLISH)
    assert state_of(talk).contact.locale == "en"


def test_it_is_not_offered_for_vietnamese_nor_to_who_speaks_english(talk: Player, walking: Player) -> None:
    talk.say("tôi muốn kích hoạt vneid")
    for text in ("khong thay nut dau het", "ok", "app vneid login password otp"):
        assert "English" not in offered(talk.say(text).replies[-1])
    assert "English" not in offered(walking.say("where is the button that i need").replies[-1])


def test_an_english_question_is_never_taken_for_sure(book: Book) -> None:
    player = Player(book, sift)
    player.say("english")
    player.press(1)
    turn = player.say("someone called me and asked for the code")
    assert "Is that right?" in said(turn)
    assert labels(turn.replies[-1])[-1] == "None of these"


# --- buttons


@pytest.mark.parametrize("token", ["!speak.kich-hoat.en", "!speak..vi", "!begin.otp/ma-sai.en", "=english"])
def test_tokens_of_the_language_are_read(token: str) -> None:
    assert isinstance(parse(token), (DoorButton, WordButton))


@pytest.mark.parametrize("token", ["!speak.kich-hoat.fr", "!speak.a.en.b", "!forget.a.en", "=french"])
def test_strange_ones_are_not(token: str) -> None:
    assert not isinstance(parse(token), (DoorButton, WordButton))


def test_what_was_stored_before_there_was_english_still_loads() -> None:
    state = msgspec.convert({"contact": {}}, State)
    assert (state.contact.locale, state.english_offered) == ("vi", False)
    reply = msgspec.convert({"text": "Dạ"}, Reply)
    assert reply.locale == "vi"


def test_every_guide_that_is_complete_has_english_titles_everywhere(book: Book) -> None:
    assert (ROOT / "locales" / "en" / "flows" / "kich-hoat.po").exists()
    flow = book.flows["kich-hoat"]
    titles = {
        flow.title,
        flow.goal,
        *(title for step in flow.steps.values() if (title := getattr(step, "title", ""))),
    }
    assert [title for title in titles if (flow.id, title) not in book.names["en"]] == []
