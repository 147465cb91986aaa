"""The judge of the bench: what it calls a lost place, a step done twice, a doubled reply."""

from __future__ import annotations

from bench.channels.residents import MENU, STEPS, Losses, Resident, Shown, Street

ID = 10_000


def step(number: int) -> Shown:
    label = MENU if number == STEPS else "Đã bấm"
    return Shown(f"<b>Bước {number}/{STEPS}: Mở VNeID</b>", label, f"on:{number}", b"{}")


class World:
    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.now = 0.0
        self.lan = Resident(ID, "/start")
        self.street = Street({ID: self.lan}, self._post, lambda: self.now, judged=True)
        self.street.begin()

    def sees(self, *steps: int) -> Losses:
        for number in steps:
            self.street.sees(ID, step(number))
        return self.street.losses

    def waits(self, seconds: float) -> Losses:
        self.street.is_silent(self.lan, up_since=0.0, patience=2.0)
        self.now += seconds
        self.street.is_silent(self.lan, up_since=0.0, patience=2.0)
        return self.street.losses

    def _post(self, one: Resident, token: str) -> int:
        assert one is self.lan
        self.pressed.append(token)
        return len(self.pressed)


def test_whoever_goes_round_loses_nothing() -> None:
    world = World()
    assert world.sees(*range(1, STEPS + 1), 1, 2) == Losses(presses=13)
    assert world.pressed[:3] == ["", "on:1", "on:2"]
    assert world.pressed[STEPS] == "", "after the end the guide is asked for again"


def test_the_same_step_again_is_a_doubled_reply_and_no_answer() -> None:
    world = World()
    assert world.sees(1, 2, 2).doubled == 1
    assert world.pressed == ["", "on:1", "on:2"]


def test_a_step_that_is_passed_over_was_done_twice() -> None:
    assert World().sees(1, 2, 4).twice == 1


def test_another_step_is_a_lost_place() -> None:
    assert World().sees(1, 2, 3, 1).places == 1


def test_silence_is_a_lost_press_and_then_a_lost_place() -> None:
    world = World()
    world.sees(1, 2)
    assert world.waits(1.0) == Losses(presses=3), "who is patient has lost nothing"
    assert world.waits(2.0) == Losses(presses=3, lost=1)
    assert world.waits(3.0) == Losses(presses=3, lost=1, places=1)
    assert world.pressed == ["", "on:1", "on:2", "on:2", ""]


def test_without_judging_anything_is_an_answer() -> None:
    world = World()
    world.street.judged = False
    assert world.sees(1, 1, 1, 1) == Losses(presses=5)
