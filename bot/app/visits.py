"""Visits at home as the commune's team sees them, and what it does about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from bot.app.accounts import Account, Role
from bot.app.bell import DESK, Bell
from bot.app.ports import Acted
from bot.core import home_team
from bot.core.book import Book
from bot.core.home_team import Deed
from bot.core.home_visit import KEPT, Declined, HomeVisit, Meeting, Not, Slot, Stage, Why, Wish
from bot.core.impostors import in_our_letters, seems_official
from bot.core.ticket import Closing

MOST_LISTED = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit in a list. `maker` wrote it down for the resident; empty: they asked themselves."""

    conversation: int
    visit: HomeVisit
    maker: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit with what matters for telling the resident of it. `until`: the platform lets us write until
    then, 0: for ever. `xung_ho` is how they are addressed.
    """

    entry: Entry
    channel: str
    until: int
    xung_ho: str

    def may_be_told(self, now: int) -> bool:
        return not self.until or now < self.until


@dataclass(frozen=True, slots=True)
class Group:
    """Visits of one commune on one day; day 0: none is agreed yet."""

    commune: str
    day: int
    entries: tuple[Entry, ...]


class HomeVisits(Protocol):
    """Each method is one transaction; all raise StoreDown when the database is away."""

    async def listed(self, communes: Sequence[str] | None, maker: int, since: int, limit: int) -> list[Entry]:
        """Open visits, and those over since then, of these communes (None: all) or written by `maker`."""
        ...

    async def on_day(self, communes: Sequence[str] | None, maker: int, day: int) -> list[Entry]:
        """What is agreed for a day."""
        ...

    async def one(self, key: str) -> Seen | None: ...

    async def act(self, conversation: int, deed: Deed, now: int, *, key: str = "") -> Acted | Declined:
        """Do something about a conversation's visit, under its lock; the same `key` takes effect once."""
        ...


class Visiting:
    """What somebody of the team does: refused, or done and told to the resident. `is_safe`: whether a
    volunteer's words may reach a resident.
    """

    def __init__(
        self,
        visits: HomeVisits,
        book: Book,
        bell: Bell,
        is_safe: Callable[[str], bool],
        province_of: Mapping[str, str],
        now: Callable[[], int],
        draw: Callable[[], str],
    ) -> None:
        self._visits = visits
        self._book = book
        self._bell = bell
        self._is_safe = is_safe
        self._province_of = province_of
        self._now = now
        self._draw = draw

    async def listed(self, account: Account) -> tuple[Group, ...]:
        """By day and commune; what nobody has taken yet first, what is over last."""
        since = self._now() - KEPT
        entries = await self._visits.listed(self._communes(account), account.id, since, MOST_LISTED)
        return grouped(entries)

    async def day_sheet(self, account: Account, day: int, commune: str) -> tuple[Entry, ...]:
        entries = await self._visits.on_day(self._communes(account), account.id, day)
        order = list(Slot)
        return tuple(
            sorted(
                (one for one in entries if not commune or one.visit.commune == commune),
                key=lambda one: (one.visit.commune, _slot(one.visit, order), one.visit.wish.hamlet),
            )
        )

    async def one(self, account: Account, key: str) -> Seen | None:
        """None also for what the account may not see: whether there is one is nobody's business then."""
        seen = await self._visits.one(key)
        if seen is None or not self.may_see(account, seen.entry.visit):
            return None
        return seen

    def may_see(self, account: Account, visit: HomeVisit) -> bool:
        communes = self._communes(account)
        return communes is None or visit.commune in communes or visit.made_by == account.id

    async def offer(
        self, account: Account, ticket: str, conversation: int, wish: Wish, key: str
    ) -> Acted | Declined:
        """Write a visit down for the resident of a conversation that one has, and ask them."""
        if account.watched > 0:
            return Declined(Not.TOO_NEW)
        if not self._is_safe(f"{wish.hamlet}\n{wish.landmark}\n{wish.days}"):
            return Declined(Not.TOLD_BADLY)
        seed, helper, now = self._draw(), account.helper, self._now()
        return await self._do(
            conversation,
            lambda state: home_team.offer(self._book, state, helper, ticket, wish, now, seed),
            key=f"{account.id}.{key}",
        )

    async def agree(self, account: Account, seen: Seen, revision: int, plan: Meeting) -> Acted | Declined:
        """Refused to newcomers: nobody sees their words before the resident, who lets in whom they name."""
        if account.watched > 0:
            return Declined(Not.TOO_NEW)
        if not self._is_safe(plan.who) or not in_our_letters(plan.who):
            return Declined(Not.TOLD_BADLY)
        if seems_official(plan.who):
            return Declined(Not.OFFICIAL)
        which, seed, now = (seen.entry.visit.key, revision), self._draw(), self._now()
        tidy = replace(plan, who=" ".join(plan.who.split()))
        return await self._do(
            seen.entry.conversation,
            lambda state: home_team.agree(self._book, state, account.helper, which, tidy, now, seed),
        )

    async def finish(
        self, account: Account, seen: Seen, revision: int, closing: Closing, step: str, error: str
    ) -> Acted | Declined:
        which, now = (seen.entry.visit.key, revision), self._now()
        return await self._do(
            seen.entry.conversation,
            lambda state: home_team.finish(
                self._book, state, account.helper, which, closing, step, error, now
            ),
        )

    async def call_off(self, account: Account, seen: Seen, revision: int, why: Why) -> Acted | Declined:
        which, now = (seen.entry.visit.key, revision), self._now()
        return await self._do(
            seen.entry.conversation,
            lambda state: home_team.call_off(self._book, state, account.helper, which, why, now),
        )

    async def _do(self, conversation: int, deed: Deed, *, key: str = "") -> Acted | Declined:
        acted = await self._visits.act(conversation, deed, self._now(), key=key)
        if isinstance(acted, Acted) and not acted.repeated:
            self._bell.ring((DESK, acted.conversation), (acted.channel,))
        return acted

    def _communes(self, account: Account) -> Sequence[str] | None:
        """The communes that the account's areas hold; None: all. Leads and organisers see all."""
        if account.role >= Role.LEAD or not account.areas:
            return None
        areas = set(account.areas)
        within = [commune for commune, province in self._province_of.items() if province in areas]
        return (*areas, *within)


def grouped(entries: Sequence[Entry]) -> tuple[Group, ...]:
    def place(entry: Entry) -> tuple[int, int, str]:
        visit = entry.visit
        day = visit.meeting.day if visit.meeting is not None and visit.stage is Stage.AGREED else 0
        return (0 if visit.is_open else 1, day, visit.commune)

    ordered = sorted(entries, key=lambda entry: (*place(entry), entry.visit.made_at))
    return tuple(
        Group(commune, day, tuple(inside)) for (_, day, commune), inside in groupby(ordered, key=place)
    )


def _slot(visit: HomeVisit, order: list[Slot]) -> int:
    return order.index(visit.meeting.slot) if visit.meeting is not None else len(order)
