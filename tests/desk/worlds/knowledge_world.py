"""A desk over a real store and all real content, with people signed in by the name of their cookie."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpx

from bot import wiring
from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.ports import Kept, NoPictures
from bot.app.staff import Staff
from bot.config import Settings
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from bot.language.sieve import sift
from bot.staffing import staff_of
from bot.store.open import SqlStore
from bot.web.desk.admission import COOKIE
from bot.web.pages import Parts, build_app

NOW = 1_796_100_000
ORIGIN = "http://test"
KEY = "ticket-of-the-tests"

LAN = Account(1, "lan", "Lan", Role.VOLUNTEER)
MINH = Account(2, "minh", "Minh", Role.VOLUNTEER)
HOA = Account(3, "hoa", "Hoa", Role.LEAD)
ORGANISER = Account(4, "to-truong", "Tổ trưởng", Role.ORGANISER)
PEOPLE = {account.name: account for account in (LAN, MINH, HOA, ORGANISER)}


@cache
def real_book() -> Book:
    library = wiring.read_library(Settings(), wiring.trained_matcher())
    assert library.book is not None, library.problems
    return library.book


class SignedIn:
    """The cookie is the name."""

    async def account(self, token: str) -> Account | None:
        return PEOPLE.get(token)


@dataclass(frozen=True)
class DeskWorld:
    store: SqlStore
    staff: Staff
    parts: Parts

    def browser(self, name: str = "") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(build_app(self.parts), client=("10.0.0.1", 1))
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        cookies = {COOKIE: name} if name else {}
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies)

    async def say(self, words: str, flow: str = "", step: str = "") -> None:
        """The resident says something, and has asked for a person before."""
        message = Incoming(Address("web", "somebody"), words, words, seed="0" * 16)

        def respond(_: State | None, __: Incoming, ___: Callable[[], Kept], /) -> Turn:
            ticket = Ticket(KEY, Reason.ASKED, NOW, flow=flow, step=step)
            state = State(Contact(xung_ho="cô"), heard_at=NOW, ticket=ticket)
            return Turn(state, (Reply("Em nghe ạ."),) if words == "!" else (), (TicketOpened(ticket),))

        def again(state: State | None, _: Incoming, __: Callable[[], Kept], /) -> Turn:
            assert state is not None
            return Turn(state, ())

        opened = await self.staff.tickets.request(KEY)
        for taken in await self.store.take([message], again if opened else respond, NOW):
            assert not isinstance(taken, Exception), taken

    async def claim(self, account: Account = LAN) -> None:
        await self.staff.handoff.claim(KEY, account.helper)


def desk_world(store: SqlStore, **more: Any) -> DeskWorld:
    book = real_book()
    bell = Bell()
    numbers = itertools.count()
    staff = staff_of(store, book, bell, lambda: NOW, lambda: f"{next(numbers):016x}")
    staff = replace(staff, sessions=SignedIn(), **more)
    parts = Parts(
        inbox=Inbox(store, answering(book), sift, bell, lambda: NOW, lambda: "0" * 16),
        store=store,
        book=book,
        bell=bell,
        sieve=sift,
        now=lambda: NOW,
        draw=lambda size: f"{next(numbers):0{2 * size}x}",
        organisation="Tổ công nghệ số",
        web_address="",
        pictures=NoPictures(),
        staff=staff,
    )
    return DeskWorld(store, staff, parts)
