"""Whoever comes to help, the resident hears what no helper may ask or can see, and how to report it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core import handoff
from bot.core.book import Book
from bot.core.contact import FORMS_OF_ADDRESS, Contact
from bot.core.events import TicketMoved
from bot.core.session import State
from bot.core.ticket import LEASE, Helper, Holder, Reason, Refusal, Ticket
from bot.core.turn import Turn
from bot.core.voice import voice_of

NOW = 1_800_000_000
LAN, MAI = Helper(1, "Lan"), Helper(2, "Mai", leads=True)
WARNING = {
    "vi": ("OTP", "mật khẩu", "số căn cước", "tiền", "«Báo người xấu»", "không xem được ảnh"),
    "en": ("OTP", "password", "ID number", "money", "«Report this person»", "cannot see pictures"),
}

Deed = Callable[[Book, State], Turn | Refusal]
BY_LAN = Holder(LAN.id, LAN.name, NOW, NOW + LEASE)
ARRIVALS: dict[str, tuple[Holder | None, Deed]] = {
    "claimed": (None, lambda book, state: handoff.claim(book, state, LAN, NOW)),
    "claimed when a lease is over": (
        replace(BY_LAN, until=NOW),
        lambda book, state: handoff.claim(book, state, MAI, NOW),
    ),
    "taken over": (BY_LAN, lambda book, state: handoff.take_over(book, state, MAI, NOW)),
    "passed on": (BY_LAN, lambda book, state: handoff.hand_to(book, state, LAN, MAI, NOW)),
}
"""All ways in which a conversation comes into somebody's hands."""


def state_of(contact: Contact, holder: Holder | None) -> State:
    return State(contact, ticket=Ticket("k", Reason.ASKED, NOW, holder=holder), heard_at=NOW)


def warns(turn: Turn, locale: str) -> bool:
    """Whether somebody came, and everything is said at once, with the way to report beside it."""
    came = any(isinstance(event, TicketMoved) and event.to for event in turn.events)
    said = " ".join(reply.text for reply in turn.replies)
    reports = any("report" in choice.token for reply in turn.replies for choice in reply.shortcuts)
    return came and reports and all(part in said for part in WARNING[locale])


@pytest.mark.parametrize("way", ARRIVALS)
def test_whoever_comes_the_warning_comes_with_them(book: Book, way: str) -> None:
    holder, deed = ARRIVALS[way]
    for locale, form in itertools.product(WARNING, FORMS_OF_ADDRESS):
        turn = deed(book, state_of(Contact(locale, form), holder))
        assert isinstance(turn, Turn)
        assert warns(turn, locale), (locale, form)


def test_before_anybody_comes_it_is_said_twice(book: Book) -> None:
    """When a human is offered, and while one waits."""
    for name in ("human_ask", "human_rules"):
        said = voice_of(book, Contact()).line(name)
        assert all(part in said for part in WARNING["vi"][:4])


@pytest.mark.parametrize("way", ARRIVALS)
def test_a_handoff_without_the_warning_is_found(book: Book, way: str) -> None:
    holder, deed = ARRIVALS[way]
    silent = {**book.wording.sentences, **dict.fromkeys(HELPERS, lambda _: "Lan đã nhận giúp bác.")}
    broken = replace(book, wording=replace(book.wording, sentences=silent))
    turn = deed(broken, state_of(Contact(), holder))
    assert isinstance(turn, Turn)
    assert not warns(turn, "vi")


HELPERS = ("helper_here", "helper_instead")
