"""While a person has the conversation, and after: what the golden conversations do not show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.deeds import DESKS
from bot.content.transcripts import ADDRESS, Player
from bot.core import held
from bot.core.dialogue import respond
from bot.core.events import HelpRated, Move, TicketClosed, TicketMoved
from bot.core.handing import steps_to_go_on
from bot.core.message import Incoming, Reply, numbered, signed
from bot.core.session import Outcome
from bot.core.ticket import Closing, Refusal
from bot.core.timing import due_at, unreachable
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.books import book_of
from tests.talking import happened, labels, place, said, state_of, ticket_of, told

# --- a person is there


def test_the_clocks_of_the_guide_stand_still_meanwhile(queued: Player) -> None:
    queued.say("làm tiếp")
    left = due_at(queued.book, replace(state_of(queued), ticket=None)) - queued.now
    queued.deed("claim Lan")
    for _ in range(12):
        queued.wait("8m")
        queued.deed("keep Lan")
    queued.deed("close Lan unsolved")
    assert due_at(queued.book, state_of(queued)) - queued.now == pytest.approx(left, abs=60)


def test_an_old_button_does_nothing_and_says_so_once(helped: Player) -> None:
    before = state_of(helped).session
    token = f"thu.chon.{helped.book.flows['thu'].version[:4]}.1.1"
    replies = [
        respond(helped.book, state, Incoming(ADDRESS, "k", button=token), helped.now, helped.desk)
        for state in (state_of(helped),)
    ]
    assert "Lan" in said(replies[0])
    again = respond(
        helped.book, replies[0].state, Incoming(ADDRESS, "k", button=token), helped.now, helped.desk
    )
    assert again.replies == ()
    assert again.state is not None
    assert again.state.session == before


def test_what_is_typed_while_everything_is_about_to_be_erased_is_for_the_person(helped: Player) -> None:
    helped.say("/xoa")
    assert helped.say("cháu ơi bác bấm rồi").replies == ()
    assert helped.say("1").replies == ()  # no longer an answer to that question
    assert ticket_of(helped).holder is not None


def test_a_lease_that_nobody_has_noticed_is_over_when_the_resident_writes(helped: Player) -> None:
    helped.now += 700
    turn = helped.say("menu")
    assert "im lặng đã lâu" in turn.replies[0].text
    assert "Bác cần giúp việc gì" in turn.replies[-1].text
    assert happened(turn, TicketMoved)
    assert ticket_of(helped).holder is None


def test_a_report_is_about_who_wrote_what_it_stands_under(helped: Player) -> None:
    helped.deed("say Lan Bác đọc mã cho cháu.")
    report = next(choice for choice in helped.last[-1].shortcuts if choice.token.startswith("=report"))
    helped.deed("pass Lan Minh")
    message = Incoming(ADDRESS, "k", button=report.token)
    turn = respond(helped.book, helped.state, message, helped.now, helped.desk)
    assert turn.state is not None
    ticket = turn.state.ticket
    assert ticket is not None
    assert ticket.holder is not None
    assert ticket.holder.name == "Minh"
    assert "Minh" in said(turn)
    helped.state = turn.state
    assert isinstance(helped.deed("take over Lan"), Refusal)


def test_somebody_who_was_never_there_cannot_be_reported(helped: Player) -> None:
    message = Incoming(ADDRESS, "k", button="=report.998")
    turn = respond(helped.book, helped.state, message, helped.now, helped.desk)
    assert turn.state is not None
    assert turn.state.ticket is not None
    assert 998 not in turn.state.ticket.barred
    assert turn.state.ticket.holder is None  # whoever is there is meant


def test_a_button_of_an_earlier_request_cuts_off_nobody_else(helped: Player) -> None:
    report = _report_of_lan(helped)
    helped.deed("close Lan solved")
    helped.say("gặp người")
    helped.deed("claim Minh")
    turn = respond(helped.book, helped.state, Incoming(ADDRESS, "k", button=report), helped.now, helped.desk)
    assert turn.state is not None
    assert turn.state.ticket is not None
    assert turn.state.ticket.holder is not None
    assert turn.state.ticket.holder.name == "Minh"
    (moved,) = (event for event in turn.events if isinstance(event, TicketMoved))
    assert moved.by in moved.ticket.helpers
    assert moved.by in turn.state.ticket.barred
    helped.state = turn.state
    assert isinstance(helped.deed("take over Lan"), Refusal)


def test_whom_an_old_button_reports_does_not_get_the_request_that_waits(helped: Player) -> None:
    report = _report_of_lan(helped)
    helped.deed("close Lan solved")
    helped.say("gặp người")
    turn = respond(helped.book, helped.state, Incoming(ADDRESS, "k", button=report), helped.now, helped.desk)
    helped.state = turn.state
    assert isinstance(helped.deed("claim Lan"), Refusal)
    assert isinstance(helped.deed("claim Minh"), Turn)


def test_without_looking_at_the_age_of_a_button_somebody_else_is_cut_off(
    helped: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "_is_of_before", lambda *_: False)
    report = _report_of_lan(helped)
    helped.deed("close Lan solved")
    helped.say("gặp người")
    helped.deed("claim Minh")
    turn = respond(helped.book, helped.state, Incoming(ADDRESS, "k", button=report), helped.now, helped.desk)
    assert turn.state is not None
    assert turn.state.ticket is not None
    assert turn.state.ticket.holder is None


def _report_of_lan(helped: Player) -> str:
    """The button under words of Lan's."""
    helped.deed("say Lan Bác đọc mã cho cháu.")
    return next(one.token for one in helped.last[-1].shortcuts if one.token.startswith("=report"))


