"""What stands before people of whom nothing is kept: the newest choices, for a while, in memory."""

from __future__ import annotations

from bot.app.screens import REMEMBERED, VALID, Screens
from bot.core.message import Choice, Reply
from tests.app.harness.parts import NOW, somebody

AN = somebody("an")
BEGIN, READ = Choice("Bắt đầu", "!begin."), Choice("Chỉ xem hướng dẫn", "!read.")


def test_the_newest_choices_count() -> None:
    screens = Screens()
    assert screens.of(AN, NOW) == ()
    screens.show(AN, [Reply("Chào bác", (BEGIN, READ))], NOW)
    screens.show(AN, [Reply("Em chỉ đọc được chữ.")], NOW)
    assert screens.of(AN, NOW) == (BEGIN, READ)
    screens.show(AN, [Reply("a", (BEGIN,)), Reply("b", (READ,)), Reply("c")], NOW)
    assert screens.of(AN, NOW) == (READ,)
    assert screens.of(somebody("binh"), NOW) == ()


def test_an_old_screen_and_a_forgotten_one_say_nothing() -> None:
    screens = Screens()
    screens.show(AN, [Reply("Chào bác", (BEGIN,))], NOW)
    assert screens.of(AN, NOW + VALID) == (BEGIN,)
    assert screens.of(AN, NOW + VALID + 1) == ()
    screens.forget(AN)
    assert screens.of(AN, NOW) == ()


def test_what_is_remembered_is_bounded() -> None:
    screens = Screens()
    for number in range(REMEMBERED + 5):
        screens.show(somebody(str(number)), [Reply("Chào bác", (BEGIN,))], NOW)
    assert len(screens._shown) == REMEMBERED
    assert screens.of(somebody("0"), NOW) == ()
