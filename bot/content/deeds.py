"""What volunteers do in a conversation that is played, in words that people can read and write.

`claim Lan`, `take over Minh`, `say Lan Bác bấm vào nút màu đỏ.`, `keep Lan`, `return Lan`, `end shift Lan`,
`pass Lan Minh`, `hand back Lan kich-hoat/nhap-so`, `close Lan solved kich-hoat/nhap-so`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from bot.core import handoff
from bot.core.book import Book
from bot.core.calendar import MobileSession, Place
from bot.core.desk import NOBODY, Desk, Hours, Opening
from bot.core.events import Move
from bot.core.handoff import Deed
from bot.core.ticket import Closing, Helper, Refusal

_SATURDAY = 1_795_194_000
"""Midnight in Viet Nam, in the week in which played conversations begin."""

_TEAM = (
    MobileSession("22291", "nhà văn hóa thôn 3", Place.HALL, _SATURDAY + 18 * 3600, _SATURDAY + 20 * 3600),
    MobileSession(
        "22291",
        "trường tiểu học",
        Place.SCHOOL,
        _SATURDAY - 16 * 3600,
        _SATURDAY - 14 * 3600 - 1800,
        called_off=True,
    ),
    MobileSession("22255", "chợ xã", Place.MARKET, _SATURDAY - 42 * 3600, _SATURDAY - 39 * 3600),
)

DESKS: Mapping[str, Desk] = {
    "none": NOBODY,
    "there": Desk(staff={"": 3}, on_duty={"": 1}, waiting={"": 2}, queued={"": (1, 2)}),
    "late": Desk(staff={"": 3}),
    "team": Desk(sessions={"66": _TEAM}, posters=frozenset({"22291-3"})),
    "mornings": Desk(
        staff={"": 3}, hours={"": Hours(tuple(Opening(weekday, 8 * 60, 11 * 60) for weekday in range(7)))}
    ),
}
"""Who is there: nobody ever; one, with two who wait; nobody yet; nobody, but the
mobile team comes; some, but from eight to eleven only.
"""


class NoSuchDeed(Exception):
    """A line of a transcript that nobody can do."""


def deed_of(book: Book, said: str, now: int, seed: str) -> Deed:
    """Raises NoSuchDeed."""
    name, _, rest = _named(said)
    who, _, told = rest.partition(" ")
    helper = Helper(_number(who), who)
    match name, told.split(" "):
        case "claim", [""]:
            return lambda state: handoff.claim(book, state, helper, now)
        case "take over", [""]:
            return lambda state: handoff.take_over(book, state, helper, now)
        case "keep", [""]:
            return lambda state: handoff.keep(book, state, helper, now)
        case "say", [_, *_]:
            return lambda state: handoff.speak(book, state, helper, told, now)
        case "return", [""]:
            return lambda state: handoff.give_back(book, state, helper, now)
        case "end shift", [""]:
            return lambda state: handoff.give_back(book, state, helper, now, Move.SHIFT_ENDED)
        case "pass", [to]:
            return lambda state: handoff.hand_to(book, state, helper, Helper(_number(to), to), now)
        case "hand back", [step]:
            return lambda state: handoff.hand_back(book, state, helper, step, now, seed)
        case "close", [closing]:
            return lambda state: handoff.close(book, state, helper, Closing(closing), "", "", now)
        case "close", [closing, step]:
            return lambda state: handoff.close(book, state, helper, Closing(closing), step, "", now)
        case _:
            raise NoSuchDeed(said)


def refused(refusal: Refusal) -> str:
    return f"{refusal.why} by {refusal.name}" if refusal.name else str(refusal.why)


def _named(said: str) -> tuple[str, str, str]:
    """The deed and what comes behind it."""
    for name in ("take over", "end shift", "hand back"):
        if said.startswith(f"{name} "):
            return name, " ", said.removeprefix(f"{name} ")
    return said.partition(" ")


def _number(name: str) -> int:
    """The same name is the same person, in every transcript."""
    return 1 + zlib.crc32(name.encode()) % 999
