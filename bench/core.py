"""What one turn of respond() costs, without a store: python -m bench.core"""

from __future__ import annotations

import gc
import statistics
import time

from bench.figures import Figure, show
from bot.content.transcripts import Player
from bot.core.book import Book
from bot.core.dialogue import respond
from bot.core.message import Address, Incoming
from bot.core.session import State
from bot.language.sieve import sift
from tests.books import ROOT, book_of

ROUNDS = 400
HERE = Address("web", "x")


def figures() -> list[Figure]:
    book = book_of(ROOT)
    choices = [_measured(book, "press") for _ in range(ROUNDS)]
    typed = [_measured(book, "type") for _ in range(ROUNDS)]
    pressed = sorted(second for walk in choices for second in walk)
    spoken = sorted(second for walk in typed for second in walk)
    return [
        Figure("respond(), a pressed choice, median", _micro(statistics.median(pressed)), "≤ 100 µs"),
        Figure("respond(), a pressed choice, p99", _micro(pressed[len(pressed) * 99 // 100]), "≤ 1000 µs"),
        Figure("respond(), a typed number, median", _micro(statistics.median(spoken))),
        Figure("respond(), a typed number, p99", _micro(spoken[len(spoken) * 99 // 100]), "≤ 1000 µs"),
    ]


def _measured(book: Book, by: str) -> list[float]:
    """Seconds of each turn along the main way of `kich-hoat`."""
    player = Player(book, sift)
    for word in ("xin chào", "1", "1", "tôi muốn kích hoạt vneid"):
        player.say(word)
    state: State | None = player.state
    seconds: list[float] = []
    reply = player.last[-1]
    now = player.now
    gc.disable()
    while state is not None and state.session is not None:
        token = reply.choices[0].token
        text = "" if by == "press" else "1"
        message = Incoming(HERE, "k", text, token if by == "press" else "", seed="0123456789abcdef")
        begin = time.perf_counter()
        turn = respond(book, state, message, now)
        seconds.append(time.perf_counter() - begin)
        state, reply = turn.state, turn.replies[-1]
        now += 30
    gc.enable()
    return seconds


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


if __name__ == "__main__":
    show("respond()", figures())