def test_who_was_reported_late_does_not_get_the_next_request(helped: Player) -> None:
    helped.deed("close Lan solved")
    turn = helped.say("người này lừa đảo")
    assert [event.move for event in turn.events if isinstance(event, TicketMoved)] == [Move.REPORTED]
    assert not happened(helped.say("người này lừa đảo"), TicketMoved)
    helped.say("gặp người")
    assert isinstance(helped.deed("claim Lan"), Refusal)
    assert isinstance(helped.deed("claim Minh"), Turn)


def test_words_about_a_bad_person_are_not_a_report_when_nobody_was_there(asking: Player) -> None:
    assert not happened(asking.say("người này lừa đảo"), TicketMoved)


@pytest.mark.parametrize(
    "deed", ["keep Lan", "say Lan Cháu đây.", "return Lan", "hand back Lan", "close Lan solved"]
)
def test_who_does_not_have_it_can_do_nothing(helped: Player, deed: str) -> None:
    assert isinstance(helped.deed(deed.replace("Lan", "Minh", 1)), Refusal)
    helped.now += 700
    assert isinstance(helped.deed(deed), Refusal)


# --- given back


def test_a_guide_can_go_on_at_every_step_that_waits(helped: Player) -> None:
    for step in steps_to_go_on(helped.book, state_of(helped), "thu"):
        player = Player(helped.book, sift, now=helped.now, state=helped.state, desk=helped.desk)
        assert told(player.deed(f"hand back Lan thu/{step}")).startswith("**Lan**")
        assert place(player) == f"thu/{step}"


@pytest.mark.parametrize("step", ["thu/re", "thu/het", "thu/nho-nguoi", "thu/gibt-es-nicht", "nichts/mot"])
def test_no_guide_goes_on_where_nothing_waits(helped: Player, step: str) -> None:
    assert isinstance(helped.deed(f"hand back Lan {step}"), Refusal)
    assert ticket_of(helped).holder is not None


def test_a_guide_that_is_over_meanwhile_begins_anew_at_the_step(queued: Player) -> None:
    queued.say("làm tiếp")
    for text in ("1", "3", "xong"):
        queued.say(text)
    assert state_of(queued).session is None
    queued.deed("claim Lan")
    queued.deed("hand back Lan thu/cuoi")
    assert place(queued) == "thu/cuoi"


