"""Somebody of whom nothing is kept, as far as one message tells."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.book import Book
from bot.core.buttons import door_token
from bot.core.desk import NOBODY, Desk
from bot.core.places import commune_of, is_code
from bot.core.session import Verb
from bot.core.voice import Voice


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of whom nothing is kept: how to speak with them, and the commune and the poster that their
    buttons carry.

    `welcomed`: the welcome stands on their screen, so it need not be said in full again. `desk` is what may
    be promised of volunteers at the time `now`.
    """

    voice: Voice
    commune: str = ""
    poster: str = ""
    welcomed: bool = False
    desk: Desk = NOBODY
    now: int = 0

    @property
    def book(self) -> Book:
        return self.voice.book

    def line(self, name: str, *, viec: str = "", dieu: str = "") -> str:
        return self.voice.line(name, viec=viec, dieu=dieu)

    def token(self, verb: Verb, flow: str = "", locale: str = "") -> str:
        return door_token(verb, flow, locale or self.voice.locale, self._place)

    @property
    def _place(self) -> str:
        """A poster without a number is carried as number 0, to be told from a commune that somebody named."""
        if commune_of(self.poster) != self.commune:
            return self.commune
        return f"{self.poster}-0" if is_code(self.poster) else self.poster
