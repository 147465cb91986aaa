"""Asking for a human and waiting for one: what the golden conversations do not show."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from bot.content.deeds import DESKS
from bot.content.transcripts import Player
from bot.core.book import Book
from bot.core.contact import Purpose
from bot.core.desk import Desk
from bot.core.events import HumanRequested, TicketClosed, TicketOpened
from bot.core.message import Kind
from bot.core.session import LAST_CALL
from bot.core.ticket import Closing
from bot.core.timing import due_at, wake
from bot.core.waiting import LONG
from bot.language.sieve import sift
from tests.talking import happened, labels, place, said, state_of, ticket_of

DAY = 86400


# --- asking


def test_what_was_agreed_to_is_kept_as_a_hash(asking: Player) -> None:
    question = said(asking.say("gặp người"))
    asking.press(1)
    consent = state_of(asking).contact.consents[-1]
    words = question[question.index("Để giúp được") :]
    assert consent.purpose is Purpose.VOLUNTEER
    assert consent.text == f"{zlib.crc32(words.encode()):08x}"


def test_no_message_is_too_long_to_read(small: Book) -> None:
    for name, desk in DESKS.items():
        for commune in ("", "xa 22291"):
            player = Player(small, sift, desk=desk)
            for text in ("xin chào", "1", "1", commune):
                player.say(text)
            for reply in (*player.say("gặp người").replies, *player.say("1").replies):
                assert len(reply.text) <= 500, (name, len(reply.text))


def test_who_withdrew_is_asked_anew(queued: Player) -> None:
    queued.say("thôi không cần người nữa")
    assert not any(one.purpose is Purpose.VOLUNTEER for one in state_of(queued).contact.consents)
    assert "đồng ý không ạ" in said(queued.say("gặp người"))


def test_who_was_helped_and_agreed_waits_at_once_the_next_time(helped: Player) -> None:
    helped.deed("close Lan solved")
    turn = helped.say("gặp người")
    assert happened(turn, TicketOpened)
    assert "đồng ý không" not in said(turn)


def test_there_is_one_ticket_however_often_it_is_asked_for(queued: Player) -> None:
    key = ticket_of(queued).key
    last = ""
    for _ in range(6):
        turn = queued.say("gặp người")
        assert said(turn) != last
        last = said(turn)
        assert "thứ **3**" in last
        assert ticket_of(queued).key == key


@pytest.mark.parametrize("question", ["Bao giờ có người vậy?", "có ai nhận chưa em", "toi luot toi chua"])
def test_who_asks_how_long_it_takes_hears_the_place(queued: Player, question: str) -> None:
    assert "thứ **3**" in said(queued.say(question))


def test_a_request_says_where_the_person_stood_and_at_which_error(asking: Player) -> None:
    error = next(iter(asking.book.errors))
    asking.say(error.shown[0])
    asking.say("gặp người")
    asking.press(1)
    ticket = ticket_of(asking)
    assert (ticket.flow, ticket.step, ticket.error) == ("thu", "chon", error.id)


def test_a_request_follows_the_person_to_their_commune(queued: Player) -> None:
    queued.say("xa 22291")
    assert ticket_of(queued).commune == "22291"


def test_an_offer_leaves_the_guide_alone_until_it_is_taken(asking: Player) -> None:
    asking.say("xyz qwk")
    turn = asking.say("xyz qwk")
    assert not happened(turn, HumanRequested)
    session = state_of(asking).session
    assert session is not None
    assert session.is_open
    asking.say("máy android")  # the step's own ways still work by their words
    assert place(asking) == "thu/hoi-ngay"


def test_distress_is_answered_first_and_no_step_follows(book: Book) -> None:
    player = Player(book, sift, desk=DESKS["there"])
    for text in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(text)
    turn = player.say("tôi bị lừa mất tiền rồi")
    urgent, offer = turn.replies
    assert urgent.choices == ()
    assert "đồng ý" not in urgent.text
    assert labels(offer)[0] == "Đồng ý, nhờ người giúp"
    assert "**Bước" not in said(turn)


def test_when_the_volunteers_are_gone_meanwhile_nothing_is_promised(asking: Player) -> None:
    asking.say("gặp người")
    asking.desk = DESKS["none"]
    turn = asking.press(1)
    assert not happened(turn, TicketOpened)
    assert "1900 0368" in said(turn)


# --- waiting


def test_that_it_takes_long_is_said_once(queued: Player) -> None:
    queued.wait("14m")
    assert "bot" not in queued.turns[-1]
    queued.wait("2h")
    assert len(queued.turns[-1]["bot"]) == 1
    assert "chậm" in queued.turns[-1]["bot"][0]


def test_that_it_closes_is_said_once_when_it_does(talk: Player) -> None:
    talk.desk = DESKS["mornings"]
    talk.wait("14h")  # 8:06 in the morning
    talk.say("gặp người")
    talk.press(1)
    talk.wait("20m")
    talk.wait("2d")
    assert sum("ngoài giờ trực" in text for text in talk.turns[-1]["bot"]) == 1


def test_who_has_not_been_told_the_hours_is_looked_at_at_once(queued: Player) -> None:
    """A volunteer's deed does not know the hours; the timer that does comes right behind it."""
    queued.deed("claim Lan")
    queued.deed("return Lan")
    assert due_at(queued.book, state_of(queued)) <= queued.now
    queued.desk = DESKS["mornings"]
    queued.wait("5s")
    assert "ngoài giờ trực" in queued.turns[-1]["bot"][0]


def test_before_the_platform_stops_us_it_is_said(queued: Player) -> None:
    state = replace(state_of(queued), window=2 * DAY)
    state = replace(state, ticket=replace(ticket_of(queued), told_waiting=True))
    at = state.heard_at + 2 * DAY - LAST_CALL
    early = wake(queued.book, state, at - 60, queued.desk)
    assert early is not None
    assert not early.replies
    turn = wake(queued.book, state, at, queued.desk)
    assert turn is not None
    assert "sắp không cho em nhắn" in said(turn)
    late = wake(queued.book, turn.state or state, at + LAST_CALL, queued.desk)
    assert late is not None
    assert not late.replies


def test_a_request_that_nobody_takes_is_closed_in_silence_when_we_may_not_write(queued: Player) -> None:
    state = replace(state_of(queued), window=2 * DAY)
    turn = wake(queued.book, state, queued.now + 3 * DAY, queued.desk)
    assert turn is not None
    assert turn.replies == ()
    assert [event.closing for event in turn.events if isinstance(event, TicketClosed)] == [Closing.GONE]


def test_a_picture_in_the_queue_is_answered_and_an_open_step_reminds(queued: Player) -> None:
    queued.say("làm tiếp")
    assert "không mở ảnh" in said(queued.say("", Kind.PHOTO))
    queued.wait(f"{LONG}s")
    queued.wait("10m")
    assert any("còn vướng gì không" in text for text in queued.turns[-1]["bot"])


def test_the_place_by_now_counts_who_came_before(queued: Player) -> None:
    opened = ticket_of(queued).opened_at
    queued.desk = Desk(
        staff={"": 1}, on_duty={"": 1}, queued={"": (opened - 5, opened), "22291": (opened + 9,)}
    )
    assert "thứ **2**" in said(queued.say("gặp người"))
