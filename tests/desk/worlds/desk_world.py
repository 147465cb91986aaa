"""A whole desk for tests: real store, real sessions, a clock in hand, and a browser for whoever is needed."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from web_world import ORIGIN, World, drawing, world

from bot.app.accounts import Account, Draft, Role
from bot.app.entrance import Entrance
from bot.app.passphrases import Passphrases
from bot.app.ports import Acted
from bot.app.staff import Staff
from bot.config import Settings
from bot.core.contact import Contact
from bot.core.events import TicketOpened
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.ticket import Reason, Ticket
from bot.core.turn import Turn
from bot.staffing import notifying, staff_of
from bot.store.open import SqlStore
from bot.web.desk.admission import COOKIE, agent_of
from bot.web.limits import Rate
from bot.web.pages import build_app

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As slow as it must be for people is too slow for tests."""

WORDS = "bún riêu con mèo mướp"
"""A passphrase."""

WIDE = Rate(burst=100_000, per_second=10_000)

_SIGNATURE = re.compile(r'name="chu_ky" value="([0-9a-f]+)"')


@dataclass
class Desk:
    """`here` is the bot; `staff` what the pages work with."""

    here: World
    store: SqlStore
    staff: Staff
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def entrance(self) -> Entrance:
        return self.staff.entrance

    async def member(self, role: Role = Role.VOLUNTEER, name: str = "", **more: Any) -> Account:
        """Somebody new."""
        name = name or f"{role.name.lower()}{next(self.numbers)}"
        account = await self.entrance.accounts.add(
            Draft(name, more.pop("shown", name.capitalize()), role, **more), self.here.clock()
        )
        assert account is not None
        return account

    async def ticket(self, key: str, *, words: str = "", holder: Account | None = None, **more: Any) -> None:
        """A resident has asked for a person, and said something."""
        now = self.here.clock()
        opened = Ticket(key, Reason.ASKED, now, **more)
        turn = Turn(State(Contact(), heard_at=now, ticket=opened), (Reply("Dạ."),), (TicketOpened(opened),))
        message = Incoming(Address("web", f"resident-of-{key}"), key, words or "Giúp với", seed=key[:16])
        (taken,) = await self.store.take([message], lambda *_: turn, now)
        assert not isinstance(taken, Exception), taken
        if holder is not None:
            assert isinstance(await self.staff.handoff.claim(key, holder.helper), Acted)

    async def signed_in(self, who: Account | Role = Role.VOLUNTEER, **options: Any) -> httpx.AsyncClient:
        """The browser of somebody who has signed in; of a new person, if only a role is given."""
        account = who if isinstance(who, Account) else await self.member(who)
        browser = self.here.browser(**options)
        agent = agent_of(browser.build_request("GET", "/"))  # type: ignore[arg-type]
        entered = await self.entrance.enter(account, agent)
        browser.cookies.set(COOKIE, entered.token)
        return browser


async def signature(browser: httpx.AsyncClient, path: str = "/desk/tai-khoan") -> str:
    """What a form on a page of ours sends along."""
    found = _SIGNATURE.search((await browser.get(path)).text)
    assert found, path
    return found[1]


async def press(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form as its page would."""
    return await browser.post(path, data={"chu_ky": await signature(browser), **fields})


@contextlib.asynccontextmanager
async def desk_world(folder: Path, **changes: Any) -> AsyncIterator[Desk]:
    async with world(folder) as bare:
        store = bare.store
        assert isinstance(store, SqlStore)
        draw = drawing()
        seeds = (f"{number:016x}" for number in itertools.count(1 << 40))
        staff = staff_of(store, bare.parts.book, bare.parts.bell, bare.clock, lambda: next(seeds), draw)
        staff.entrance.passphrases = Passphrases(CHEAP)
        book, bell = bare.parts.book, bare.parts.bell
        told = notifying(Settings(), store, staff, book, bell, bare.clock, draw, lambda *_: None)
        staff = replace(told.staff, **changes)
        parts = replace(bare.parts, staff=staff, host_rate=WIDE)
        try:
            yield Desk(replace(bare, parts=parts, app=build_app(parts)), store, staff)
        finally:
            await told.push.close()


__all__ = ["ORIGIN", "WORDS", "Desk", "desk_world", "press", "signature"]
