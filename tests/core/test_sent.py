"""What people send beside words and choices: secrets by mistake, pictures, voices."""

from __future__ import annotations

import pytest

from bot.content.transcripts import ADDRESS, Player
from bot.core.dialogue import respond
from bot.core.events import SecretMasked
from bot.core.message import Incoming, Kind, Secret
from tests.talking import place, said


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


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEXT])
def test_everything_but_text_gets_a_kind_answer(walking: Player, kind: Kind) -> None:
    turn = walking.say("", kind)
    assert "chỉ đọc được chữ" in said(turn)
    assert place(walking) == "thu/chon"
