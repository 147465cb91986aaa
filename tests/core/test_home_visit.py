"""A visit at home is asked for in the guide, told honestly and called off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.book import Book
from bot.core.contact import Purpose
from bot.core.desk import NOBODY
from bot.core.events import (
    ConsentGiven,
    HomeVisitCalledOff,
    HomeVisitRequested,
    HumanRequested,
)
from bot.core.handoff import claim, hand_back
from bot.core.home_visit import (
    Stage,
    Why,
)
from bot.core.session import RunOutcome
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from tests.core.home_visits import (
    LAN,
    WAY,
    WISH,
    Listening,
    booked,
    player_at_the_guide,
)
from tests.talking import state_of


def test_who_walks_the_guide_has_a_visit_with_what_they_said_and_nothing_else(book: Book) -> None:
    player = booked(book)
    visit = player.visit
    assert (visit.stage, visit.commune, visit.made_by) == (Stage.REQUESTED, "22291", 0)
    assert visit.wish == replace(WISH, need="activate")
    assert visit.spoken in player.last[0].text
    assert player.kinds().count(HomeVisitRequested) == 1
    assert state_of(player).session is None
    [over] = [event for event in player.happened if getattr(event, "now", "") == RunOutcome.WENT_OFFLINE]
    assert over.run.flow == "hen-den-nha"


def test_consent_is_one_tap_and_its_words_are_seen(book: Book) -> None:
    player = booked(book)
    given = [
        consent for consent in state_of(player).contact.consents if consent.purpose is Purpose.HOME_VISIT
    ]
    assert len(given) == 1
    assert len(given[0].text) == 8
    assert player.happened.count(ConsentGiven(Purpose.HOME_VISIT)) == 1


def test_where_nobody_answers_none_is_offered(book: Book) -> None:
    player = player_at_the_guide(book, NOBODY)
    assert "chưa hẹn được" in player.last[0].text
    assert state_of(player).home_visit is None


def test_a_commune_that_is_known_is_not_asked_for_again(book: Book) -> None:
    player = Listening(book)
    player.say("xin chào")
    player.press(1)
    player.press(1)
    player.say("xã Hòa Xuân, Đắk Lắk")
    player.say("menu")
    player.press(5)
    player.press(4)
    for word in ("2", "1"):
        player.say(word)
    assert "thôn, ấp hay tổ" in player.last[0].text


def test_a_commune_that_several_bear_is_asked_apart_and_the_guide_goes_on(book: Book) -> None:
    player = player_at_the_guide(book)
    for word in ("2", "1", "xã Tân Thành"):
        player.say(word)
    while "tỉnh" in player.last[0].text and "thôn, ấp hay tổ" not in player.last[0].text:
        player.say("Cà Mau") if not player.last[-1].choices else player.press(1)
    assert "thôn, ấp hay tổ" in player.last[0].text
    assert state_of(player).contact.commune


def test_a_number_that_is_sent_is_masked_kindly_and_kept_nowhere(book: Book) -> None:
    player = player_at_the_guide(book)
    for word in ("2", "1", WAY[0]):
        player.say(word)
    player.say("thôn Bình An, số tôi 0912345678")
    assert "không cần tên, số điện thoại" in player.last[0].text
    for word in WAY[2:]:
        player.say(word)
    assert "[" not in player.visit.wish.hamlet
    assert "0912" not in repr(player.state)


def test_who_comes_past_the_consent_is_asked_for_it(book: Book) -> None:
    """As somebody does whom a volunteer hands back to a later step."""
    player = booked(book)
    player.say("hủy hẹn")
    player.press(1)
    ticket = Ticket("t" * 18, Reason.ASKED, player.now)
    state = replace(state_of(player), ticket=ticket)
    held = claim(book, state, LAN, player.now)
    assert isinstance(held, Turn)
    assert held.state is not None
    back = hand_back(book, held.state, LAN, "hen-den-nha/hoi-ngay", player.now, "seed")
    assert isinstance(back, Turn), back
    player._take(back)
    player.say("thứ bảy")
    assert "đồng ý không" in player.last[0].text
    assert state_of(player).home_visit is not None
    assert player.visit.stage is Stage.CALLED_OFF


def test_there_is_one_open_visit_at_most(book: Book) -> None:
    player = booked(book)
    first = player.visit
    for number in (5, 4):
        player.say("menu") if number == 5 else None
        player.press(number)
    assert "đã có một lịch hẹn" in player.last[0].text
    assert player.visit == first


def test_a_person_can_be_asked_before(book: Book) -> None:
    player = player_at_the_guide(book)
    player.say("2")
    player.say("3")
    assert HumanRequested in player.kinds()


# --- How it stands, and calling it off -------------------------------------------------------------------


@pytest.mark.parametrize("words", ["lịch hẹn", "lich hen", "/lichhen", "bao giờ họ đến"])
def test_how_it_stands_can_be_asked_in_words(book: Book, words: str) -> None:
    player = booked(book)
    player.say(words)
    assert player.visit.spoken in player.last[0].text
    assert "thôn Bình An" in player.last[0].text


def test_asking_without_a_visit_warns_of_impostors(book: Book) -> None:
    player = player_at_the_guide(book)
    player.say("lịch hẹn")
    assert "đừng mở cửa" in player.last[0].text


@pytest.mark.parametrize("words", ["hủy hẹn", "huỷ lịch hẹn", "huy hen", "/huyhen"])
def test_it_is_called_off_after_one_question(book: Book, words: str) -> None:
    player = booked(book)
    player.say(words)
    assert player.visit.is_open
    player.press(2)
    assert player.visit.is_open
    player.say(words)
    player.press(1)
    assert (player.visit.stage, player.visit.why) == (Stage.CALLED_OFF, Why.RESIDENT)
    assert HomeVisitCalledOff in player.kinds()


def test_it_is_shown_with_all_that_is_kept(book: Book) -> None:
    player = booked(book)
    player.say("/dulieu")
    assert "thôn Bình An" in player.last[0].text
    player.say("/xoa")
    player.press(1)
    assert player.state is None
