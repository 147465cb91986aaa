"""Somebody who asked for a visit at home, and a team that agrees to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.content.transcripts import Player
from bot.core import home_team
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.home_visit import (
    HomeVisit,
    Meeting,
    Sign,
    Slot,
    Wish,
    today,
)
from bot.core.ticket import Helper
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.talking import state_of

STAFFED = Desk(staff={"": 1})
LAN = Helper(1, "Lan")
HUNG = Helper(2, "Hùng")
DAY = 86400
NOW = 1_795_000_000
WISH = Wish("thôn Bình An", "cạnh nhà văn hóa", Slot.MORNING, "thứ bảy")
WAY = ("xã Hòa Xuân, Đắk Lắk", "thôn Bình An", "cạnh nhà văn hóa", "1", "thứ bảy")


class Listening(Player):
    """Keeps what happened and what was said in every turn."""

    def __init__(self, book: Book, desk: Desk = STAFFED) -> None:
        super().__init__(book, sift, desk=desk)
        self.happened: list[Any] = []

    def _take(self, turn: Turn) -> None:
        super()._take(turn)
        self.happened += turn.events

    def kinds(self) -> list[type]:
        return [type(event) for event in self.happened]

    @property
    def visit(self) -> HomeVisit:
        visit = state_of(self).home_visit
        assert visit is not None
        return visit


def player_at_the_guide(book: Book, desk: Desk = STAFFED) -> Listening:
    player = Listening(book, desk)
    player.say("xin chào")
    player.press(1)
    player.press(1)
    player.press(5)
    player.press(4)
    return player


def booked(book: Book) -> Listening:
    player = player_at_the_guide(book)
    for word in ("2", "1", *WAY):
        player.say(word)
    return player


def plan(now: int, days: int = 3, **more: Any) -> Meeting:
    meeting = Meeting(today(now) + days, Slot.MORNING, "Lan, Đoàn xã", (Sign.SHIRT, Sign.BADGE), "")
    return replace(meeting, **more)


def agreed(player: Listening, helper: Helper = LAN, **more: Any) -> Turn:
    visit = player.visit
    book, state, now = player.book, state_of(player), player.now
    turn = home_team.agree(book, state, helper, (visit.key, visit.revision), plan(now, **more), now, f"{now}")
    assert isinstance(turn, Turn), turn
    player._take(turn)
    return turn