def test_a_version_that_is_gone_goes_on_in_the_new_one(helped: Player, content: Path) -> None:
    file = content / "flows" / "thu.yaml"
    file.write_text(file.read_text("utf-8").replace("Máy Android", "Máy Samsung"), "utf-8")
    helped.book = book_of(content)
    helped.say("cháu ơi")  # nothing is lost while the person is there
    assert state_of(helped).session is not None
    turn = helped.deed("hand back Lan")
    assert told(turn).startswith("**Lan**")
    assert place(helped) == "thu/chon"
    assert "Máy Samsung" in labels(helped.last[-1])


def test_handed_back_outside_a_guide_there_is_the_menu(talk: Player) -> None:
    talk.desk = DESKS["there"]
    talk.say("gặp người")
    talk.press(1)
    talk.deed("claim Lan")
    turn = talk.deed("hand back Lan")
    assert told(turn).startswith("**Lan**")
    assert state_of(talk).options


# --- afterwards


def test_no_rating_is_asked_where_nobody_helped(helped: Player) -> None:
    assert state_of(helped).ticket is not None
    turn = helped.deed("close Lan solved")  # taken, but not a word was said
    assert "giúp được bác không" not in told(turn)


@pytest.mark.parametrize("words", ["3", "chưa giúp được", "không được"])
def test_a_rating_in_words(helped: Player, words: str) -> None:
    helped.deed("say Lan Chào bác.")
    assert "giúp được bác không" in told(helped.deed("close Lan solved"))
    turn = helped.say(words)
    assert [event.score for event in turn.events if isinstance(event, HelpRated)] == [1]


def test_whatever_else_is_said_ends_the_question(helped: Player) -> None:
    helped.deed("say Lan Chào bác.")
    helped.deed("close Lan solved")
    assert "không nhận được mã" not in said(helped.say("tổng đài số mấy"))
    turn = helped.say("1")
    assert not happened(turn, HelpRated)
    assert "giúp được bác không" not in said(turn)


def test_a_rating_is_not_asked_long_after(helped: Player) -> None:
    helped.deed("say Lan Chào bác.")
    helped.deed("hand back Lan thu/cuoi")
    helped.wait("4d")
    helped.say("làm tiếp")
    assert "giúp được bác không" not in said(helped.say("xong"))


# --- gone


def test_who_blocks_us_leaves_no_ticket_behind(helped: Player) -> None:
    turn = unreachable(helped.book, state_of(helped), helped.now)
    assert turn is not None
    assert turn.state is not None
    assert turn.state.ticket is None
    assert [event.closing for event in turn.events if isinstance(event, TicketClosed)] == [Closing.GONE]


def test_erasing_closes_the_ticket(queued: Player) -> None:
    queued.say("/xoa")
    turn = queued.press(1)
    assert turn.state is None
    assert [event.closing for event in turn.events if isinstance(event, TicketClosed)] == [Closing.WITHDRAWN]


def test_the_human_was_needed_there_whatever_comes_after(queued: Player) -> None:
    session = state_of(queued).session
    assert session is not None
    assert session.top.trail["chon"].outcome is Outcome.ESCALATED
    queued.deed("claim Lan")
    queued.deed("hand back Lan thu/cuoi")
    session = state_of(queued).session
    assert session is not None
    assert session.top.trail["chon"].outcome is Outcome.ESCALATED


# --- whose words


def test_a_persons_words_stand_under_their_name() -> None:
    assert signed(Reply("Chào bác.")) == "Chào bác."
    assert numbered(Reply("Chào bác.", author="Lan")) == "**Lan (tình nguyện viên):** Chào bác."
    assert numbered(Reply("Hello.", author="Lan", locale="en")) == "**Lan (volunteer):** Hello."
